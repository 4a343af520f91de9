"""Direct conversations: rooms without a name, of some people and nobody else. The same people have one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from chat import permissions, rooms
from chat.actor import Actor
from chat.events.rooms import DirectOpen, RoomResult
from chat.store import Store, Transaction
from chat.store.tables import rooms as table
from chat.times import now


def open_with(store: Store, actor: Actor, command: DirectOpen) -> RoomResult:
    """`direct_open`: the conversation with these people, or with oneself; made where there is none."""
    permissions.require(actor, "direct_open")
    people = sorted({actor.user, *command.users})
    key = "-".join(map(str, people))

    def work(tx: Transaction) -> RoomResult:
        room = tx.conn.scalar(select(table.c.id).where(table.c.direct_key == key))
        if room is None:
            others = [user for user in people if user != actor.user]
            rooms.existing(tx.conn, others, "users")
            room = tx.insert(
                table,
                {
                    "kind": "direct",
                    "name": "",
                    "name_key": "",
                    "direct_key": key,
                    "created_by": actor.user,
                    "created_at": now(),
                },
            )
            rooms.add_members(tx, room, people, store.settings.rooms_per_user)
        return RoomResult(rooms.view(tx.conn, actor.user, room))

    try:
        return store.write(work)
    except IntegrityError:
        # One of the others made it in the same moment.
        return store.write(work)
