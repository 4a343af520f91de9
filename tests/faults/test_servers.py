"""Something inside the server fails: acks and facts get lost or come late, the disk is full, the clock jumps."""

from __future__ import annotations

import os
import resource
import signal

import pytest

from tests.faults.conftest import LONG
from tests.faults.records import UNHEARD
from tests.faults.scene import Scene
from tests.servers import Server
from tests.waiting import until

PEOPLE = 6 if LONG else 4


def begin(scene: Scene, *servers: Server, fault: str = "") -> None:
    """These processes have the fault, or all of them."""
    for server in servers or scene.servers:
        server.program = ("tests.faults.broken", fault) if fault else server.program
    scene.start()
    scene.people(PEOPLE)
    scene.connect(ack_timeout=1)


@pytest.mark.parametrize("fault", ["lose-acks", "delay-publications"])
def test_acks_and_facts_that_are_lost_or_late(any_scene: Scene, fault: str) -> None:
    scene = any_scene
    begin(scene, fault=fault)
    said = len(scene.say(6))
    report = scene.finish()
    assert report.findings == []
    assert report.acknowledged == said
    duplicates = scene.journal.all(kind="settled", outcome="duplicate")
    assert duplicates if fault == "lose-acks" else report.mended


def test_the_last_fact_of_a_burst_is_lost(any_scene: Scene) -> None:
    """Before it has a number, so that no process can notice; what helps are the heads of a room that fell quiet."""
    scene = any_scene
    begin(scene, fault="drop-publications")
    said = len(scene.say(4))
    scene.acknowledged(said)
    # Or the hole that an earlier one has left would bring these too.
    scene.level(scene.clients)
    last = scene.say(2, UNHEARD)
    report = scene.finish()
    assert report.findings == []
    assert report.acknowledged == said + len(last)
    told = [record.how for record in scene.journal.all(kind="applied") if record.cid in last]
    assert told == ["sync"] * PEOPLE * len(last)


def test_a_full_disk_acknowledges_nothing_and_loses_nothing(alone: Scene) -> None:
    """PostgreSQL's is in `test_postgres.py`."""
    begin(alone)
    said = len(alone.say(4))
    alone.acknowledged(said)
    before = resource.prlimit(alone.server.pid, resource.RLIMIT_FSIZE)
    # No file may grow any more.
    resource.prlimit(alone.server.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
    said += len(alone.say(4))
    until(lambda: "write failed" in alone.server.log)
    assert len(alone.journal.all(kind="settled")) < said
    resource.prlimit(alone.server.pid, resource.RLIMIT_FSIZE, before)
    report = alone.finish()
    assert report.findings == []
    assert report.acknowledged == said


def test_a_clock_that_jumps_by_an_hour_both_ways(any_scene: Scene) -> None:
    """Of several processes it is one's, so that they differ too."""
    scene = any_scene
    begin(scene, scene.server, fault="move-clock")
    said = 0
    for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGUSR2):
        said += len(scene.say(4))
        scene.acknowledged(said - 2 * PEOPLE)
        os.kill(scene.server.pid, number)
    report = scene.finish()
    assert report.findings == []
    assert report.acknowledged == said
    # Nobody was thrown out either.
    assert scene.journal.all(kind="state", state="disconnected") == []
