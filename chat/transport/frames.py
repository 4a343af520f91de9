"""RFC 6455 frames: bytes in, messages out. Pure: no I/O.

Compression (RFC 7692) is declined, so that a frame is the same for everyone who gets it.
"""

from __future__ import annotations

from collections.abc import Iterator

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_CONTINUATION = 0

NORMAL, GOING_AWAY, PROTOCOL_ERROR, UNSUPPORTED_DATA = 1000, 1001, 1002, 1003
INVALID_DATA, POLICY_VIOLATION, TOO_BIG = 1007, 1008, 1009

# A whole text message in one frame: what nearly every frame begins with.
_WHOLE_TEXT = 0x80 | TEXT
# Fragments without a byte that one message may have: they count against no limit of bytes.
_EMPTY_FRAGMENTS = 64

# From this size on, a table lookup for each of the mask's bytes is quicker than arithmetic: 0.6 times the time at 4 KB
# and 0.4 times at 64 KB, but three times at 50 bytes.
_LARGE = 512
_XOR = tuple(bytes(byte ^ mask for byte in range(256)) for mask in range(256))


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
        return bytes((0x80 | opcode, 126, size >> 8, size & 0xFF)) + payload
    return bytes((0x80 | opcode, 127)) + size.to_bytes(8) + payload


def encode_close(code: int, reason: str = "") -> bytes:
    """A close frame; the reason is cut to what a control frame holds, between two characters."""
    return encode(CLOSE, code.to_bytes(2) + reason.encode()[:123].decode(errors="ignore").encode())


def close_code(payload: bytes) -> int:
    """The code in a client's close frame, checked; 1000 where it gave none."""
    if not payload:
        return NORMAL
    code = int.from_bytes(payload[:2])
    if len(payload) == 1 or not (1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999):
        raise FrameError(PROTOCOL_ERROR, "bad close code")
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        raise FrameError(INVALID_DATA, "close reason is not UTF-8") from None
    return code


def unmask(payload: bytes, mask: bytes) -> bytes:
    """XOR with the repeated mask, never byte by byte: that would take a quarter of a second a megabyte."""
    size = len(payload)
    if size < _LARGE:
        key = (mask * ((size + 3) >> 2))[:size]
        return (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(size)
    data = bytearray(payload)
    for lane, byte in enumerate(mask):
        data[lane::4] = data[lane::4].translate(_XOR[byte])
    return bytes(data)


class FrameReader:
    """Gathers a client's bytes into messages and control frames.

    `limit` bounds a whole message, however many fragments it comes in. Nothing larger is ever held: the length in a
    frame's head is judged before its payload arrives. Between frames and messages nothing is held at all.

    Whether a text is UTF-8 is for the caller to see, who decodes whole messages and answers `INVALID_DATA`.
    """

    __slots__ = ("_empty", "_held", "_limit", "_message", "_need", "_opcode")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        # The beginning of a frame, and how much of it must be there before it is worth looking at again.
        self._held: bytearray | None = None
        self._need = 0
        # The fragments that have come of a message, its opcode, and how many of them were empty.
        self._message: bytearray | None = None
        self._opcode = _CONTINUATION
        self._empty = 0

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Give (opcode, payload) for each message and control frame that is now complete, in order.

        All of `data` is taken in by the call itself, so the iterator may be kept, or dropped halfway. Where a frame is
        wrong, `FrameError` is raised: by the call when nothing came before that frame, else by the iterator after the
        last message before it. So call and iterate under one `try`. After an error the reader must not be used further.
        """
        if self._held is not None:
            self._held += data
            if len(self._held) < self._need:
                return iter(())
            data, self._held = bytes(self._held), None
        messages: list[tuple[int, bytes]] = []
        try:
            self._read(data, messages)
        except FrameError as error:
            self._message = None
            if not messages:
                raise
            return _then_raise(messages, error)
        return iter(messages)

    def _read(self, data: bytes, messages: list[tuple[int, bytes]]) -> None:
        """Add what is complete to `messages` and hold the rest."""
        at, total, need = 0, len(data), 2
        while total - at >= 2:
            first, second = data[at], data[at + 1]
            whole_text = first == _WHOLE_TEXT and second >= 0x80 and self._message is None
            most = self._limit if whole_text else self._judge(first, second)
            size, start = second & 0x7F, at + 6
            if size > 125:
                start += 2 if size == 126 else 8
                if start - 4 > total:
                    need = start - 4 - at
                    break
                size = _long_size(data[at + 2 : start - 4])
            if size > most:
                raise FrameError(TOO_BIG, "message too big")
            end = start + size
            if end > total:
                need = end - at
                break
            payload = unmask(data[start:end], data[start - 4 : start])
            at, need = end, 2
            if whole_text:
                messages.append((TEXT, payload))
            elif first & 0x0F >= CLOSE:
                messages.append((first & 0x0F, payload))
            elif (message := self._join(first, payload)) is not None:
                messages.append(message)
        if at < total:
            self._held, self._need = bytearray(data[at:] if at else data), need

    def _judge(self, first: int, second: int) -> int:
        """Whether a frame may begin with these two bytes, and how long its payload may be."""
        opcode, size = first & 0x0F, second & 0x7F
        if first & 0x70:
            raise FrameError(PROTOCOL_ERROR, "reserved bits set")
        if not second & 0x80:
            raise FrameError(PROTOCOL_ERROR, "frame not masked")
        if opcode in (CLOSE, PING, PONG):
            if size > 125 or not first & 0x80:
                raise FrameError(PROTOCOL_ERROR, "control frame too long or fragmented")
            return size
        if opcode not in (_CONTINUATION, TEXT, BINARY):
            raise FrameError(PROTOCOL_ERROR, "unknown opcode")
        if (opcode == _CONTINUATION) != (self._message is not None):
            raise FrameError(PROTOCOL_ERROR, "fragments out of order")
        return self._limit - len(self._message or b"")

    def _join(self, first: int, payload: bytes) -> tuple[int, bytes] | None:
        """The message that this frame completes, if it does."""
        if self._message is None:
            if first & 0x80:
                return first & 0x0F, payload
            self._message, self._opcode, self._empty = bytearray(), first & 0x0F, 0
        if not payload:
            self._empty += 1
            if self._empty > _EMPTY_FRAGMENTS:
                raise FrameError(POLICY_VIOLATION, "too many empty fragments")
        self._message += payload
        if not first & 0x80:
            return None
        message, self._message = bytes(self._message), None
        return self._opcode, message


def _long_size(length: bytes) -> int:
    """A length of 16 or 64 bits. RFC 6455, 5.2: the first of 64 bits must be 0, and the shortest form must be used."""
    size = int.from_bytes(length)
    if size < 126 or (len(length) == 8 and not 65_536 <= size < 1 << 63):
        raise FrameError(PROTOCOL_ERROR, "length in the wrong form")
    return size


def _then_raise(messages: list[tuple[int, bytes]], error: FrameError) -> Iterator[tuple[int, bytes]]:
    yield from messages
    raise error
