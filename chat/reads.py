"""How far each member has read."""

from __future__ import annotations

from sqlalchemy import update

from chat import rooms
from chat.actor import Actor
from chat.events import Read, ReadMark
from chat.store import Store, Transaction
from chat.store.outbox import Publish, user_channel
from chat.store.tables import memberships


def mark(store: Store, actor: Actor, command: ReadMark) -> None:
    """`read_mark`: everything up to `seq` is read. It never goes back and never beyond the room's last message."""

    def work(tx: Transaction) -> None:
        room = rooms.for_actor(tx.conn, actor, command.room)
        seq = min(command.seq, room.seq)
        if seq <= room.last_read:
            return
        mine = (memberships.c.room_id == room.id) & (memberships.c.user_id == actor.user)
        tx.conn.execute(update(memberships).where(mine).values(last_read=seq))
        tx.after_commit(Publish(user_channel(actor.user), "read", Read(room.id, seq)))

    store.write(work, room=command.room)
