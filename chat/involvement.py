"""What a member keeps of a room for themselves: how much of it they want to hear, and whether it is a favourite."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from chat import rooms
from chat.actor import Actor
from chat.events.rooms import InvolvementSet, RoomOwn, RoomStar
from chat.store import Store, Transaction
from chat.store.outbox import Publish, user_channel
from chat.store.tables import memberships


def choose(store: Store, actor: Actor, command: InvolvementSet) -> None:
    """`involvement_set`."""
    _keep(store, actor, command.room, involvement=command.level)


def star(store: Store, actor: Actor, command: RoomStar) -> None:
    """`room_star`."""
    _keep(store, actor, command.room, starred=command.on)


def _keep(store: Store, actor: Actor, room: int, **values: Any) -> None:
    def work(tx: Transaction) -> None:
        rooms.for_actor(tx.conn, actor, room)
        mine = (memberships.c.room_id == room) & (memberships.c.user_id == actor.user)
        kept = tx.conn.execute(
            update(memberships).where(mine).values(**values).returning(memberships.c.involvement, memberships.c.starred)
        ).one()
        tx.after_commit(Publish(user_channel(actor.user), "room_own", RoomOwn(room, kept.involvement, kept.starred)))

    store.write(work, room=room)
