"""Attacks by packets inside messages: bytes where none belong, names that mean something, too many at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chat.transport.limits import Limits
from tests.attacks.support import OF_A_CONNECTION, Scene, frame, heard, signed_in
from tests.transport.harness import Polling, WebSocket

BINARY = ['459999999999-/chat,["time"]', '451-/chat,["time",{"_placeholder":true,"num":0}]', "461-/chat,1[]"]

BEYOND_REASON = [
    "[" * 30_000,
    '["time",' + "[" * 30_000 + "]" * 30_000 + "]",
    '["time",' + "9" * 60_000 + "]",
    '["time",{"a":' * 4000,
    '["' + "\\ud800" * 8000 + '"]',
]

CREDENTIALS = ["[]", '"x"', "5", '{"token":5}', '{"token":"no"}', '{"protocol":"1"}', '{"token":' + "[" * 5000]


def test_attachments_are_neither_awaited_nor_kept(scene: Scene) -> None:
    def attack() -> None:
        for packet in BINARY:
            with scene.sign_in() as attacker:
                attacker.send(frame(1, packet.encode()) + 4 * frame(2, bytes(60_000)))
                assert attacker.close_code() == 1003

    scene.repeat(attack, len(BINARY) * 60_000)


def test_binary_packets_by_polling(scene: Scene) -> None:
    def attack() -> None:
        client = Polling(scene.port)
        assert client.post("b" + "A" * 60_000).status == 400
        assert client.send("GET", client.path).json["code"] == 1

    scene.repeat(attack, 60_000)


@pytest.mark.parametrize("name", ["connect", "disconnect", "connect_error", "disconnecting", "*", ""])
def test_events_with_names_of_the_libraries(scene: Scene, name: str) -> None:
    with scene.sign_in() as attacker, signed_in(scene.server, scene.other) as other:
        for _ in range(50):
            attacker.emit(name, "client namespace disconnect")
            assert _is_refused(attacker.call(name, {"token": scene.other.token}))
        # The handlers would have put it out, or let it in as somebody else.
        said = {"room": scene.square, "cid": f"name-{name}-", "text": f"still here after {name!r}"}
        message = attacker.call("message_send", said)["message"]
        assert message["author"]["id"] == scene.attacker.id
        while (fact := other.event())[0] != "message_new":
            assert fact[0] == "presence"
        assert fact[1]["message"]["text"] == said["text"]


def _is_refused(ack: dict[str, Any]) -> bool:
    return not ack["ok"] and ack["error"]["code"] == "bad_request"


def test_too_many_packets_in_one_post(scene: Scene) -> None:
    """The libraries said 200 OK and dropped them."""
    client = _polling(scene)
    before = _head(scene)
    said = [_message(scene, number) for number in range(1, 101)]
    assert client.post(*said[:1], *['42/chat,["time"]'] * Limits.post_packets).status == 400
    assert client.send("GET", client.path).json["code"] == 1
    assert _head(scene) == before
    client = _polling(scene)
    assert client.post(*said).status == 200
    packets = client.packets()
    acks = [next(packet for packet in packets if packet.startswith("43/chat,")) for _ in said]
    assert [ack.partition("[")[0] for ack in acks] == [f"43/chat,{number}" for number in range(1, 101)]
    assert _head(scene) == before + 100


def _polling(scene: Scene) -> Polling:
    client = Polling(scene.port)
    assert client.post("40/chat," + json.dumps({"token": scene.attacker.token})).status == 200
    packets = client.packets()
    assert next(packets).startswith("40/chat,")
    assert '"welcome"' in next(packets)
    return client


def _message(scene: Scene, number: int) -> str:
    said = {"room": scene.square, "cid": f"packet {number}", "text": f"packet {number}"}
    return f"42/chat,{number}" + json.dumps(["message_send", said])


def _head(scene: Scene) -> int:
    with signed_in(scene.server, scene.other) as other:
        head: int = other.call("history", {"room": scene.square, "limit": 1})["head"]["seq"]
        return head


def test_data_beyond_reason(scene: Scene) -> None:
    """Each is answered or ends its connection, and nothing of it stays."""

    def attack() -> None:
        for data in BEYOND_REASON:
            with scene.sign_in() as attacker:
                attacker.send(frame(1, b"42/chat,1" + data.encode()))
                opcode, text = heard(attacker)
                if text == "1":
                    assert heard(attacker) == (8, "1008"), data[:10]
                else:
                    assert text.startswith('43/chat,1[{"ok":false'), (opcode, text, data[:10])

    scene.repeat(attack, len(BEYOND_REASON) * 40_000)


def test_acks_nobody_waits_for(scene: Scene) -> None:
    def attack() -> None:
        with scene.sign_in() as attacker:
            attacker.send(b"".join(frame(1, b"43/chat,%d[1]" % number) for number in range(2000)))
            assert attacker.call("time", {})["ok"]

    scene.repeat(attack, 2000 * 100)


def test_a_client_that_is_not_let_in(scene: Scene) -> None:
    """Every kind of credential that is none is refused in words or with 1008; what follows it reaches no handler."""

    def attack() -> None:
        for auth in CREDENTIALS:
            with WebSocket.open(scene.port) as attacker:
                attacker.send(frame(1, b"40/chat," + auth.encode()) + frame(1, _message(scene, 1).encode()))
                _, text = heard(attacker)
                if text == "1":
                    assert heard(attacker) == (8, "1008"), auth[:20]
                else:
                    assert text.startswith("44/chat,"), (text, auth[:20])
                    assert heard(attacker)[1].startswith("44/chat,"), auth[:20]

    before = _head(scene)
    scene.repeat(attack, len(CREDENTIALS) * OF_A_CONNECTION)
    assert _head(scene) == before
