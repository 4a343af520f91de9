"""A Socket.IO client over a WebSocket: it signs in, answers heartbeats, sends, and checks what it receives."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from bench import frames
from bench.dialects import Dialect, Seat
from bench.loop import Connection, Loop
from bench.streams import Reader, Stream

PATH = "/socket.io/?EIO=4&transport=websocket"
_PONG = frames.masked(b"3")

OnAck = Callable[[bytes], object]


class Client(Connection):
    """`seated` once it is in its rooms; `closed` says why when it is gone.

    `other`, if set, is given packets that are nobody else's.
    """

    def __init__(
        self, loop: Loop, port: int, dialect: Dialect, seat: Seat, number: int = 0, receive_buffer: int = 0
    ) -> None:
        self.dialect = dialect
        self.seat = seat
        self.name = f"c{number}"
        self.sent = 0
        self.acked = 0
        self.heartbeats = 0
        self.seated = False
        self.refusals: list[str] = []
        self.reader = Reader(self._packet, self._control)
        self.other: Callable[[bytes], object] | None = None
        self.on_seated: Callable[[], object] | None = None
        self._head = b""
        self._acks: dict[int, OnAck] = {}
        self._number = 0
        super().__init__(loop, port, number, receive_buffer)
        self.write(frames.handshake(PATH))

    def received(self, chunk: memoryview) -> None:
        """The answer to the handshake; the reader takes what follows."""
        head, found, rest = (self._head + bytes(chunk)).partition(b"\r\n\r\n")
        if not found:
            self._head = head
            return
        if not head.startswith(b"HTTP/1.1 101"):
            raise ValueError(f"no WebSocket: {head[:80]!r}")
        self.take = self.reader.feed
        if rest:
            self.reader.feed(memoryview(rest))

    def watch(self, progress: Callable[[], object] | None) -> None:
        """Call this after everything that arrives, or nothing any more."""

        def feed(chunk: memoryview) -> None:
            self.reader.feed(chunk)
            if progress is not None:
                progress()

        self.take = feed if progress is not None else self.reader.feed

    def say(self, on_ack: OnAck | None = None) -> None:
        """Send the next message to the first room."""
        ack = None
        if on_ack is not None or self.dialect.acknowledges:
            ack = self._next(on_ack or self._accepted)
        # Ids of clients begin with the time, as those of our browser client do.
        cid = f"{int(time.time() * 1000):x}.{self.name}-{self.sent}"
        self.packet(self.dialect.say(self.seat.rooms[0], cid, ack))
        self.sent += 1

    def call(self, make: Callable[[int], bytes], on_ack: OnAck) -> None:
        """Send the packet that `make` makes for an ack's number."""
        self.packet(make(self._next(on_ack)))

    def packet(self, payload: bytes) -> None:
        self.write(frames.masked(payload))

    def _next(self, on_ack: OnAck) -> int:
        self._number += 1
        self._acks[self._number] = on_ack
        return self._number

    def _accepted(self, payload: bytes) -> None:
        self.acked += 1
        if b'"ok":true' not in payload:
            self.refusals.append(payload[:200].decode("utf-8", "replace"))

    def _control(self, opcode: int, payload: bytes) -> None:
        if opcode == frames.PING:
            self.write(frames.masked(payload, frames.PONG))
        elif opcode == frames.CLOSE:
            self.close(f"the server closed: {int.from_bytes(payload[:2], 'big')}")

    def _packet(self, payload: bytes) -> None:
        if payload == b"2":
            self.heartbeats += 1
            self.write(_PONG)
        elif payload[:1] == b"0":
            self.packet(self.dialect.greet(self.seat))
        elif payload.startswith(b"40"):
            wanted = self.dialect.enter(self.seat)
            if wanted is not None:
                self.packet(wanted)
        elif not self.seated and self.dialect.is_seated(payload):
            self.seated = True
            if self.on_seated is not None:
                self.on_seated()
        elif payload.startswith(self.dialect.ack):
            start = len(self.dialect.ack)
            number = int(payload[start : payload.index(b"[", start)])
            self._acks.pop(number)(payload)
        elif payload.startswith(b"44"):
            raise ValueError(payload[:200].decode("utf-8", "replace"))
        elif self.other is not None:
            self.other(payload)


def connect_all(
    loop: Loop,
    port: int | Callable[[int], int],
    dialect: Dialect,
    seats: Sequence[Seat],
    at_once: int = 100,
    first: int = 0,
) -> tuple[list[Client], float]:
    """Connect everybody, so many under way at a time; returns the clients and the seconds that it took.

    `port` may be found by the client's number.

    Raises `Late`, and `ConnectionError` when somebody was not let in.
    """
    clients: list[Client] = []
    seated = 0

    def count() -> None:
        nonlocal seated
        seated += 1
        more()

    def more() -> None:
        while len(clients) < len(seats) and len(clients) - seated < at_once:
            number = len(clients)
            where = port if isinstance(port, int) else port(number)
            client = Client(loop, where, dialect, seats[number], first + number)
            client.on_seated = count
            clients.append(client)

    def refused() -> Client | None:
        return next((client for client in clients[max(0, seated - at_once) :] if client.closed), None)

    def done() -> bool:
        return seated == len(seats) or refused() is not None

    began = time.perf_counter()
    more()
    loop.run(done, lambda: f"{seated} of {len(seats)} had connected")
    took = time.perf_counter() - began
    lost = next((client for client in clients if client.closed), None)
    if lost is not None:
        raise ConnectionError(
            f"client {lost.name} was lost while connecting, {seated} of {len(seats)} in: {lost.closed}"
        )
    return clients, took


def everybody_follows(clients: Sequence[Client], prefix: bytes) -> Stream:
    """One room's stream, compared by all these clients."""
    stream = Stream(prefix)
    for client in clients:
        client.reader.follow(stream)
    return stream
