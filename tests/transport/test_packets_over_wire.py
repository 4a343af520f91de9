"""What a client may send inside packets: answers, closings, and nobody else harmed."""

from __future__ import annotations

import json

import pytest

from tests.transport.harness import Polling, Server, WebSocket, until

BAD_REQUEST = {"code": "bad_request", "retryable": False}


def _refused(ack: object) -> bool:
    assert isinstance(ack, dict)
    return ack["ok"] is False and BAD_REQUEST.items() <= ack["error"].items()


@pytest.mark.parametrize(
    "packet",
    [
        '451-/chat,["echo",{"_placeholder":true,"num":0}]',
        '459999999999-/chat,["echo"]',
        "461-/chat,1[]",
        "bAAECAw==",
    ],
)
def test_binary_packets_close_the_connection(server: Server, witness: WebSocket, packet: str) -> None:
    with WebSocket.chat(server.port) as attacker:
        attacker.put(packet)
        assert attacker.close_code() == 1003


def test_binary_frames_close_the_connection(server: Server, witness: WebSocket) -> None:
    with WebSocket.chat(server.port) as attacker:
        attacker.frame(2, b"\x00\x01")
        assert attacker.close_code() == 1003


@pytest.mark.parametrize(
    "packet",
    [
        "",
        "x",
        "7",
        "0{}",
        "2probe",
        "5",
        "4",
        "49",
        "44/chat,{}",
        "42/chat,",
        "42/chat,{}",
        "42/chat,[]",
        '42/chat,"echo"',
        '42/chat,["echo"',
        '42/chat,-1["echo"]',
        '42/chat,9007199254740992["echo"]',
        "42/chat," + "1" * 10_000 + '["echo"]',
        "45" + "1" * 10_000 + '-/chat,["echo"]',
        "42/" + "n" * 100 + ',["echo"]',
        "42/chat," + "[" * 30_000,
        "40/chat,[]",
        "40/chat,",
        "41/chat,{}",
        "43/chat,[]",
        "43/chat,1{}",
    ],
)
def test_packets_that_break_the_protocol_close_the_connection(server: Server, witness: WebSocket, packet: str) -> None:
    with WebSocket.chat(server.port) as attacker:
        attacker.put(packet)
        assert attacker.close_code() in (1003, 1008)


@pytest.mark.parametrize("packet", ["42/chat,[]", "b AAAA", "48"])
def test_bad_packets_end_a_polling_session(server: Server, witness: WebSocket, packet: str) -> None:
    attacker = Polling.chat(server.port)
    attacker.post(packet)
    answer = attacker.send("GET", attacker.path)
    assert (answer.status, answer.text) in ((400, '{"code":1,"message":"Session ID unknown"}'), (200, "1"))


@pytest.mark.parametrize(
    "name",
    ["connect", "disconnect", "connect_error", "disconnecting", "newListener", "removeListener", "*", "", 5, None, {}],
)
def test_reserved_names_never_reach_a_handler(server: Server, witness: WebSocket, name: object) -> None:
    with WebSocket.chat(server.port) as attacker:
        before = server.counts()
        attacker.emit(name, {"x": 1})
        assert _refused(attacker.call(name, {"x": 1}))
        assert attacker.call("echo", 1) == 1
        assert server.counts() == {**before, "echo": before.get("echo", 0) + 1}


def test_an_unknown_event_is_answered(server: Server) -> None:
    with WebSocket.chat(server.port) as client:
        client.put('42/chat,1["nothing_like_it"]')
        assert client.text() == "43/chat,1[]"


def test_an_event_before_connect_is_answered(server: Server, witness: WebSocket) -> None:
    with WebSocket.open(server.port) as attacker:
        attacker.put('42/chat,1["echo",1]')
        kind, _, data = attacker.text().partition(",")
        assert kind == "44/chat"
        assert json.loads(data)["data"] == {"code": "unauthenticated"}
        attacker.put('42/elsewhere,["echo",1]')
        assert json.loads(attacker.text().removeprefix("44/elsewhere,"))["data"] == {"code": "not_found"}
        assert attacker.connect().startswith("40/chat,")
        assert attacker.call("echo", 2) == 2


def test_namespaces_that_are_not_served_are_refused(server: Server) -> None:
    with WebSocket.open(server.port) as client:
        client.put("40")
        assert json.loads(client.text().removeprefix("44"))["data"] == {"code": "forbidden"}
        client.put("40/x,")
        assert client.text() == (
            '44/x,{"message":"There is no namespace /x here; connect to /chat","data":{"code":"not_found"}}'
        )
        assert client.connect().startswith("40/chat,")


def test_values_that_json_forbids_reach_the_handler(server: Server) -> None:
    with WebSocket.chat(server.port) as client:
        client.put('42/chat,1["echo",NaN]')
        assert client.text() == "43/chat,1[null]"
        client.put('42/chat,2["echo","\\ud800"]')
        assert client.text() == '43/chat,2["\\ud800"]'


def test_an_ack_nobody_waits_for_changes_nothing(server: Server, witness: WebSocket) -> None:
    with WebSocket.chat(server.port) as client:
        client.put("43/chat,0[]")
        client.put("43/chat,7[1]")
        assert client.call("echo", 1) == 1


def test_commands_of_a_client_keep_their_order(server: Server) -> None:
    with WebSocket.chat(server.port) as client:
        client.put('42/chat,1["slow",0.2]')
        client.put('42/chat,2["echo",2]')
        assert client.text() == "43/chat,1[0.2]"
        assert client.text() == "43/chat,2[2]"


def test_leaving_is_the_last_of_what_a_client_sent(server: Server) -> None:
    before = server.counts()
    with WebSocket.chat(server.port) as client, WebSocket.chat(server.port) as other:
        client.put('42/chat,["slow",0.2]')
        client.put('42/chat,["say","the last word"]')
        client.close()
        assert other.event() == ["said", "the last word"]
        until(lambda: server.counts().get("disconnect", 0) > before.get("disconnect", 0))
