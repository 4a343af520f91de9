"""Something inside the server fails: acks and facts get lost or come late, the disk is full, the clock jumps."""

from __future__ import annotations

import os
import resource
import signal

import pytest

from tests.faults.records import UNHEARD
from tests.faults.scene import Scene
from tests.waiting import until

PEOPLE = 6


def begin(scene: Scene, *program: str) -> None:
    scene.server.program = ("tests.faults.broken", *program) if program else scene.server.program
    scene.start()
    scene.people(PEOPLE)
    scene.connect()


@pytest.mark.parametrize("fault", ["lose-acks", "delay-publications"])
def test_acks_and_facts_that_are_lost_or_late(alone: Scene, fault: str) -> None:
    begin(alone, fault)
    said = len(alone.say(10))
    report = alone.finish()
    assert report.findings == []
    assert report.acknowledged == said
    duplicates = alone.journal.all(kind="settled", outcome="duplicate")
    assert duplicates if fault == "lose-acks" else report.mended


def test_the_last_fact_of_a_burst_is_lost(alone: Scene) -> None:
    begin(alone, "drop-publications")
    said = len(alone.say(5)) + len(alone.say(1, UNHEARD))
    report = alone.finish()
    assert report.findings == []
    assert report.acknowledged == said
    assert report.mended


def test_a_full_disk_acknowledges_nothing_and_loses_nothing(alone: Scene) -> None:
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


def test_a_clock_that_jumps_by_an_hour_both_ways(alone: Scene) -> None:
    begin(alone, "move-clock")
    said = 0
    for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGUSR2):
        said += len(alone.say(4))
        alone.acknowledged(said - 2 * PEOPLE)
        os.kill(alone.server.pid, number)
    report = alone.finish()
    assert report.findings == []
    assert report.acknowledged == said
    # Nobody was thrown out either.
    assert alone.journal.all(kind="state", state="disconnected") == []
