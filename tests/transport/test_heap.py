"""The allocator's rules, each in a process of its own: they hold for all of it, and from the beginning only."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import DEADLINE

ROOT = Path(__file__).parents[2]
# Eight threads allocate at the same time what Python leaves to the C library; then blocks as large as a password's hash
# come and go, each with something behind it that stays.
PROGRAM = """
import ctypes, sys, threading
if "tuned" in sys.argv:
    from chat.transport.patch import patch
    patch()
    from eventlet.patcher import original
    threading = original("threading")
meet = threading.Barrier(8)
def work():
    meet.wait()
    block = bytearray(10_000)
    meet.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
for _ in range(3):
    block = bytearray(20_000_000)
    behind = bytearray(1_000)
    del block
ctypes.CDLL(None).malloc_stats()
"""


def heaps(*words: str) -> list[int]:
    """The bytes that the system has given to each heap."""
    # What counts lines in there allocates too, and its threads are none that it knows how to follow.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-c", PROGRAM, *words]
    run = subprocess.run(command, check=True, stderr=subprocess.PIPE, cwd=ROOT, env=plain, timeout=DEADLINE)
    found = re.findall(r"^Arena \d+:\nsystem bytes +=\s+(\d+)", run.stderr.decode(), re.MULTILINE)
    return [int(size) for size in found]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has these rules")
def test_threads_share_a_heap_and_large_blocks_go_back_to_the_system() -> None:
    left_alone = heaps()
    assert len(left_alone) > 2
    assert max(left_alone) > 20_000_000
    tuned = heaps("tuned")
    assert len(tuned) == 2
    assert max(tuned) < 20_000_000
