"""What processes tell each other by way of Redis gets lost, comes late, or in another order, at one of them."""

from __future__ import annotations

from collections import defaultdict

import pytest

from chat.sockets.pulse import QUIET_SECONDS
from tests.brokers import Redis
from tests.faults.broker_wires import BrokerWire, Fault, dropped, end_of_value, late, reordered
from tests.faults.records import UNHEARD
from tests.faults.scene import Scene

PEOPLE = 6


def longest_wait(scene: Scene, cids: list[str]) -> float:
    """From an ack until the last client had the message, in seconds."""
    settled = {record.cid: record.at for record in scene.journal.all(kind="settled")}
    applied: dict[str | None, float] = defaultdict(float)
    for record in scene.journal.all(kind="applied"):
        applied[record.cid] = max(applied[record.cid], record.at)
    return max(applied[cid] - settled[cid] for cid in cids)


@pytest.mark.parametrize("fault", [dropped, late, reordered], ids=lambda fault: fault.__name__)
def test_what_one_process_hears_of_the_others(several: Scene, redis: Redis, fault: Fault) -> None:
    with BrokerWire(redis) as wire:
        several.servers[-1].settings["redis_url"] = wire.url
        several.start()
        several.people(PEOPLE)
        several.connect()
        wire.fault = fault
        said = several.say(8)
        several.acknowledged(len(said))
        several.level(several.clients)
        # The last ones, after which nothing more is said: they never come, or behind what tells that they are missing.
        last = several.say(2, UNHEARD, by=several.clients[:1])
        report = several.finish()
        assert wire.harmed
    assert report.findings == []
    assert report.acknowledged == len(said) + len(last)
    assert report.mended
    told = {record.how for record in several.journal.all(kind="applied") if record.cid in last}
    assert told == ({"fact"} if fault is late else {"fact", "sync"})
    # The process has noticed by itself; nobody waited for the heads of a room that fell quiet.
    assert longest_wait(several, last) < QUIET_SECONDS


def test_values_of_the_protocol_are_told_apart() -> None:
    values = [b"+OK\r\n", b":2\r\n", b"$-1\r\n", b"*2\r\n$2\r\nab\r\n*1\r\n:1\r\n", b"%1\r\n+a\r\n>1\r\n$0\r\n\r\n"]
    for value in values:
        assert end_of_value(value + b"+") == len(value)
        assert [end_of_value(value[:size]) for size in range(len(value))] == [None] * len(value)
