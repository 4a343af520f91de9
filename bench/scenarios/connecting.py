"""How fast people come in, and what each of them costs while idle."""

from __future__ import annotations

import time

from bench.client import connect_all
from bench.house import crowd
from bench.loop import Loop
from bench.measuring import Failed, Measure, Meter, Outcome, Scenario
from bench.servers import Running

# Connected before the first look at the memory, so that what is loaded and made once is not counted.
FIRST = 50
SETTLE_SECONDS = 3.0


def connects(people: int = 1000, at_once: int = 100) -> Scenario:
    """From opening the TCP connection until the client is in its five rooms: `welcome`, or the ack of joining."""

    def run(running: Running, loop: Loop, outcome: Outcome) -> None:
        first, rest = running.seats[:FIRST], running.seats[FIRST:]
        connect_all(loop, running.port, running.dialect, first)
        loop.rest(0.5)
        with Meter(running.process, outcome):
            clients, took = connect_all(loop, running.port, running.dialect, rest, at_once, FIRST)
        loop.rest(0.5)
        lost = [client for client in clients if client.closed]
        if lost:
            raise Failed(f"{len(lost)} connections were lost afterwards: {lost[0].closed}")
        outcome.values["rate"] = len(rest) / took

    return Scenario(
        "connects",
        f"{people:,} people connect, {at_once} at a time, each in five rooms of 20",
        crowd(people + FIRST),
        (Measure("rate", "connected and in their rooms", "connects/s"),),
        run,
        seconds=120,
    )


def memory(counts: tuple[int, ...] = (1000, 9000)) -> Scenario:
    """Idle connections, each in five rooms; memory is the process's own."""
    most = max(counts)

    def run(running: Running, loop: Loop, outcome: Outcome) -> None:
        process, seats = running.process, running.seats
        clients, _ = connect_all(loop, running.port, running.dialect, seats[:FIRST])
        before = settled_memory(loop, running)
        for count in counts:
            more = seats[len(clients) : FIRST + count]
            with Meter(process, outcome):
                came, took = connect_all(loop, running.port, running.dialect, more, 100, len(clients))
            clients += came
            now = settled_memory(loop, running)
            lost = sum(1 for client in clients if client.closed)
            if lost:
                raise Failed(f"{lost} of {len(clients)} connections were lost")
            outcome.values[f"kb{count}"] = (now - before) / 1024 / count
            if count == most:
                outcome.values["seconds"] = took

    return Scenario(
        "memory",
        "Memory of an idle connection, in five rooms of 20",
        crowd(most + FIRST),
        (
            *(Measure(f"kb{count}", f"each of {count:,}", "KB", "less") for count in counts),
            Measure(
                "seconds", f"time in which the last {most - (counts[-2] if len(counts) > 1 else 0):,} came", "s", "less"
            ),
        ),
        run,
        seconds=300,
    )


def settled_memory(loop: Loop, running: Running, seconds: float = 20.0) -> int:
    """Bytes, when they have stayed within a hundredth for a while; within `seconds` in any case."""
    end = time.monotonic() + seconds
    last = 0
    while True:
        if running.server.collects:
            running.process.collect()
        loop.rest(SETTLE_SECONDS)
        now = running.process.memory()
        if abs(now - last) * 100 < now or time.monotonic() > end:
            return now
        last = now
