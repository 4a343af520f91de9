"""Sending a lot to somebody who takes it all at once leaves the hub to others in between."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.transport.harness import DEADLINE, ROOT

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


@pytest.mark.parametrize("how", ["whole", "pieces"])
def test_others_have_their_turns(how: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ON_THE_HUB, how, str(MEGABYTES)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=True,
    )
    assert int(done.stdout) >= 4 * MEGABYTES
