"""The greenlets that carry out commands. A quiet client has none; a busy one has one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

log = structlog.get_logger(__name__)

# How many wait for the next command, with about 20 KB each; more are made when more are busy, and end with their work.
_IDLE = 256


class Workers:
    """`run` has something done by a greenlet, on the hub of this thread.

    Called from the hub itself, as reading is, the work begins at once: until it first waits it costs two switches,
    where a greenlet of its own would cost a timer and a stack besides.
    """

    def __init__(self) -> None:
        from eventlet import hubs
        from eventlet.support import greenlets

        self._hub = hubs.get_hub()
        self._current = greenlets.getcurrent
        self._make = greenlets.greenlet
        self._idle: list[Any] = []

    def run(self, work: Callable[[], object]) -> None:
        worker = self._idle.pop() if self._idle else self._make(self._serve, self._hub.greenlet)
        if self._current() is self._hub.greenlet:
            worker.switch(work)
        else:
            self._hub.schedule_call_global(0, worker.switch, work)

    def _serve(self, work: Callable[[], object]) -> None:
        while True:
            try:
                work()
            except Exception:  # a worker serves others after this
                log.exception("a task failed")
            if len(self._idle) >= _IDLE:
                return
            self._idle.append(self._current())
            # To whoever gave the work, if it never waited, else to the hub, which goes on.
            work = self._hub.greenlet.switch()
