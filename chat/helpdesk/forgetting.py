"""What is known of visitors goes with what they said: pages, browsers, names and addresses, after the server's days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, select, update

from chat import people
from chat.helpdesk import conversations, visitors
from chat.store import Store, Transaction
from chat.store.tables import help_conversations as table
from chat.store.tables import help_visitors, rooms, users
from chat.text import fold

PIECE = 100


def forget(store: Store, until: int) -> bool:
    """A piece of what is older than `until`, in milliseconds since 1970; returns whether there may be more."""
    with store.read() as conn:
        due = store.offload(_is_due, conn, until)
    return due and store.write(lambda tx: _forget(tx, until)) == PIECE


def _is_due(conn: Connection, until: int) -> bool:
    return conn.execute(_old(until).limit(1)).first() is not None


def _old(until: int) -> Select[tuple[int, int, str, str | None, bool]]:
    """Conversations in which nothing was said since, resolved or not, of which something is still known. Who their
    visitor is, goes with the last of theirs.
    """
    other = table.alias("other")
    back = exists().where(other.c.visitor_id == table.c.visitor_id, other.c.said_at >= until)
    nameless = visitors.nameless_name()
    named = (help_visitors.c.email != "") | (users.c.name != nameless) | (rooms.c.name != nameless)
    known = (table.c.page != "") | (table.c.browser != "") | (table.c.comment != "") | (named & ~back)
    return (
        select(table.c.room_id, table.c.visitor_id, table.c.state, users.c.language, back.label("back"))
        .join(rooms, rooms.c.id == table.c.room_id)
        .join(users, users.c.id == table.c.visitor_id)
        .join(help_visitors, help_visitors.c.user_id == table.c.visitor_id)
        .where(table.c.said_at < until, known)
        .order_by(table.c.room_id)
    )


def _forget(tx: Transaction, until: int) -> int:
    found = tx.conn.execute(_old(until).limit(PIECE)).all()
    _lock(tx, found)
    # Of whom has come back in this moment, nothing is forgotten.
    rows = tx.conn.execute(_old(until).where(table.c.room_id.in_([row.room_id for row in found]))).all()
    of_rooms = table.c.room_id.in_([row.room_id for row in rows])
    tx.conn.execute(update(table).where(of_rooms).values(page="", browser="", comment=""))
    for row in rows:
        if not row.back:
            _forget_visitor(tx, row)
        if row.state != "resolved":
            conversations.tell(tx, row.room_id)
    return len(rows)


def _lock(tx: Transaction, rows: Sequence[Row[Any]]) -> None:
    """Nothing more is said in these rooms, and no other one is begun by their visitors, until the transaction ends."""
    for column, ids in (
        (rooms.c.id, {row.room_id for row in rows}),
        (users.c.id, {row.visitor_id for row in rows}),
    ):
        tx.conn.execute(select(column).where(column.in_(ids)).order_by(column).with_for_update())


def _forget_visitor(tx: Transaction, row: Row[Any]) -> None:
    """Each of their rooms has a row of its own."""
    name = visitors.nameless(row.visitor_id, row.language)
    called = {"name": name, "name_key": fold(name)}
    tx.conn.execute(update(help_visitors).where(help_visitors.c.user_id == row.visitor_id).values(email=""))
    tx.conn.execute(update(users).where(users.c.id == row.visitor_id).values(called))
    tx.conn.execute(update(rooms).where(rooms.c.id == row.room_id).values(called))
    if row.state != "resolved":
        people.tell_changed(tx, row.visitor_id)
