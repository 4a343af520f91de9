"""Messages as the database has them, made into those that are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from chat.events import Author, Message
from chat.store.tables import messages, users
from chat.times import stamp, stamp_or_none

# Of text and HTML in one answer. A page must be far below what may wait for a client (`transport/limits.py`): one that
# has much to read would else be dropped by the very answer that brings it up to date, again and again.
MOST_PAGE_CHARACTERS = 100_000

_COLUMNS = (
    messages,
    users.c.username.label("author_username"),
    users.c.name.label("author_name"),
    users.c.avatar.label("author_avatar"),
)


def query() -> Select[Any]:
    """Whole messages with their authors: what `views` takes."""
    return select(*_COLUMNS).join(users, users.c.id == messages.c.author_id)


def views(conn: Connection, rows: Sequence[Row[Any]]) -> list[Message]:
    """The first one, and as many behind it as fit into one answer."""
    found: list[Message] = []
    size = 0
    for row in rows:
        message = _view(row)
        size += len(message.text) + len(message.html)
        if found and size > MOST_PAGE_CHARACTERS:
            break
        found.append(message)
    return found


def _view(row: Row[Any]) -> Message:
    deleted = row.deleted_at is not None
    return Message(
        id=row.id,
        room=row.room_id,
        seq=row.seq,
        rev=row.rev,
        author=Author(row.author_id, row.author_username, row.author_name, row.author_avatar),
        cid="" if deleted else row.cid,
        kind=row.kind,
        text="" if deleted else row.text,
        html="" if deleted else row.html,
        created_at=stamp(row.created_at),
        edited_at=stamp_or_none(row.edited_at),
        deleted=deleted,
        reply_to=None if deleted else row.reply_to,
    )
