"""Warnings: shown once, on whichever of somebody's devices comes first."""

from __future__ import annotations

from sqlalchemy import update

from chat import audit
from chat.actor import Actor
from chat.errors import not_found
from chat.events.moderation import UserWarn, WarningSeen
from chat.sanctions import keeping, ranks
from chat.store import Store, Transaction
from chat.store.tables import sanctions
from chat.times import now


def warn(store: Store, actor: Actor, command: UserWarn) -> None:
    """`user_warn`: for what was done in a room, or on the whole server."""
    why = keeping.reason(command.reason, least=1)

    def work(tx: Transaction) -> None:
        if command.room is None:
            ranks.require_anywhere(tx.conn, actor, "user_warn", command.user)
        else:
            ranks.require_in_room(tx.conn, actor, "room_warn", command.room, command.user)
        keeping.add(tx, actor, "warning", command.user, room=command.room, why=why, until=None)
        keeping.tell(tx, command.user)
        audit.note(tx, actor, "user_warn", user=command.user, room=command.room, reason=why)

    store.write(work)


def see(store: Store, actor: Actor, command: WarningSeen) -> None:
    """`warning_seen`: the actor's own; again is no change."""

    def work(tx: Transaction) -> None:
        mine = (sanctions.c.id == command.id) & (sanctions.c.user_id == actor.user) & (sanctions.c.kind == "warning")
        seen = update(sanctions).where(mine, sanctions.c.shown_at.is_(None)).values(shown_at=now())
        if tx.conn.execute(seen).rowcount:
            keeping.tell(tx, actor.user)
        elif tx.conn.scalar(sanctions.select().where(mine)) is None:
            raise not_found("There is no such warning.", "id")

    store.write(work)
