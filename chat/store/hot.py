"""The statements of a sent message, which take most of what a message costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, bindparam, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite

from chat.events.values import MemberRole
from chat.store.compiled import Compiled, translated
from chat.store.tables import memberships, messages, rooms


class Place(NamedTuple):
    """Where a message would go: the room's counters, whether it is archived, the seconds of its slow mode, and the
    author's role in it."""

    seq: int
    rev: int
    archived_at: int | None
    slow_mode: int
    role: MemberRole


class Sent(NamedTuple):
    """What makes a message that is sent again the same one."""

    author: int
    cid: str


class New(NamedTuple):
    """A message to be kept. `reply_author` wrote what it answers, if that was somebody else."""

    room: int
    author: int
    cid: str
    text: str
    html: str
    reply_to: int | None
    at: int
    reply_author: int | None


# On PostgreSQL the room's row is locked from here on, so that what was read is still so when it is written.
_PLACE = Compiled(
    select(rooms.c.seq, rooms.c.rev, rooms.c.archived_at, rooms.c.slow_mode, memberships.c.role)
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
    *("kind", "text", "html", "reply_to", "created_at", "reply_author_id"),
)
_VALUES: dict[str, Any] = {name: bindparam(name) for name in _COLUMNS}
_TAKEN = [messages.c.cid, messages.c.author_id]
_ADD_TO_FILE = Compiled(
    sqlite.insert(messages).values(_VALUES).on_conflict_do_nothing(index_elements=_TAKEN), *_COLUMNS
)


def _add_on_server() -> Compiled:
    """Adds the message and counts it in one statement, because each takes the time of a journey to the server."""
    insert = postgresql.insert(messages).values(_VALUES).on_conflict_do_nothing(index_elements=_TAKEN)
    added = insert.returning(messages.c.id).cte("added")
    is_room = rooms.c.id == bindparam("room_id")
    to: dict[str, Any] = {"seq": bindparam("seq"), "rev": bindparam("rev")}
    counted = update(rooms).where(is_room, exists(select(added.c.id))).values(to).cte("counted")
    return Compiled(select(added.c.id).add_cte(counted), *_COLUMNS)


_ADD_ON_SERVER = _add_on_server()

# A prepared statement is not there, is there already, or does not fit tables that were changed since.
_NOT_PREPARED = {"26000", "42P05", "0A000"}


class Statements:
    """The texts for one kind of database.

    A connection to PostgreSQL is told the statements once (`ready`), so that it need not parse and plan them for every
    message. That takes a connection of one's own: behind a pooler that hands out another one for each transaction they
    are not found, and from then on they are sent whole (`failed`).
    """

    def __init__(self, dialect: Dialect) -> None:
        self.driver_error: type[Exception] = dialect.loaded_dbapi.Error
        self.on_server = dialect.name == "postgresql"
        self._preparing: list[str] = []
        add = _ADD_ON_SERVER if self.on_server else _ADD_TO_FILE
        self._whole = _PLACE.on(dialect), add.on(dialect)
        self.place, self.add = self._whole
        self.count = _COUNT.text(dialect) if not self.on_server else ""
        if self.on_server:
            place_there, place, place_order = _PLACE.prepared("hubbub_place")
            add_there, adding, add_order = add.prepared("hubbub_add")
            self._preparing = [place_there, add_there]
            self.place, self.add = (place, place_order), (adding, add_order)

    def ready(self, conn: Connection, cursor: Any) -> None:
        """Tell the connection the statements, if it does not know them."""
        known = conn.connection.info
        if self._preparing and "hubbub_prepared" not in known:
            for text in self._preparing:
                cursor.execute(text)
            known["hubbub_prepared"] = True

    def failed(self, error: Exception) -> None:
        """Take notice of a driver's error; whoever tries again may have better luck."""
        if self._preparing and getattr(error, "pgcode", None) in _NOT_PREPARED:
            self._preparing = []
            self.place, self.add = self._whole


class Hot:
    """The statements in one transaction. `clean`, since `begin`, while none has changed anything, or failed."""

    __slots__ = ("_conn", "_cursor", "_statements", "clean")

    def __init__(self, statements: Statements, conn: Connection) -> None:
        """Raises what SQLAlchemy would."""
        self._statements = statements
        self._conn = conn
        self._cursor: Any = conn.connection.cursor()
        self.clean = True
        try:
            statements.ready(conn, self._cursor)
        except statements.driver_error as error:
            raise self._failed(error, "PREPARE") from error

    def begin(self) -> None:
        """Another piece of work begins."""
        self.clean = True

    def settle(self) -> None:
        """The work is about to use the database by itself, behind all that was added before."""

    def forget(self) -> None:
        """Rooms may be other than they were."""

    def finish(self) -> None:
        """All work is done."""

    def place(self, room: int, user: int) -> Place | None:
        """None where there is no such room, or the user is not in it."""
        text, order = self._statements.place
        row = self._execute(text, order((room, user))).fetchone()
        return None if row is None else Place._make(row)

    def add(self, place: Place, new: New) -> int | None:
        """Keep a message as the room's next; returns its id, or None, with nothing changed, where the cid is taken."""
        room, author, cid, *said = new
        seq, rev = place.seq + 1, place.rev + 1
        statements = self._statements
        statement, order = statements.add
        cursor = self._execute(statement, order((room, seq, rev, rev, author, cid, "text", *said)))
        message: int | None
        if statements.on_server:
            row = cursor.fetchone()
            message = None if row is None else row[0]
        else:
            # SQLite tells the number of a new row without being asked, which takes a third of the time.
            message = cursor.lastrowid if cursor.rowcount else None
        if message is not None:
            self.clean = False
            if not statements.on_server:
                self._execute(statements.count, (seq, rev, room))
        return message

    def _execute(self, statement: str, values: Sequence[Any]) -> Any:
        try:
            self._cursor.execute(statement, values)
        except self._statements.driver_error as error:
            raise self._failed(error, statement) from error
        return self._cursor

    def _failed(self, error: Exception, statement: str) -> BaseException:
        self.clean = False
        self._statements.failed(error)
        return translated(error, statement, self._conn, self._cursor)
