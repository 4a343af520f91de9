"""Reminders: a message that somebody has saved calls them again, at a time of their choice.

A reminder is no more than two columns of `saved_messages`, so that it is deleted, listed and kept in backups with what
it is about, and the list's number of changes counts its changes too.
"""

from __future__ import annotations

from sqlalchemy import Update, and_, select, update

from chat import changes, message_rows, saved
from chat.actor import Actor
from chat.changes import Found
from chat.events.saved import Reminder, ReminderSet, RemindersSeen
from chat.store import Store, Transaction
from chat.store.outbox import Reminded
from chat.store.tables import memberships, messages, saved_messages
from chat.times import now, stamp, to_come

# Many come at the same full hour.
MOST_AT_ONCE = 100


def choose(store: Store, actor: Actor, command: ReminderSet) -> None:
    """`reminder_set`: the message is saved too, where it is not. Raises `conflict` where too many are.

    Without a time, the message may be out of reach, and what has no reminder is no change.
    """
    if command.at is None:
        store.write(lambda tx: _take_off(tx, actor, command.message))
        return
    at = to_come(command.at, "at", now())

    def work(tx: Transaction, found: Found) -> None:
        saved.add(tx, actor, found)
        tx.conn.execute(_mine(actor, found.message.id).values(remind_at=at, reminder="waiting"))
        saved.tell_reminders(tx, actor.user, Reminder(found.message.id, found.room.id, stamp(at), "waiting"))

    changes.carry_out(store, actor, command.message, "message_save", work, archived=True)


def see(store: Store, actor: Actor, _: RemindersSeen) -> None:
    """`reminders_seen`: what is due has been looked at."""

    def work(tx: Transaction) -> None:
        due = and_(saved_messages.c.user_id == actor.user, saved_messages.c.reminder == "due")
        seen = update(saved_messages).where(due).values(reminder="seen")
        rows = tx.conn.execute(seen.returning(saved_messages.c.message_id, saved_messages.c.remind_at)).all()
        if not rows:
            return
        rooms_of = select(messages.c.id, messages.c.room_id).where(messages.c.id.in_([row.message_id for row in rows]))
        rooms = {row.id: row.room_id for row in tx.conn.execute(rooms_of)}
        told = [Reminder(row.message_id, rooms[row.message_id], stamp(row.remind_at), "seen") for row in rows]
        saved.tell_reminders(tx, actor.user, *sorted(told, key=lambda one: one.message))

    store.write(work)


def call(store: Store) -> None:
    """Tell those whose time has come. Of several processes that do so at once, one tells each."""
    moment = now()
    due = and_(saved_messages.c.reminder == "waiting", saved_messages.c.remind_at <= moment)
    earliest = select(saved_messages.c.id).where(due).order_by(saved_messages.c.remind_at).limit(MOST_AT_ONCE)
    with store.read() as conn:
        found = store.offload(lambda: conn.scalars(earliest).all())
    if not found:
        return

    def work(tx: Transaction) -> None:
        calls = update(saved_messages).where(saved_messages.c.id.in_(found), due).values(reminder="due")
        columns = (saved_messages.c.user_id, saved_messages.c.message_id, saved_messages.c.remind_at)
        for user, message, at in sorted(tx.conn.execute(calls.returning(*columns)).all()):
            _tell(tx, user, message, at)

    store.write(work)


def _tell(tx: Transaction, user: int, number: int, at: int) -> None:
    message = message_rows.one(tx.conn, number)
    mine = and_(memberships.c.room_id == message.room, memberships.c.user_id == user)
    is_in = tx.conn.scalar(select(memberships.c.user_id).where(mine)) is not None
    shown = message if is_in else None
    saved.tell_reminders(tx, user, Reminder(number, message.room, stamp(at), "due"), message=shown)
    if shown is not None:
        tx.after_commit(Reminded(user, shown))


def _take_off(tx: Transaction, actor: Actor, message: int) -> None:
    there = _mine(actor, message).where(saved_messages.c.reminder.is_not(None))
    if tx.conn.execute(there.values(remind_at=None, reminder=None)).rowcount:
        saved.tell_reminders(tx, actor.user, removed=message)


def _mine(actor: Actor, message: int) -> Update:
    mine = and_(saved_messages.c.user_id == actor.user, saved_messages.c.message_id == message)
    return update(saved_messages).where(mine)
