"""What is counted while the server works: plain integers and lists.

A message passes here, so nothing takes a lock or makes an object. All of it is changed on the hub's thread alone.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)

# How often the hub is asked to be on time.
LAG_SECONDS = 0.1


class Histogram:
    """How often a value fell into each bucket: up to `bounds[n]`, and above all of them in the last one."""

    __slots__ = ("bounds", "buckets", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.buckets = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        self.buckets[bisect_left(self.bounds, value)] += 1
        self.total += value


class Command:
    """The acks of one command: how many by outcome, and after how many seconds."""

    __slots__ = ("outcomes", "seconds")

    def __init__(self) -> None:
        self.outcomes: dict[str, int] = {"ok": 0}
        self.seconds = Histogram(SECONDS)


class Lag:
    """How late the hub is: `beat` is to be called every `LAG_SECONDS`. `longest` is in seconds."""

    __slots__ = ("_clock", "_due", "longest", "seconds")

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: float | None = None
        self.longest = 0.0
        self.seconds = Histogram(SECONDS)

    def beat(self) -> None:
        now = self._clock()
        if self._due is not None:
            late = max(0.0, now - self._due)
            self.seconds.add(late)
            self.longest = max(self.longest, late)
        self._due = now + LAG_SECONDS

    def take_longest(self) -> float:
        """The longest since this was asked last."""
        longest, self.longest = self.longest, 0.0
        return longest


class Counters:
    """All of one application. `commands` are the names that have a figure of their own."""

    __slots__ = (
        "_others",
        "batches",
        "commands",
        "commits",
        "download_bytes",
        "lag",
        "messages",
        "previews",
        "pushes",
        "refused",
        "request_seconds",
        "requests",
        "sign_ins_refused",
        "upload_bytes",
        "uploads",
    )  # fmt: skip

    def __init__(self, commands: Iterable[str]) -> None:
        self.commands = {name: Command() for name in commands}
        # Whatever names clients invent have one figure together, or they could fill the memory.
        self._others = self.commands["unknown"] = Command()
        self.messages = 0
        self.uploads = self.upload_bytes = self.download_bytes = 0
        self.refused: dict[str, int] = {}
        self.pushes: dict[str, int] = {}
        self.previews: dict[str, int] = {}
        self.sign_ins_refused: dict[str, int] = {}
        self.requests: dict[tuple[str, int], int] = {}
        self.request_seconds = Histogram(SECONDS)
        self.batches = Histogram(SIZES)
        self.commits = Histogram(SECONDS)
        self.lag = Lag()

    def answered(self, command: str, outcome: str, seconds: float) -> None:
        """A command got its ack; `outcome` is "ok" or an error's code."""
        one = self.commands.get(command, self._others)
        outcomes = one.outcomes
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        histogram = one.seconds
        histogram.buckets[bisect_left(SECONDS, seconds)] += 1
        histogram.total += seconds

    def committed(self, jobs: int, seconds: float) -> None:
        """The writer has carried out a batch."""
        self.batches.add(jobs)
        self.commits.add(seconds)

    def requested(self, endpoint: str, status: int, seconds: float | None) -> None:
        """A request was answered; without `seconds` where a long time is meant to be, as for a poll."""
        key = (endpoint, status)
        self.requests[key] = self.requests.get(key, 0) + 1
        if seconds is not None:
            self.request_seconds.add(seconds)


def count(counts: dict[str, int], key: str) -> None:
    counts[key] = counts.get(key, 0) + 1
