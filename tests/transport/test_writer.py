"""Sending a lot: to somebody who takes it all at once, with the hub left to others in between, or who takes nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.transport.harness import ROOT
from tests.waiting import DEADLINE

MEGABYTES = 16

ON_THE_HUB = """
from chat.transport.patch import patch
patch()
import sys
import eventlet
from chat.transport.http.writer import Writer

class TakesAll:
    def sendall(self, data):
        self.taken = getattr(self, "taken", 0) + len(data)

turns = 0

def others():
    global turns
    while True:
        turns += 1
        eventlet.sleep(0)

eventlet.spawn(others)
client = TakesAll()
writer = Writer(client)
megabytes = int(sys.argv[2])
if sys.argv[1] == "whole":
    writer.writelines([b"", bytes(megabytes << 20)])
else:
    # As eventlet's server writes the pieces of a file.
    for _ in range(megabytes * 16):
        writer.writelines([bytes(1 << 16)])
        writer.flush()
assert client.taken == megabytes << 20
print(turns)
"""

TO_WHO_READS_NOTHING = """
from chat.transport.patch import patch
patch()
from chat.transport.http.writer import Writer
from tests.transport.harness import tcp_pair

with tcp_pair() as (ours, theirs):
    ours.settimeout(0.01)
    try:
        Writer(ours).writelines([b"", bytes(16 << 20)])
    except TimeoutError:
        ours.close()
    # To eventlet a reset is an end like any other, so what had arrived before must tell.
    print(sum(len(data) for data in iter(lambda: theirs.recv(65_536), b"")))
"""


def _run(program: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=True,
    ).stdout


@pytest.mark.parametrize("how", ["whole", "pieces"])
def test_others_have_their_turns(how: str) -> None:
    assert int(_run(ON_THE_HUB, how, str(MEGABYTES))) >= 4 * MEGABYTES


def test_who_takes_nothing_leaves_nothing_in_the_system() -> None:
    """What the other system had taken is there; of what ours had, which is megabytes, nothing."""
    assert int(_run(TO_WHO_READS_NOTHING)) < 100_000
