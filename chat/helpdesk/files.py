"""A visitor's files: how large they may be, and which of their conversation's they may read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, select

from chat import files
from chat.actor import Actor
from chat.helpdesk import showing, visitors
from chat.store import Store
from chat.store.tables import attachments, memberships, messages
from chat.store.tables import files as table


def largest(store: Store) -> int:
    """What a window may let its visitor choose, in bytes; none for no files at all."""
    nobody = Actor(0, "", "", "visitor")
    return files.largest(store, nobody) if files.is_on(store, nobody) else 0


def require_own(conn: Connection, visitor: Actor | None, ids: Sequence[int]) -> None:
    """Raises `not_found`: a visitor passes nothing on, and sends what they have handed in."""
    wanted = set(ids)
    number = visitor.user if visitor else 0
    mine = table.c.id.in_(wanted) & (table.c.owner_id == number) & _readable(number)
    if wanted and conn.scalar(select(func.count()).select_from(table).where(mine)) != len(wanted):
        raise files.no_such_file()


def find(store: Store, visitor: int, file: int, address: str) -> Row[Any]:
    """The row of a file that this visitor may read now. Raises `not_found`."""
    query = select(table).where(table.c.id == file, _readable(visitor))
    with store.read() as conn:
        row = None if visitors.admitted(conn, visitor, address) is None else conn.execute(query).first()
    if row is None:
        raise files.no_such_file()
    return row


def _readable(visitor: int) -> ColumnElement[bool]:
    """What a message has that they see, and what they have not sent yet: what was sent goes with its message."""
    mine = (memberships.c.room_id == attachments.c.room_id) & (memberships.c.user_id == visitor)
    told = messages.c.kind.in_(showing.SHOWN) & messages.c.deleted_at.is_(None)
    of_message = (attachments.c.file_id == table.c.id) & (messages.c.id == attachments.c.message_id)
    seen = exists().where(of_message, mine, told)
    unsent = (table.c.owner_id == visitor) & table.c.attached_at.is_(None)
    return table.c.dropped_at.is_(None) & (unsent | seen)
