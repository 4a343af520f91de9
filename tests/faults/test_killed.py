"""Servers that are killed amid bursts, and servers that are restarted one after another while people talk."""

from __future__ import annotations

from itertools import cycle

from tests.faults.conftest import LONG
from tests.faults.scene import Scene

PEOPLE = 16 if LONG else 6
TIMES = 10 if LONG else 3


def test_killed_amid_bursts_again_and_again(any_scene: Scene) -> None:
    scene = any_scene
    scene.start()
    scene.people(PEOPLE)
    scene.connect()
    said = 0
    for _, server in zip(range(TIMES), cycle(scene.servers), strict=False):
        said += len(scene.say(8))
        # In the middle of it.
        scene.acknowledged(said - 4 * PEOPLE)
        server.kill()
        server.start()
    report = scene.finish()
    assert report.findings == []
    assert report.acknowledged == said
    assert report.recovery


def test_restarted_one_after_another(several: Scene) -> None:
    scene = several
    scene.start()
    scene.people(PEOPLE)
    scene.connect()
    said = 0
    for server in scene.servers:
        said += len(scene.say(8))
        scene.acknowledged(said - 4 * PEOPLE)
        server.stop()
        server.start()
    report = scene.finish()
    assert report.findings == []
    assert report.acknowledged == said
    assert [server.complaints for server in scene.servers] == [[]] * len(scene.servers)
