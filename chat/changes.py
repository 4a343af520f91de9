"""What every change of a message that is there has in common: who may find it, its room's lock, its new `rev`.

Such a change takes a `rev` of its room, like a new message; everybody is told the message's whole new state.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Row, select, update

from chat import message_rows, permissions, rooms
from chat.actor import Actor
from chat.errors import ChatError, forbidden, not_found
from chat.events.messages import MessageChanged
from chat.events.objects import Message
from chat.permissions import Action
from chat.store import Store, Transaction
from chat.store.outbox import Publish, room_channel
from chat.store.tables import memberships, messages

T = TypeVar("T")


class Found(NamedTuple):
    """The message as its row, and the room with the actor's membership, locked until the transaction ends."""

    message: Row[Any]
    room: Row[Any]


def room_of(conn: Connection, actor: Actor, message: int) -> int:
    """The room of a message that the actor may read. Raises `not_found` alike for one that there is not."""
    mine = (memberships.c.room_id == messages.c.room_id) & (memberships.c.user_id == actor.user)
    room: int | None = conn.scalar(select(messages.c.room_id).join(memberships, mine).where(messages.c.id == message))
    if room is None:
        raise no_such_message()
    return room


def carry_out(
    store: Store,
    actor: Actor,
    message: int,
    action: Action,
    work: Callable[[Transaction, Found], T],
    *,
    archived: bool = False,
) -> T:
    """Do `work` with a message that the actor may do `action` with; in an archived room only if `archived`.

    Raises `ChatError`: `not_found` for a message that there is not, that was deleted, or that is none of the actor's
    business; `forbidden` where the actor may not, or the room is archived.
    """
    with store.read() as conn:
        room = room_of(conn, actor, message)

    def locked(tx: Transaction) -> T:
        found = _find(tx.conn, actor, room, message)
        permissions.require(actor, action, found.room.role)
        if found.room.archived_at is not None and not archived:
            raise rooms.archived()
        return work(tx, found)

    return store.write(locked, room=room)


def settle(tx: Transaction, message: int, room: int, **values: Any) -> Message:
    """Give the message new values and the room's next `rev`, and tell everybody. Returns it as it is now."""
    head = rooms.advance(tx, room)
    tx.conn.execute(update(messages).where(messages.c.id == message).values(rev=head.rev, **values))
    changed = message_rows.one(tx.conn, message)
    tx.after_commit(Publish(room_channel(room), "message_changed", MessageChanged(room, head.rev, changed)))
    return changed


def require_own(actor: Actor, found: Found) -> None:
    if found.message.author_id != actor.user:
        raise forbidden("Only its author can do this.")


def require_own_or_led(actor: Actor, found: Found) -> None:
    """The actor's own message, or, as who leads the room, anybody's."""
    if found.message.author_id == actor.user:
        return
    permissions.require(actor, "message_remove", found.room.role)
    if found.room.kind == "direct":
        # Nobody leads a conversation of equals, whoever they are elsewhere.
        require_own(actor, found)


def no_such_message() -> ChatError:
    return not_found("There is no such message, or you are not in its room.", "message")


def _find(conn: Connection, actor: Actor, room: int, message: int) -> Found:
    try:
        place = rooms.for_actor(conn, actor, room, lock=True)
    except ChatError:
        raise no_such_message() from None
    row = conn.execute(select(messages).where(messages.c.id == message)).first()
    if row is None or row.kind == "system":
        raise no_such_message()
    if row.deleted_at is not None:
        raise not_found("This message was deleted.", "message")
    return Found(row, place)
