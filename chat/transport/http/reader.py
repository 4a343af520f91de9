"""What comes in on a connection, read under a deadline. Works on sockets of the hub and on any other with a timeout."""

from __future__ import annotations

import time
from typing import Any

_READ_BYTES = 16_384


class Reader:
    """Reads under a deadline. All reading may raise TimeoutError, and OSError or EOFError when the client is gone."""

    closed = False

    def __init__(self, sock: Any) -> None:
        """`sock` may have a timeout, which is then for writing."""
        self.sock = sock
        self._writing = sock.gettimeout()
        self._buffer = b""
        self._until: float | None = None
        self._rate = 0

    def fill(self) -> bool:
        """Wait for more and add it to what is there; False when the client sends no more."""
        if self._until is not None:
            left = self._until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.sock.settimeout(left)
        data = self._receive()
        if data is None:
            raise TimeoutError
        if self._rate and self._until is not None:
            self._until += len(data) / self._rate
        self._buffer = self._buffer + data if self._buffer else data
        return bool(data)

    def _receive(self) -> bytes | None:
        """None when the time is over."""
        try:
            data: bytes = self.sock.recv(_READ_BYTES)
        except TimeoutError as error:
            # eventlet's frames hold the exception that they raise: left alone, this circle would keep the whole request
            # in memory until the collector finds it.
            error.__traceback__ = None
            return None
        return data

    def expect(self, until: float, rate: int = 0) -> None:
        """Until when, by the monotonic clock, what is read from now on must have come: later by a second for each
        `rate` bytes that do come, where it is given. `relax` must follow."""
        self._until, self._rate = until, rate

    def relax(self) -> None:
        """Wait as long as it takes, and write under the socket's own timeout again."""
        self._until = None
        self.sock.settimeout(self._writing)

    def peek(self) -> bytes:
        """What has come and was not read. Never waits."""
        return self._buffer

    def skip(self, size: int) -> None:
        """Drop so many bytes of what `peek` shows."""
        self._buffer = self._buffer[size:]

    def read1(self, most: int = _READ_BYTES) -> bytes:
        """What is there, or else the next that comes; b"" at the end."""
        if not self._buffer and not self.fill():
            return b""
        data = self._buffer[:most]
        self._buffer = self._buffer[most:]
        return data

    def readline(self, most: int) -> bytes:
        """A line with its end; without one where the client sends no more or the line is longer than `most`."""
        while not (end := self._buffer.find(b"\n", 0, most) + 1) and len(self._buffer) < most:
            if not self.fill():
                break
        return self.read1(end or most) if self._buffer else b""

    def close(self) -> None:
        """The socket is closed by whoever made it."""
