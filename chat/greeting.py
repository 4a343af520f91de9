"""What `welcome` tells beside rooms and people, in one look at the database: everybody asks for it after a restart."""

from __future__ import annotations

from typing import NamedTuple, cast

from sqlalchemy import Connection, bindparam, select

from chat import custom_emoji, sections, silence, words
from chat.events.objects import QuietHours, Section
from chat.events.values import Density
from chat.store.compiled import Compiled
from chat.store.tables import users

_KEPT = Compiled(
    select(
        users.c.quiet_hours,
        users.c.density,
        users.c.sections,
        users.c.saved_rev,
        users.c.scheduled_rev,
        users.c.words,
        custom_emoji.REV,
    ).where(users.c.id == bindparam("user")),
    "key",
    "user",
)


class Greeting(NamedTuple):
    """What somebody has chosen for all their devices, and how often three lists have changed: what they have saved,
    what they have scheduled, and the server's own emoji."""

    quiet_hours: QuietHours | None
    density: Density
    sections: list[Section]
    saved: int
    scheduled: int
    words: list[str]
    emoji: int


def read(conn: Connection, user: int) -> Greeting:
    """That of somebody who exists."""
    ((hours, density, mine, saved, scheduled, called_by, emoji),) = _KEPT.rows(conn, custom_emoji.COUNTER, user)
    chosen = silence.decoded(hours), cast(Density, density), sections.decoded(mine)
    return Greeting(*chosen, saved, scheduled, words.decoded(called_by), int(emoji or 0))
