"""WebSockets: handshakes, frames that break the rules, and what closes how."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.transport.harness import Server, WebSocket


def test_a_conversation(server: Server) -> None:
    with WebSocket.chat(server.port) as client:
        assert client.call("echo", {"text": "字" * 20_000}) == {"text": "字" * 20_000}
        client.frame(9, b"are you there")
        assert client.next_frame() == (10, b"are you there")
        client.frame(8, b"\x03\xe8")
        assert client.close_code() == 1000


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_WebSocket_Version": "8"}, 426),
        ({"Sec_WebSocket_Version": ""}, 426),
        ({"Sec_WebSocket_Version": "12, 13"}, 426),
        ({"Sec_WebSocket_Key": "short"}, 400),
        ({"Sec_WebSocket_Key": ""}, 400),
        ({"Connection": "keep-alive"}, 400),
        ({"Upgrade": "h2c"}, 400),
        # Hixie-76, which has neither masks nor lengths.
        ({"Sec_WebSocket_Version": "", "Sec_WebSocket_Key1": "1 2", "Sec_WebSocket_Key2": "3 4"}, 426),
    ],
)
def test_only_rfc_6455_is_spoken(server: Server, witness: WebSocket, headers: dict[str, str], status: int) -> None:
    with WebSocket(server.port, **headers) as client:  # type: ignore[arg-type]
        assert client.status == status


def test_compression_is_declined(server: Server) -> None:
    with WebSocket(server.port, Sec_WebSocket_Extensions="permessage-deflate") as client:
        assert client.status == 101
        assert client.text().startswith("0{")
        client.frame(1, b"3", reserved=0x40)
        assert client.close_code() == 1002


def test_frames_sent_along_with_the_handshake_are_read(server: Server) -> None:
    with WebSocket.open(server.port) as client:
        client.put("40/chat,")
        client.put('42/chat,1["echo",1]')
        assert client.text().startswith("40/chat,")
        assert client.text() == "43/chat,1[1]"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"opcode": 1, "payload": b"4", "masked": False}, 1002),
        ({"opcode": 3, "payload": b"4"}, 1002),
        ({"opcode": 0, "payload": b"4"}, 1002),
        ({"opcode": 9, "payload": b"4", "final": False}, 1002),
        ({"opcode": 1, "payload": b"4\xff"}, 1007),
        ({"opcode": 8, "payload": b"\x00\x01"}, 1002),
        ({"opcode": 1, "payload": b"4" * 65_537}, 1009),
    ],
)
def test_bad_frames_get_a_close_frame(server: Server, witness: WebSocket, frame: dict[str, object], code: int) -> None:
    with WebSocket.chat(server.port) as attacker:
        attacker.frame(**frame)  # type: ignore[arg-type]
        assert attacker.close_code() == code


def test_one_limit_for_all_fragments(server: Server, witness: WebSocket) -> None:
    with WebSocket.chat(server.port) as attacker:
        attacker.frame(1, b"4" * 30_000, final=False)
        attacker.frame(0, b"4" * 30_000, final=False)
        attacker.frame(0, b"4" * 30_000, final=False)
        assert attacker.close_code() == 1009


def test_a_huge_length_is_refused_before_its_payload_comes(server: Server, witness: WebSocket) -> None:
    with WebSocket.chat(server.port) as attacker:
        attacker.send(b"\x81\xff\x00\x00\x00\x01\x00\x00\x00\x00")
        assert attacker.close_code() == 1009


def test_a_message_of_exactly_the_limit_is_taken(start: Callable[..., Server]) -> None:
    server = start({"packet_bytes": 1024})
    with WebSocket.chat(server.port) as client:
        packet = '42/chat,1["echo","{}"]'
        text = "x" * (1024 - len(packet.format("")))
        client.put(packet.format(text))
        assert client.ack(1) == text
        client.put(packet.format(text + "x"))
        assert client.close_code() == 1009


def test_a_client_that_sees_its_close_frame_unanswered_is_cut_off(start: Callable[..., Server]) -> None:
    server = start(close_seconds=0.2)
    with WebSocket.chat(server.port) as attacker:
        attacker.frame(2, b"")
        assert attacker.next_frame()[0] == 8
        assert attacker.is_closed()
