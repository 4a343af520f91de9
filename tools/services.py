"""PostgreSQL and Redis for tests and benchmarks, each a process of its own in a temporary folder.

`python -m tools.services COMMAND ...` runs a command with a PostgreSQL, and ends both together.

The server lies in a temporary folder and listens on a Unix socket there, so it meets nothing that runs on this machine.
The command finds its URL in HUBBUB_TEST_POSTGRES; where that is set already, or where there is no PostgreSQL here, no
server is started.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import redis

VARIABLE = "HUBBUB_TEST_POSTGRES"
START_SECONDS = 60

OPTIONS = ("listen_addresses=", "max_connections=200", "unix_socket_permissions=0777")
# Tests throw their data away, so nothing needs to reach the disk.
FORGETFUL = ("fsync=off", "full_page_writes=off")


def main() -> int:
    if VARIABLE in os.environ:
        return subprocess.run(sys.argv[1:], check=False).returncode
    programs = postgres_programs()
    if programs is None:
        print("No PostgreSQL here: the tests use SQLite only.", flush=True)
        return subprocess.run(sys.argv[1:], check=False).returncode
    with postgres(programs) as server:
        return subprocess.run(sys.argv[1:], check=False, env={**os.environ, VARIABLE: server.url}).returncode


def postgres_programs() -> Path | None:
    """The folder of initdb and postgres; Debian keeps it off the path, one for each version."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


class Postgres:
    """A server of its own, with all its files in a temporary folder. It can be ended badly and started again."""

    def __init__(self, programs: Path, *, durable: bool = False) -> None:
        self._programs = programs
        self._options = OPTIONS if durable else (*OPTIONS, *FORGETFUL)
        self._home = Path(tempfile.mkdtemp(prefix="hubbub-postgres-"))
        self._identity: dict[str, Any] = {"cwd": self._home}
        self._server: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root; Debian's package brings this account.
            account = pwd.getpwnam("postgres")
            os.chown(self._home, account.pw_uid, account.pw_gid)
            self._identity |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    @property
    def url(self) -> str:
        return f"postgresql://hubbub@/postgres?host={self._home}"

    @property
    def pid(self) -> int:
        """Of the process that has a child for each connection. Raises `RuntimeError` while it does not run."""
        if self._server is None:
            raise RuntimeError("PostgreSQL does not run")
        return self._server.pid

    def make(self) -> None:
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        subprocess.run(
            [self._programs / "initdb", "--no-sync", "--auth=trust", "--username=hubbub", "--encoding=UTF8",
             f"--locale={locale}", "--pgdata", self._home / "data"],
            check=True, stdout=subprocess.DEVNULL, **self._identity,
        )  # fmt: skip

    def start(self) -> None:
        """Returns when it takes connections."""
        settings = [part for option in self._options for part in ("-c", option)]
        with (self._home / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._programs / "postgres", "-D", self._home / "data", "-k", self._home, *settings],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, **self._identity,
            )  # fmt: skip
        until = time.monotonic() + START_SECONDS
        ready = [str(self._programs / "pg_isready"), "--quiet", "--host", str(self._home)]
        while subprocess.run(ready, check=False).returncode != 0:
            if self._server.poll() is not None or time.monotonic() > until:
                log_text = (self._home / "log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL did not start:\n{log_text}")
            time.sleep(0.05)

    def stop(self, *, immediately: bool = False) -> None:
        """`immediately`: as after a crash; the next start recovers from the log."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT if immediately else signal.SIGINT)
            self._server.wait(START_SECONDS)
            self._server = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)


@contextmanager
def postgres(programs: Path, *, durable: bool = False) -> Iterator[Postgres]:
    """A fresh server that runs; `durable` as one that people rely on."""
    server = Postgres(programs, durable=durable)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.remove()


def redis_program() -> str | None:
    return shutil.which("redis-server", path=f"{os.environ['PATH']}:/usr/sbin")


class Redis:
    """It keeps nothing on disk, and can be paused and killed."""

    def __init__(self, program: str, folder: Path) -> None:
        """`folder` must have a short path, as that of a socket has to be."""
        self._program = program
        self._socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def path(self) -> str:
        """Of its socket."""
        return str(self._socket)

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    @property
    def pid(self) -> int:
        """Raises `RuntimeError` while it does not run."""
        if self._process is None:
            raise RuntimeError("Redis does not run")
        return self._process.pid

    @property
    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=5)

    def start(self) -> Self:
        """Returns when it answers."""
        options = {"port": 0, "unixsocket": self._socket, "save": "", "appendonly": "no", "daemonize": "no"}
        self._process = subprocess.Popen(
            [self._program, *(word for name, value in options.items() for word in (f"--{name}", str(value)))],
            cwd=self._socket.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("Redis did not start")
            time.sleep(0.01)
        return self

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.ConnectionError:
            return False

    def pause(self) -> None:
        """It answers nobody, and its connections stay open."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def cut(self) -> None:
        """Close all connections of those who listen."""
        self.client.client_kill_filter(_type="pubsub")


if __name__ == "__main__":
    sys.exit(main())
