"""Many rooms of two: each sender waits for its own message, and for the ack where there is one."""

from __future__ import annotations

import time
from functools import partial

from bench import house
from bench.client import Client, connect_all, everybody_follows
from bench.loop import Loop
from bench.measuring import AFTERMATH_SECONDS, Measure, Meter, Outcome, Scenario, check, check_acks
from bench.servers import Running


def pairs(count: int = 200, seconds: float = 4.0, warm: float = 1.0) -> Scenario:
    def run(running: Running, loop: Loop, outcome: Outcome) -> None:
        clients, _ = connect_all(loop, running.place, running.dialect, running.seats)
        loop.rest(1.5 * warm)
        streams = [everybody_follows(clients[at : at + 2], running.dialect.message) for at in range(0, len(clients), 2)]
        senders = clients[::2]
        going = True

        def send_again(sender: Client) -> None:
            acked = sender.acked == sender.sent or not sender.dialect.acknowledges
            if going and acked and sender.reader.passed == sender.sent:
                sender.say()

        for sender in senders:
            sender.watch(partial(send_again, sender))
            sender.say()
        loop.rest(warm)
        before, began = sum(sender.reader.passed for sender in senders), time.perf_counter()
        with Meter(running.process, outcome):
            loop.rest(seconds)
        rate = (sum(sender.reader.passed for sender in senders) - before) / (time.perf_counter() - began)
        going = False
        waiting = list(zip(streams, senders, strict=True))
        loop.run(
            lambda: all(stream.completed == sender.sent for stream, sender in waiting),
            lambda: "the last messages did not arrive",
        )
        loop.rest(AFTERMATH_SECONDS)
        for stream, sender in waiting:
            check(stream, {sender.name: range(sender.sent)})
            check_acks(sender)
        outcome.values["rate"] = rate

    return Scenario(
        "pairs",
        f"{count} rooms of two, each sender waits for its own message",
        house.pairs(count),
        (Measure("rate", "all rooms together", "messages/s"),),
        run,
        seconds=60 + 2 * seconds,
    )
