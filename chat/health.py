"""Whether the process can serve: named checks, each of a part that it needs.

Whoever watches may ask as often as they like: a part is asked at most once a second, by one check at a time, beside the
requests. A check that hangs holds up nobody, and no second one joins it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)

KEEP_SECONDS = 1.0
WAIT_SECONDS = 2.0

# Raises whatever it likes where the part does not work.
Check = Callable[[], object]


@dataclass(frozen=True)
class Report:
    """`parts` says of each "ok" or what is wrong, in a word."""

    ready: bool
    parts: Mapping[str, str]


class Health:
    """`spawn` runs a function beside the caller; `wait` bounds in seconds how long an answer may take."""

    def __init__(
        self,
        spawn: Callable[[Callable[[], None]], object],
        *,
        keep: float = KEEP_SECONDS,
        wait: float = WAIT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._spawn = spawn
        self._keep = keep
        self._wait = wait
        self._clock = clock
        self._parts: dict[str, _Part] = {}
        self.draining = False

    def add(self, name: str, check: Check, *, needed: bool = True) -> None:
        """A part that is not `needed` is told of, and the process is ready without it."""
        self._parts[name] = _Part(name, check, needed)

    def look(self) -> Report:
        """Takes no longer than `wait`. A server that stops is not ready, whatever its parts say."""
        now = self._clock()
        for part in self._parts.values():
            part.refresh(self._spawn, now, self._keep)
        parts = {name: part.answer(self._wait) for name, part in self._parts.items()}
        missing = any(said != "ok" and self._parts[name].needed for name, said in parts.items())
        ready = not self.draining and not missing
        return Report(ready, {**parts, "server": "draining"} if self.draining else parts)


class _Part:
    def __init__(self, name: str, check: Check, needed: bool) -> None:
        self.needed = needed
        self._name = name
        self._check = check
        self._at: float | None = None
        self._began = 0.0
        self._said = ""
        self._done = threading.Event()
        self._done.set()

    def refresh(self, spawn: Callable[[Callable[[], None]], object], now: float, keep: float) -> None:
        """Begin a check, unless one is under way or the last one was just now."""
        if self._done.is_set() and (self._at is None or now - self._at >= keep):
            self._at, self._began = now, time.monotonic()
            self._done.clear()
            spawn(self._run)

    def answer(self, seconds: float) -> str:
        """What the check says, so many seconds after it began at the latest."""
        left = max(0.0, self._began + seconds - time.monotonic())
        return self._said if self._done.wait(left) else "timeout"

    def _run(self) -> None:
        said = "failed"
        try:
            self._check()
            said = "ok"
        except Exception as error:  # noqa: BLE001 - whatever a check raises, the part does not work
            if self._said != said:
                # Once, not at every question.
                log.warning("a part does not work", part=self._name, error=type(error).__name__)
        finally:
            self._said = said
            self._done.set()
