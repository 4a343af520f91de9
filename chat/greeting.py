"""What `welcome` tells beside rooms and people, in one look at the database: everybody asks for it after a restart."""

from __future__ import annotations

from typing import NamedTuple, cast

from sqlalchemy import Connection, bindparam, select

from chat import custom_emoji, sections, silence
from chat.events.objects import QuietHours, Section
from chat.events.values import Density
from chat.store.compiled import Compiled
from chat.store.tables import users

_KEPT = Compiled(
    select(users.c.quiet_hours, users.c.density, users.c.sections, users.c.saved_rev, custom_emoji.REV).where(
        users.c.id == bindparam("user")
    ),
    "key",
    "user",
)


class Greeting(NamedTuple):
    """What somebody has chosen for all their devices, and how often two lists have changed: what they have saved, and
    the server's own emoji."""

    quiet_hours: QuietHours | None
    density: Density
    sections: list[Section]
    saved: int
    emoji: int


def read(conn: Connection, user: int) -> Greeting:
    """That of somebody who exists."""
    ((hours, density, mine, saved, emoji),) = _KEPT.rows(conn, custom_emoji.COUNTER, user)
    return Greeting(silence.decoded(hours), cast(Density, density), sections.decoded(mine), saved, int(emoji or 0))
