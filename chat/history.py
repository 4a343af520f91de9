"""Reading what was said: pages of a room, what has changed since, and single messages."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, select

from chat import mentions, message_rows, rooms, unread
from chat.actor import Actor
from chat.errors import bad_request
from chat.events.messages import MessageGet, MessagesResult, PinList
from chat.events.objects import Head, Message
from chat.events.reading import History, HistoryResult, RoomSync, RoomSyncResult
from chat.store import Store
from chat.store.tables import memberships, messages

# A client that is further behind than this drops its cache: reading the newest page is cheaper for everybody.
MOST_CHANGES_TO_SYNC = 5_000


def page(store: Store, actor: Actor, command: History) -> HistoryResult:
    """`history`: a page of messages by rising seq."""
    places = [p for p in (command.before, command.after, command.around) if p is not None]
    if len(places) > 1:
        raise bad_request("Name only one of `before`, `after` and `around`.", "around")
    with store.read() as conn:
        room = rooms.for_actor(conn, actor, command.room)
        head = Head(room.seq, room.rev)
        if command.around is not None:
            found = _before(conn, room.id, command.around + 1, command.limit // 2 + 1)
            found += _after(conn, room.id, command.around, command.limit - len(found))
        elif command.after is not None:
            found = _after(conn, room.id, command.after, command.limit)
        else:
            before = head.seq + 1 if command.before is None else command.before
            found = _before(conn, room.id, before, command.limit)
        called = mentions.worded_of(conn, actor.user, found)
    # Messages are numbered from 1 without holes, so the numbers tell what lies beyond the page. An empty page lies
    # beyond one end of the room.
    if found:
        more_before, more_after = found[0].seq > 1, found[-1].seq < head.seq
    else:
        past_the_end = command.after is not None or command.around is not None
        more_before, more_after = past_the_end and head.seq > 0, not past_the_end and head.seq > 0
    return HistoryResult(found, more_before, more_after, head, called)


def sync(store: Store, actor: Actor, command: RoomSync) -> RoomSyncResult:
    """`room_sync`: every message that changed since `rev`, as it is now, by rising rev; or `reset`."""
    with store.read() as conn:
        room = rooms.for_actor(conn, actor, command.room)
        head = Head(room.seq, room.rev)
        if command.rev > head.rev or head.rev - command.rev > MOST_CHANGES_TO_SYNC:
            return RoomSyncResult(head, reset=True, counts=unread.head_and_counts(conn, actor.user, room.id)[1])
        rows = _changes(conn, room, command.rev, command.limit + 1)
        changed = message_rows.views(conn, rows[: command.limit])
        called = mentions.worded_of(conn, actor.user, changed)
        more = len(rows) > len(changed)
        seen = rooms.view(conn, actor.user, room.id) if room.own_rev > command.rev else None
        counts = None if more else unread.head_and_counts(conn, actor.user, room.id)[1]
    return RoomSyncResult(head, changed, seen, more=more, counts=counts, called=called)


def some(store: Store, actor: Actor, command: MessageGet) -> MessagesResult:
    """`message_get`: those of these messages that the actor may read, in the order asked, as many as fit."""
    with store.read() as conn:
        rows = message_rows.by_ids(conn, command.messages)
        mine = set(
            conn.scalars(
                select(memberships.c.room_id).where(
                    memberships.c.user_id == actor.user,
                    memberships.c.room_id.in_({row.room_id for row in rows.values()}),
                )
            )
        )
        readable = [rows[number] for number in dict.fromkeys(command.messages) if number in rows]
        return MessagesResult(message_rows.views(conn, [row for row in readable if row.room_id in mine]))


def pinned(store: Store, actor: Actor, command: PinList) -> MessagesResult:
    """`pin_list`: the room's pinned messages, the last pinned first."""
    with store.read() as conn:
        room = rooms.for_actor(conn, actor, command.room)
        found = message_rows.query().where(messages.c.room_id == room.id, messages.c.pinned_at.is_not(None))
        rows = conn.execute(found.order_by(messages.c.pinned_at.desc(), messages.c.id.desc())).all()
        return MessagesResult(message_rows.views(conn, rows))


def _before(conn: Connection, room: int, seq: int, limit: int) -> list[Message]:
    found = message_rows.query().where(messages.c.room_id == room, messages.c.seq < seq)
    return message_rows.views(conn, conn.execute(found.order_by(messages.c.seq.desc()).limit(limit)).all())[::-1]


def _after(conn: Connection, room: int, seq: int, limit: int) -> list[Message]:
    found = message_rows.query().where(messages.c.room_id == room, messages.c.seq > seq)
    return message_rows.views(conn, conn.execute(found.order_by(messages.c.seq).limit(limit)).all())


def _changes(conn: Connection, room: Row[Any], rev: int, limit: int) -> list[Row[Any]]:
    """Messages with a higher rev, by rising rev: those only sent since then, and those changed since then."""
    of_room = messages.c.room_id == room.id
    # Each that was sent since took a rev of its own, so they are among so many last ones. Their revs rise like seqs.
    first = room.seq - (room.rev - rev)
    rows = message_rows.query()
    sent = rows.where(of_room, messages.c.seq > first, messages.c.rev > rev, messages.c.rev <= messages.c.born)
    changed = rows.where(of_room, messages.c.rev > rev, messages.c.rev > messages.c.born)
    found = [
        *conn.execute(sent.order_by(messages.c.seq).limit(limit)),
        *conn.execute(changed.order_by(messages.c.rev).limit(limit)),
    ]
    return sorted(found, key=attrgetter("rev"))[:limit]
