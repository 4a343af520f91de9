"""PostgreSQL crashes, takes no connections, and takes no writes, while people talk."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from tests import databases
from tests.faults.scene import Scene, readiness, scene
from tests.waiting import until
from tools.services import Postgres, postgres, postgres_programs

PEOPLE = 6
# Ends the server's connections, and waits for that.
THROW_OUT = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'hubbub'"


@pytest.fixture
def database() -> Iterator[Postgres]:
    """A server of its own, for it will suffer."""
    programs = postgres_programs()
    if programs is None:
        assert not os.environ.get("CI"), "there is no PostgreSQL"
        pytest.skip("there is no PostgreSQL")
    with postgres(programs) as server:
        yield server


@pytest.fixture
def talking(tmp_path: Path, database: Postgres) -> Iterator[Scene]:
    """One process; people have begun to talk."""
    with scene(tmp_path, 1, database.url) as found:
        found.start()
        found.people(PEOPLE)
        found.connect()
        found.acknowledged(len(found.say(4)) - PEOPLE)
        yield found


def throw_out(database: Postgres) -> None:
    """End the server's connections."""
    databases.run(database.url, THROW_OUT)


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
    until(lambda: readiness(talking.server) == {})
    talking.say(2)
    database.start()
    assert_whole(talking)


def take_all(database: Postgres, stack: contextlib.ExitStack) -> None:
    """Whatever connections are free."""
    with contextlib.suppress(psycopg2.OperationalError):
        while True:
            stack.enter_context(contextlib.closing(psycopg2.connect(database.url)))


def test_it_takes_no_connections(talking: Scene, database: Postgres) -> None:
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(contextlib.closing(psycopg2.connect(database.url)))
        ours.autocommit = True
        take_all(database, stack)
        with ours.cursor() as cursor:
            cursor.execute(THROW_OUT)
        take_all(database, stack)
        until(lambda: readiness(talking.server) == {})
        talking.say(2)
        until(lambda: "write failed" in talking.server.log)
    assert_whole(talking)


def test_it_takes_no_writes(talking: Scene, database: Postgres) -> None:
    databases.run(database.url, "ALTER DATABASE postgres SET default_transaction_read_only = on")
    throw_out(database)
    talking.say(2)
    until(lambda: "write failed" in talking.server.log)
    may_write = f"{database.url}&options=-c%20default_transaction_read_only%3Doff"
    databases.run(may_write, "ALTER DATABASE postgres RESET ALL")
    throw_out(database)
    assert_whole(talking)
