"""Who is to be told of what was said, of those who take pushes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, or_, select

from chat import people, silence
from chat.events.help import HelpConversation
from chat.events.objects import Message
from chat.helpdesk import agents
from chat.push import wording
from chat.store.tables import help_conversations, memberships, mentions, push_subscriptions, rooms, sessions, users

# In one room at a time; whoever wants to be told of everything in a room of thousands may have to look.
MOST = 2000


class Push(NamedTuple):
    """One push to one browser, not sealed yet. Of those about the same, a newer one takes the place of an older."""

    subscription: int
    user: int
    about: str
    endpoint: str
    p256dh: str
    auth: str
    plain: bytes
    called: bool


def pushes(conn: Connection, said: Sequence[Message], moment: int, *, language: str, with_text: bool) -> list[Push]:
    """What is to be pushed of the messages of one room, by rising seq. Reads and computes: not on the hub."""
    room, seqs = said[0].room, [message.seq for message in said]
    here = and_(mentions.c.room_id == room, mentions.c.seq.in_(seqs))
    called = {(row.user_id, row.seq) for row in conn.execute(select(mentions.c.user_id, mentions.c.seq).where(here))}
    rows = conn.execute(
        _browsers(room, moment).where(
            memberships.c.last_read < seqs[-1],
            or_(
                memberships.c.involvement == "everything",
                and_(
                    memberships.c.involvement == "mentions",
                    memberships.c.user_id.in_({user for user, _ in called}),
                ),
            ),
        )
    ).all()
    found = []
    for row in rows:
        if _is_silent(row, moment):
            continue
        new = [
            message
            for message in said
            if message.seq > row.last_read
            and message.author.id != row.user_id
            and (row.involvement == "everything" or (row.user_id, message.seq) in called)
        ]
        if not new:
            continue
        direct = row.kind == "direct"
        is_called = direct or any((row.user_id, message.seq) in called for message in new)
        plain = wording.payload(
            new,
            user=row.user_id,
            room=row.name,
            direct=direct,
            language=row.language or language,
            with_text=with_text,
            called=is_called,
        )
        found.append(_push(row, f"room {room}", plain, called=is_called))
    return found


def reminders(
    conn: Connection, user: int, message: Message, moment: int, *, language: str, with_text: bool
) -> list[Push]:
    """What is to be pushed of a reminder to the browsers of who wanted it."""
    rows = conn.execute(_browsers(message.room, moment).where(push_subscriptions.c.user_id == user)).all()
    found = []
    for row in rows:
        if not _is_silent(row, moment):
            plain = wording.reminder(
                message,
                user=user,
                room=row.name,
                direct=row.kind == "direct",
                language=row.language or language,
                with_text=with_text,
            )
            found.append(_push(row, f"reminder {message.id}", plain, called=True))
    return found


def visitors(
    conn: Connection, conversation: HelpConversation, moment: int, *, language: str, with_text: bool
) -> list[Push]:
    """What is to be pushed to who answers, of a visitor who waits, unless somebody has taken them meanwhile."""
    table = help_conversations
    waits = (table.c.room_id == conversation.room) & (table.c.state == "waiting") & table.c.agent_id.is_(None)
    if conn.scalar(select(table.c.room_id).where(waits)) is None:
        return []
    found = []
    for row in conn.execute(_admitted(moment).where(push_subscriptions.c.user_id.in_(agents.ids(conn)))):
        if not _is_silent(row, moment):
            how = row.language or language
            plain = wording.visitor(conversation, user=row.user_id, language=how, with_text=with_text)
            found.append(_push(row, f"visitor {conversation.room}", plain, called=True))
    return found


def _browsers(room: int, moment: int) -> Select[Any]:
    """The browsers of a room's members that take pushes, with all that decides what they get."""
    of_room = memberships.c.user_id == push_subscriptions.c.user_id
    return (
        _admitted(moment)
        .add_columns(memberships.c.involvement, memberships.c.last_read, rooms.c.kind, rooms.c.name)
        .join(memberships, of_room)
        .join(rooms, rooms.c.id == memberships.c.room_id)
        .where(rooms.c.id == room)
    )


def _admitted(moment: int) -> Select[Any]:
    """All browsers that take pushes, with what decides whether their people want any."""
    how = users.c.status, users.c.status_until, users.c.quiet_hours, users.c.language
    return (
        select(push_subscriptions, *how)
        .join(sessions, sessions.c.id == push_subscriptions.c.session_id)
        .join(users, users.c.id == push_subscriptions.c.user_id)
        .where(sessions.c.expires_at > moment, people.admitted(moment))
        .order_by(push_subscriptions.c.id)
        .limit(MOST)
    )


def _is_silent(row: Row[Any], moment: int) -> bool:
    return silence.wanted(row.status, row.status_until, silence.decoded(row.quiet_hours), moment)


def _push(row: Row[Any], about: str, plain: bytes, *, called: bool) -> Push:
    return Push(row.id, row.user_id, about, row.endpoint, row.p256dh, row.auth, plain, called)
