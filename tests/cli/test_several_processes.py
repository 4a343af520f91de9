"""`hubbub run --processes`: several are started, watched, restarted one after another, and stopped together."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.brokers import Redis
from tests.servers import Server
from tests.waiting import DEADLINE, until

_READY = re.compile(r"Process (\d+): Hubbub is at http://[^:]+:(\d+)")


class Group:
    """The supervisor as a process. `started` has the number and the port of each start so far."""

    def __init__(self, folder: Path, redis: Redis) -> None:
        server = Server(folder, redis_url=redis.url, host="127.0.0.1")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "chat", "run", "--processes", "2", "--port", "0"],
            cwd=folder,
            env=server.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started: list[tuple[int, int]] = []
        self.complaints: list[str] = []
        self._threads = [threading.Thread(target=follow) for follow in (self._follow_output, self._follow_errors)]
        for thread in self._threads:
            thread.start()

    def _follow_output(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                if found := _READY.match(line):
                    self.started.append((int(found[1]), int(found[2])))

    def _follow_errors(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            for line in lines:
                if line.startswith("hubbub: "):
                    self.complaints.append(line)

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(word) for word in listed.split()]

    def end(self) -> None:
        """SIGKILL; what it started ends by itself."""
        children = self.children() if self.process.poll() is None else []
        self.process.kill()
        self.process.wait()
        until(lambda: not any(map(is_running, children)))
        for thread in self._threads:
            thread.join(DEADLINE)

    def begun(self, count: int) -> list[tuple[int, int]]:
        """Wait for so many starts in all; returns them."""
        until(lambda: len(self.started) >= count)
        return self.started


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=DEADLINE) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError):
        return False


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    redis = Redis(tmp_path).start()
    found = Group(tmp_path, redis)
    yield found
    found.end()
    redis.kill()


def test_they_serve_are_restarted_and_stop_together(group: Group) -> None:
    started = group.begun(2)
    assert sorted(number for number, _ in started) == [1, 2]
    assert all(answers(port) for _, port in started)
    _a_hangup_restarts_one_after_another(group)
    _one_that_dies_is_started_again_and_the_others_go_on(group)
    children = group.children()
    group.process.terminate()
    assert group.process.wait(DEADLINE) == 0
    assert not any(map(is_running, children))


def _a_hangup_restarts_one_after_another(group: Group) -> None:
    before = group.children()
    group.process.send_signal(signal.SIGHUP)
    for _, port in group.begun(4)[2:]:
        assert answers(port)
    assert [number for number, _ in group.started[2:]] == [1, 2]
    assert not any(map(is_running, before))
    assert group.complaints == []


def _one_that_dies_is_started_again_and_the_others_go_on(group: Group) -> None:
    ports = dict(group.started[2:])
    first, second = group.children()
    os.kill(first, signal.SIGKILL)
    again = dict(group.begun(5)[4:])
    assert len(again) == 1
    assert all(answers(port) for port in {**ports, **again}.values())
    assert is_running(second)
    until(lambda: group.complaints)
    assert group.complaints == [f"hubbub: process {next(iter(again))} ended with -9; it is started again\n"]


def test_none_is_left_when_the_one_that_watches_is_killed(group: Group) -> None:
    group.begun(2)
    children = group.children()
    group.process.kill()
    until(lambda: not any(map(is_running, children)))


def run(folder: Path, *words: str, **settings: str) -> str:
    """A start that must fail; returns the line that says why."""
    server = Server(folder, **settings)
    command = [sys.executable, "-m", "chat", "run", "--processes", *words]
    done = subprocess.run(
        command, cwd=folder, env=server.environment, capture_output=True, text=True, timeout=DEADLINE, check=False
    )
    assert done.returncode != 0
    return done.stderr.splitlines()[-1]


def test_several_need_a_redis(tmp_path: Path) -> None:
    assert run(tmp_path, "2") == "hubbub: --processes needs CHAT_REDIS_URL, a Redis that joins them"


def test_there_must_be_enough_ports(tmp_path: Path) -> None:
    said = run(tmp_path, "4", "--port", "65533", redis_url="redis://127.0.0.1:1")
    assert said == "hubbub: There are no 4 ports from 65533 on"


@pytest.mark.parametrize("count", ["0", "-1", "65", "many"])
def test_a_number_that_makes_no_sense_is_refused(tmp_path: Path, count: str) -> None:
    assert "--processes" in run(tmp_path, count)


def test_what_keeps_all_from_starting_ends_all(tmp_path: Path) -> None:
    said = run(tmp_path, "2", "--port", "0", redis_url="unix:///nowhere", host="192.0.2.1")
    assert "This machine has no address 192.0.2.1" in said
