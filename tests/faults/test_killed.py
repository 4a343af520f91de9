"""Servers that are killed amid bursts, and servers that are restarted one after another while people talk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import cycle, islice

from tests.faults.checker import Report
from tests.faults.conftest import LONG
from tests.faults.scene import Scene
from tests.servers import Server

PEOPLE = 16 if LONG else 6
TIMES = 10 if LONG else 3


def talked_while(scene: Scene, servers: Iterable[Server], end: Callable[[Server], None]) -> Report:
    """Everybody talks, and one server after the other is ended in the middle of it, and started again."""
    scene.start()
    scene.people(PEOPLE)
    scene.connect()
    said = 0
    for server in servers:
        said += len(scene.say(8))
        scene.acknowledged(said - 4 * PEOPLE)
        end(server)
        server.start()
    report = scene.finish()
    assert report.findings == []
    assert report.acknowledged == said
    return report


def test_killed_amid_bursts_again_and_again(any_scene: Scene) -> None:
    report = talked_while(any_scene, islice(cycle(any_scene.servers), TIMES), Server.kill)
    assert report.recovery


def test_restarted_one_after_another(several: Scene) -> None:
    talked_while(several, several.servers, Server.stop)
    assert [server.complaints for server in several.servers] == [[]] * len(several.servers)
