"""What a client may send inside packets: answers, closings, and nobody else harmed."""

from __future__ import annotations

from tests.transport.harness import Server, WebSocket
from tests.waiting import until

BAD_REQUEST = {"code": "bad_request", "retryable": False}


def _refused(ack: object) -> bool:
    assert isinstance(ack, dict)
    return ack["ok"] is False and BAD_REQUEST.items() <= ack["error"].items()


def test_an_unknown_event_is_answered(server: Server) -> None:
    with WebSocket.chat(server.port) as client:
        client.put('42/chat,1["nothing_like_it"]')
        assert client.text() == "43/chat,1[]"


def test_values_that_json_forbids_reach_the_handler(server: Server) -> None:
    with WebSocket.chat(server.port) as client:
        client.put('42/chat,1["echo",NaN]')
        assert client.text() == "43/chat,1[null]"
        client.put('42/chat,2["echo","\\ud800"]')
        assert client.text() == '43/chat,2["\\ud800"]'


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
