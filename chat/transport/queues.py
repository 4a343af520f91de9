"""What waits between a client and the application, in both directions, each with a bound."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

import structlog

from chat.transport import frames

log = structlog.get_logger(__name__)


class Outgoing:
    """Engine.IO packets on their way, to one client or to thousands: encoded once, and framed once for all."""

    __slots__ = ("count", "frames", "packets")

    def __init__(self, *packets: bytes) -> None:
        self.packets = packets
        self.count = len(packets)
        self.frames = b"".join([frames.encode(frames.TEXT, packet) for packet in packets])


class Outbox:
    """Packets for a client that polls."""

    __slots__ = ("_arrived", "_bytes", "_ended", "_packets")

    def __init__(self) -> None:
        self._packets: list[bytes] = []
        self._bytes = 0
        self._ended = False
        self._arrived: threading.Event | None = None

    def put(self, outgoing: Outgoing, most_packets: int, most_bytes: int) -> bool:
        """Add packets. False, and nothing added, when the client has left too much unread."""
        waiting = len(self._packets)
        size = sum(map(len, outgoing.packets))
        if waiting and (waiting + outgoing.count > most_packets or self._bytes + size > most_bytes):
            return False
        self._packets += outgoing.packets
        self._bytes += size
        self.wake()
        return True

    def end(self, *last: bytes) -> None:
        """Nothing comes after `last`; `take` does not wait any more."""
        self._packets += last
        self._ended = True
        self.wake()

    def wake(self) -> None:
        """Let whoever waits in `take` go on, even with nothing."""
        if self._arrived is not None:
            self._arrived.set()

    def take(self) -> list[bytes]:
        """Wait for packets and return all there are; [] at the end, or after `wake`."""
        if not self._packets and not self._ended:
            self._arrived = threading.Event()
            self._arrived.wait()
            self._arrived = None
        return self.empty()

    def empty(self) -> list[bytes]:
        """What is there now."""
        packets, self._packets, self._bytes = self._packets, [], 0
        return packets


def _nothing(*_: object) -> None:
    """In place of what an ended inbox was given."""


class Inbox:
    """Commands of one client: carried out one at a time, in order, without holding up whoever reads the socket.

    `start` runs a function in the background; a worker is busy only while there is something to do.
    """

    __slots__ = ("_handle", "_last", "_most", "_on_room", "_start", "_waiting", "_working")

    def __init__(
        self, handle: Callable[[str], object], start: Callable[[Callable[[], None]], object], most: int
    ) -> None:
        self._handle: Callable[[str], object] | None = handle
        self._start = start
        self._most = most
        # None while there is nothing to do, as for nearly all clients nearly all of the time.
        self._waiting: deque[str] | None = None
        self._last: Callable[[], object] | None = None
        self._working = False
        self._on_room: list[Callable[[], object]] | None = None

    @property
    def full(self) -> bool:
        return self._waiting is not None and len(self._waiting) >= self._most and self._last is None

    def put(self, text: str) -> None:
        """Add a command. Whoever finds it `full` must stop adding soon, until `when_room` tells."""
        if self._last is None:
            if self._waiting is None:
                self._waiting = deque()
            self._waiting.append(text)
            self._wake()

    def when_room(self, action: Callable[[], object]) -> None:
        """Call `action` once when a full inbox has room again."""
        if self._on_room is None:
            self._on_room = []
        self._on_room.append(action)

    def wait_for_room(self) -> None:
        while self.full:
            room = threading.Event()
            self.when_room(room.set)
            room.wait()

    def finish(self, last: Callable[[], object], discard: bool) -> None:
        """Run `last` after the command under way and, unless `discard`, those that wait; take no more."""
        if self._last is not None:
            return
        self._last = last
        if discard:
            self._waiting = None
        self._tell_room()
        self._wake()

    def _wake(self) -> None:
        if not self._working:
            self._working = True
            self._start(self._work)

    def _tell_room(self) -> None:
        if self._on_room is not None:
            actions, self._on_room = self._on_room, None
            for action in actions:
                action()

    def _work(self) -> None:
        while self._waiting:
            text = self._waiting.popleft()
            if self._on_room is not None and not self.full:
                self._tell_room()
            try:
                self._handle(text)  # type: ignore[misc]
            except Exception:  # one command's failure must not end the connection's others
                log.exception("a command failed")
        self._waiting = None
        self._working = False
        if self._last is not None:
            # Both lead back to the connection, which nothing but the garbage collector could free otherwise.
            last, self._handle, self._start = self._last, None, _nothing
            self._last = _nothing
            last()
