"""Greenlets that wait for the store's writer, in a process on the hub."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.transport.harness import ROOT

SETUP = """
from chat.transport.patch import patch
patch()
import eventlet
from chat.transport.concurrency import hub_gates
from chat.transport.concurrency.hub_gates import HubGate
eventlet.Timeout(20)
"""

ALL_THAT_ARE_OPENED_GO_ON = """
made = [HubGate() for _ in range(300)]
passed = []
def go(number):
    assert made[number].wait(10) is True
    passed.append(number)
    eventlet.sleep(0)
    return number
waiting = [eventlet.spawn(go, number) for number in range(300)]
eventlet.sleep(0)
assert passed == []
for gate in made:
    gate.open()
assert passed == []
assert [w.wait() for w in waiting] == passed == list(range(300))
assert not hub_gates._waiting and not hub_gates._going
"""

ONE_THAT_IS_OPEN_ALREADY_HOLDS_NOBODY = """
gate = HubGate()
gate.open()
assert gate.wait(10) is True
"""

WHO_WAITS_TOO_LONG_GIVES_UP = """
hub_gates.LOOK_SECONDS = 0.01
late, early = HubGate(), HubGate()
waiting = [eventlet.spawn(gate.wait, 0.02) for gate in (late, early)]
eventlet.sleep(0)
early.open()
assert [w.wait() for w in waiting] == [False, True]
# What comes too late hurts nobody.
late.open()
eventlet.sleep(0)
assert not hub_gates._waiting and not hub_gates._going
assert eventlet.spawn(HubGate().wait, 0.02).wait() is False
"""

WHO_IS_KILLED_OR_FAILS_LEAVES_THE_OTHERS = """
made = [HubGate() for _ in range(4)]
passed = []
def go(number):
    made[number].wait(10)
    if number == 1:
        raise ValueError("on purpose")
    passed.append(number)
eventlet.hubs.get_hub().debug_exceptions = False
killed = eventlet.spawn(go, 0)
for number in (1, 2, 3):
    eventlet.spawn_n(go, number)
eventlet.sleep(0)
killed.kill()
for gate in made:
    gate.open()
while len(passed) < 2:
    eventlet.sleep(0)
assert passed == [2, 3]
assert not hub_gates._waiting and not hub_gates._going
"""


@pytest.mark.parametrize(
    "program",
    [
        ALL_THAT_ARE_OPENED_GO_ON,
        ONE_THAT_IS_OPEN_ALREADY_HOLDS_NOBODY,
        WHO_WAITS_TOO_LONG_GIVES_UP,
        WHO_IS_KILLED_OR_FAILS_LEAVES_THE_OTHERS,
    ],
)
def test_on_the_hub(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SETUP + program + "\nprint('fine')"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("fine\n")
