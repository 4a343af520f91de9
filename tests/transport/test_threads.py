"""Offloading and background tasks, off the hub. `test_http` shows that the hub stays free on it."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from chat.transport.concurrency.background import every, spawn
from chat.transport.concurrency.threads import offload, offload_heavy
from tests.transport.harness import ROOT
from tests.waiting import DEADLINE

ON_THE_HUB = """
from chat.transport.patch import patch
patch()
import contextvars, time
import eventlet
from eventlet import patcher
from chat.transport.concurrency.background import every, spawn
from chat.transport.concurrency.threads import THREADS, offload, offload_heavy

variable = contextvars.ContextVar("variable")
variable.set("mine")
real = patcher.original("threading")

def where():
    return real.get_ident(), variable.get()

ident, value = offload(where)
assert ident != real.get_ident() and value == "mine"
assert offload(lambda: (1, ValueError("no error"), None))[0] == 1
import os, sys
def priority():
    return real.get_ident(), os.getpriority(os.PRIO_PROCESS, 0)
mine = os.getpriority(os.PRIO_PROCESS, 0)
ident, lowered = offload_heavy(priority)
assert ident != real.get_ident() and (lowered == max(10, mine) or sys.platform != "linux")
assert os.getpriority(os.PRIO_PROCESS, 0) == mine == offload(priority)[1]
try:
    offload_heavy(int, "no number")
except ValueError:
    pass
else:
    raise AssertionError("it failed in silence")
for error in (KeyError("a"), SystemExit(3), KeyboardInterrupt()):
    def fail():
        raise error
    try:
        offload(fail)
    except BaseException as caught:
        assert caught is error
    else:
        raise AssertionError(error)
idents = set()
def remember():
    idents.add(real.get_ident())
    patcher.original("time").sleep(0.05)
pile = eventlet.GreenPool()
for _ in range(40):
    pile.spawn(offload, remember)
pile.waitall()
assert len(idents) <= THREADS, idents

rounds = []
def round():
    rounds.append(1)
    if len(rounds) == 2:
        raise ValueError("second")
task = every(0.01, round)
with eventlet.Timeout(10):
    while len(rounds) < 4:
        eventlet.sleep(0)
assert task.stop(wait=5)
done = len(rounds)
once = eventlet.Event()
spawn(lambda: once.send("done"))
assert once.wait(10) == "done"
assert len(rounds) == done
print("fine")
"""


def test_on_the_hub() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ON_THE_HUB], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("fine\n")


def test_offload_without_the_hub_is_a_call() -> None:
    def add(one: int, *, other: int) -> tuple[int, int]:
        return threading.get_ident(), one + other

    for call in (offload, offload_heavy):
        assert call(add, 1, other=2) == (threading.get_ident(), 3)
        with pytest.raises(TypeError):
            call(add, 1, other="2")  # type: ignore[arg-type]


def test_background_tasks_without_the_hub() -> None:
    third = threading.Event()
    rounds: list[int] = []

    def work() -> None:
        rounds.append(1)
        if len(rounds) == 3:
            third.set()
        if len(rounds) == 2:
            raise ValueError("second")

    task = every(0.001, work)
    assert third.wait(DEADLINE)
    assert task.stop(wait=DEADLINE)
    once = threading.Event()
    assert not spawn(once.set).stop(wait=DEADLINE) or once.is_set()
    assert once.wait(DEADLINE)
