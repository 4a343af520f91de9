"""Redis is killed, hangs, is cut off and comes back, while people at several processes talk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.brokers import Redis
from tests.faults.broker_wires import BrokerWire
from tests.faults.scene import Scene, readiness
from tests.waiting import until

PEOPLE = 6
# A membership is compared that often, and what is under way then takes a moment.
RECHECK_SECONDS = 20.0
LOST = {"database": "ok", "files": "ok", "redis": "failed"}

FAULTS: dict[str, tuple[Callable[[Redis], object], Callable[[Redis], object]]] = {
    "killed": (Redis.kill, Redis.start),
    "hangs": (Redis.pause, Redis.resume),
    "cut": (Redis.cut, lambda redis: None),
}


def is_lost(scene: Scene) -> bool:
    return all(readiness(server) == LOST for server in scene.servers)


@pytest.mark.parametrize("fault", FAULTS)
def test_redis_fails_amid_a_burst(several: Scene, redis: Redis, fault: str) -> None:
    begin, end = FAULTS[fault]
    several.start()
    several.people(PEOPLE)
    several.connect()
    said = len(several.say(8))
    several.acknowledged(said - 4 * PEOPLE)
    begin(redis)
    if fault != "cut":
        until(lambda: is_lost(several))
        # Everybody is served on: by the process, and across them by way of the database.
        said += len(several.say(4))
        several.acknowledged(said)
    end(redis)
    several.joined()
    said += len(several.say(4))
    report = several.finish()
    assert report.findings == []
    assert report.acknowledged == said


def test_who_is_removed_while_their_process_is_cut_off_soon_hears_nothing(several: Scene, redis: Redis) -> None:
    """Only theirs: the others hear each other."""
    away = len(several.servers) - 1
    with BrokerWire(redis) as wire:
        several.servers[away].settings["redis_url"] = wire.url
        several.start()
        several.people(PEOPLE)
        several.connect()
        out = several.clients[away]
        room = min(out.rooms)
        wire.die()
        until(lambda: readiness(several.servers[away]) == LOST)
        several.remove(out, room, RECHECK_SECONDS)
        several.journal.until(lambda: bool(several.journal.all(out.name, kind="room", state="removed", room=room)))
        assert readiness(several.server)["redis"] == "ok"
        several.say(4)
        wire.mend()
        several.joined()
        assert several.finish().findings == []
