"""What lies between clients and the server fails: lines are cut, go dead, are slow, and lose packets."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import pytest

from tests.e2e.lines import Line
from tests.faults.conftest import LONG
from tests.faults.scene import Scene
from tests.faults.wires import Wire

PEOPLE = 6
# How long a line is away, after everybody has noticed.
AWAY_SECONDS = (5.0, 60.0) if LONG else (0.0,)


@contextlib.contextmanager
def behind(scene: Scene, wire: Wire) -> Iterator[Wire]:
    with wire:
        scene.urls = [wire.url]
        yield wire


def everybody_is_off(scene: Scene) -> bool:
    state = {record.client: record.state for record in scene.journal.all(kind="state")}
    return set(state.values()) == {"disconnected"}


@pytest.mark.parametrize("seconds", AWAY_SECONDS)
@pytest.mark.parametrize("fault", [Wire.cut, Wire.die], ids=["cut", "dead"])
def test_a_line_that_is_away(alone: Scene, fault: object, seconds: float) -> None:
    # Of a dead line only heartbeats tell.
    alone.server.settings |= {"ping_interval": 0.5, "ping_timeout": 1.0}
    alone.start()
    alone.people(PEOPLE)
    with behind(alone, Wire(alone.server.port)) as wire:
        alone.connect()
        said = len(alone.say(8))
        alone.acknowledged(said - 4 * PEOPLE)
        wire.cut() if fault is Wire.cut else wire.die()
        alone.journal.until(lambda: everybody_is_off(alone))
        said += len(alone.say(2))
        alone.server.say(alone.clients[0].person, min(alone.clients[0].rooms), "said meanwhile")
        threading.Event().wait(seconds)
        wire.mend()
        report = alone.finish()
    assert report.findings == []
    assert report.acknowledged == said
    assert len(report.recovery) >= PEOPLE


@pytest.mark.parametrize(("late", "lossy"), [(0.2, 0.0), (0.0, 0.05)], ids=["200 ms late", "5 percent lost"])
def test_a_line_that_is_bad(alone: Scene, late: float, lossy: float) -> None:
    alone.start()
    alone.people(PEOPLE)
    with behind(alone, Wire(alone.server.port, late=late, lossy=lossy)):
        alone.connect()
        said = len(alone.say(6))
        report = alone.finish()
    assert report.findings == []
    assert report.acknowledged == said


def test_upgrades_that_are_refused(alone: Scene) -> None:
    alone.start()
    alone.people(PEOPLE)
    with Line(alone.server.port, websockets=False) as line:
        alone.urls = [line.url]
        alone.connect(transports=["polling", "websocket"])
        said = len(alone.say(6))
        report = alone.finish()
    assert report.findings == []
    assert report.acknowledged == said


def test_upgrades_that_are_never_answered(alone: Scene) -> None:
    alone.start()
    alone.people(PEOPLE)
    with behind(alone, Wire(alone.server.port, upgrades=False)):
        alone.connect(transports=["polling", "websocket"])
        said = len(alone.say(6))
        report = alone.finish()
    assert report.findings == []
    assert report.acknowledged == said
