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
    programs = _programs()
    if programs is None:
        print("No PostgreSQL here: the tests use SQLite only.", flush=True)
        return subprocess.run(sys.argv[1:], check=False).returncode
    with postgres(programs) as url:
        return subprocess.run(sys.argv[1:], check=False, env={**os.environ, VARIABLE: url}).returncode


def _programs() -> Path | None:
    """The folder of initdb and postgres; Debian keeps it off the path, one for each version."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


@contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """A fresh server; yields its URL."""
    home = Path(tempfile.mkdtemp(prefix="hubbub-postgres-"))
    identity: dict[str, Any] = {"cwd": home}
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root; Debian's package brings this account.
        account = pwd.getpwnam("postgres")
        os.chown(home, account.pw_uid, account.pw_gid)
        identity |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    try:
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        subprocess.run(
            [programs / "initdb", "--no-sync", "--auth=trust", "--username=hubbub", "--encoding=UTF8",
             f"--locale={locale}", "--pgdata", home / "data"],
            check=True, stdout=subprocess.DEVNULL, **identity,
        )  # fmt: skip
        settings = [part for option in OPTIONS for part in ("-c", option)]
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", home / "data", "-k", home, *settings],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, **identity,
            )  # fmt: skip
        try:
            _wait(server, programs, home)
            yield f"postgresql://hubbub@/postgres?host={home}"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(START_SECONDS)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _wait(server: subprocess.Popen[bytes], programs: Path, home: Path) -> None:
    until = time.monotonic() + START_SECONDS
    ready = [str(programs / "pg_isready"), "--quiet", "--host", str(home)]
    while subprocess.run(ready, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL did not start:\n{(home / 'log').read_text(errors='replace')}")
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
