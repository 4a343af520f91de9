"""A Redis for tests: a process of its own, on a socket in a temporary folder, that can be paused and killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any, Self

import pytest
import redis

from tests.waiting import until

PROGRAM = shutil.which("redis-server", path=f"{os.environ['PATH']}:/usr/sbin")


class Redis:
    def __init__(self, folder: Path) -> None:
        # The path of a socket must be short.
        self._socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    @property
    def client(self) -> Any:
        return redis.Redis.from_url(self.url, socket_timeout=5)

    def start(self) -> Self:
        """Returns when it answers. In CI a machine without redis-server fails; elsewhere the test is skipped."""
        if PROGRAM is None:
            assert not os.environ.get("CI"), "there is no redis-server"
            pytest.skip("there is no redis-server")
        options = {"port": 0, "unixsocket": self._socket, "save": "", "appendonly": "no", "daemonize": "no"}
        self._process = subprocess.Popen(
            [PROGRAM, *(word for name, value in options.items() for word in (f"--{name}", str(value)))],
            cwd=self._socket.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        until(self._answers, "Redis did not start")
        return self

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.ConnectionError:
            return False

    def pause(self) -> None:
        """It answers nobody, and its connections stay open."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def cut(self) -> None:
        """Close all connections of those who listen."""
        self.client.client_kill_filter(_type="pubsub")

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
