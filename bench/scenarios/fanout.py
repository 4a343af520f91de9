"""One sender, everybody in one room; and many senders at once."""

from __future__ import annotations

from bench.client import connect_all, everybody_follows
from bench.house import one_room
from bench.loop import Loop
from bench.measuring import Measure, Meter, Outcome, Scenario, keep_in_flight, quantile
from bench.servers import Running


def fanout(people: int = 1000, seconds: float = 4.0, warm: float = 1.0, windows: tuple[int, ...] = (1, 4)) -> Scenario:
    """Each message is one delivery to every member, the sender among them."""

    def run(running: Running, loop: Loop, outcome: Outcome) -> None:
        clients, _ = connect_all(loop, running.place, running.dialect, running.seats)
        loop.rest(1.5 * warm)
        for window in windows:
            stream = everybody_follows(clients, running.dialect.message)
            with Meter(running.process, outcome):
                rate, rounds = keep_in_flight(loop, stream, clients[:1], window, seconds, warm)
            outcome.values[f"rate{window}"] = rate
            if window == 1:
                outcome.values["all"] = quantile(rounds[len(rounds) // 5 :], 0.5) * 1000

    return Scenario(
        "fanout",
        f"Fan-out: one sender, {people:,} members of one room",
        one_room(people),
        (
            *(Measure(f"rate{window}", f"{window} in flight", "deliveries/s") for window in windows),
            Measure("all", "from sending until all have it, p50", "ms", "less"),
        ),
        run,
        seconds=60 + 4 * seconds,
    )


def burst(people: int = 500, senders: int = 50, seconds: float = 4.0, warm: float = 1.0) -> Scenario:
    """Everybody in one room, some of them send at the same moment, again when all have everything."""

    def run(running: Running, loop: Loop, outcome: Outcome) -> None:
        clients, _ = connect_all(loop, running.place, running.dialect, running.seats)
        loop.rest(1.5 * warm)
        stream = everybody_follows(clients, running.dialect.message)
        with Meter(running.process, outcome):
            rate, _ = keep_in_flight(loop, stream, clients[:senders], 1, seconds, warm)
        outcome.values["rate"] = rate

    return Scenario(
        "burst",
        f"Burst: {senders} of {people} members send at once",
        one_room(people),
        (Measure("rate", "all of them, round after round", "deliveries/s"),),
        run,
        seconds=60 + 2 * seconds,
    )
