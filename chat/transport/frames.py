"""RFC 6455 frames: bytes in, messages out. Pure: no I/O.

Compression (RFC 7692) is declined, so that a frame is the same for everyone who gets it.
"""

from __future__ import annotations

from collections.abc import Iterator

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_CONTINUATION = 0

NORMAL, GOING_AWAY, PROTOCOL_ERROR, UNSUPPORTED_DATA = 1000, 1001, 1002, 1003
INVALID_DATA, POLICY_VIOLATION, TOO_BIG = 1007, 1008, 1009


class FrameError(Exception):
    """A frame that breaks the protocol or a limit. `code` belongs into the close frame that must be sent."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def encode(opcode: int, payload: bytes) -> bytes:
    """One whole unmasked frame, as a server sends it."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 65_536:
        return bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big") + payload


def encode_close(code: int, reason: str = "") -> bytes:
    """A close frame; the reason is cut to what a control frame holds."""
    return encode(CLOSE, code.to_bytes(2, "big") + reason.encode()[:123])


def close_code(payload: bytes) -> int:
    """The code in a client's close frame, checked; 1000 where it gave none."""
    if not payload:
        return NORMAL
    code = int.from_bytes(payload[:2], "big")
    if len(payload) == 1 or not (1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999):
        raise FrameError(PROTOCOL_ERROR, "bad close code")
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        raise FrameError(INVALID_DATA, "close reason is not UTF-8") from None
    return code


def unmask(payload: bytes, mask: bytes) -> bytes:
    """XOR with the repeated mask, as one big integer: byte by byte it would take a quarter of a second a megabyte."""
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(key, "little")).to_bytes(size, "little")


class FrameReader:
    """Gathers a client's bytes into messages and control frames.

    `limit` bounds a whole message, however many fragments it comes in. Nothing larger is ever held: the length in a
    frame's head is judged before its payload arrives.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._opcode = _CONTINUATION
        self._message = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield (opcode, payload) for each message and control frame now complete, in order; raises `FrameError`.

        Exhaust the iterator before feeding again. After an error the reader must not be used further.
        """
        self._buffer += data
        while (frame := self._next()) is not None:
            final, opcode, payload = frame
            if opcode >= CLOSE:
                yield opcode, payload
                continue
            if opcode != _CONTINUATION:
                self._opcode = opcode
            self._message += payload
            if final:
                message, kind = bytes(self._message), self._opcode
                self._message, self._opcode = bytearray(), _CONTINUATION
                yield kind, message

    def _next(self) -> tuple[bool, int, bytes] | None:
        """Take one frame from the buffer, or None while it is incomplete."""
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        final, opcode, size, start = bool(buffer[0] & 0x80), buffer[0] & 0x0F, buffer[1] & 0x7F, 2
        self._check(buffer[0], buffer[1])
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(buffer) < start:
                return None
            size = int.from_bytes(buffer[2:start], "big")
        if opcode < CLOSE and len(self._message) + size > self._limit:
            raise FrameError(TOO_BIG, "message too big")
        end = start + 4 + size
        if len(buffer) < end:
            return None
        payload = unmask(bytes(buffer[start + 4 : end]), bytes(buffer[start : start + 4]))
        del buffer[:end]
        return final, opcode, payload

    def _check(self, first: int, second: int) -> None:
        opcode, size = first & 0x0F, second & 0x7F
        if first & 0x70:
            raise FrameError(PROTOCOL_ERROR, "reserved bits set")
        if not second & 0x80:
            raise FrameError(PROTOCOL_ERROR, "frame not masked")
        if opcode in (CLOSE, PING, PONG):
            if size > 125 or not first & 0x80:
                raise FrameError(PROTOCOL_ERROR, "control frame too long or fragmented")
        elif opcode not in (_CONTINUATION, TEXT, BINARY):
            raise FrameError(PROTOCOL_ERROR, "unknown opcode")
        elif (opcode == _CONTINUATION) != (self._opcode != _CONTINUATION):
            raise FrameError(PROTOCOL_ERROR, "fragments out of order")
