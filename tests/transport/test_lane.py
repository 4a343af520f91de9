"""One OS thread for what is done one after another, in a process on the hub."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.transport.harness import ROOT
from tests.waiting import DEADLINE

SETUP = """
from chat.transport.patch import patch
patch()
import eventlet
from eventlet import patcher
from chat.transport.concurrency.lane import Lane
real = patcher.original("threading")
lane = Lane("lane")
"""

ALWAYS_THE_SAME_THREAD_IN_ORDER_WHILE_OTHERS_GO_ON = """
turns = []
def others():
    while True:
        turns.append(1)
        eventlet.sleep(0)
eventlet.spawn(others)
done = []
def work(number):
    patcher.original("time").sleep(0.001)
    done.append(number)
    return real.get_ident(), number
waiting = [eventlet.spawn(lane, work, number) for number in range(50)]
found = [one.wait() for one in waiting]
assert {ident for ident, _ in found} != {real.get_ident()}
assert len({ident for ident, _ in found}) == 1
assert done == [number for _, number in found] == list(range(50))
assert len(turns) > 50
"""

WHAT_IT_RAISES_IS_RAISED_THERE = """
for error in (KeyError("a"), SystemExit(3), KeyboardInterrupt()):
    def fail():
        raise error
    try:
        lane(fail)
    except BaseException as caught:
        assert caught is error
    else:
        raise AssertionError(error)
assert lane(divmod, 7, 2) == (3, 1)
"""

WHO_GAVE_UP_IS_LEFT_ALONE = """
first, second = real.Event(), real.Event()
def slow():
    first.set()
    assert second.wait(10)
    return "slow"
one = eventlet.spawn(lane, slow)
while not first.is_set():
    eventlet.sleep(0)
one.kill()
eventlet.sleep(0)
two = eventlet.spawn(lane, lambda: "quick")
eventlet.sleep(0)
second.set()
assert two.wait() == "quick"
"""


@pytest.mark.parametrize(
    "program",
    [
        ALWAYS_THE_SAME_THREAD_IN_ORDER_WHILE_OTHERS_GO_ON,
        WHAT_IT_RAISES_IS_RAISED_THERE,
        WHO_GAVE_UP_IS_LEFT_ALONE,
    ],
)
def test_on_the_hub(program: str) -> None:
    subprocess.run([sys.executable, "-c", SETUP + program], cwd=ROOT, timeout=DEADLINE, check=True)
