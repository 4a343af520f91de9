"""`python -m tools.services COMMAND ...`: runs a command with a PostgreSQL of its own, and ends both together.

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
from typing import Any

VARIABLE = "HUBBUB_TEST_POSTGRES"
START_SECONDS = 60

# Tests throw their data away, so nothing needs to reach the disk.
OPTIONS = (
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "max_connections=200",
    "unix_socket_permissions=0777",
)


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

    def __init__(self, programs: Path) -> None:
        self._programs = programs
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

    def make(self) -> None:
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        subprocess.run(
            [self._programs / "initdb", "--no-sync", "--auth=trust", "--username=hubbub", "--encoding=UTF8",
             f"--locale={locale}", "--pgdata", self._home / "data"],
            check=True, stdout=subprocess.DEVNULL, **self._identity,
        )  # fmt: skip

    def start(self) -> None:
        """Returns when it takes connections."""
        settings = [part for option in OPTIONS for part in ("-c", option)]
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
def postgres(programs: Path) -> Iterator[Postgres]:
    """A fresh server that runs."""
    server = Postgres(programs)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.remove()


if __name__ == "__main__":
    sys.exit(main())
