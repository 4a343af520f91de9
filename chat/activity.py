"""In which rooms most is said."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from chat import permissions
from chat.actor import Actor
from chat.events.admin import ActiveRoom, RoomActivity, RoomActivityResult
from chat.store import Store
from chat.store.tables import messages, rooms
from chat.times import HOUR, now, stamp

# So many of the newest messages are looked at: there is no index by time, which every message would pay for.
LOOKED_AT = 20_000


def of_rooms(store: Store, actor: Actor, command: RoomActivity) -> RoomActivityResult:
    """`room_activity`. What two people say to each other is nobody else's business, not even how much it is."""
    permissions.require(actor, "console")
    return RoomActivityResult(store.aside(lambda conn: _count(conn, now() - command.hours * HOUR, command.limit)))


def _count(conn: Connection, since: int, limit: int) -> list[ActiveRoom]:
    columns = messages.c.room_id, messages.c.author_id, messages.c.created_at, messages.c.kind
    newest = select(*columns).order_by(messages.c.id.desc()).limit(LOOKED_AT).subquery()
    count = func.count()
    query = (
        select(
            rooms.c.id,
            rooms.c.name,
            rooms.c.kind,
            rooms.c.archived_at,
            rooms.c.member_count,
            count,
            func.count(newest.c.author_id.distinct()),
            func.max(newest.c.created_at),
        )
        .join(newest, newest.c.room_id == rooms.c.id)
        .where(rooms.c.kind.in_(("public", "private")), newest.c.kind != "system", newest.c.created_at >= since)
        .group_by(rooms.c.id, rooms.c.name, rooms.c.kind, rooms.c.archived_at, rooms.c.member_count)
        .order_by(count.desc(), rooms.c.id)
        .limit(limit)
    )
    return [
        ActiveRoom(room, name, kind, archived_at is not None, members, said, authors, stamp(last))
        for room, name, kind, archived_at, members, said, authors, last in conn.execute(query)
    ]
