"""The servers that faults are tried on: one process on SQLite, and several on PostgreSQL with a Redis.

`HUBBUB_FAULTS=long` makes everything longer: more processes, more people, more repetitions, longer cuts.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.brokers import Redis
from tests.databases import KINDS, new_postgres
from tests.faults.scene import Scene, scene

LONG = os.environ.get("HUBBUB_FAULTS") == "long"
# Where there is no PostgreSQL, several processes share a SQLite file, which they may.
SEVERAL = 4 if LONG else 2


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    (tmp_path / "redis").mkdir()
    server = Redis(tmp_path / "redis").start()
    yield server
    server.resume()
    server.kill()


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Scene]:
    """One process on SQLite, with nothing beside it."""
    with scene(tmp_path) as found:
        yield found


@pytest.fixture
def several(tmp_path: Path, redis: Redis) -> Iterator[Scene]:
    """Processes that share PostgreSQL and Redis."""
    database = new_postgres() if "postgresql" in KINDS else contextlib.nullcontext("")
    with database as url, scene(tmp_path, SEVERAL, url, redis) as found:
        yield found


@pytest.fixture(params=["alone", "several"])
def any_scene(request: pytest.FixtureRequest) -> Scene:
    found: Scene = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["alone", "several"] if LONG else ["alone"])
def line_scene(request: pytest.FixtureRequest) -> Scene:
    """For faults between a client and its server, which are the same however many servers there are."""
    found: Scene = request.getfixturevalue(request.param)
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """python-socketio's client leaves sockets to the garbage collector when a server dies amid a request."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))
