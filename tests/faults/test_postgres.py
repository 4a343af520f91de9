"""PostgreSQL crashes, takes no connections, takes no writes, and its disk is full, while people talk."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests import databases
from tests.brokers import Redis
from tests.faults.conftest import SEVERAL
from tests.faults.scene import Scene, readiness, scene
from tests.waiting import until
from tools.services import Postgres, postgres, postgres_programs

PEOPLE = 6
# Ends the server's connections, and waits for that.
THROW_OUT = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'hubbub'"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    """A server of its own, for it will suffer."""
    programs = postgres_programs()
    if programs is None:
        assert not os.environ.get("CI"), "there is no PostgreSQL"
        pytest.skip("there is no PostgreSQL")
    with postgres(programs) as server:
        yield server


@pytest.fixture
def database(cluster: Postgres) -> Postgres:
    """As good as new."""
    cluster.stop()
    cluster.start()
    databases.run(cluster.url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return cluster


@pytest.fixture
def talking(tmp_path: Path, database: Postgres, redis: Redis) -> Iterator[Scene]:
    """Several processes; people have begun to talk."""
    with scene(tmp_path, SEVERAL, database.url, redis) as found:
        found.start()
        found.people(PEOPLE)
        found.connect()
        found.acknowledged(len(found.say(4)) - PEOPLE)
        yield found


def throw_out(database: Postgres) -> None:
    """End the server's connections."""
    databases.run(database.url, THROW_OUT)


def nobody_is_ready(scene: Scene) -> bool:
    return all(readiness(server) == {} for server in scene.servers)


def writes_failed(scene: Scene) -> bool:
    return any("write failed" in server.log for server in scene.servers)


def assert_whole(scene: Scene) -> None:
    said = len(scene.say(4))
    report = scene.finish()
    assert report.findings == []
    assert report.acknowledged > said
    assert report.acknowledged == report.sent


def test_it_crashes_and_recovers(talking: Scene, database: Postgres) -> None:
    talking.say(4)
    talking.acknowledged(5 * PEOPLE)
    database.stop(immediately=True)
    until(lambda: nobody_is_ready(talking))
    talking.say(2)
    database.start()
    assert_whole(talking)


def take_all(database: Postgres, stack: contextlib.ExitStack) -> None:
    """Whatever connections are free."""
    with contextlib.suppress(psycopg2.OperationalError):
        while True:
            stack.enter_context(contextlib.closing(psycopg2.connect(database.url)))


def is_starved(scene: Scene, database: Postgres, ours: Any, stack: contextlib.ExitStack) -> bool:
    """Whether it has been of use to throw out the servers and to be quicker than they are at coming back."""
    take_all(database, stack)
    with ours.cursor() as cursor:
        cursor.execute(THROW_OUT)
    take_all(database, stack)
    return nobody_is_ready(scene)


def test_it_takes_no_connections(talking: Scene, database: Postgres) -> None:
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(contextlib.closing(psycopg2.connect(database.url)))
        ours.autocommit = True
        until(lambda: is_starved(talking, database, ours, stack))
        talking.say(2)
        until(lambda: writes_failed(talking))
    assert_whole(talking)


def test_it_takes_no_writes(talking: Scene, database: Postgres) -> None:
    databases.run(database.url, "ALTER DATABASE postgres SET default_transaction_read_only = on")
    throw_out(database)
    talking.say(2)
    until(lambda: writes_failed(talking))
    may_write = f"{database.url}&options=-c%20default_transaction_read_only%3Doff"
    databases.run(may_write, "ALTER DATABASE postgres RESET ALL")
    throw_out(database)
    assert_whole(talking)


def fill_disk(database: Postgres) -> None:
    """No file of the database may grow any more."""
    with contextlib.closing(psycopg2.connect(database.url)) as connection, connection.cursor() as cursor:
        # First the process that starts the others: they take its bounds over.
        cursor.execute("SELECT pg_read_file('postmaster.pid')")
        _bound_files(int(cursor.fetchall()[0][0].split()[0]))
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        for (process,) in cursor.fetchall():
            # Some end at any moment.
            with contextlib.suppress(FileNotFoundError):
                _bound_files(process)


def _bound_files(process: int) -> None:
    """Raises FileNotFoundError where the process has ended."""
    folder = Path(f"/proc/{process}")
    owner = folder.stat()
    # Only a process' own account may do this; as root it is PostgreSQL's.
    command = ["prlimit", f"--pid={process}", "--fsize=4096:"]
    done = subprocess.run(command, user=owner.st_uid, group=owner.st_gid, check=False, cwd="/")
    if done.returncode:
        folder.stat()
        done.check_returncode()


def test_its_disk_is_full(talking: Scene, database: Postgres) -> None:
    """It ends by itself, as it can't write what it is to remember; somebody makes room and starts it again."""
    fill_disk(database)
    said = talking.say(2)
    until(lambda: writes_failed(talking))
    assert not {record.cid for record in talking.journal.all(kind="settled")} >= set(said)
    database.stop(immediately=True)
    database.start()
    assert_whole(talking)
