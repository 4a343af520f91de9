"""How greenlets wait for the store's writer, hundreds at a time, the cheapest way that the hub has.

A lock of eventlet's takes a timer for each who waits and one for each who is let go. Here all who are let go in one
turn of the hub go on in the next, and one timer looks after all who wait. Only for processes that run on the hub.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from chat.transport import inbox
from chat.transport.patch import quiet_eventlet

quiet_eventlet()

from eventlet import hubs  # noqa: E402
from eventlet.support import greenlets  # noqa: E402

# How often those who have waited too long are looked for.
LOOK_SECONDS = 1.0


class HubGate:
    """Shut when it is made; one greenlet waits at it, and another opens it once."""

    __slots__ = ("_greenlet", "_is_open", "_until")

    def __init__(self) -> None:
        self._greenlet: Any = None
        self._is_open = False
        self._until = 0.0

    def wait(self, seconds: float) -> bool:
        """Wait until it is open; False when that took longer, by up to `LOOK_SECONDS`.

        Whoever waits here has queued its work: the client's next command may begin, if this one overlaps.
        """
        inbox.pass_on()
        if self._is_open:
            return True
        hub = hubs.get_hub()
        if not _waiting:
            hub.schedule_call_global(LOOK_SECONDS, _look)
        _waiting[self] = None
        self._until = time.monotonic() + seconds
        self._greenlet = greenlets.getcurrent()
        try:
            hub.greenlet.switch()
        finally:
            self._greenlet = None
            _waiting.pop(self, None)
        return self._is_open

    def open(self) -> None:
        """Let the greenlet go on, soon."""
        self._is_open = True
        if self._greenlet is not None:
            _let_go(self)

    def overdue(self, now: float) -> bool:
        return self._until <= now

    def go_on(self) -> None:
        """Called by the hub."""
        if self._greenlet is not None:
            self._greenlet.switch()


# All of the process: it has one hub. In the order in which they came.
_waiting: dict[HubGate, None] = {}
_going: deque[HubGate] = deque()


def _let_go(gate: HubGate) -> None:
    if not _going:
        hubs.get_hub().schedule_call_global(0, go)
    _going.append(gate)


def go() -> None:
    """Let all go on whose gates were opened. Called by the hub."""
    try:
        while _going:
            _going.popleft().go_on()
    finally:
        # A greenlet that failed must not leave the others behind.
        if _going:
            hubs.get_hub().schedule_call_global(0, go)


def _look() -> None:
    now = time.monotonic()
    for gate in [gate for gate in _waiting if gate.overdue(now)]:
        _let_go(gate)
    if _waiting:
        hubs.get_hub().schedule_call_global(LOOK_SECONDS, _look)
