"""WebSocket frames as a client needs them: building masked ones, finding the ends of a server's (RFC 6455, 5.2)."""

from __future__ import annotations

import base64
import os

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10

# One mask for everything. It is not zero, for which some servers skip unmasking: they would measure too well.
_MASK = b"\x5a\xc3\x17\x88"
_REPEATED = _MASK * 32_768


def masked(payload: bytes, opcode: int = TEXT) -> bytes:
    """A whole client's frame around the payload, of at most 128 KiB."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 65_536:
        head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
    mixed = int.from_bytes(payload, "little") ^ int.from_bytes(_REPEATED[:size], "little")
    return head + _MASK + mixed.to_bytes(size, "little")


def plain(payload: bytes, opcode: int = TEXT) -> bytes:
    """A whole server's frame around the payload; what tests make streams of."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    return bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big") + payload


def find(data: bytes | bytearray, start: int) -> tuple[int, int] | None:
    """Where the payload of the server's frame at `start` begins and ends; None while it is not whole.

    Raises `ValueError` for what a server must not send to us: masked frames, fragments, reserved bits.
    """
    rest = len(data) - start
    if rest < 2:
        return None
    first, size = data[start], data[start + 1]
    if first & 0xF0 != 0x80 or size > 127:
        raise ValueError(f"a frame begins with {first:#x} {size:#x}")
    begin = start + 2
    if size == 126:
        if rest < 4:
            return None
        size, begin = int.from_bytes(data[start + 2 : start + 4], "big"), start + 4
    elif size == 127:
        if rest < 10:
            return None
        size, begin = int.from_bytes(data[start + 2 : start + 10], "big"), start + 10
    return (begin, begin + size) if rest >= begin - start + size else None


def handshake(path: str, headers: str = "") -> bytes:
    """The request that asks for a WebSocket."""
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{headers}\r\n"
    ).encode()
