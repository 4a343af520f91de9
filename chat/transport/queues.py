"""What waits between a client and the application, in both directions, each with a bound."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Outbox:
    """Packets on their way to one client. `queue` is one of the hub's, without a bound of its own."""

    def __init__(self, queue: Any, most_packets: int, most_bytes: int) -> None:
        self._queue = queue
        self._most_packets = most_packets
        self._most_bytes = most_bytes
        self._packets = 0
        self._bytes = 0

    def put(self, text: str) -> bool:
        """Add a packet. False, and nothing added, when the client has left too much unread."""
        size = _size(text)
        if self._packets >= self._most_packets or (self._packets and self._bytes + size > self._most_bytes):
            return False
        self._packets += 1
        self._bytes += size
        self._queue.put(text)
        return True

    def end(self, *last: str) -> None:
        """Nothing comes after `last`; `take` returns [] from then on."""
        for text in last:
            self._queue.put(text)
        self._queue.put(None)

    def take(self) -> list[str]:
        """Wait for packets and return all there are; [] at the end. They count until `sent` says that they left."""
        texts: list[str] = []
        text = self._queue.get()
        while text is not None:
            texts.append(text)
            if self._queue.empty():
                break
            text = self._queue.get()
        else:
            # Left in place for whoever asks again.
            self._queue.put(None)
        return texts

    def sent(self, texts: list[str]) -> None:
        self._packets = max(0, self._packets - len(texts))
        self._bytes = max(0, self._bytes - sum(map(_size, texts)))


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode(errors="replace"))


class Inbox:
    """Commands of one client: carried out one at a time, in order, without holding up whoever reads the socket.

    `start` runs a function in the background; a worker lives only while there is something to do.
    """

    def __init__(
        self, handle: Callable[[str], object], start: Callable[[Callable[[], None]], object], most: int
    ) -> None:
        self._handle = handle
        self._start = start
        self._most = most
        self._waiting: deque[str] = deque()
        self._last: Callable[[], object] | None = None
        self._working = False
        self._room: threading.Event | None = None

    def put(self, text: str) -> None:
        """Add a command; waits while too many are waiting."""
        while len(self._waiting) >= self._most and self._last is None:
            self._room = threading.Event()
            self._room.wait()
        if self._last is None:
            self._waiting.append(text)
            self._wake()

    def finish(self, last: Callable[[], object], discard: bool) -> None:
        """Run `last` after the command under way and, unless `discard`, those that wait; take no more."""
        if self._last is not None:
            return
        self._last = last
        if discard:
            self._waiting.clear()
        self._make_room()
        self._wake()

    def _wake(self) -> None:
        if not self._working:
            self._working = True
            self._start(self._work)

    def _make_room(self) -> None:
        if self._room is not None:
            self._room.set()
            self._room = None

    def _work(self) -> None:
        while self._waiting:
            text = self._waiting.popleft()
            self._make_room()
            try:
                self._handle(text)
            except Exception:  # one command's failure must not end the connection's others
                log.exception("a command failed")
        self._working = False
        if self._last is not None:
            self._last()
