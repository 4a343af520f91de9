"""Notes: what agents say among themselves in a conversation, which its visitor never sees."""

from __future__ import annotations

from sqlalchemy import select

from chat import changes
from chat.actor import Actor
from chat.errors import forbidden
from chat.store import Store
from chat.store.tables import messages


def require_none(store: Store, actor: Actor, room: int, seq: int, message: int | None) -> None:
    """Raises `forbidden` where either of these messages of a room, by its `seq` or its id, is a note: who answers it
    without seeing the page would answer the visitor.
    """
    which = (messages.c.room_id == room) & (messages.c.kind == "note")
    either = (messages.c.seq == seq) | (messages.c.id == (message or 0))
    with store.read() as conn:
        found = conn.scalar(select(messages.c.id).where(which, either).limit(1))
        if found is None:
            return
        changes.room_of(conn, actor, found)
    raise forbidden("A note is answered in the conversation itself.")
