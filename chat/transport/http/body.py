"""The body of an HTTP request: read to its end and no further, under a deadline."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

from chat.transport.http.reader import Reader

# A body may take the header timeout and, beyond it, a second for each so many bytes that have come.
BYTES_A_SECOND = 4096
# However much of it has come, the next bytes must come within so many seconds.
STALL_SECONDS = 30.0
# What is read of a body that nobody wanted, before the connection is closed instead.
_DISCARD_BYTES = 262_144
_PIECE_BYTES = 65_536
_CHUNK_LINE_BYTES = 1024
_TRAILER_LINES = 32
# RFC 9112, 7.1: a size, and extensions that mean nothing here.
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?\r\n")


class BadBody(OSError):
    """A body whose end can't be found."""


class Body:
    """`wsgi.input` and, under eventlet's names, what its HTTP server asks of it.

    Reading raises TimeoutError when the client is too slow, and OSError when it is gone or its chunks break the rules.
    A body that ends before its length is returned short.
    """

    def __init__(
        self, reader: Reader, length: int | None, seconds: float, send_continue: Callable[[], None] | None
    ) -> None:
        """`length` is None for chunks; `send_continue` tells a client that waits for it to go on."""
        self.content_length = length
        self.chunked_input = length is None
        self.position = 0
        self.headers_sent: list[int] = []
        self.should_send_hundred_continue = send_continue is not None
        self._reader = reader
        self._seconds = seconds
        self._send_continue = send_continue
        self._until: float | None = None
        self._left = length or 0
        self._ended = length == 0
        self._line_rest = b""
        self._is_broken = False

    def read(self, size: int | None = None) -> bytes:
        parts: list[bytes] = []
        left = -1 if size is None else size
        while left and (data := self._next(_PIECE_BYTES if left < 0 else min(left, _PIECE_BYTES))):
            parts.append(data)
            left -= len(data) if left > 0 else 0
        return b"".join(parts)

    def readline(self, size: int | None = None) -> bytes:
        line = b""
        while (size is None or size < 0 or len(line) < size) and (data := self._next(_PIECE_BYTES)):
            line += data
            end = line.find(b"\n", len(line) - len(data)) + 1 or len(line)
            end = end if size is None or size < 0 else min(end, size)
            if end < len(line) or line.endswith(b"\n"):
                line, self._line_rest = line[:end], line[end:]
                break
        return line

    def readlines(self, _: int | None = None) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def get_socket(self) -> Any:
        return self._reader.sock

    @property
    def is_read(self) -> bool:
        """Whether all of it has been taken from the connection."""
        return self._ended and not self._is_broken

    def discard(self) -> None:
        """Read away what the application left, within reason; OSError makes eventlet close the connection."""
        if self._is_broken:
            raise OSError("where the body ends is unknown")
        read = 0
        while not self._ended:
            if self._left + read > _DISCARD_BYTES:
                raise OSError("too much left unread")
            read += len(self._next(_PIECE_BYTES))

    def _next(self, most: int) -> bytes:
        """The next piece, or b"" at the end."""
        if self._line_rest:
            data, self._line_rest = self._line_rest[:most], self._line_rest[most:]
            return data
        if self._ended:
            return b""
        if self._send_continue is not None:
            if not self.headers_sent:
                self._send_continue()
            self._send_continue, self.should_send_hundred_continue = None, False
        if self._until is None:
            self._until = time.monotonic() + self._seconds
        until = self._until + self.position / BYTES_A_SECOND
        latest = time.monotonic() + max(STALL_SECONDS, self._seconds)
        self._reader.expect(min(until, latest), BYTES_A_SECOND)
        try:
            return self._take(most)
        finally:
            self._reader.relax()

    def _take(self, most: int) -> bytes:
        if self.chunked_input and not self._left and not self._begin_chunk():
            return b""
        data = self._reader.read1(min(most, self._left))
        self.position += len(data)
        self._left -= len(data)
        if self.chunked_input:
            self._check_chunk(data)
        else:
            self._ended = not data or not self._left
        return data

    def _begin_chunk(self) -> bool:
        """False when there is none any more."""
        found = _CHUNK_LINE.fullmatch(self._reader.readline(_CHUNK_LINE_BYTES))
        if found is None:
            raise self._break("bad chunk line")
        self._left = int(found[1], 16)
        if not self._left:
            self._skip_trailers()
        return self._left > 0

    def _check_chunk(self, data: bytes) -> None:
        if not data:
            self._ended = True
            raise OSError("the client is gone")
        if not self._left and self._reader.readline(2) != b"\r\n":
            raise self._break("chunk longer than it said")

    def _skip_trailers(self) -> None:
        self._ended = True
        for _ in range(_TRAILER_LINES):
            line = self._reader.readline(_CHUNK_LINE_BYTES)
            if line == b"\r\n":
                return
            if not line.endswith(b"\r\n"):
                break
        raise self._break("bad trailers")

    def _break(self, why: str) -> BadBody:
        """Where the next request would begin is unknown now, so nothing more is read."""
        self._is_broken = self._ended = True
        return BadBody(why)
