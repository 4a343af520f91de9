"""Sections of somebody's sidebar: rooms put together and in order by hand, alike on all their devices.

Kept whole, as one value of the account: each `welcome` reads all of it, and what a device says last counts. A room that
was left keeps its place for when somebody comes back to it.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import update

from chat.actor import Actor
from chat.errors import bad_request
from chat.events.objects import Section
from chat.events.sections import SectionsChanged, SectionsSet
from chat.store import Store, Transaction
from chat.store.outbox import Publish, user_channel
from chat.store.tables import users
from chat.text import clean, fold

# In all sections together: each `welcome` tells them.
MOST_ROOMS = 1_000

_decode = msgspec.json.Decoder(list[Section]).decode


def decoded(kept: str | None) -> list[Section]:
    """As the column has them."""
    return [] if kept is None else _decode(kept)


def choose(store: Store, actor: Actor, command: SectionsSet) -> None:
    """`sections_set`. Raises `bad_request` for a name or a room that stands twice."""
    sections = [Section(clean(one.name, "sections", least=1, most=40), one.rooms) for one in command.sections]
    rooms = [room for section in sections for room in section.rooms]
    if len(rooms) > MOST_ROOMS:
        raise bad_request(f"Sections can hold {MOST_ROOMS:,} rooms in all.", "sections")
    _require_once([fold(section.name) for section in sections], "Two sections can't have the same name.")
    _require_once(rooms, "A room can only be in one section.")

    def work(tx: Transaction) -> None:
        kept = msgspec.json.encode(sections).decode() if sections else None
        tx.conn.execute(update(users).where(users.c.id == actor.user).values(sections=kept))
        tx.after_commit(Publish(user_channel(actor.user), "sections_changed", SectionsChanged(sections)))

    store.write(work)


def _require_once(values: list[str] | list[int], otherwise: str) -> None:
    if len(set(values)) < len(values):
        raise bad_request(otherwise, "sections")
