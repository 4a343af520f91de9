"""The statements of a sent message, for the driver's own cursor.

A busy server carries them out many thousand times a second, and SQLAlchemy Core takes longer for each than SQLite
does. So Core states them, once for each kind of database, and the text that it compiles runs in the writer's
transaction beside everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import Executable

from chat.events import RoomRole
from chat.store.tables import memberships, messages, rooms


class Place(NamedTuple):
    """Where a message would go: the room's counters, whether it is archived, and the author's role in it."""

    seq: int
    rev: int
    archived_at: int | None
    role: RoomRole


class Statements:
    """The texts for one kind of database."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self.driver_error: type[Exception] = dialect.loaded_dbapi.Error
        # On PostgreSQL the room's row is locked from here on, so that what was read is still so when it is written.
        place = (
            select(rooms.c.seq, rooms.c.rev, rooms.c.archived_at, memberships.c.role)
            .join(memberships, memberships.c.room_id == rooms.c.id)
            .where(rooms.c.id == bindparam("room"), memberships.c.user_id == bindparam("user"))
            .with_for_update(of=rooms)
        )
        columns = (
            *("room_id", "seq", "rev", "born", "author_id", "cid"),
            *("kind", "text", "html", "reply_to", "created_at"),
        )
        values: dict[str, Any] = {name: bindparam(name) for name in columns}
        taken = [messages.c.author_id, messages.c.cid]
        self.returns_id = dialect.name != "sqlite"
        insert: Executable
        if self.returns_id:
            insert = postgresql.insert(messages).values(values).on_conflict_do_nothing(index_elements=taken)
            insert = insert.returning(messages.c.id)
        else:
            insert = sqlite.insert(messages).values(values).on_conflict_do_nothing(index_elements=taken)
        count = update(rooms).where(rooms.c.id == bindparam("room"))
        count = count.values(seq=bindparam("to_seq"), rev=bindparam("to_rev"))
        self.place = self._text(place, ("room", "user"))
        self.insert = self._text(insert, columns)
        self.count = self._text(count, ("to_seq", "to_rev", "room"))

    def _text(self, statement: Executable, order: Sequence[str]) -> str:
        """The statement as the driver takes it, with its values in this order."""
        style: Any = "qmark" if self._dialect.name == "sqlite" else "format"
        kind: Any = type(self._dialect)
        compiled = statement.compile(dialect=kind(paramstyle=style))  # type: ignore[attr-defined]
        if tuple(compiled.positiontup) != tuple(order):
            raise AssertionError(f"values in another order: {compiled.positiontup}")
        return str(compiled)

    def translated(self, statement: str, error: Exception, conn: Connection, cursor: Any) -> BaseException:
        """What Core would raise in place of a driver's error; as there, a connection that is gone is given up."""
        if self._dialect.is_disconnect(error, conn.connection.driver_connection, cursor):  # type: ignore[arg-type]
            conn.invalidate(error)
        return DBAPIError.instance(statement, None, error, self.driver_error, dialect=self._dialect)


class Hot:
    """The statements in one transaction. `clean` while none of them has changed anything, or failed."""

    __slots__ = ("_conn", "_cursor", "_statements", "clean")

    def __init__(self, statements: Statements, conn: Connection) -> None:
        self._statements = statements
        self._conn = conn
        self._cursor: Any = conn.connection.cursor()
        self.clean = True

    def place(self, room: int, user: int) -> Place | None:
        """None where there is no such room, or the user is not in it."""
        row = self._execute(self._statements.place, (room, user)).fetchone()
        return None if row is None else Place(*row)

    def add(
        self, place: Place, room: int, author: int, cid: str, text: str, html: str, reply_to: int | None, at: int
    ) -> int | None:
        """Keep a message as the room's next; returns its id, or None, with nothing changed, where the cid is taken."""
        seq, rev = place.seq + 1, place.rev + 1
        statements = self._statements
        cursor = self._execute(statements.insert, (room, seq, rev, rev, author, cid, "text", text, html, reply_to, at))
        if statements.returns_id:
            row = cursor.fetchone()
            message = None if row is None else row[0]
        else:
            message = cursor.lastrowid if cursor.rowcount else None
        if message is not None:
            self.clean = False
            self._execute(statements.count, (seq, rev, room))
        return message

    def _execute(self, statement: str, values: tuple[Any, ...]) -> Any:
        try:
            self._cursor.execute(statement, values)
        except self._statements.driver_error as error:
            self.clean = False
            raise self._statements.translated(statement, error, self._conn, self._cursor) from error
        return self._cursor
