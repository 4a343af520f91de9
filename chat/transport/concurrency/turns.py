"""What is sent within one turn of the hub, gathered for each client.

A message in a small room is a fact for its author and, a moment later, the ack: together they take one system call,
which costs as much as all the rest of a delivery.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import structlog

log = structlog.get_logger(__name__)


class Flushed(Protocol):
    def flush(self) -> None: ...


class Turns:
    """`soon(0, action)` has the hub call something in its next turn; `first` is done before what gathered leaves."""

    def __init__(self, soon: Callable[[float, Callable[[], None]], Any], first: Callable[[], None]) -> None:
        self._soon = soon
        self._first = first
        self._gathered: list[Flushed] = []

    def add(self, one: Flushed) -> None:
        """Have `one.flush()` called at the end of the turn."""
        if not self._gathered:
            self._soon(0, self._end)
        self._gathered.append(one)

    def _end(self) -> None:
        try:
            self._first()
        finally:
            gathered, self._gathered = self._gathered, []
            for one in gathered:
                try:
                    one.flush()
                except Exception:  # one client's failure must not keep from the others what is theirs
                    log.exception("writing to a client failed")
