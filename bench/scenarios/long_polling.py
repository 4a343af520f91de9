"""A room whose members all are on long-polling."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bench.client import connect_all
from bench.house import one_room
from bench.loop import Loop
from bench.measuring import AFTERMATH_SECONDS, Failed, Measure, Meter, Outcome, Scenario, check_acks
from bench.polling import Poller
from bench.servers import Running
from bench.streams import cid_of

AT_ONCE = 50


def polling(people: int = 200, window: int = 4, seconds: float = 4.0, warm: float = 1.0) -> Scenario:
    """One sender on a WebSocket keeps messages in flight; the others poll, and accept gzip."""

    def run(running: Running, loop: Loop, outcome: Outcome) -> None:
        senders, _ = connect_all(loop, running.port, running.dialect, running.seats[:1])
        sender = senders[0]
        pollers = connect_pollers(loop, running, range(1, people + 1))
        loop.rest(1.5 * warm)
        delivered = 0

        def count() -> None:
            nonlocal delivered
            delivered += 1

        for poller in pollers:
            poller.on_message = count
        before, counting_from = 0, 0.0
        bytes_before = sum(poller.bytes for poller in pollers)
        polls_before = sum(poller.polls for poller in pollers)
        began = time.perf_counter()

        def pump() -> bool:
            nonlocal before, counting_from
            now = time.perf_counter()
            if not counting_from and now >= began + warm:
                before, counting_from = delivered, now
            if now >= began + warm + seconds:
                return delivered >= sender.sent * people or any(poller.trouble for poller in pollers)
            while sender.sent * people < delivered + window * people:
                sender.say()
            return False

        with Meter(running.process, outcome):
            loop.run(pump, lambda: f"{delivered} of {sender.sent * people} deliveries had arrived")
            rate = (delivered - before) / (time.perf_counter() - counting_from)
        loop.rest(AFTERMATH_SECONDS)
        verify(pollers, sender.sent, sender.name)
        check_acks(sender)
        polls = sum(poller.polls for poller in pollers) - polls_before
        outcome.values["rate"] = rate
        outcome.values["packets"] = delivered / polls
        outcome.values["bytes"] = (sum(poller.bytes for poller in pollers) - bytes_before) / delivered

    return Scenario(
        "polling",
        f"Fan-out to {people} long-polling members, {window} messages in flight",
        one_room(people + 1),
        (
            Measure("rate", "to all of them", "deliveries/s"),
            Measure("packets", "messages in an answer", "messages"),
            Measure("bytes", "bytes of answers for a message", "bytes", "less"),
        ),
        run,
        seconds=90,
    )


def connect_pollers(loop: Loop, running: Running, numbers: Sequence[int]) -> list[Poller]:
    """Connect these people, some at a time. Raises `Late` and `Failed`."""
    pollers: list[Poller] = []

    def settled() -> bool:
        return all(poller.seated or poller.trouble for poller in pollers)

    def progress() -> str:
        return f"{sum(poller.seated for poller in pollers)} of {len(numbers)} had connected"

    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        pollers.extend(Poller(loop, running.port, running.dialect, running.seats[at], at) for at in some)
        loop.run(settled, progress)
    trouble = next((poller.trouble for poller in pollers if poller.trouble), "")
    if trouble:
        raise Failed(trouble)
    return pollers


def verify(pollers: list[Poller], sent: int, sender: str) -> None:
    """Raises `Failed` unless each has received each message exactly once and in order."""
    wanted = [(sender, number) for number in range(sent)]
    for number, poller in enumerate(pollers):
        if poller.trouble:
            raise Failed(f"poller {number}: {poller.trouble}")
        seen = [cid_of(payload) for payload in poller.messages]
        if seen != wanted:
            lost, doubled = len(set(wanted) - set(seen)), len(seen) - len(set(seen))
            raise Failed(f"poller {number} of {sent} messages: {lost} lost, {doubled} doubled, or out of order")
