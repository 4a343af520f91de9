"""What is known of visitors goes with what they said: pages, browsers, names and addresses, after the server's days."""

from __future__ import annotations

from sqlalchemy import Connection, Select, select, update

from chat.helpdesk.visitors import nameless
from chat.store import Store, Transaction
from chat.store.tables import help_conversations, help_visitors, rooms, users
from chat.text import fold

PIECE = 100


def forget(store: Store, until: int) -> bool:
    """A piece of what is older than `until`, in milliseconds since 1970; returns whether there may be more."""
    with store.read() as conn:
        due = store.offload(_is_due, conn, until)
    return due and store.write(lambda tx: _forget(tx, until)) == PIECE


def _is_due(conn: Connection, until: int) -> bool:
    return conn.execute(_old(until).limit(1)).first() is not None


def _old(until: int) -> Select[tuple[int, int]]:
    table = help_conversations
    known = (table.c.page != "") | (table.c.browser != "") | (table.c.comment != "")
    over = (table.c.state == "resolved") & (table.c.said_at < until)
    return select(table.c.room_id, table.c.visitor_id).where(over, known)


def _forget(tx: Transaction, until: int) -> int:
    table = help_conversations
    rows = tx.conn.execute(_old(until).order_by(table.c.room_id).limit(PIECE)).all()
    of_rooms = table.c.room_id.in_([row.room_id for row in rows])
    tx.conn.execute(update(table).where(of_rooms).values(page="", browser="", comment=""))
    visitors = {row.visitor_id for row in rows}
    back = select(table.c.visitor_id).where(table.c.visitor_id.in_(visitors), table.c.said_at >= until)
    for visitor in sorted(visitors - set(tx.conn.scalars(back))):
        name = nameless(visitor)["en"]
        called = {"name": name, "name_key": fold(name)}
        tx.conn.execute(update(help_visitors).where(help_visitors.c.user_id == visitor).values(email=""))
        tx.conn.execute(update(users).where(users.c.id == visitor).values(called))
        theirs = select(table.c.room_id).where(table.c.visitor_id == visitor)
        tx.conn.execute(update(rooms).where(rooms.c.id.in_(theirs)).values(called))
    return len(rows)
