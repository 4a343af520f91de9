"""How much of a room a member has not read, and how much of that calls or answers them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, Label, Select, and_, exists, func, select

from chat.events.objects import Counts, Head
from chat.store.tables import memberships, mentions, messages, rooms
from chat.store.threads import Offload, call_here

# Counts stop here: "1,000 or more" is all that anyone needs, and counting on would cost. Clients stop here too.
MOST_UNREAD = 1000
# So many take about two milliseconds to count; the hub is not held up for more.
MOST_COUNTED_HERE = 2000


class Place(Protocol):
    """A room, its last `seq`, and how far a member has read; None for who is not in it."""

    @property
    def id(self) -> int: ...

    @property
    def seq(self) -> int: ...

    @property
    def last_read(self) -> int | None: ...


class Count(NamedTuple):
    unread: int
    mentions: int
    replies: int


NOTHING = Count(0, 0, 0)


def of_rooms(conn: Connection, user: int, seen: Sequence[Place], offload: Offload) -> dict[int, Count]:
    """What each of these rooms has for the user that was not read; those without anything are left out.

    Where it is much, it is counted by `offload`.
    """
    behind = {row.id: row.seq - row.last_read for row in seen if row.last_read is not None and row.seq > row.last_read}
    if not behind:
        return {}
    run = offload if sum(min(by, MOST_UNREAD) for by in behind.values()) > MOST_COUNTED_HERE else call_here
    query = _counts(user).where(rooms.c.id.in_(list(behind)))
    return {row.id: Count(row.unread, row.mentions, row.replies) for row in run(lambda: conn.execute(query).all())}


def head_and_counts(conn: Connection, user: int, room: int) -> tuple[Head, Counts]:
    """Where a room stands, and what of it a member has not read, as of one moment."""
    query = _counts(user).add_columns(rooms.c.seq, rooms.c.rev, memberships.c.last_read).where(rooms.c.id == room)
    row = conn.execute(query).one()
    return Head(row.seq, row.rev), Counts(row.last_read, row.unread, row.mentions, row.replies)


def _counts(user: int) -> Select[Any]:
    """For each of the user's rooms, what is unread in it, and what of that calls or else answers them.

    At most `MOST_UNREAD` each.
    """
    unread = select(messages.c.id).where(
        messages.c.room_id == rooms.c.id,
        messages.c.seq > memberships.c.last_read,
        messages.c.author_id != user,
        messages.c.deleted_at.is_(None),
        messages.c.kind != "system",
    )
    calls = select(mentions.c.seq).where(
        mentions.c.user_id == user,
        mentions.c.room_id == rooms.c.id,
        mentions.c.seq > memberships.c.last_read,
    )
    called = mentions.c.room_id == messages.c.room_id, mentions.c.seq == messages.c.seq, mentions.c.user_id == user
    replies = select(messages.c.id).where(
        messages.c.reply_author_id == user,
        messages.c.room_id == rooms.c.id,
        messages.c.seq > memberships.c.last_read,
        ~exists().where(*called),
    )
    counts = (_bounded(found, name) for found, name in ((unread, "unread"), (calls, "mentions"), (replies, "replies")))
    mine = and_(memberships.c.room_id == rooms.c.id, memberships.c.user_id == user)
    return select(rooms.c.id, *counts).join(memberships, mine)


def _bounded(found: Select[Any], name: str) -> Label[int]:
    """How many rows a query about a room and a membership finds, counted no further than `MOST_UNREAD`."""
    some = found.correlate(rooms, memberships).limit(MOST_UNREAD).subquery()
    return select(func.count()).select_from(some).scalar_subquery().label(name)
