"""How long one waits for an ack when nobody else does anything."""

from __future__ import annotations

import time

from bench.client import connect_all, everybody_follows
from bench.house import one_room
from bench.loop import Loop
from bench.measuring import AFTERMATH_SECONDS, Failed, Measure, Meter, Outcome, Scenario, check, quantile
from bench.servers import Running

PAUSE_SECONDS = 0.003


def acks(people: int = 10, messages: int = 1000, warm: int = 100) -> Scenario:
    def run(running: Running, loop: Loop, outcome: Outcome) -> None:
        clients, _ = connect_all(loop, running.port, running.dialect, running.seats)
        loop.rest(1.5)
        stream = everybody_follows(clients, running.dialect.message)
        sender = clients[0]
        times: list[float] = []
        sent_at = 0.0

        def send() -> None:
            nonlocal sent_at
            sent_at = time.perf_counter()
            sender.say(acked)

        def acked(payload: bytes) -> None:
            times.append(time.perf_counter() - sent_at)
            if b"false" in payload.partition(b"[")[2][:12]:
                raise Failed(f"refused: {payload[:200]!r}")
            if sender.sent < messages + warm:
                loop.after(PAUSE_SECONDS, send)

        with Meter(running.process, outcome):
            send()
            loop.run(lambda: len(times) == messages + warm, lambda: f"{len(times)} acks of {messages + warm} came")
        loop.rest(AFTERMATH_SECONDS)
        check(stream, {sender.name: range(sender.sent)})
        outcome.values["p50"] = quantile(times[warm:], 0.5) * 1000
        outcome.values["p99"] = quantile(times[warm:], 0.99) * 1000

    return Scenario(
        "acks",
        f"From sending to the ack on a quiet server, a room of {people}",
        one_room(people),
        (Measure("p50", "p50", "ms", "less"), Measure("p99", "p99", "ms", "less")),
        run,
        seconds=60,
    )
