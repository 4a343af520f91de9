"""Whom a message calls: by name, everybody who is here (`@here`), or the whole room (`@room`), and by words of theirs.

A message keeps whom it names. Beside it each one who is called has a row, by which what is unread of it is counted: so
it does not matter who comes to the room later, or goes. Whom a word calls, their row alone says, and `called`, which is
told to them alone: nobody else learns of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select

from chat import custom_emoji, permissions
from chat.actor import Actor
from chat.events.messages import Called
from chat.events.objects import Message
from chat.events.values import Call
from chat.markup import NOBODY, Names, Rendered, emoji_in, names_in, needs_a_thread, render
from chat.store import Store, Transaction
from chat.store.compiled import Compiled
from chat.store.outbox import Publish, user_channel
from chat.store.tables import memberships, mentions, rooms, users

# Whether an account is connected at this moment.
IsHere = Callable[[int], bool]
# Whose words stand in a message's HTML, wherever they are (`words.Words.called_by`).
CalledBy = Callable[[str], Set[int]]


def nobodys_words(html: str) -> Set[int]:
    """Where nobody's words are looked for."""
    return frozenset()


# So many are looked up one by one; of more, it is quicker to read who is in the room.
MOST_LOOKED_UP = 500

_WORDED = Compiled(
    select(mentions.c.message_id).where(
        mentions.c.user_id == bindparam("user"),
        mentions.c.message_id.between(bindparam("first"), bindparam("last")),
        mentions.c.by_word,
    ),
    "user",
    "first",
    "last",
)


class Said(NamedTuple):
    """Which message it is, and where it stands."""

    room: int
    seq: int
    message: int


def rendered(store: Store, author: Actor, room: int, text: str) -> Rendered:
    """The HTML of a text that is said in a room, and whom it calls.

    For a visitor nothing is looked up, or they could find out who is in the room, and which other rooms there are.
    """
    names = NOBODY if author.role in permissions.VISITORS else _known(store, room, text)
    return store.offload(render, text, names) if needs_a_thread(text) else render(text, names)


def worded(store: Store, room: int, author: int, found: Set[int]) -> Set[int]:
    """Whom a message calls by their words, of those whose words stand in it: who is in its room."""
    if not found:
        return found
    with store.read() as conn:
        return _members(conn, room, found) - {author}


def _known(store: Store, room: int, text: str) -> Names:
    """Who of those that the text may name is in the room, and which public rooms."""
    people, places = names_in(text)
    emoji = emoji_in(text)
    if not people and not places and not emoji:
        return NOBODY
    with store.read() as conn:
        return Names(_people(conn, room, people), _rooms(conn, places), custom_emoji.known(conn, emoji))


def _people(conn: Connection, room: int, names: set[str]) -> dict[str, tuple[int, str]]:
    if not names:
        return {}
    rows = conn.execute(
        select(users.c.id, users.c.username_key, users.c.name)
        .join(memberships, memberships.c.user_id == users.c.id)
        .where(memberships.c.room_id == room, users.c.username_key.in_(names))
    )
    return {row.username_key: (row.id, row.name) for row in rows}


def _rooms(conn: Connection, names: set[str]) -> dict[str, tuple[int, str]]:
    # The name of a private room is nobody's business who is not in it, and everybody reads the same text.
    if not names:
        return {}
    rows = conn.execute(select(rooms.c.id, rooms.c.public_key, rooms.c.name).where(rooms.c.public_key.in_(names)))
    return {row.public_key: (row.id, row.name) for row in rows}


def as_kept(found: Sequence[int]) -> str | None:
    """Whom a message names, as its row keeps it."""
    return msgspec.json.encode(found).decode() if found else None


def keep(
    tx: Transaction,
    message: Said,
    author: int,
    named: Sequence[int],
    call: Call | None,
    is_here: IsHere,
    by_word: Set[int] = frozenset(),
) -> Set[int]:
    """Note who is called by a message, beside those who were called by it before.

    Returns whom nothing but a word calls.
    """
    room, seq, number = message
    # Somebody who has left since the text was rendered is not called.
    present = _members(tx.conn, room, None if call else by_word | set(named))
    called = {user for user in present if user in named or call == "room" or (call == "here" and is_here(user))}
    if not called and not by_word:
        return by_word
    here = (mentions.c.room_id == room) & (mentions.c.seq == seq)
    known = {author, *tx.conn.scalars(select(mentions.c.user_id).where(here))}
    rest = (by_word & present) - called - known
    place = {"room_id": room, "seq": seq, "message_id": number}
    rows = [{"user_id": user, **place, "by_word": user in rest} for user in sorted((called - known) | rest)]
    if rows:
        tx.conn.execute(insert(mentions), rows)
    return rest


def tell(tx: Transaction, message: Said, rev: int, users: Iterable[int], *, on: bool) -> None:
    """Tell them whether a word of theirs calls them, before what they are told of the message as of `rev`."""
    channels = tuple(user_channel(user) for user in sorted(users))
    if channels:
        tx.after_commit(Publish(channels, "called", Called(message.room, message.message, rev, on)))


def forget(tx: Transaction, room: int, seq: int) -> None:
    """Nobody is called by this message any more."""
    tx.conn.execute(delete(mentions).where(mentions.c.room_id == room, mentions.c.seq == seq))


def forget_words(tx: Transaction, room: int, seq: int) -> Set[int]:
    """No word calls anybody to this message any more; returns whom one did, of those who are in the room."""
    gone = delete(mentions).where(mentions.c.room_id == room, mentions.c.seq == seq, mentions.c.by_word)
    return _members(tx.conn, room, set(tx.conn.scalars(gone.returning(mentions.c.user_id))))


def worded_of(conn: Connection, user: int, page: Sequence[Message]) -> list[int]:
    """Which of these messages call somebody by a word of theirs."""
    if not page:
        return []
    ids = [message.id for message in page]
    found = {number for (number,) in _WORDED.rows(conn, user, min(ids), max(ids))}
    return [number for number in ids if number in found] if found else []


def _members(conn: Connection, room: int, users: Set[int] | None) -> Set[int]:
    """Those of `users` who are in the room, or, with None, all who are."""
    members = select(memberships.c.user_id).where(memberships.c.room_id == room)
    if users is None:
        return set(conn.scalars(members))
    if not users:
        return users
    if len(users) > MOST_LOOKED_UP:
        return users & set(conn.scalars(members))
    return set(conn.scalars(members.where(memberships.c.user_id.in_(users))))
