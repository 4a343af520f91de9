"""Tasks beside the requests: once, or every so many seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from chat.transport import patch

log = structlog.get_logger(__name__)


class Task:
    """A task in the background; its failures are logged and end nothing else."""

    def __init__(self, work: Callable[[], object], every: float | None = None) -> None:
        self._work = work
        self._every = every
        self._stopping = threading.Event()
        self._done = threading.Event()

    def stop(self, wait: float | None = None) -> bool:
        """Begin no further round. With `wait`, wait so many seconds for the round under way; True when it has ended."""
        self._stopping.set()
        return self._done.wait(wait) if wait is not None else self._done.is_set()

    def run(self) -> None:
        try:
            if self._every is None:
                self._round()
            else:
                while not self._stopping.wait(self._every):
                    self._round()
        finally:
            self._done.set()

    def _round(self) -> None:
        try:
            self._work()
        except Exception:  # the next round may well succeed
            log.exception("a background task failed")


def spawn(work: Callable[[], object]) -> Task:
    """Run `work` soon, beside the caller."""
    return _start(Task(work))


def every(seconds: float, work: Callable[[], object]) -> Task:
    """Run `work` every so many seconds, for the first time after the first pause, until `stop`."""
    return _start(Task(work, seconds))


def _start(task: Task) -> Task:
    if patch.patched():
        import eventlet

        eventlet.spawn_n(task.run)
    else:
        threading.Thread(target=task.run, daemon=True).start()
    return task
