"""Members who read nothing, among a thousand who do: what the others notice, and what the slow ones find again."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

from bench.client import Client, connect_all, everybody_follows
from bench.dialects import HUBBUB
from bench.house import one_room
from bench.loop import Loop
from bench.measuring import Failed, Measure, Meter, Outcome, Scenario, keep_in_flight, quantile
from bench.mischief import SlowReader
from bench.servers import Running
from bench.streams import Cid, split_cid

HEARTBEAT = 5.0
PATIENCE_SECONDS = 60.0


def slow_readers(people: int = 1000, slow: int = 10, seconds: float = 5.0, warm: float = 1.0) -> Scenario:
    """One message under way at a time; the slow ones have next to no buffer and answer heartbeats blindly."""

    def run(running: Running, loop: Loop, outcome: Outcome) -> None:
        clients, _ = connect_all(loop, running.port, HUBBUB, running.seats[:people])
        loop.rest(1.5 * warm)
        sender = clients[0]
        with Meter(running.process, outcome):
            alone = _talk(loop, clients, seconds, warm)
            rev = _sync(loop, sender, 0, 1)["head"]["rev"]
            before = sender.sent
            readers = [SlowReader(loop, running.port, seat, HEARTBEAT) for seat in running.seats[people:]]
            loop.run(lambda: all(reader.seated for reader in readers), lambda: "the slow readers are not in")
            amid: list[float] = []
            end = time.perf_counter() + PATIENCE_SECONDS
            while not all(reader.closed for reader in readers):
                if time.perf_counter() > end:
                    raise Failed(f"{sum(not reader.closed for reader in readers)} slow readers were not dropped")
                amid += _talk(loop, clients, seconds / 5, 0.0)
        (back,), _ = connect_all(loop, running.port, HUBBUB, running.seats[-1:], first=people + slow)
        missed = _missed(loop, back, rev)
        if missed != [(sender.name, number) for number in range(before, sender.sent)]:
            raise Failed(f"a slow reader found {len(missed)} of {sender.sent - before} messages when it came back")
        for key, times in (("alone", alone), ("amid", amid)):
            outcome.values[f"{key}50"] = quantile(times, 0.5) * 1000
            outcome.values[f"{key}99"] = quantile(times, 0.99) * 1000

    return Scenario(
        "slow",
        f"From sending until {people:,} members have it, before {slow} slow readers come and until they are dropped",
        one_room(people + slow),
        tuple(
            Measure(f"{key}{share}", f"{label}, p{share}", "ms", "less")
            for key, label in (("alone", "alone"), ("amid", "with slow readers"))
            for share in (50, 99)
        ),
        run,
        seconds=120 + PATIENCE_SECONDS + 4 * seconds,
        application_only=True,
    )


def _talk(loop: Loop, clients: Sequence[Client], seconds: float, warm: float) -> list[float]:
    """The seconds that each message took to reach all."""
    stream = everybody_follows(clients, HUBBUB.message)
    _, rounds = keep_in_flight(loop, stream, clients[:1], 1, seconds, warm)
    return rounds[len(rounds) // 5 :] if warm else rounds


def _missed(loop: Loop, client: Client, rev: int) -> list[Cid]:
    """Who sent each message since `rev`, and its number."""
    found: list[Cid] = []
    more = True
    while more:
        page = _sync(loop, client, rev, 500)
        found += [split_cid(message["cid"]) for message in page["messages"]]
        rev, more = page["messages"][-1]["rev"], page["more"]
    return found


def _sync(loop: Loop, client: Client, rev: int, limit: int) -> dict[str, Any]:
    pages: list[dict[str, Any]] = []
    client.call(
        lambda number: HUBBUB.command("room_sync", number, room=client.seat.rooms[0], rev=rev, limit=limit),
        lambda payload: pages.append(json.loads(payload[payload.index(b"[") :])[0]),
    )
    loop.run(lambda: pages, lambda: "room_sync was not answered")
    if not pages[0]["ok"]:
        raise Failed(f"room_sync: {pages[0]['error']}")
    return pages[0]
