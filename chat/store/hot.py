"""The statements of a sent message, which take most of what a message costs."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import Executable

from chat.events import RoomRole
from chat.store.compiled import Compiled, translated
from chat.store.tables import memberships, messages, rooms


class Place(NamedTuple):
    """Where a message would go: the room's counters, whether it is archived, and the author's role in it."""

    seq: int
    rev: int
    archived_at: int | None
    role: RoomRole


# On PostgreSQL the room's row is locked from here on, so that what was read is still so when it is written.
_PLACE = Compiled(
    select(rooms.c.seq, rooms.c.rev, rooms.c.archived_at, memberships.c.role)
    .join(memberships, memberships.c.room_id == rooms.c.id)
    .where(rooms.c.id == bindparam("room"), memberships.c.user_id == bindparam("user"))
    .with_for_update(of=rooms),
    "room",
    "user",
)
_COUNT = Compiled(
    update(rooms).where(rooms.c.id == bindparam("room")).values(seq=bindparam("to_seq"), rev=bindparam("to_rev")),
    "to_seq",
    "to_rev",
    "room",
)
_COLUMNS = (
    *("room_id", "seq", "rev", "born", "author_id", "cid"),
    *("kind", "text", "html", "reply_to", "created_at"),
)
_VALUES: dict[str, Any] = {name: bindparam(name) for name in _COLUMNS}
_TAKEN = [messages.c.cid, messages.c.author_id]
_INSERT: dict[str, Executable] = {
    "sqlite": sqlite.insert(messages).values(_VALUES).on_conflict_do_nothing(index_elements=_TAKEN),
    "postgresql": postgresql.insert(messages)
    .values(_VALUES)
    .on_conflict_do_nothing(index_elements=_TAKEN)
    .returning(messages.c.id),
}


class Statements:
    """The texts for one kind of database."""

    def __init__(self, dialect: Dialect) -> None:
        self.driver_error: type[Exception] = dialect.loaded_dbapi.Error
        self.place = _PLACE.text(dialect)
        self.insert = Compiled(_INSERT[dialect.name], *_COLUMNS).text(dialect)
        self.count = _COUNT.text(dialect)
        # SQLite tells the number of a new row without being asked, which takes a third of the time.
        self.returns_id = dialect.name != "sqlite"


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
        return None if row is None else Place._make(row)

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
            raise translated(error, statement, self._conn, self._cursor) from error
        return self._cursor
