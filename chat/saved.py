"""Messages that somebody has saved for later: their own list on all their devices, of which nobody else learns.

`users.saved_rev` counts the changes of the list, and `welcome` tells it: who knows the list as of that number asks for
nothing. That number is taken before messages are counted, so that the limit is exact with several processes.
"""

from __future__ import annotations

from sqlalchemy import Connection, and_, delete, func, select, update

from chat import changes, message_rows
from chat.actor import Actor
from chat.changes import Found
from chat.errors import conflict
from chat.events.objects import Message
from chat.events.saved import (
    Reminder,
    RemindersChanged,
    SavedChanged,
    SavedIds,
    SavedIdsResult,
    SavedList,
    SavedListResult,
    SavedSet,
)
from chat.store import Store, Transaction
from chat.store.outbox import Publish, user_channel
from chat.store.tables import memberships, messages, saved_messages, users
from chat.times import stamp

MOST = 1_000
# Of those whose time has come, so many stand before all others.
MOST_DUE = 100


def choose(store: Store, actor: Actor, command: SavedSet) -> None:
    """`saved_set`: again is no change. Raises `conflict` where there are too many.

    Taking off asks for no room: what is on the list may be out of reach by now, and what is not is no change.
    """
    if command.on:
        changes.carry_out(
            store, actor, command.message, "message_save", lambda tx, found: add(tx, actor, found), archived=True
        )
    else:
        store.write(lambda tx: _take_off(tx, actor, command.message))


def listing(store: Store, actor: Actor, command: SavedList) -> SavedListResult:
    """`saved_list`: the last saved first."""
    mine = and_(memberships.c.room_id == messages.c.room_id, memberships.c.user_id == actor.user)
    reached = (
        select(saved_messages.c.id, saved_messages.c.message_id)
        .join(messages, messages.c.id == saved_messages.c.message_id)
        .join(memberships, mine)
        .where(saved_messages.c.user_id == actor.user)
    )
    query = reached if command.before is None else reached.where(saved_messages.c.id < command.before)
    with store.read() as conn:
        found = conn.execute(query.order_by(saved_messages.c.id.desc()).limit(command.limit + 1)).all()
        page = _views(conn, [row.message_id for row in found[: command.limit]])
        due = []
        if command.before is None:
            query = reached.where(saved_messages.c.reminder.in_(("due", "seen")))
            query = query.order_by(saved_messages.c.remind_at.desc(), saved_messages.c.id.desc()).limit(MOST_DUE)
            due = _views(conn, [row.message_id for row in conn.execute(query)])
    return SavedListResult(page, found[len(page) - 1].id if len(page) < len(found) else None, due)


def ids(store: Store, actor: Actor, command: SavedIds) -> SavedIdsResult:
    """`saved_ids`, in the order in which they were saved."""
    mine = saved_messages.c.user_id == actor.user
    query = select(saved_messages.c.message_id).where(mine).order_by(saved_messages.c.id)
    reminded = (
        select(messages.c.room_id, saved_messages.c.message_id, saved_messages.c.remind_at, saved_messages.c.reminder)
        .join(messages, messages.c.id == saved_messages.c.message_id)
        .where(mine, saved_messages.c.reminder.is_not(None))
        .order_by(saved_messages.c.id)
    )
    with store.read() as conn:
        rev = conn.scalar(select(users.c.saved_rev).where(users.c.id == actor.user))
        reminders = [
            Reminder(row.message_id, row.room_id, stamp(row.remind_at), row.reminder) for row in conn.execute(reminded)
        ]
        return SavedIdsResult(rev or 0, list(conn.scalars(query)), reminders)


def forget(tx: Transaction, message: int) -> None:
    """The message is deleted: it goes from everybody's list. That is told by the message's own change, and to those who
    were to be reminded, who may have nothing of it but that."""
    gone = delete(saved_messages).where(saved_messages.c.message_id == message)
    rows = tx.conn.execute(gone.returning(saved_messages.c.user_id, saved_messages.c.reminder)).all()
    for user in sorted(row.user_id for row in rows if row.reminder is not None):
        tell_reminders(tx, user, removed=message)


def add(tx: Transaction, actor: Actor, found: Found) -> None:
    """Put it on the actor's list; again is no change. Raises `conflict` where there are too many."""
    number = found.message.id
    mine = saved_messages.c.user_id == actor.user
    # Its room is locked, so nobody else saves it for this account, or deletes it, meanwhile.
    if tx.conn.scalar(select(saved_messages.c.id).where(mine, saved_messages.c.message_id == number)) is not None:
        return
    rev = count(tx.conn, actor.user)
    if (tx.conn.scalar(select(func.count()).where(mine)) or 0) >= MOST:
        raise conflict(f"You can save {MOST:,} messages; take one off your list first.", "message")
    tx.insert(saved_messages, {"user_id": actor.user, "message_id": number})
    _tell(tx, actor.user, SavedChanged(rev, added=message_rows.one(tx.conn, number)))


def _take_off(tx: Transaction, actor: Actor, message: int) -> None:
    mine = and_(saved_messages.c.user_id == actor.user, saved_messages.c.message_id == message)
    if tx.conn.execute(delete(saved_messages).where(mine)).rowcount:
        _tell(tx, actor.user, SavedChanged(count(tx.conn, actor.user), removed=message))


def tell_reminders(
    tx: Transaction, user: int, *changed: Reminder, removed: int | None = None, message: Message | None = None
) -> None:
    """These are so from now on; one change more of the list."""
    fact = RemindersChanged(count(tx.conn, user), list(changed), removed, message)
    tx.after_commit(Publish(user_channel(user), "reminders_changed", fact))


def count(conn: Connection, user: int) -> int:
    """One change more. The account's row stays locked until the transaction ends."""
    more = update(users).where(users.c.id == user).values(saved_rev=users.c.saved_rev + 1)
    return int(conn.execute(more.returning(users.c.saved_rev)).scalar_one())


def _views(conn: Connection, ids: list[int]) -> list[Message]:
    """The messages, as many as fit into one answer."""
    rows = message_rows.by_ids(conn, ids)
    return message_rows.views(conn, [rows[number] for number in ids])


def _tell(tx: Transaction, user: int, fact: SavedChanged) -> None:
    tx.after_commit(Publish(user_channel(user), "saved_changed", fact))
