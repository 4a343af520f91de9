"""The network itself is away: the system carries nothing more and says so to nobody, and TCP goes on where it was.

The clients, the servers and the test are in a network namespace of their own, whose loopback goes down and comes back.
PostgreSQL and Redis are reached by way of files, so they stay. Linux alone has this, and not everybody may use it; the
wires of `test_lines.py` are there for all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from tests.faults.conftest import LONG
from tests.faults.scene import Scene

PEOPLE = 6
# After everybody has noticed.
AWAY_SECONDS = (5.0, 60.0)
INSIDE = "HUBBUB_FAULTS_INSIDE"
LOOPBACK = ("ip", "link", "set", "lo")


def enter() -> list[str]:
    """What a command begins with that runs in a network of its own; skips the test where that is not allowed."""
    begin = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if (
        not all(map(shutil.which, ("unshare", "ip")))
        or subprocess.run([*begin, *LOOPBACK, "up"], check=False).returncode
    ):
        pytest.skip("network namespaces are not allowed here")
    return begin


@pytest.mark.skipif(not LONG, reason="the wires do it in less time; `make faults` does both")
@pytest.mark.parametrize("seconds", AWAY_SECONDS)
@pytest.mark.parametrize("servers", ["alone", "several"])
def test_a_network_that_is_away(request: pytest.FixtureRequest, servers: str, seconds: float) -> None:
    if INSIDE in os.environ:
        loses_its_network(request.getfixturevalue(servers), seconds)
        return
    # The path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="hubbub-") as folder:
        options = ["--quiet", "--capture=no", "-p", "no:xdist", "-p", "no:cacheprovider", f"--basetemp={folder}/inside"]
        again = [sys.executable, "-m", "pytest", *options, f"{Path(__file__)}::{request.node.name}"]
        done = subprocess.run(
            [*enter(), *again], cwd=request.config.rootpath, env={**os.environ, INSIDE: "1"}, check=False
        )
    assert done.returncode == 0


def loses_its_network(scene: Scene, seconds: float) -> None:
    subprocess.run([*LOOPBACK, "up"], check=True)
    scene.notice_soon()
    scene.start()
    scene.people(PEOPLE)
    scene.connect()
    said = len(scene.say(8))
    scene.acknowledged(said - 4 * PEOPLE)
    subprocess.run([*LOOPBACK, "down"], check=True)
    scene.journal.until(scene.everybody_is_off)
    said += len(scene.say(2))
    scene.server.say(scene.clients[0].person, min(scene.clients[0].rooms), "said meanwhile")
    threading.Event().wait(seconds)
    subprocess.run([*LOOPBACK, "up"], check=True)
    report = scene.finish()
    assert report.findings == []
    assert report.acknowledged == said
    assert len(report.recovery) >= PEOPLE
