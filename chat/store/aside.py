"""Connections for work on other threads than the hub's: searching, and making the index for it.

SQLAlchemy's pool has locks, which greenlets share; whoever waits for one on another thread may never be woken. So these
lie in a list, which needs none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")

# As many as are kept when nobody uses them.
KEPT = 4


class Aside:
    """`engine` has no pool of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: list[Connection] = []
        self._on_server = engine.dialect.name == "postgresql"

    def run(self, work: Callable[[Connection], T]) -> T:
        """`work` in a transaction. Raises what SQLAlchemy raises, and what `work` does."""
        conn = self._lend()
        sound = False
        try:
            with conn.begin():
                result = work(conn)
            sound = True
        finally:
            if sound and len(self._idle) < KEPT:
                self._idle.append(conn)
            else:
                conn.close()
        return result

    def _lend(self) -> Connection:
        while self._idle:
            try:
                conn = self._idle.pop()
            except IndexError:  # another thread was quicker
                break
            if self._answers(conn):
                return conn
            conn.close()
        return self._engine.connect()

    def _answers(self, conn: Connection) -> bool:
        """A connection to a server may be gone without anybody having said so."""
        if not self._on_server:
            return True
        try:
            with conn.begin():
                conn.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
        self._engine.dispose()
