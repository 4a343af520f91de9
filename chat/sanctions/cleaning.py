"""What a banned account has written lately, deleted in small pieces: each is a change like any other, and others write
in between."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from chat import audit, changes, permissions, rooms
from chat import messages as nouns
from chat.actor import Actor
from chat.events.admin import MessageRemove
from chat.store import Store, Transaction
from chat.store.tables import messages
from chat.times import HOUR, now

PIECE = 100
# Messages are looked through by their numbers, the newest first: there is no index by author, which all would pay for.
LOOKED_AT = 2_000


def clean(store: Store, actor: Actor, user: int, hours: int) -> int:
    """Delete what the account has written in so many hours; returns how many, which the log says in the end too."""
    count = 0
    try:
        for room, ids in _found(store, user, now() - hours * HOUR):
            count += store.write(lambda tx, room=room, ids=ids: erase(tx, room, ids), room=room)  # type: ignore[misc]
    finally:
        store.write(lambda tx: audit.note(tx, actor, "messages_remove", user=user, hours=hours, messages=count))
    return count


def remove(store: Store, actor: Actor, command: MessageRemove) -> None:
    """`message_remove`: any message, in whatever room. Raises `not_found`."""
    permissions.require(actor, "message_remove_anywhere")
    message = command.message
    with store.read() as conn:
        room = conn.scalar(select(messages.c.room_id).where(messages.c.id == message))

    def work(tx: Transaction) -> None:
        author = tx.conn.scalar(select(messages.c.author_id).where(messages.c.id == message))
        if room is None or not erase(tx, room, [message]):
            raise changes.no_such_message()
        audit.note(tx, actor, "message_delete", user=author, room=room, message=message)

    store.write(work, room=room or 0)


def _found(store: Store, user: int, since: int) -> Iterator[tuple[int, list[int]]]:
    """Pieces of one room each."""
    with store.read() as conn:
        last = conn.scalar(select(func.max(messages.c.id))) or 0
    while last > 0:
        with store.read() as conn:
            by_room, goes_on = store.offload(_look, conn, user, since, last)
        last -= LOOKED_AT
        for room, ids in by_room.items():
            for start in range(0, len(ids), PIECE):
                yield room, ids[start : start + PIECE]
        if not goes_on:
            return


def _look(conn: Connection, user: int, since: int, last: int) -> tuple[dict[int, list[int]], bool]:
    """The account's messages among so many, and whether there may be more before them."""
    among = messages.c.id.between(last - LOOKED_AT + 1, last)
    theirs = (messages.c.author_id == user) & messages.c.deleted_at.is_(None) & (messages.c.kind != "system")
    query = select(messages.c.room_id, messages.c.id).where(among, theirs, messages.c.created_at >= since)
    by_room: dict[int, list[int]] = {}
    for room, message in conn.execute(query.order_by(messages.c.id.desc())):
        by_room.setdefault(room, []).append(message)
    oldest = conn.scalar(select(func.min(messages.c.created_at)).where(among))
    return by_room, oldest is None or oldest >= since


def erase(tx: Transaction, room: int, ids: list[int]) -> int:
    """Those of the room's messages that are still there; returns how many."""
    rooms.lock(tx, room)
    still = messages.c.id.in_(ids) & messages.c.deleted_at.is_(None) & (messages.c.kind != "system")
    rows = tx.conn.execute(select(messages).where(messages.c.room_id == room, still).order_by(messages.c.id)).all()
    for row in rows:
        nouns.erase(tx, row)
    return len(rows)
