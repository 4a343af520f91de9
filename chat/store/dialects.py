"""The few places where SQLite and PostgreSQL differ."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from chat.config import SettingsError
from chat.store.compiled import translated

# FULL: what was acknowledged survives a loss of power too.
PRAGMAS: tuple[str, ...] = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY")

# How long a connection to a SQLite file waits for another process.
_PATIENCE_SECONDS = 10

# The writer's pages in memory, in KiB, and the pages of the log after which they go to their places in the file: each
# busy room rewrites a few pages with every commit, and what is rewritten before it is moved is moved once.
_WRITER_PRAGMAS = ("cache_size=-8192", "wal_autocheckpoint=4000")

# Of SQLite's errors, those whose sentence is about a statement or a value.
_QUOTING = {"SQLITE_ERROR", "SQLITE_MISMATCH"}

# What PostgreSQL calls a serialization failure, and a deadlock.
_DEADLOCKS = {"40001", "40P01"}

# Any number that is ours alone among the programs that share a PostgreSQL database.
_LOCK = 0x48756262


def open_engine(url: str, *, writer: bool, kept: bool = True) -> Engine:
    """Make an engine. The writer's has one connection that is kept; the readers' has a few, and none if not `kept`.

    What the database is given stands in no error's text: it is what people wrote.

    Raises `chat.config.SettingsError` for a URL that is none, or of a database that this installation can't use.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        wanted = "postgresql://name:password@host/database"
        raise SettingsError(f"CHAT_DATABASE_URL can't be read; it must be like {wanted}") from None
    if parsed.get_backend_name() == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise SettingsError("CHAT_DATABASE_URL must name a file: messages are kept")
        return _sqlite(parsed, writer, kept)
    try:
        return _postgresql(parsed, writer, kept)
    except ModuleNotFoundError:
        wanted = "pip install 'hubbub[postgres]'"
        raise SettingsError(f"CHAT_DATABASE_URL needs the PostgreSQL packages: {wanted}") from None


def trouble(error: BaseException) -> str:
    """What a log may say of the database's trouble.

    The drivers' own sentences may quote values, so only those about the connection or the file are passed on.
    """
    driver = error.orig if isinstance(error, DBAPIError) else None
    if driver is None:
        return type(error).__name__
    kind = type(driver)
    # SQLite's name of the error, or PostgreSQL's number. A connection that failed has neither.
    code = getattr(driver, "sqlite_errorname", None) or getattr(driver, "pgcode", None) or ""
    about_file = code.startswith("SQLITE_") and code not in _QUOTING
    about_connection = not code and kind.__name__ in ("OperationalError", "InterfaceError")
    if about_file or (about_connection and kind.__module__.partition(".")[0] in ("sqlite3", "psycopg2")):
        return f"{kind.__name__}: {next(iter(str(driver).splitlines()), code)}"
    return f"{kind.__name__} {code}".rstrip()


def is_deadlock(error: BaseException | None) -> bool:
    """Whether the database broke a transaction for the sake of another one, which may be over at the next try."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "pgcode", None) in _DEADLOCKS


def _pool(writer: bool, kept: bool, readers: int) -> dict[str, Any]:
    if not kept:
        return {"poolclass": NullPool}
    return {"pool_size": 1 if writer else readers, "max_overflow": 0 if writer else 20}


def _postgresql(parsed: URL, writer: bool, kept: bool) -> Engine:
    return create_engine(
        parsed.set(drivername="postgresql+psycopg2"),
        hide_parameters=True,
        **_pool(writer, kept, 10),
        # A connection that the server has closed meanwhile, when it was restarted perhaps, is replaced unnoticed.
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "application_name": "hubbub"},
    )


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A transaction of the writer's engine beside which no other process writes, for changes of the tables."""
    with engine.connect() as conn:
        sqlite = conn.dialect.name == "sqlite"
        driver: Any = conn.connection.driver_connection
        if sqlite:
            # To change a table SQLite makes it anew and drops the old one, which must not take along what refers to it.
            # Inside a transaction this would do nothing.
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with conn.begin():
                if not sqlite:
                    conn.execute(select(func.pg_advisory_xact_lock(_LOCK)))
                yield conn
        finally:
            if sqlite and conn.connection.is_valid:
                driver.execute("PRAGMA foreign_keys=ON")


def last_number(conn: Connection, table: str) -> int:
    """The last number that a table has given to its rows; 0 before the first."""
    if conn.dialect.name == "sqlite":
        found = conn.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table})
    else:
        # One that was never asked has no last number.
        sequence = "CAST(pg_get_serial_sequence(:name, 'id') AS regclass)"
        found = conn.scalar(text(f"SELECT pg_sequence_last_value({sequence})"), {"name": table})
    return int(found or 0)


def set_last_number(conn: Connection, table: str, number: int) -> None:
    """Let a table count on from a number, which is at least 1."""
    values = {"name": table, "number": number}
    if conn.dialect.name == "sqlite":
        conn.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        conn.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), values)
    else:
        conn.execute(text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :number)"), values)


def broken_references(conn: Connection) -> str | None:
    """A table with a row that refers to none. PostgreSQL lets none in; SQLite does while tables are filled `alone`."""
    if conn.dialect.name != "sqlite":
        return None
    found: str | None = conn.scalar(text("PRAGMA foreign_key_check"))
    return found


def damage(conn: Connection) -> str | None:
    """What is wrong with the pages of a SQLite file; PostgreSQL looks after its own."""
    if conn.dialect.name != "sqlite":
        return None
    found: str | None = conn.scalar(text("PRAGMA quick_check(1)"))
    return None if found is None or found == "ok" else " ".join(found.split())


def _sqlite(url: URL, writer: bool, kept: bool) -> Engine:
    _make_private(str(url.database))
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": _PATIENCE_SECONDS},
        hide_parameters=True,
        **_pool(writer, kept, 5),
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling begins late and commits behind one's back; ours is explicit.
        connection.isolation_level = None
        for pragma in (*PRAGMAS, *_WRITER_PRAGMAS) if writer else PRAGMAS:
            _set(connection, pragma)
        # Its own knows the letters of English only.
        connection.create_function("lower", 1, _lower, deterministic=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        driver = connection.connection.driver_connection
        # A writer that begins as a reader can fail half-way when another process writes first.
        words = "BEGIN IMMEDIATE" if writer else "BEGIN"
        try:
            driver.execute(words)
        except driver.Error as error:
            raise translated(error, words, connection, None) from error

    return engine


def _set(connection: sqlite3.Connection, pragma: str) -> None:
    """Carry out a pragma. For the change of a new file's journal SQLite itself doesn't wait while others open it."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _make_private(path: str) -> None:
    """Make the file, where there is none, for its owner alone; SQLite gives the files beside it the same mode."""
    with suppress(OSError):  # Opening the database says what is wrong.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _lower(value: str | None) -> str | None:
    return None if value is None else value.lower()
