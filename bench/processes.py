"""A server's process: on its own core, watched from outside, ended by its number."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Timer

ROOT = Path(__file__).parents[1]
START_SECONDS = 30.0
STOP_SECONDS = 15.0
_TICK = os.sysconf("SC_CLK_TCK")

SERVER_CORE, LOAD_CORE = 0, 1


def cores_of_machine() -> int:
    return os.cpu_count() or 1


def cpu_seconds(pid: int, *, ended_children: bool = False) -> float:
    """Processor time that a process has used, all threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11 : 15 if ended_children else 13])) / _TICK


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def unpin() -> None:
    """Let this process, and those that it starts, run on all cores."""
    os.sched_setaffinity(0, range(cores_of_machine()))


def pin(core: int) -> None:
    """Keep this process, and those that it starts, on one core where there is more than one."""
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, {core})


def raise_file_limit() -> None:
    """Allow as many open files as the machine allows, for this process and those that it starts."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _entries(folder: str) -> int:
    return sum(1 for _ in Path(folder).iterdir())


class Process:
    """A running server. `port` is where it listens."""

    def __init__(self, process: subprocess.Popen[str], port: int, log: Path) -> None:
        self._process = process
        self.pid = process.pid
        self.port = port
        self._log = log

    @property
    def log(self) -> str:
        """The end of what it has written to standard error."""
        return self.whole_log[-2000:]

    @property
    def whole_log(self) -> str:
        return self._log.read_text("utf-8", "replace")

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def cpu_seconds(self) -> float:
        """Processor time that it has used, all threads together."""
        return cpu_seconds(self.pid)

    def parts(self) -> dict[str, float]:
        """Processor time by part, where it has several."""
        return {}

    def memory(self) -> int:
        """Bytes of memory that are its own, heap and stacks; programs' pages are shared with whatever else runs.

        Pss_Anon; RSS where the kernel does not tell.
        """
        with contextlib.suppress(OSError):
            found = re.search(r"^Pss_Anon: +(\d+) kB", Path(f"/proc/{self.pid}/smaps_rollup").read_text(), re.MULTILINE)
            if found:
                return int(found[1]) * 1024
        found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text(), re.MULTILINE)
        return int(found[1]) * 1024 if found else 0

    def files(self) -> int:
        """How many files and sockets it has open."""
        return _entries(f"/proc/{self.pid}/fd")

    def threads(self) -> int:
        return _entries(f"/proc/{self.pid}/task")

    def collect(self) -> None:
        """Ask a server on Node to collect its garbage."""
        self._process.send_signal(signal.SIGUSR2)

    def end(self, seconds: float = STOP_SECONDS) -> int:
        """SIGTERM, and SIGKILL if that is not enough; returns the exit code."""
        self._process.terminate()
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextlib.contextmanager
def started(
    command: Sequence[str], ready: str, environment: Mapping[str, str], folder: Path, *, pinned: bool = True
) -> Iterator[Process]:
    """Run a command until the block ends. `ready` finds the port in its first line.

    Raises `RuntimeError` with what it says when it does not start.
    """
    log = folder / "log"
    with log.open("w") as errors, _pinned(SERVER_CORE) if pinned else contextlib.nullcontext():
        process = subprocess.Popen(
            command,
            # Nobody's own settings and no `.env` reach it.
            cwd=folder,
            env={**_environment(), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            # Ctrl+C in the terminal is ours to handle.
            start_new_session=True,
        )
    running = Process(process, 0, log)
    try:
        line = _first_line(process)
        found = re.search(ready, line)
        if not found:
            raise RuntimeError(f"{command[0]} did not start: {line} {running.log}")
        running.port = int(found[1])
        yield running
    finally:
        running.kill()


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHAT_")}
    return {**kept, "PYTHONPATH": str(ROOT), "VENV": str(ROOT / ".venv")}


@contextlib.contextmanager
def _pinned(core: int) -> Iterator[None]:
    before = os.sched_getaffinity(0)
    pin(core)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    timer = Timer(START_SECONDS, process.kill)
    timer.start()
    try:
        return process.stdout.readline()
    finally:
        timer.cancel()


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A throw-away folder."""
    with tempfile.TemporaryDirectory(prefix="hubbub-bench-") as name:
        yield Path(name)
