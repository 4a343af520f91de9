"""Messages that somebody has written to be sent later.

The server sends each as its author would then, so what is allowed, who is called and who is told is decided at that
time. It has its message's `cid` from the beginning: a process takes it for a minute, sends, and lets it go; if the
process dies in between, another one takes it after that minute, and finds the message that there is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection, Row, and_, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from chat import messages, people, permissions, rooms
from chat.actor import Actor
from chat.errors import ChatError, bad_request, conflict, forbidden, not_found
from chat.events.messages import MessageResult, MessageSend
from chat.events.objects import Error
from chat.events.scheduled import (
    Scheduled,
    ScheduledAdd,
    ScheduledChange,
    ScheduledChanged,
    ScheduledList,
    ScheduledListResult,
    ScheduledRemove,
    ScheduledResult,
    ScheduledSend,
)
from chat.helpdesk import speaking
from chat.mentions import CalledBy, IsHere, nobodys_words
from chat.store import Store, Transaction
from chat.store.outbox import Publish, user_channel
from chat.store.tables import messages as message_table
from chat.store.tables import scheduled_messages, users
from chat.text import clean
from chat.times import now, stamp, to_come

log = structlog.get_logger(__name__)

MOST = 100
# Of all of one person's, so that their list is one answer.
MOST_CHARACTERS = 200_000
# Many are for the same full hour.
MOST_AT_ONCE = 100
# So long has a process that has taken one.
LEASE = 60_000

_decode_error = msgspec.json.Decoder(Error).decode
_OF = scheduled_messages.c


def add(store: Store, actor: Actor, command: ScheduledAdd) -> ScheduledResult:
    """`scheduled_add`. Raises what sending would raise by now, and `conflict` where there are too many."""
    cid = clean(command.cid, "cid", least=1, most=64)
    if cid != command.cid:
        raise bad_request("This id is not usable.", "cid")
    text = _text(command.text)
    at = to_come(command.at, "at", now())

    def work(tx: Transaction) -> ScheduledResult:
        room = rooms.for_actor(tx.conn, actor, command.room)
        permissions.require(actor, "message_send", room.role)
        if room.archived_at is not None:
            raise rooms.archived()
        if command.reply_to is not None and not _is_in(tx.conn, command.reply_to, command.room):
            raise not_found("The message that this answers is not in this room.", "reply_to")
        _lock(tx.conn, actor.user)
        known = tx.conn.execute(select(scheduled_messages).where(_OF.user_id == actor.user, _OF.cid == cid)).first()
        if known is not None:
            # Sent again, since the first answer was lost; nothing has changed.
            return ScheduledResult(_view(known))
        _require_place(tx.conn, actor.user, len(text), another=True)
        said = {"room_id": command.room, "cid": cid, "text": text, "reply_to": command.reply_to}
        number = tx.insert(scheduled_messages, {"user_id": actor.user, **said, "send_at": at, "due_at": at})
        return _told(tx, actor.user, number)

    return store.write(work)


def listing(store: Store, actor: Actor, _: ScheduledList) -> ScheduledListResult:
    """`scheduled_list`."""
    mine = select(scheduled_messages).where(_OF.user_id == actor.user).order_by(_OF.send_at, _OF.id)
    with store.read() as conn:
        conn.begin()
        rev = conn.scalar(select(users.c.scheduled_rev).where(users.c.id == actor.user))
        return ScheduledListResult(rev or 0, [_view(row) for row in conn.execute(mine)])


def change(store: Store, actor: Actor, command: ScheduledChange) -> ScheduledResult:
    """`scheduled_change`. Raises `conflict` for what is being sent."""
    values: dict[str, Any] = {}
    if command.text is not None:
        values["text"] = _text(command.text)
    if command.at is not None:
        at = to_come(command.at, "at", now())
        values |= {"send_at": at, "due_at": at, "error": None}
    if not values:
        raise bad_request("Say what is to be changed.", "at")

    def work(tx: Transaction) -> ScheduledResult:
        _lock(tx.conn, actor.user)
        row = _held(tx.conn, actor, command.id)
        if "text" in values:
            _require_place(tx.conn, actor.user, len(values["text"]) - len(row.text), another=False)
        tx.conn.execute(update(scheduled_messages).where(_OF.id == row.id).values(values))
        return _told(tx, actor.user, row.id)

    return store.write(work)


def remove(store: Store, actor: Actor, command: ScheduledRemove) -> None:
    """`scheduled_remove`: what is not there is no change. Raises `conflict` for what is being sent."""

    def work(tx: Transaction) -> None:
        _lock(tx.conn, actor.user)
        row = _find(tx.conn, actor, command.id)
        if row is not None:
            _require_unclaimed(row)
            _drop(tx, actor.user, row.id)

    store.write(work)


def send_now(
    store: Store,
    actor: Actor,
    command: ScheduledSend,
    is_here: IsHere = lambda user: False,
    called_by: CalledBy = nobodys_words,
) -> MessageResult:
    """`scheduled_send`. Raises what sending raises, and `conflict` for what is being sent already."""

    def claim(tx: Transaction) -> Row[Any]:
        _lock(tx.conn, actor.user)
        row = _held(tx.conn, actor, command.id)
        _take(tx.conn, row.id)
        return row

    row = store.write(claim)
    try:
        return _send(store, actor, row, is_here, called_by)
    except Exception:
        back = {"due_at": row.due_at, "claimed_at": None}
        store.write(lambda tx: tx.conn.execute(update(scheduled_messages).where(_OF.id == row.id).values(back)))
        raise


def send_due(store: Store, is_here: IsHere, pay: Callable[[int], None], called_by: CalledBy = nobodys_words) -> None:
    """Send what is to be sent by now. `pay` takes what a message costs its author, or raises `ChatError`."""
    moment = now()
    due = and_(_OF.due_at.is_not(None), _OF.due_at <= moment)
    earliest = select(_OF.id, _OF.user_id).where(due).order_by(_OF.due_at, _OF.id).limit(MOST_AT_ONCE)
    with store.read() as conn:
        found = store.offload(lambda: conn.execute(earliest).all())
    waiting: set[int] = set()
    for number, user in found:
        if user in waiting:
            continue
        try:
            pay(user)
        except ChatError:
            # The next round has it, and what this person wrote after it.
            waiting.add(user)
            continue
        _send_one(store, number, moment, is_here, called_by)


def _send_one(store: Store, number: int, moment: int, is_here: IsHere, called_by: CalledBy) -> None:
    def claim(tx: Transaction) -> tuple[Row[Any], Row[Any]] | None:
        """The message and its author's account, unless another process was quicker."""
        if not _take(tx.conn, number, moment):
            return None
        row = tx.conn.execute(select(scheduled_messages).where(_OF.id == number)).one()
        return row, tx.conn.execute(select(users).where(users.c.id == row.user_id)).one()

    claimed = store.write(claim)
    if claimed is None:
        return
    row, account = claimed
    try:
        if account.deactivated_at is not None:
            raise forbidden("This account is deactivated.")
        if account.banned_until is not None and account.banned_until > now():
            raise forbidden("This account is banned.")
        _send(store, people.actor(account), row, is_here, called_by)
    except ChatError as error:
        _settle(store, row, error)
    except IntegrityError:
        # Two writers met, and the other was first.
        _settle(store, row, ChatError("conflict", "Somebody else changed this in the same moment.", retryable=True))
    except Exception:  # one that fails must not keep the others waiting
        log.exception("a scheduled message failed", scheduled=number)
        _settle(store, row, ChatError("internal", "Something went wrong here."))


def _send(store: Store, actor: Actor, row: Row[Any], is_here: IsHere, called_by: CalledBy) -> MessageResult:
    said = MessageSend(row.room_id, row.cid, row.text, row.reply_to)
    result = speaking.send(store, actor, said, is_here, called_by)

    def done(tx: Transaction) -> None:
        _lock(tx.conn, actor.user)
        _drop(tx, actor.user, row.id)

    store.write(done)
    return result


def _settle(store: Store, row: Row[Any], error: ChatError) -> None:
    """What was refused waits for another try, or for its author."""
    if error.retryable:
        wait = LEASE if error.retry_after is None else round(error.retry_after * 1000)
        values: dict[str, Any] = {"due_at": now() + wait, "claimed_at": None}
    else:
        kept = msgspec.json.encode(Error(error.code, error.message, error.retryable, error.field)).decode()
        values = {"due_at": None, "claimed_at": None, "error": kept}

    def work(tx: Transaction) -> None:
        _lock(tx.conn, row.user_id)
        there = tx.conn.execute(update(scheduled_messages).where(_OF.id == row.id).values(values)).rowcount
        if there and not error.retryable:
            _told(tx, row.user_id, row.id)

    store.write(work)


def _take(conn: Connection, number: int, due: int | None = None) -> bool:
    """Whether nobody else has it; with `due`, only if it is due by then."""
    free = _OF.id == number if due is None else and_(_OF.id == number, _OF.due_at <= due)
    moment = now()
    taken = update(scheduled_messages).where(free).values(claimed_at=moment, due_at=moment + LEASE)
    return conn.execute(taken).rowcount > 0


def _drop(tx: Transaction, user: int, number: int) -> None:
    if tx.conn.execute(delete(scheduled_messages).where(_OF.id == number)).rowcount:
        _tell(tx, user, removed=number)


def _text(text: str) -> str:
    return clean(text, "text", least=1, most=messages.MOST_CHARACTERS, lines=True)


def _is_in(conn: Connection, message: int, room: int) -> bool:
    there = select(message_table.c.id).where(message_table.c.id == message, message_table.c.room_id == room)
    return conn.scalar(there) is not None


def _require_place(conn: Connection, user: int, characters: int, *, another: bool) -> None:
    """The account's row is locked, so both limits are exact."""
    size = func.coalesce(func.sum(func.length(_OF.text)), 0)
    there, kept = conn.execute(select(func.count(), size).where(_OF.user_id == user)).one()
    if (another and there >= MOST) or kept + characters > MOST_CHARACTERS:
        raise conflict(f"You can schedule {MOST} messages, and long ones fewer; remove one first.", "text")


def _find(conn: Connection, actor: Actor, number: int) -> Row[Any] | None:
    """One of the actor's own, which nobody else changes until the transaction ends."""
    mine = select(scheduled_messages).where(_OF.id == number, _OF.user_id == actor.user)
    return conn.execute(mine.with_for_update()).first()


def _held(conn: Connection, actor: Actor, number: int) -> Row[Any]:
    """The same; raises `not_found`, and `conflict` for what is being sent."""
    row = _find(conn, actor, number)
    if row is None:
        raise not_found("This message is not scheduled any more.", "id")
    _require_unclaimed(row)
    return row


def _require_unclaimed(row: Row[Any]) -> None:
    if row.claimed_at is not None:
        raise conflict("This message is being sent.", "id")


def _view(row: Row[Any]) -> Scheduled:
    error = None if row.error is None else _decode_error(row.error)
    return Scheduled(row.id, row.room_id, row.text, stamp(row.send_at), row.reply_to, error)


def _told(tx: Transaction, user: int, number: int) -> ScheduledResult:
    """One has changed: tell it as it is now."""
    changed = _view(tx.conn.execute(select(scheduled_messages).where(_OF.id == number)).one())
    _tell(tx, user, changed=changed)
    return ScheduledResult(changed)


def _tell(tx: Transaction, user: int, *, changed: Scheduled | None = None, removed: int | None = None) -> None:
    counted = update(users).where(users.c.id == user).values(scheduled_rev=users.c.scheduled_rev + 1)
    rev = tx.conn.execute(counted.returning(users.c.scheduled_rev)).scalar_one()
    tx.after_commit(Publish(user_channel(user), "scheduled_changed", ScheduledChanged(rev, changed, removed)))


def _lock(conn: Connection, user: int) -> None:
    """Before any row of the list, so that nobody waits for the other; until the transaction ends."""
    conn.execute(select(users.c.id).where(users.c.id == user).with_for_update())
