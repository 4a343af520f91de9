"""What a process does just now: the difference between two looks at its counters, which cost nothing in between."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from chat.events.admin import Stats
from chat.metrics.counters import SECONDS, Counters
from chat.metrics.readings import Online, Queue
from chat.times import now

_STATM = Path("/proc/self/statm")


class Sampler:
    """`engine` is the Engine.IO server: ours, or python-engineio's own, which counts nothing itself."""

    def __init__(
        self,
        process: str,
        counters: Counters,
        online: Online,
        queue: Queue,
        engine: Any,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.process = process
        self._counters = counters
        self._online = online
        self._queue = queue
        self._engine = engine
        self._clock = clock
        self._before = self._look()

    def take(self) -> Stats:
        """What was done since this was called last."""
        before, self._before = self._before, self._look()
        then, messages, deliveries, cpu, acks, lags = before
        at, messages_now, deliveries_now, cpu_now, acks_now, lags_now = self._before
        seconds = max(at - then, 0.001)
        answered = [new - old for new, old in zip(acks_now, acks, strict=True)]
        late = [new - old for new, old in zip(lags_now, lags, strict=True)]
        carried = Counter(connection.upgraded for connection in list(self._engine.sockets.values()))
        return Stats(
            process=self.process,
            at=now(),
            connections=carried.total(),
            websocket=carried[True],
            polling=carried[False],
            users=self._online.users,
            messages=round((messages_now - messages) / seconds, 2),
            deliveries=round((deliveries_now - deliveries) / seconds, 2),
            commands=round(sum(answered) / seconds, 2),
            ack=reached(answered, 0.5),
            ack_most=reached(answered, 0.99),
            lag=reached(late, 1.0),
            queue=self._queue.waiting,
            memory=memory(),
            cpu=round((cpu_now - cpu) / seconds, 3),
            slow_readers=self._figure("slow_readers"),
        )

    def _look(self) -> tuple[float, int, int, float, list[int], list[int]]:
        acks = [0] * (len(SECONDS) + 1)
        for command in self._counters.commands.values():
            if command.seconds.total:
                acks = [a + b for a, b in zip(acks, command.seconds.buckets, strict=True)]
        told = self._counters.messages, self._figure("deliveries")
        return self._clock(), *told, time.process_time(), acks, list(self._counters.lag.seconds.buckets)

    def _figure(self, name: str) -> int:
        return int(getattr(getattr(self._engine, "figures", None), name, 0))


def reached(buckets: Sequence[int], part: float) -> float:
    """The milliseconds within which this part of what fell into the buckets lies, as exactly as these tell."""
    wanted = sum(buckets) * part
    if not wanted:
        return 0.0
    seen = 0
    for number, count in enumerate(buckets[:-1]):
        if count and seen + count >= wanted:
            low = SECONDS[number - 1] if number else 0.0
            # As if what is in one bucket lay in it evenly.
            return round((low + (SECONDS[number] - low) * (wanted - seen) / count) * 1000, 2)
        seen += count
    return SECONDS[-1] * 1000


def memory() -> int:
    """The bytes that the process has in memory; where the system doesn't say, 0."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
