"""Pieces of work, and how a batch of them becomes one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, NestedTransaction, Table
from sqlalchemy.exc import InternalError, OperationalError

from chat.store.gates import Gate
from chat.store.hot import Hot, Sent, Statements
from chat.store.outbox import Effect
from chat.store.together import Together

# For fewer messages, the statements that go together take longer than those for each, which are prepared.
LEAST_TOGETHER = 4


class Transaction:
    """What a piece of work sees: the database, and a place to leave what is to happen after the commit.

    Work that uses nothing but `hot` costs no savepoint; the first use of `conn` makes one.
    """

    __slots__ = ("_conn", "_savepoint", "_was_clean", "effects", "hot")

    def __init__(self, conn: Connection, hot: Hot) -> None:
        hot.begin()
        self.hot = hot
        self.effects: list[Effect] = []
        self._conn = conn
        self._savepoint: NestedTransaction | None = None
        self._was_clean = True

    @property
    def conn(self) -> Connection:
        if self._savepoint is None:
            self.hot.settle()
            self._was_clean = self.hot.clean
            self._savepoint = self._conn.begin_nested()
        return self._conn

    def insert(self, table: Table, values: Mapping[str, Any]) -> int:
        """Insert one row and return its id."""
        return int(self.conn.execute(table.insert().values(values).returning(table.c.id)).scalar_one())

    def after_commit(self, *effects: Effect) -> None:
        self.effects.extend(effects)

    def keep(self) -> None:
        """The work is done."""
        if self._savepoint is not None:
            self._savepoint.commit()

    def undo(self) -> bool:
        """Take back all that the work has changed; False where that takes a rollback of the whole transaction."""
        if self._savepoint is None:
            return self.hot.clean
        self._savepoint.rollback()
        self.hot.forget()
        return self._was_clean


class Job:
    """A piece of work and what became of it. `alone`: it is tried again, in a transaction of its own.

    `sends` says which message it sends, where it does nothing else.
    """

    __slots__ = ("alone", "effects", "error", "failure", "gate", "result", "room", "sends", "work")

    def __init__(self, work: Callable[[Transaction], Any], room: int, sends: Sent | None, gate: Gate) -> None:
        self.work = work
        self.room = room
        self.sends = sends
        self.gate = gate
        self.alone = False
        self.effects: Sequence[Effect] = ()
        self.result: Any = None
        self.error: Exception | None = None  # what the work itself raised
        self.failure: BaseException | None = None  # what kept the database from carrying it out


def in_order(job: Job) -> tuple[int, int]:
    """By which a batch is sorted: messages together, behind work that names no room; each by its room.

    Who names no room may lock one all the same, an early one mostly (`general`).
    """
    rank = 1 if job.sends is not None else 2 if job.room else 0
    return rank, job.room


def opened(statements: Statements, conn: Connection, batch: Sequence[Job]) -> Hot:
    """For one transaction. Raises what SQLAlchemy would."""
    if statements.on_server and len(batch) >= LEAST_TOGETHER:
        sends = [(job.room, job.sends) for job in batch if job.sends is not None]
        if len(sends) >= LEAST_TOGETHER:
            rooms = {job.room for job in batch if job.sends is None and job.room}
            return Together(statements, conn, sends, rooms)
    return Hot(statements, conn)


def carry_out(job: Job, conn: Connection, hot: Hot) -> None:
    """Do one piece of work in the transaction under way. Raises only what has cost the whole of it."""
    tx = Transaction(conn, hot)
    job.error, job.failure, job.effects = None, None, ()
    if job.sends is None:
        hot.forget()
    try:
        if job.alone:
            # With a savepoint before everything else, it can be undone whatever it does.
            tx.conn  # noqa: B018
        job.result = job.work(tx)
        tx.keep()
    except (OperationalError, InternalError):
        # Not about this piece alone: SQLite may have rolled back all, and PostgreSQL may be gone, or take no writes.
        raise
    except Exception as error:
        if not tx.undo():
            raise
        job.error = error
    else:
        job.effects = tx.effects
