"""The load generator's event loop: epoll, raw sockets, timers, deadlines."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import select
import socket
import time
from collections.abc import Callable
from errno import EAGAIN, EINPROGRESS

BUFFER_BYTES = 1 << 20
# Where more deliveries than `MANY` are still to come, looking at once would find but a few of them, so it is put off:
# for half a microsecond a delivery, in which no server sends one, up to a millisecond.
MANY = 256
GATHER_SECONDS, MOST_GATHER_SECONDS = 0.000_000_5, 0.001
# A loopback address has about 28,000 ports for connections to one server.
CONNECTIONS_AN_ADDRESS = 20_000
_SO_IP_BIND_ADDRESS_NO_PORT = 24
_ENDS = select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR


class Late(Exception):
    """A deadline has passed; the text says how far it came."""


class Loop:
    """Runs until a condition holds, and never longer than `deadline`, in seconds of the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds
        self.epoll = select.epoll()
        self.connections: dict[int, Connection] = {}
        self.view = memoryview(bytearray(BUFFER_BYTES))
        self._timers: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = itertools.count()
        self._stopped = 0

    def close(self) -> None:
        for connection in list(self.connections.values()):
            connection.close()
        self.epoll.close()

    def after(self, seconds: float, action: Callable[[], object]) -> None:
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._numbers), action))

    def every(self, seconds: float, action: Callable[[], object]) -> None:
        """Call again and again, until `stop_repeating`. What is late is not made up for."""
        stopped = self._stopped

        def again() -> None:
            if self._stopped == stopped:
                self.after(seconds, again)
                action()

        self.after(seconds, again)

    def stop_repeating(self) -> None:
        """End what `every` began; what `after` was asked for still comes."""
        self._stopped += 1

    def run(
        self,
        until: Callable[[], object],
        progress: Callable[[], str],
        seconds: float = float("inf"),
        outstanding: Callable[[], int] | None = None,
    ) -> None:
        """Serve the sockets until the condition holds; it is asked after each turn.

        `outstanding` tells how many deliveries are still to come: while they are many, the kernel gathers them for a
        moment, which spares both sides a wake-up for each. Raises `Late` with `progress()`.
        """
        end = min(self.deadline, time.monotonic() + seconds)
        while not until():
            if outstanding is not None and (count := outstanding() - MANY) > 0:
                time.sleep(min(MOST_GATHER_SECONDS, count * GATHER_SECONDS))
            self.turn(0.1)
            if time.monotonic() > end:
                raise Late(progress())

    def rest(self, seconds: float) -> None:
        """Serve the sockets for so long. Raises `Late`."""
        end = time.monotonic() + seconds
        self.run(lambda: time.monotonic() >= end, lambda: "no time was left to rest")

    def turn(self, timeout: float) -> None:
        timers, connections = self._timers, self.connections
        if timers:
            timeout = max(0.0, min(timeout, timers[0][0] - time.monotonic()))
        for fd, events in self.epoll.poll(timeout, 4096):
            connection = connections.get(fd)
            if connection is not None:
                connection.ready(events)
        while timers and timers[0][0] <= time.monotonic():
            heapq.heappop(timers)[2]()


class Connection:
    """A non-blocking TCP connection on the loop. Subclasses take what arrives with `received`."""

    def __init__(self, loop: Loop, port: int, number: int = 0, receive_buffer: int = 0) -> None:
        """`number` spreads connections over loopback's addresses; `receive_buffer` is SO_RCVBUF in bytes."""
        self.loop = loop
        self.closed = ""  # why
        self.sock = socket.socket()
        self.sock.setblocking(False)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if number >= CONNECTIONS_AN_ADDRESS:
            self.sock.setsockopt(socket.IPPROTO_IP, _SO_IP_BIND_ADDRESS_NO_PORT, 1)
            self.sock.bind((f"127.0.0.{1 + number // CONNECTIONS_AN_ADDRESS}", 0))
        self._waiting = bytearray()
        self._blocked = True
        self.fd = self.sock.fileno()
        self._recv_into, self._send = self.sock.recv_into, self.sock.send
        self._view = loop.view
        self.take: Callable[[memoryview], object] = self.received
        error = self.sock.connect_ex(("127.0.0.1", port))
        if error not in (0, EINPROGRESS, EAGAIN):
            self.sock.close()
            raise ConnectionError(f"connecting: error {error}")
        loop.connections[self.fd] = self
        # Edge-triggered: the kernel tells of each arrival once, which costs less, and of room to write by itself.
        loop.epoll.register(self.fd, select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET)

    def received(self, chunk: memoryview) -> None:
        """Take what arrived; the memory is used again afterwards. A `ValueError` closes the connection.

        Another function may be put in its place as `take`.
        """
        raise NotImplementedError

    def lost(self) -> None:
        """The connection is closed, `closed` says why; called once."""

    def write(self, data: bytes) -> None:
        if self.closed:
            return
        if self._blocked:
            self._waiting += data
            return
        try:
            sent = self._send(data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self.close(str(error))
            return
        if sent < len(data):
            self._waiting += data[sent:]
            self._blocked = True

    def ready(self, events: int) -> None:
        if self._blocked and events & select.EPOLLOUT:
            self._flush()
        # A piece as large as the buffer, or a close behind what arrived, must not wait for an arrival that never comes.
        again = events & ~select.EPOLLOUT
        while again and not self.closed:
            try:
                size = self._recv_into(self._view)
            except BlockingIOError:
                return
            except OSError as error:
                self.close(str(error))
                return
            if not size:
                self.close("the server closed")
                return
            try:
                self.take(self._view[:size])
            except ValueError as error:
                self.close(f"unreadable: {error}")
            again = size == BUFFER_BYTES or events & _ENDS

    def _flush(self) -> None:
        self._blocked = False
        data, self._waiting = bytes(self._waiting), bytearray()
        if data:
            self.write(data)

    def stop_reading(self) -> None:
        """Let what arrives pile up in the kernel, and then at the server. Its end is still noticed."""
        self.loop.epoll.modify(self.fd, select.EPOLLRDHUP)

    def close(self, why: str = "closed by us", *, reset: bool = False) -> None:
        """Close; with `reset` the other side gets a RST."""
        if self.closed:
            return
        self.closed = why or "closed"
        del self.loop.connections[self.fd]
        with contextlib.suppress(OSError):
            self.loop.epoll.unregister(self.fd)
            if reset:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.sock.close()
        self.lost()
