"""What goes out on a connection of the HTTP server, in turns that leave the hub to others."""

from __future__ import annotations

import contextlib
import socket
from typing import Any

import eventlet

from chat.transport.streams import reset_on_close

# A client that takes everything at once must not keep all others waiting while it is sent a large file.
_TURN_BYTES = 131_072


class Writer:
    """Writes at once, whatever there is; `flush` is there for eventlet."""

    closed = False

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._in_turn = 0

    def write(self, data: bytes) -> None:
        self._send(data)
        self._in_turn += len(data)
        if self._in_turn > _TURN_BYTES:
            self._in_turn = 0
            eventlet.sleep(0)

    def writelines(self, parts: list[bytes]) -> None:
        last = memoryview(parts[-1])
        if len(last) <= _TURN_BYTES:
            self.write(b"".join(parts))
            return
        # Joining would copy it, and sending it at once would take all of the hub's time as long as the client takes it.
        self.write(b"".join(parts[:-1]))
        for start in range(0, len(last), _TURN_BYTES):
            self._send(last[start : start + _TURN_BYTES])
            eventlet.sleep(0)

    def _send(self, data: bytes | memoryview) -> None:
        try:
            self._sock.sendall(data)
        except TimeoutError:
            # The client has stopped reading, and is not worth what the system would keep for it.
            reset_on_close(self._sock)
            raise

    def end(self) -> None:
        """Tell the client that nothing more comes."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)

    def flush(self) -> None:
        """There is nothing to flush."""

    def close(self) -> None:
        """The socket is closed by whoever made it."""
