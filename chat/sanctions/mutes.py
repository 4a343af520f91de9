"""Mutes: who is muted reads, and says nothing, in a room or anywhere."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from chat import audit
from chat.actor import Actor
from chat.errors import conflict
from chat.events.moderation import UserMute, UserUnmute
from chat.sanctions import keeping, ranks
from chat.store import Store, Transaction
from chat.store.outbox import Muted, Unmuted
from chat.store.tables import sanctions
from chat.times import now, stamp_or_none


def mute(store: Store, actor: Actor, command: UserMute) -> None:
    """`user_mute`: another mute takes the place of the one before."""
    why, until = keeping.reason(command.reason), keeping.end(command.until)

    def work(tx: Transaction) -> None:
        _require(tx.conn, actor, command.user, command.room)
        _unmute(tx, command.user, command.room)
        number = keeping.add(tx, actor, "mute", command.user, room=command.room, why=why, until=until)
        tx.after_commit(Muted(number, command.user, command.room, until))
        _tell(tx, command.user, command.room)
        end = stamp_or_none(until)
        audit.note(tx, actor, "user_mute", user=command.user, room=command.room, until=end, reason=why)

    store.write(work)


def unmute(store: Store, actor: Actor, command: UserUnmute) -> None:
    """`user_unmute`. Raises `conflict` for who is not muted."""

    def work(tx: Transaction) -> None:
        _require(tx.conn, actor, command.user, command.room)
        if not _unmute(tx, command.user, command.room):
            raise conflict("This person is not muted.", "user")
        _tell(tx, command.user, command.room)
        audit.note(tx, actor, "user_unmute", user=command.user, room=command.room)

    store.write(work)


def all_in_force(conn: Connection) -> tuple[list[Muted], int]:
    """And the number of the last sanction that was there to be seen."""
    last = conn.scalar(select(func.max(sanctions.c.id))) or 0
    query = select(sanctions.c.id, sanctions.c.user_id, sanctions.c.room_id, sanctions.c.until)
    rows = conn.execute(query.where(sanctions.c.kind == "mute", keeping.in_force(now())).order_by(sanctions.c.id))
    return [Muted(*row) for row in rows], last


def _require(conn: Connection, actor: Actor, user: int, room: int | None) -> None:
    if room is None:
        ranks.require_anywhere(conn, actor, "user_mute", user)
    else:
        ranks.require_in_room(conn, actor, "room_mute", room, user)


def _tell(tx: Transaction, user: int, room: int | None) -> None:
    keeping.tell(tx, user)
    if room is not None:
        keeping.tell_leaders(tx, room)


def _unmute(tx: Transaction, user: int, room: int | None) -> bool:
    found = keeping.lift(tx, "mute", user, room)
    if found:
        tx.after_commit(Unmuted(tuple(found)))
    return bool(found)
