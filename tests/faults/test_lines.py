"""What lies between clients and the server fails: lines are cut, go dead, are slow, and lose packets."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.lines import Line
from tests.faults.conftest import LONG
from tests.faults.scene import Scene
from tests.faults.wires import Wire

PEOPLE = 6 if LONG else 4
# How long a line is away, after everybody has noticed.
AWAY_SECONDS = (5.0, 60.0) if LONG else (0.0,)


@contextlib.contextmanager
def behind(scene: Scene, kind: Any = Wire, **options: Any) -> Iterator[list[Any]]:
    """A line of this kind before each process, and all clients behind them."""
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(kind(server.port, **options)) for server in scene.servers]
        scene.urls = [line.url for line in lines]
        yield lines


@pytest.mark.parametrize("seconds", AWAY_SECONDS)
@pytest.mark.parametrize("fault", [Wire.cut, Wire.die], ids=["cut", "dead"])
def test_a_line_that_is_away(line_scene: Scene, fault: Any, seconds: float) -> None:
    scene = line_scene
    scene.notice_soon()
    scene.start()
    scene.people(PEOPLE)
    with behind(scene) as wires:
        scene.connect()
        said = len(scene.say(6))
        scene.acknowledged(said - 3 * PEOPLE)
        for wire in wires:
            fault(wire)
        scene.journal.until(scene.everybody_is_off)
        said += len(scene.say(2))
        scene.server.say(scene.clients[0].person, min(scene.clients[0].rooms), "said meanwhile")
        threading.Event().wait(seconds)
        for wire in wires:
            wire.mend()
        report = scene.finish()
    assert report.findings == []
    assert report.acknowledged == said
    assert len(report.recovery) >= PEOPLE


@pytest.mark.parametrize(("late", "lossy"), [(0.2, 0.0), (0.0, 0.05)], ids=["200 ms late", "5 percent lost"])
def test_a_line_that_is_bad(line_scene: Scene, late: float, lossy: float) -> None:
    scene = line_scene
    scene.start()
    scene.people(PEOPLE)
    with behind(scene, late=late, lossy=lossy):
        scene.connect()
        said = len(scene.say(4))
        report = scene.finish()
    assert report.findings == []
    assert report.acknowledged == said


@pytest.mark.parametrize(
    ("kind", "options"), [(Line, {"websockets": False}), (Wire, {"upgrades": False})], ids=["refused", "never answered"]
)
def test_upgrades_that_fail(line_scene: Scene, kind: Any, options: dict[str, bool]) -> None:
    scene = line_scene
    scene.start()
    scene.people(PEOPLE)
    with behind(scene, kind, **options):
        scene.connect(transports=["polling", "websocket"])
        said = len(scene.say(4))
        report = scene.finish()
    assert report.findings == []
    assert report.acknowledged == said
