"""Python programs that start at once: forked from a process that has imported the server already.

What a server imports takes it more than a second of a processor, and the tests start hundreds. So each process of tests
has one that is patched, has imported everything and waits; a server is a copy of it that runs the same main program in
the same surroundings. tests/cli starts servers as people do.

`python -m tests.forked` is the process that waits. It hears over a socket, its standard input: what `_become` takes,
with three open files, makes a copy and is answered with its id; `{"ended": ID}` is answered with the exit code of one
that has ended.
"""

from __future__ import annotations

import atexit
import json
import os
import resource
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Protocol

ROOT = Path(__file__).parents[1]
MOST_BYTES = 1 << 17
# What Python itself reads when it starts; a copy has it from the process that waits.
AT_START = ("PYTHON", "LD_", "COVERAGE", "EVENTLET", "GREENLET")


class Process(Protocol):
    """What the tests need of a `subprocess.Popen`."""

    @property
    def pid(self) -> int: ...
    @property
    def stdout(self) -> IO[str] | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...
    def kill(self) -> None: ...


def start(words: Sequence[str], *, cwd: Path, stderr: IO[Any], env: Mapping[str, str] | None = None) -> Process:
    """Run `python WORDS`, which begin with `-m MODULE` or `-c CODE`; what it prints can be read from `stdout`."""
    env = _nursery.environment if env is None else env
    if _can_be_forked(env):
        return _nursery.start(words, cwd, stderr, env)
    return start_plain(words, cwd=cwd, stderr=stderr, env=env)


def start_plain(words: Sequence[str], *, cwd: Path, stderr: IO[Any], env: Mapping[str, str] | None = None) -> Process:
    """The same without a fork, for what Python has to begin itself or what must not be patched."""
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )


def _can_be_forked(env: Mapping[str, str]) -> bool:
    if not hasattr(os, "pidfd_open") or "COVERAGE_PROCESS_CONFIG" in env:
        return False
    return _at_start(env) == _at_start(_nursery.environment)


def _at_start(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith(AT_START)}


class _Copy:
    """The only child of ours that is not our child: it is watched by its descriptor."""

    def __init__(self, nursery: _Nursery, pid: int, stdout: IO[str]) -> None:
        self.pid = pid
        self.stdout = stdout
        self._nursery = nursery
        self._watched = os.pidfd_open(pid)
        self._code: int | None = None

    def poll(self) -> int | None:
        if self._code is None and _readable(self._watched, 0):
            self._code = self._nursery.ask({"ended": self.pid})
            os.close(self._watched)
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        if self._code is None and not _readable(self._watched, timeout):
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            signal.pidfd_send_signal(self._watched, sig)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _readable(descriptor: int, seconds: float | None) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(None if seconds is None else seconds * 1000))


class _Nursery:
    """The process that waits, as others see it. It starts when it is first needed."""

    def __init__(self) -> None:
        self._turn = threading.Lock()

    @cached_property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CHAT_")}
        return {**kept, "PYTHONPATH": str(ROOT)}

    @cached_property
    def _socket(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.forked"], cwd=ROOT, env=self.environment,
                stdin=theirs.fileno(), stdout=subprocess.DEVNULL,
            )  # fmt: skip

        def end() -> None:
            ours.close()
            process.wait()

        atexit.register(end)
        return ours

    def start(self, words: Sequence[str], cwd: Path, stderr: IO[Any], env: Mapping[str, str]) -> _Copy:
        reading, writing = os.pipe()
        with Path(os.devnull).open() as nothing:
            files = [nothing.fileno(), writing, stderr.fileno()]
            most = resource.getrlimit(resource.RLIMIT_NOFILE)
            pid = self.ask({"argv": list(words), "cwd": str(cwd), "env": dict(env), "most_files": most}, files)
        os.close(writing)
        return _Copy(self, pid, os.fdopen(reading))

    def ask(self, request: dict[str, Any], files: Sequence[int] = ()) -> int:
        with self._turn:
            socket.send_fds(self._socket, [json.dumps(request).encode()], files)
            answer = self._socket.recv(MOST_BYTES)
        assert answer, "the process that waits is gone"
        return int(answer)


_nursery = _Nursery()


def main() -> None:
    from chat.transport.patch import patch

    patch()
    from eventlet import patcher

    # Before anything runs on the hub nobody may wait on it, or every copy would have a hub that is not its own.
    real = patcher.original("socket")
    _import_all()
    door = real.socket(fileno=0)
    while True:
        try:
            request, files, _, _ = socket.recv_fds(door, MOST_BYTES, 3)
        except KeyboardInterrupt:
            return
        if not request:
            return
        wanted = json.loads(request)
        if "ended" in wanted:
            _, status = os.waitpid(wanted["ended"], os.WNOHANG)
            door.send(b"%d" % os.waitstatus_to_exitcode(status))
        elif pid := os.fork():
            for file in files:
                os.close(file)
            door.send(b"%d" % pid)
        else:
            door.detach()
            _become(files, **wanted)
            return


def _import_all() -> None:
    """Import what servers import, and have what the first page asks for, as a server with the usual settings has it."""
    import chat.cli.running
    import chat.run  # noqa: F401
    import tests.conformance.app
    import tests.transport.app  # noqa: F401
    from chat import folders
    from chat.web.assets.serving import Assets

    Assets(folders.STATIC, "/static", folders.build(folders.STATIC), join=True).warm()


def _become(
    files: Sequence[int], argv: Sequence[str], cwd: str, env: Mapping[str, str], most_files: tuple[int, int]
) -> None:
    for target, file in enumerate(files):
        os.dup2(file, target)
        os.close(file)
    resource.setrlimit(resource.RLIMIT_NOFILE, most_files)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    kind, program, *rest = argv
    sys.path[0] = cwd if kind == "-m" else ""
    sys.argv = [kind, *rest]
    if kind == "-m":
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    else:
        exec(program, {"__name__": "__main__"})


if __name__ == "__main__":
    main()
