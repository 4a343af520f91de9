"""Whom a message calls: by name, everybody who is here (`@here`), or the whole room (`@room`).

A message keeps whom it names. Beside it each one who is called has a row, by which what is unread of it is counted: so
it does not matter who comes to the room later, or goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, delete, insert, select

from chat import custom_emoji
from chat.events.values import Call
from chat.markup import NOBODY, Names, Rendered, emoji_in, names_in, needs_a_thread, render
from chat.store import Store, Transaction
from chat.store.tables import memberships, mentions, rooms, users

# Whether an account is connected at this moment.
IsHere = Callable[[int], bool]


class Said(NamedTuple):
    """Which message it is, and where it stands."""

    room: int
    seq: int
    message: int


def rendered(store: Store, room: int, text: str) -> Rendered:
    """The HTML of a text that is said in a room, and whom it calls."""
    names = _known(store, room, text)
    return store.offload(render, text, names) if needs_a_thread(text) else render(text, names)


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


def keep(tx: Transaction, message: Said, author: int, named: Sequence[int], call: Call | None, is_here: IsHere) -> None:
    """Note who is called by a message, beside those who were called by it before."""
    room, seq, number = message
    called = _called(tx.conn, room, named, call, is_here) - {author}
    if not called:
        return
    here = (mentions.c.room_id == room) & (mentions.c.seq == seq)
    known = set(tx.conn.scalars(select(mentions.c.user_id).where(here)))
    place = {"room_id": room, "seq": seq, "message_id": number}
    rows = [{"user_id": user, **place} for user in sorted(called - known)]
    if rows:
        tx.conn.execute(insert(mentions), rows)


def forget(tx: Transaction, room: int, seq: int) -> None:
    """Nobody is called by this message any more."""
    tx.conn.execute(delete(mentions).where(mentions.c.room_id == room, mentions.c.seq == seq))


def _called(conn: Connection, room: int, named: Sequence[int], call: Call | None, is_here: IsHere) -> set[int]:
    members = select(memberships.c.user_id).where(memberships.c.room_id == room)
    if call is None:
        # Somebody who has left since the text was rendered is not called.
        return set(conn.scalars(members.where(memberships.c.user_id.in_(named))))
    everybody = set(conn.scalars(members))
    return everybody if call == "room" else {user for user in everybody if user in named or is_here(user)}
