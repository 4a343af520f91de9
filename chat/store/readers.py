"""Connections to read over.

SQLAlchemy's pool takes several times as long for handing a connection out and taking it back as a short query takes. A
connection to a SQLite file can't be lost while it lies idle, so a few are kept at hand, outside of the pool. One to
PostgreSQL can: there the pool looks first whether it still answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.pool import QueuePool

from chat.errors import ChatError


class Readers:
    """May be used by several threads and greenlets."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: list[Connection] = []
        self._on_server = engine.dialect.name == "postgresql"

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection, whose transaction ends with the block. Raises what SQLAlchemy raises."""
        conn = self._lend()
        sound = False
        try:
            yield conn
            sound = True
        except ChatError:
            sound = True
            raise
        finally:
            self._take_back(conn, sound)

    def _lend(self) -> Connection:
        try:
            return self._idle.pop()
        except IndexError:
            conn = self._engine.connect()
        if self._on_server:
            # What is read belongs to one moment, as it always does with SQLite.
            conn.execution_options(isolation_level="REPEATABLE READ")
        return conn

    def _take_back(self, conn: Connection, sound: bool) -> None:
        pool = self._engine.pool
        # Nobody waits for the pool as long as it has not lent more than it likes to keep.
        if sound and not self._on_server and isinstance(pool, QueuePool) and pool.overflow() <= 0:
            conn.rollback()
            self._idle.append(conn)
        else:
            conn.close()

    def close(self) -> None:
        """Let go of all connections that nobody uses."""
        while self._idle:
            self._idle.pop().close()
        self._engine.dispose()
