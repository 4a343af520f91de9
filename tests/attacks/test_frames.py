"""Attacks by WebSocket handshakes and frames."""

from __future__ import annotations

import contextlib

from tests.attacks.support import OF_A_CONNECTION, Scene, frame, heard
from tests.transport.harness import ENGINE, Tcp, WebSocket

SOCKET = (
    f"GET {ENGINE}&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
)

HANDSHAKES = [
    # Hixie-75 has neither masks nor lengths.
    ("Origin: http://localhost\r\n\r\n", b"426"),
    # Hixie-76, with eight bytes of a challenge behind its head.
    ("Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\n\r\n^n:ds[4U", b"426"),
    ("Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", b"426"),
    ("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n", b"400"),
    # Nobody could say where the frames begin.
    ("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nContent-Length: 6\r\n\r\n", b"400"),
]

BAD_FRAMES = [
    (b"\xc1\x81\0\0\0\x004", 1002),  # a reserved bit
    (b"\x81\x014", 1002),  # no mask
    (b"\x83\x81\0\0\0\x004", 1002),  # an opcode that means nothing
    (b"\x89\xfe\x00\x7e" + bytes(130), 1002),  # a ping that is too long
    (b"\x09\x80\0\0\0\0", 1002),  # a ping in fragments
    (frame(0, b"4"), 1002),  # the rest of nothing
    (frame(1, b"4\xff"), 1007),
    (frame(2, b"\0"), 1003),
    (frame(8, b"\x00\x01"), 1002),
]


def test_old_and_wrong_handshakes(scene: Scene) -> None:
    def attack() -> None:
        for handshake, status in HANDSHAKES:
            with Tcp(scene.port) as attacker:
                attacker.send((SOCKET + handshake).encode())
                assert attacker.line().split()[1] == status
                # It was never upgraded: what comes now is read as HTTP, and is none.
                with contextlib.suppress(ConnectionError):
                    attacker.send(b"\x00" + b"x" * 10_000)
                    while attacker.line():
                        pass

    scene.repeat(attack, len(HANDSHAKES) * OF_A_CONNECTION)


def test_bad_frames_get_a_close_frame_and_nothing_else(scene: Scene) -> None:
    """The libraries wrote an HTTP 500 with a traceback into the stream, and the socket stayed."""

    def attack() -> None:
        for sent, code in BAD_FRAMES:
            with WebSocket.open(scene.port) as attacker:
                attacker.send(sent)
                opcode, payload = attacker.next_frame()
                assert (opcode, int.from_bytes(payload[:2], "big")) == (8, code)
                assert attacker.is_closed()

    scene.repeat(attack, len(BAD_FRAMES) * OF_A_CONNECTION)


def test_fragments_over_the_limit(scene: Scene) -> None:
    pieces = frame(1, b"4" * 30_000, final=False) + 2 * frame(0, b"4" * 30_000, final=False)

    def attack() -> None:
        with WebSocket.open(scene.port) as attacker:
            attacker.send(pieces)
            assert attacker.close_code() == 1009

    scene.repeat(attack, 60_000)


def test_lengths_over_the_limit_are_not_waited_for(scene: Scene) -> None:
    def attack() -> None:
        for length in (65_537, 2**40, 2**63):
            with WebSocket.open(scene.port) as attacker:
                attacker.send(b"\x81\xff" + length.to_bytes(8, "big") + bytes(4))
                assert attacker.close_code() in (1002, 1009)

    scene.repeat(attack, 3 * OF_A_CONNECTION)


def test_thousands_of_empty_fragments(scene: Scene) -> None:
    """The limit of a message's size does not see them, but each is work."""

    def attack() -> None:
        with scene.sign_in() as attacker, contextlib.suppress(ConnectionError):
            attacker.send(frame(1, b'42/chat,1["time",{}]', final=False) + frame(0, final=False) * 5000)
            assert heard(attacker) == (8, "1008")

    scene.repeat(attack)


def test_messages_that_are_never_finished(scene: Scene) -> None:
    def attack() -> None:
        with contextlib.ExitStack() as stack:
            for _ in range(50):
                attacker = stack.enter_context(WebSocket.open(scene.port))
                attacker.send(frame(1, b"4" * 30_000, final=False) + frame(0, b"4" * 30_000)[:20_000])

    scene.repeat(attack, 50 * 50_000)
