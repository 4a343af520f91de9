"""A wall clock that jumps: time set by hand, or by a server of the network, while people talk."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.attacks.support import Scene
from tests.servers import Server
from tests.transport.harness import WebSocket

# Loaded by Python before anything else: the wall clock jumps by an hour at each of two signals.
STEPPED = """
import signal, time
real, step = time.time_ns, [0]
time.time_ns = lambda: real() + step[0] * 10**9
time.time = lambda: time.time_ns() / 10**9
signal.signal(signal.SIGUSR1, lambda *_: step.__setitem__(0, step[0] + 3600))
signal.signal(signal.SIGUSR2, lambda *_: step.__setitem__(0, step[0] - 7200))
"""


class SteppedServer(Server):
    @property
    def environment(self) -> dict[str, str]:
        found = super().environment
        return {**found, "PYTHONPATH": f"{self.folder}{os.pathsep}{found['PYTHONPATH']}"}


@pytest.mark.parametrize("step", [signal.SIGUSR1, signal.SIGUSR2])
def test_a_step_of_the_clock_drops_nobody(tmp_path: Path, step: signal.Signals) -> None:
    (tmp_path / "sitecustomize.py").write_text(STEPPED)
    server = SteppedServer(tmp_path, ping_interval=0.3, ping_timeout=5, header_timeout=5, idle_timeout=5)
    try:
        scene = Scene(server)
        with scene.bystanders, scene.sign_in() as client:
            _heartbeats(client, 2)
            shown = client.call("time", {})["time"]
            assert server._process is not None
            server._process.send_signal(step)
            # The pings go on as before, neither all at once nor never.
            _heartbeats(client, 5)
            assert client.call("time", {})["time"][:13] != shown[:13], "the clock did not jump"
            scene.bystanders.talk()
    finally:
        server.close()


def _heartbeats(client: WebSocket, count: int) -> None:
    while count:
        opcode, payload = client.next_frame()
        assert opcode == 1
        if payload == b"2":
            client.put("3")
            count -= 1
