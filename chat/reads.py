"""How far each member has read."""

from __future__ import annotations

from sqlalchemy import select, update

from chat import changes, rooms, unread
from chat.actor import Actor
from chat.errors import conflict
from chat.events.objects import Counts
from chat.events.reading import MessageReaders, Read, ReadersResult, ReadMark
from chat.store import Store, Transaction
from chat.store.outbox import Publish, user_channel
from chat.store.tables import memberships, messages
from chat.store.tables import rooms as room_table

# In larger rooms nobody looks through the list, and everybody would be looked at.
MOST_MEMBERS_FOR_READERS = 50


def mark(store: Store, actor: Actor, command: ReadMark) -> None:
    """`read_mark`: everything up to `seq` is read. It goes back only if told to, and never beyond the last message."""

    def work(tx: Transaction) -> None:
        room = rooms.for_actor(tx.conn, actor, command.room)
        seq = min(command.seq, room.seq)
        if seq == room.last_read or (seq < room.last_read and not command.back):
            return
        mine = (memberships.c.room_id == room.id) & (memberships.c.user_id == actor.user)
        tx.conn.execute(update(memberships).where(mine).values(last_read=seq))
        rev, counts = room.rev, Counts(seq, 0, 0, 0)
        if seq < room.seq:
            head, counts = unread.head_and_counts(tx.conn, actor.user, room.id)
            rev = head.rev
        fact = Read(room.id, seq, rev, counts.unread, counts.mentions, counts.replies)
        tx.after_commit(Publish(user_channel(actor.user), "read", fact))

    store.write(work, room=command.room)


def readers(store: Store, actor: Actor, command: MessageReaders) -> ReadersResult:
    """`message_readers`: who has read up to a message, its author left out. Raises `conflict` in large rooms."""
    with store.read() as conn:
        room = changes.room_of(conn, actor, command.message)
        count = conn.scalar(select(room_table.c.member_count).where(room_table.c.id == room)) or 0
        if count > MOST_MEMBERS_FOR_READERS:
            raise conflict(f"Who has read is shown in rooms of up to {MOST_MEMBERS_FOR_READERS} people.", "message")
        found = (
            select(memberships.c.user_id)
            .join(messages, messages.c.room_id == memberships.c.room_id)
            .where(messages.c.id == command.message, memberships.c.last_read >= messages.c.seq)
            .where(memberships.c.user_id != messages.c.author_id)
        )
        return ReadersResult(sorted(conn.scalars(found)))
