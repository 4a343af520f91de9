"""Deadlines of thousands of connections, by the monotonic clock: a step of the wall clock must not drop anybody.

A hashed timing wheel without a fixed size: what is due in the same fraction of a second lies in the same slot, so
setting a deadline is one append, and watching costs what is due and not what there is.
Source: G. Varghese and T. Lauck, "Hashed and Hierarchical Timing Wheels", 1987.
"""

from __future__ import annotations

import math
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)


class Timed(Protocol):
    def tick(self, now: float) -> None: ...


class Wheel:
    def __init__(self, resolution: float, now: float) -> None:
        """`resolution` is in seconds: nothing is called earlier than asked, nor later by more than two of them."""
        self._resolution = resolution
        self._slots: dict[int, list[Timed]] = {}
        self._done = math.floor(now / resolution)

    def schedule(self, timed: Timed, at: float) -> None:
        """Have `timed.tick` called at `at`. There is no way to take this back: who changes plans ignores the call."""
        slot = max(math.ceil(at / self._resolution), self._done + 1)
        self._slots.setdefault(slot, []).append(timed)

    def turn(self, now: float) -> None:
        """Call all that is due."""
        last = math.floor(now / self._resolution)
        due = sorted(slot for slot in self._slots if slot <= last)
        self._done = last
        for slot in due:
            for timed in self._slots.pop(slot):
                try:
                    timed.tick(now)
                except Exception:  # one connection's failure must not end everybody's heartbeat
                    log.exception("watching a connection failed")
