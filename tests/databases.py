"""Databases for tests: migrated once and then copied or emptied, since making one takes longer than most tests.

PostgreSQL is used where `HUBBUB_TEST_POSTGRES` names a server; `make test` starts one.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import psycopg2
from sqlalchemy.engine import make_url

from chat import folders
from chat.config import Settings
from chat.store import schema
from chat.store.tables import derived, metadata

POSTGRES = os.environ.get("HUBBUB_TEST_POSTGRES", "")
KINDS = ("sqlite", "postgresql") if POSTGRES else ("sqlite",)


def in_turns(name: str) -> str:
    """The kind of database for the test of that name."""
    return KINDS[crc32(name.encode()) % len(KINDS)]


def migrate(folder: Path, url: str = "") -> None:
    """Make the data folder and the tables; an empty `url` means SQLite in the folder."""
    settings = Settings(data_dir=folder, database_url=url)
    folders.prepare(settings)
    with schema.opened(settings):
        pass


def copy_migrated(folder: Path) -> None:
    """Make the data folder, with an empty, migrated SQLite database in it."""
    shutil.copytree(_migrated(), folder)


@cache
def _migrated() -> Path:
    above = tempfile.mkdtemp(prefix="hubbub-migrated-")
    atexit.register(shutil.rmtree, above, ignore_errors=True)
    migrate(Path(above, "data"))
    return Path(above, "data")


@contextmanager
def new_postgres() -> Iterator[str]:
    """The URL of a PostgreSQL database without any tables, which is gone afterwards."""
    name = f"hubbub_test_{uuid.uuid4().hex[:12]}"
    run(POSTGRES, f'CREATE DATABASE "{name}"')
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        run(POSTGRES, f'DROP DATABASE "{name}" WITH (FORCE)')


class Emptied:
    """A database that can be emptied again and again over one connection: to connect takes as long as to empty."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._statements = _emptying()
        self._connection = self._connect()

    def empty(self) -> None:
        try:
            self._connection.cursor().execute(self._statements)
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            # A test has ended all connections.
            self.close()
            self._connection = self._connect()
            self._connection.cursor().execute(self._statements)

    def close(self) -> None:
        self._connection.close()

    def _connect(self) -> Any:
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        return connection


def _emptying() -> str:
    """Forget everything but the tables and the epoch, and count from 1 again."""
    tables = reversed(metadata.sorted_tables)
    made = [f"DELETE FROM {name}" for name in ("search_index", *derived.tables)]
    # Rows of it can't be deleted. To truncate a table makes its files anew, which takes longer than all the rest.
    made.append("DO 'BEGIN IF EXISTS (SELECT FROM audit) THEN TRUNCATE audit; END IF; END'")
    deletions = [*made, *(f"DELETE FROM {table.name}" for table in tables if table.name not in ("meta", "audit"))]
    # As `ALTER SEQUENCE ... RESTART`, which makes a file anew too.
    restarts = [f"SELECT setval('{t.name}_id_seq', 1, false)" for t in metadata.sorted_tables if "id" in t.columns]
    # A test that left a transaction open must not hold up all that follow.
    meta = "DELETE FROM meta WHERE key <> 'epoch'"
    epoch = "INSERT INTO meta (key, value) VALUES ('epoch', 'emptied') ON CONFLICT DO NOTHING"
    return "; ".join(["SET lock_timeout = '10s'", *deletions, meta, epoch, *restarts])


def run(url: str, statements: str) -> None:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        connection.cursor().execute(statements)
    finally:
        connection.close()
