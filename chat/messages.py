"""Messages: send, history, sync.

`seq` numbers a room's messages and `rev` every change in it; both come from the room's row in the same transaction, so
their order is the order of commits, without holes.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, select

from chat import markup, message_rows, permissions, rooms
from chat.actor import Actor
from chat.errors import ChatError, bad_request, conflict, forbidden, not_found
from chat.events import (
    Head,
    History,
    HistoryResult,
    Message,
    MessageNew,
    MessageResult,
    MessageSend,
    RoomSync,
    RoomSyncResult,
)
from chat.store import Store, Transaction
from chat.store.hot import Sent
from chat.store.outbox import Publish, room_channel
from chat.store.tables import messages
from chat.text import clean
from chat.times import now, stamp

MOST_CHARACTERS = 10_000
# A client that is further behind than this drops its cache: reading the newest page is cheaper for everybody.
MOST_CHANGES_TO_SYNC = 5_000


def send(store: Store, actor: Actor, command: MessageSend) -> MessageResult:
    """`message_send`: keeps the message and tells the room. Returns after the commit.

    A `cid` that the author has used before answers with the stored message and `duplicate`; raises `ChatError`
    (`conflict`) where the text or the room differs.
    """
    cid = clean(command.cid, "cid", least=1, most=64)
    if cid != command.cid:
        raise bad_request("This id is not usable.", "cid")
    if command.files:
        raise not_found("There is no such file.", "files")
    text = clean(command.text, "text", least=1, most=MOST_CHARACTERS, lines=True)
    html = markup.render(text) if len(text) <= markup.INLINE_CHARACTERS else store.offload(markup.render, text)

    def work(tx: Transaction) -> MessageResult:
        try:
            return MessageResult(_add(tx, actor, command, text, html), duplicate=False)
        except (ChatError, _Taken):
            # What was kept before is found again, also by one who may not speak here any more.
            stored = _stored(tx.conn, actor, cid)
            if stored is None:
                raise
            return _duplicate(tx.conn, stored, command.room, text)

    return store.write(work, room=command.room, sends=Sent(actor.user, cid))


def history(store: Store, actor: Actor, command: History) -> HistoryResult:
    """`history`: a page of messages by rising seq."""
    places = [p for p in (command.before, command.after, command.around) if p is not None]
    if len(places) > 1:
        raise bad_request("Name only one of `before`, `after` and `around`.", "around")
    with store.read() as conn:
        room = rooms.for_actor(conn, actor, command.room)
        head = Head(room.seq, room.rev)
        if command.around is not None:
            page = _before(conn, room.id, command.around + 1, command.limit // 2 + 1)
            page += _after(conn, room.id, command.around, command.limit - len(page))
        elif command.after is not None:
            page = _after(conn, room.id, command.after, command.limit)
        else:
            before = head.seq + 1 if command.before is None else command.before
            page = _before(conn, room.id, before, command.limit)
    # Messages are numbered from 1 without holes, so the numbers tell what lies beyond the page. An empty page lies
    # beyond one end of the room.
    if page:
        more_before, more_after = page[0].seq > 1, page[-1].seq < head.seq
    else:
        past_the_end = command.after is not None or command.around is not None
        more_before, more_after = past_the_end and head.seq > 0, not past_the_end and head.seq > 0
    return HistoryResult(page, more_before, more_after, head)


def sync(store: Store, actor: Actor, command: RoomSync) -> RoomSyncResult:
    """`room_sync`: every message that changed since `rev`, as it is now, by rising rev; or `reset`."""
    with store.read() as conn:
        room = rooms.for_actor(conn, actor, command.room)
        head = Head(room.seq, room.rev)
        if command.rev > head.rev or head.rev - command.rev > MOST_CHANGES_TO_SYNC:
            return RoomSyncResult(head, reset=True)
        rows = _changes(conn, room, command.rev, command.limit + 1)
        seen = rooms.view(conn, actor.user, room.id) if room.own_rev > command.rev else None
    changed = message_rows.views(conn, rows[: command.limit])
    return RoomSyncResult(head, changed, seen, more=len(rows) > len(changed))


class _Taken(Exception):
    """The author has used this cid before."""


def _add(tx: Transaction, actor: Actor, command: MessageSend, text: str, html: str) -> Message:
    """The new message. Raises `ChatError` or `_Taken`, with nothing changed."""
    place = tx.hot.place(command.room, actor.user)
    if place is None:
        raise rooms.no_such_room()
    permissions.require(actor, "message_send", place.role)
    if place.archived_at is not None:
        raise forbidden("This room is archived: it can be read, but nothing new can be said.", "room")
    if command.reply_to is not None:
        _require_message(tx.conn, command.room, command.reply_to)
    moment = now()
    number = tx.hot.add(place, command.room, actor.user, command.cid, text, html, command.reply_to, moment)
    if number is None:
        raise _Taken
    message = Message(
        id=number,
        room=command.room,
        seq=place.seq + 1,
        rev=place.rev + 1,
        author=actor.author,
        cid=command.cid,
        kind="text",
        text=text,
        html=html,
        created_at=stamp(moment),
        reply_to=command.reply_to,
    )
    tx.after_commit(Publish(room_channel(command.room), "message_new", MessageNew(command.room, message.rev, message)))
    return message


def _stored(conn: Connection, actor: Actor, cid: str) -> Row[Any] | None:
    return conn.execute(message_rows.query().where(messages.c.author_id == actor.user, messages.c.cid == cid)).first()


def _duplicate(conn: Connection, stored: Row[Any], room: int, text: str) -> MessageResult:
    if stored.room_id != room or (stored.deleted_at is None and stored.edited_at is None and stored.text != text):
        raise conflict("This id belongs to another message of yours.", "cid")
    return MessageResult(message_rows.views(conn, [stored])[0], duplicate=True)


def _require_message(conn: Connection, room: int, message: int) -> None:
    found = conn.scalar(select(messages.c.id).where(messages.c.id == message, messages.c.room_id == room))
    if found is None:
        raise not_found("The message that this answers is not in this room.", "reply_to")


def _before(conn: Connection, room: int, seq: int, limit: int) -> list[Message]:
    query = message_rows.query().where(messages.c.room_id == room, messages.c.seq < seq)
    return message_rows.views(conn, conn.execute(query.order_by(messages.c.seq.desc()).limit(limit)).all())[::-1]


def _after(conn: Connection, room: int, seq: int, limit: int) -> list[Message]:
    query = message_rows.query().where(messages.c.room_id == room, messages.c.seq > seq)
    return message_rows.views(conn, conn.execute(query.order_by(messages.c.seq).limit(limit)).all())


def _changes(conn: Connection, room: Row[Any], rev: int, limit: int) -> list[Row[Any]]:
    """Messages with a higher rev, by rising rev: those only sent since then, and those changed since then."""
    of_room = messages.c.room_id == room.id
    # Each that was sent since took a rev of its own, so they are among so many last ones. Their revs rise like seqs.
    first = room.seq - (room.rev - rev)
    sent = message_rows.query().where(of_room, messages.c.seq > first, messages.c.rev > rev)
    sent = sent.where(messages.c.rev <= messages.c.born)
    changed = message_rows.query().where(of_room, messages.c.rev > rev, messages.c.rev > messages.c.born)
    rows = [
        *conn.execute(sent.order_by(messages.c.seq).limit(limit)),
        *conn.execute(changed.order_by(messages.c.rev).limit(limit)),
    ]
    return sorted(rows, key=attrgetter("rev"))[:limit]
