"""What asks for somebody: messages that call them, and answers to what they said, in all their rooms."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from chat import mentions as calling
from chat import message_rows
from chat.actor import Actor
from chat.events.reading import InboxList, InboxResult
from chat.store import Store
from chat.store.tables import memberships, mentions, messages

# So many are looked at for a page. Those in rooms that were left since count too, so a page may be short.
MOST_LOOKED_AT = 500


class _Place(NamedTuple):
    message: int
    room: int


def listing(store: Store, actor: Actor, command: InboxList) -> InboxResult:
    """`inbox_list`: the newest first. A deleted message calls and answers nobody."""
    with store.read() as conn:
        found = _found(conn, actor, command)
        rooms = {place.room for place in found}
        mine = set(
            conn.scalars(
                select(memberships.c.room_id).where(
                    memberships.c.user_id == actor.user, memberships.c.room_id.in_(rooms)
                )
            )
        )
        seen = [place.message for place in found if place.room in mine]
        rows = message_rows.by_ids(conn, seen[: command.limit])
        page = message_rows.views(conn, [rows[number] for number in seen[: command.limit] if number in rows])
        called = calling.worded_of(conn, actor.user, page)
    if len(page) < len(seen):
        return InboxResult(page, page[-1].id if page else None, called)
    return InboxResult(page, found[-1].message if len(found) == MOST_LOOKED_AT else None, called)


def _found(conn: Connection, actor: Actor, command: InboxList) -> list[_Place]:
    """The newest of what is wanted, whether the actor is still in its room or not."""
    calls = select(mentions.c.message_id, mentions.c.room_id).where(mentions.c.user_id == actor.user)
    answers = select(messages.c.id, messages.c.room_id).where(messages.c.reply_author_id == actor.user)
    found: set[_Place] = set()
    if command.kind != "replies":
        found |= _newest(conn, calls, mentions.c.message_id, command.before)
    if command.kind != "mentions":
        found |= _newest(conn, answers, messages.c.id, command.before)
    return sorted(found, reverse=True)[:MOST_LOOKED_AT]


def _newest(conn: Connection, query: Select[Any], message: Any, before: int | None) -> set[_Place]:
    if before is not None:
        query = query.where(message < before)
    return {_Place(*row) for row in conn.execute(query.order_by(message.desc()).limit(MOST_LOOKED_AT))}
