"""The few places where SQLite and PostgreSQL differ."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

# FULL: what was acknowledged survives a loss of power too.
PRAGMAS: tuple[str, ...] = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY")


def open_engine(url: str, *, writer: bool) -> Engine:
    """Make an engine. The writer's has one connection that is kept; the readers' has a few.

    Raises `sqlalchemy.exc.ArgumentError` for a URL that is none.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, writer)
    return create_engine(
        parsed.set(drivername="postgresql+psycopg2"),
        pool_size=1 if writer else 10,
        max_overflow=0 if writer else 20,
        pool_pre_ping=not writer,
        connect_args={"connect_timeout": 5, "application_name": "hubbub"},
    )


def _sqlite(url: URL, writer: bool) -> Engine:
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": 10},
        pool_size=1 if writer else 5,
        max_overflow=0 if writer else 20,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling begins late and commits behind one's back; ours is explicit.
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A writer that begins as a reader can fail half-way when another process writes first.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    return engine
