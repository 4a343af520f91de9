"""The bytes of a connection that a WebSocket took over from the HTTP server.

`HubStream` is the usual one: eventlet's hub calls it when there is something to read, and no greenlet waits for a quiet
client. `GreenletStream` serves where the hub can't see what there is to read (TLS keeps bytes back, a foreign WSGI
server owns the socket): there the request's own greenlet reads for as long as the connection lives.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Any, Protocol

import structlog

from chat.transport import traffic

log = structlog.get_logger(__name__)

# As much as is read at once. It bounds how much work one client can make of one turn of the hub.
READ_BYTES = 16_384
_NO_LINGER = struct.pack("ii", 1, 0)


class User(Protocol):
    """Who speaks over a stream. It must not wait in these calls, and must call `close` in the end."""

    def on_data(self, data: bytes) -> None:
        """Bytes came; b"" when the client is gone."""

    def on_writable(self) -> bool:
        """Send what waits. Whether more waits, so that it is called again when there is room for it."""


class Stream(Protocol):
    direct: bool
    """Whether `send` takes anything at once; never waits either way."""

    def run(self, user: User) -> None:
        """Begin to read. Returns at once, or when the connection has ended."""

    def send(self, data: bytes, /) -> int:
        """Send what the socket takes at once, and return how much it was.

        Raises BlockingIOError when that is nothing, another OSError when the client is gone.
        """

    def send_on(self, data: bytes, /) -> int:
        """The same, called from `on_writable` alone. Here a greenlet may have to wait."""

    def await_writable(self) -> None:
        """Have `on_writable` called when there is room."""

    def pause(self) -> None:
        """Read no more until `resume`."""

    def resume(self) -> None: ...

    def end_writing(self) -> None:
        """Nothing more is sent."""

    def traffic(self) -> tuple[int, int] | None:
        """The bytes that went out and came in, where the system says it."""

    def close(self, reset: bool = False) -> None:
        """Cut the connection, if it is not cut yet; with `reset`, the system forgets what it has not sent yet."""


def reset_on_close(sock: Any) -> None:
    """Have the system throw away what `sock` has not sent when it is closed, and reset the connection.

    It would else go on holding that for a client that reads nothing, for as long as that one's system answers probes.
    """
    with contextlib.suppress(OSError, AttributeError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)


class HubStream:
    """A plain socket, read and written by callbacks of the hub."""

    __slots__ = ("_early", "_hub", "_on_close", "_reading", "_sock", "_user", "_writing", "send", "send_on")

    direct = True

    def __init__(self, hub: Any, sock: socket.socket, early: bytes, on_close: Callable[[], object]) -> None:
        """`sock` is non-blocking and belongs to the stream. `early` came along with the request's head."""
        self._hub = hub
        self._sock = sock
        self._early = early
        self._on_close: Callable[[], object] | None = on_close
        self._user: User | None = None
        self._reading: Any = None
        self._writing: Any = None
        # The socket's own: a frame of Python's for each delivery would be a tenth of its cost.
        self.send = self.send_on = sock.send

    def run(self, user: User) -> None:
        self._user = user
        self.resume()
        if user.on_writable():
            # The answer to the handshake was more than the socket took.
            self.await_writable()
        if self._early:
            early, self._early = self._early, b""
            user.on_data(early)

    def await_writable(self) -> None:
        if self._writing is None and self._user is not None:
            self._writing = self._listen(self._hub.WRITE, self._on_writable)

    def pause(self) -> None:
        if self._reading is not None:
            listener, self._reading = self._reading, None
            self._hub.remove(listener)

    def resume(self) -> None:
        if self._reading is None and self._user is not None:
            self._reading = self._listen(self._hub.READ, self._on_readable)

    def end_writing(self) -> None:
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)

    def traffic(self) -> tuple[int, int] | None:
        return traffic.of(self._sock)

    def close(self, reset: bool = False) -> None:
        self._user = None
        self.pause()
        self._write_no_more()
        if reset:
            reset_on_close(self._sock)
        self._sock.close()
        if self._on_close is not None:
            on_close, self._on_close = self._on_close, None
            on_close()

    def _listen(self, kind: str, callback: Callable[[int], None]) -> Any:
        listener = self._hub.add(kind, self._sock.fileno(), callback, self._on_lost, None)
        # The listener would keep whichever greenlet made it.
        listener.greenlet = self._hub.greenlet
        return listener

    def _write_no_more(self) -> None:
        if self._writing is not None:
            listener, self._writing = self._writing, None
            self._hub.remove(listener)

    # In a turn of the hub events are gathered before the first is told, so one may come after its listener has gone.

    def _on_readable(self, _: int) -> None:
        user = self._user
        if user is None or self._reading is None:
            return
        try:
            data = self._sock.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        try:
            user.on_data(data)
        except Exception:  # the hub would print it and forget the descriptor
            log.exception("reading from a client failed")
            self.close()

    def _on_writable(self, _: int) -> None:
        if self._user is None or self._writing is None:
            return
        try:
            more = self._user.on_writable()
        except Exception:  # the hub would print it and forget the descriptor
            log.exception("writing to a client failed")
            self.close()
        else:
            if not more:
                self._write_no_more()

    def _on_lost(self, _: BaseException) -> None:
        """The hub saw our descriptor's number given to another socket."""
        self._reading = self._writing = None
        if self._user is not None:
            self._user.on_data(b"")


class GreenletStream:
    """A socket that only greenlets can use: what waits is written by a greenlet that lives while there is some."""

    direct = False

    def __init__(self, sock: Any, early: bytes, spawn: Callable[[Callable[[], None]], object], event: Any) -> None:
        """`event` makes events that greenlets wait for."""
        self._sock = sock
        self._early = early
        self._spawn = spawn
        self._user: User | None = None
        self._writing = False
        self._closed = False
        self._may_read = event()
        self._may_read.set()

    def run(self, user: User) -> None:
        self._user = user
        if self._writing:
            self._spawn(self._write)
        data = self._early
        if data:
            user.on_data(data)
        while not self._closed:
            self._may_read.wait()
            try:
                data = self._sock.recv(READ_BYTES)
            except (OSError, EOFError):
                data = b""
            if not self._closed:
                user.on_data(data)
            if not data:
                break

    def send(self, data: bytes, /) -> int:
        """Takes nothing at once: whoever calls may be on the hub, where one can't wait."""
        raise BlockingIOError if not self._closed else BrokenPipeError

    def send_on(self, data: bytes, /) -> int:
        sent: int = self._sock.send(data)
        return sent

    def await_writable(self) -> None:
        if not self._writing:
            self._writing = True
            if self._user is not None:
                self._spawn(self._write)

    def _write(self) -> None:
        while self._user is not None and not self._closed and self._user.on_writable():
            continue
        self._writing = False

    def pause(self) -> None:
        self._may_read.clear()

    def resume(self) -> None:
        self._may_read.set()

    def end_writing(self) -> None:
        # TLS has no way to end one direction: the connection is closed once the client has answered.
        with contextlib.suppress(OSError, AttributeError):
            if not hasattr(self._sock, "cipher"):
                self._sock.shutdown(socket.SHUT_WR)

    def traffic(self) -> tuple[int, int] | None:
        return traffic.of(self._sock)

    def close(self, reset: bool = False) -> None:
        """Wakes whoever reads; the request's greenlet, or the server that owns the socket, closes it."""
        if reset and not self._closed:
            reset_on_close(self._sock)
        self._closed = True
        self._may_read.set()
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
