"""The commands of one client: carried out in order, without holding up whoever reads the socket.

One at a time, with one exception: a command that says so (`begin`) lets the next one begin as soon as it waits at the
store's gate. Its place among the writes is certain from there on, so what a client sends in a row is committed together
and told together, still in its order. A command that doesn't say so waits for all before it: it sees what they did.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar

import structlog

log = structlog.get_logger(__name__)


class Turn:
    """One command's. `held` until the next one may begin; `arrived` is a time of `time.perf_counter`."""

    __slots__ = ("_inbox", "_overlaps", "arrived", "held")

    def __init__(self, inbox: Inbox, arrived: float) -> None:
        self._inbox = inbox
        self.arrived = arrived
        self._overlaps = False
        self.held = True

    def begin(self, overlaps: bool) -> None:
        if overlaps:
            self._overlaps = True
        else:
            self._inbox.settle()

    def pass_on(self) -> None:
        if self._overlaps and self.held:
            self.held = False
            self._inbox.go_on()


_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)


def begin(overlaps: bool) -> None:
    """The command that is carried out here begins. Unless it `overlaps`, wait for those before it."""
    turn = _turn.get()
    if turn is not None:
        turn.begin(overlaps)


def pass_on() -> None:
    """The command that is carried out here has its place: let the next one begin, if it overlaps."""
    turn = _turn.get()
    if turn is not None:
        turn.pass_on()


def arrived() -> float:
    """When the command that is carried out here came in, by `time.perf_counter`; now, where that is not known."""
    turn = _turn.get()
    return time.perf_counter() if turn is None else turn.arrived


class Inbox:
    """`start` runs a function in the background; a worker is busy only while there is something to do."""

    __slots__ = ("_ahead", "_handle", "_last", "_most", "_on_room", "_settled", "_start", "_waiting", "_working")

    def __init__(
        self, handle: Callable[[str], object], start: Callable[[Callable[[], None]], object], most: int
    ) -> None:
        self._handle: Callable[[str], object] | None = handle
        self._start = start
        self._most = most
        # None while there is nothing to do, as for nearly all clients nearly all of the time.
        self._waiting: deque[tuple[str, float]] | None = None
        self._last: Callable[[], object] | None = None
        # Whether a command has the turn; how many have passed it on and are not done.
        self._working = False
        self._ahead = 0
        self._settled: threading.Event | None = None
        self._on_room: list[Callable[[], object]] | None = None

    @property
    def full(self) -> bool:
        waiting = len(self._waiting) if self._waiting else 0
        return waiting + self._ahead >= self._most and self._last is None

    def put(self, text: str) -> None:
        """Add a command. Whoever finds it `full` must stop adding soon, until `when_room` tells."""
        if self._last is None:
            if self._waiting is None:
                self._waiting = deque()
            self._waiting.append((text, time.perf_counter()))
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
        """Run `last` after the commands under way and, unless `discard`, those that wait; take no more."""
        if self._last is not None:
            return
        self._last = last
        if discard:
            self._waiting = None
        self._tell_room()
        self._wake()

    # The turn

    def go_on(self) -> None:
        """Whoever has the turn gives it away before being done."""
        self._ahead += 1
        self._working = False
        if self._waiting or self._last is not None:
            self._wake()
        else:
            self._waiting = None

    def settle(self) -> None:
        """Wait until those that have passed on the turn are done."""
        while self._ahead:
            self._settled = threading.Event()
            self._settled.wait()

    def _wake(self) -> None:
        if not self._working:
            self._working = True
            self._start(self._work)

    def _work(self) -> None:
        while self._waiting:
            text, came = self._waiting.popleft()
            turn = Turn(self, came)
            token = _turn.set(turn)
            if self._on_room is not None:
                self._tell_room()
            try:
                self._handle(text)  # type: ignore[misc]
            except Exception:  # one command's failure must not end the connection's others
                log.exception("a command failed")
            finally:
                # Whoever runs this has other things to do after it.
                _turn.reset(token)
            if not turn.held:
                self._done_ahead()
                return
        self._waiting = None
        if self._last is not None:
            self.settle()
            # Both lead back to the connection, which nothing but the garbage collector could free otherwise.
            last, self._handle, self._start = self._last, None, _nothing
            self._last = _nothing
            last()
        self._working = False

    def _done_ahead(self) -> None:
        self._ahead -= 1
        self._tell_room()
        if not self._ahead and self._settled is not None:
            settled, self._settled = self._settled, None
            settled.set()

    def _tell_room(self) -> None:
        if self._on_room is not None and not self.full:
            actions, self._on_room = self._on_room, None
            for action in actions:
                action()


def _nothing(*_: object) -> None:
    """In place of what an ended inbox was given."""
