"""What `welcome` tells beside rooms and people, in one look at the database: everybody asks for it after a restart."""

from __future__ import annotations

from typing import NamedTuple, cast

from sqlalchemy import Connection, bindparam, select

from chat import custom_emoji, sections, silence, words
from chat.events.objects import QuietHours, Sanction, Section
from chat.events.values import Density
from chat.sanctions import keeping
from chat.store.compiled import Compiled
from chat.store.tables import sanctions, users
from chat.times import now

_KEPT = Compiled(
    select(
        users.c.quiet_hours,
        users.c.density,
        users.c.sections,
        users.c.saved_rev,
        users.c.scheduled_rev,
        users.c.words,
        users.c.helps,
        custom_emoji.REV,
        *keeping.COLUMNS,
    )
    .outerjoin(sanctions, (sanctions.c.user_id == users.c.id) & keeping.is_told(bindparam("moment")))
    .where(users.c.id == bindparam("user"))
    .order_by(sanctions.c.id),
    "key",
    "moment",
    "user",
)
_CHOSEN = 8


class Greeting(NamedTuple):
    """What somebody has chosen for all their devices, and how often three lists have changed: what they have saved,
    what they have scheduled, and the server's own emoji; whether they answer visitors; what was decided about them."""

    quiet_hours: QuietHours | None
    density: Density
    sections: list[Section]
    saved: int
    scheduled: int
    words: list[str]
    helps: bool
    emoji: int
    sanctions: list[Sanction]


def read(conn: Connection, user: int) -> Greeting:
    """That of somebody who exists."""
    # A row for each sanction; mostly there is none.
    rows = _KEPT.rows(conn, custom_emoji.COUNTER, now(), user)
    hours, density, mine, saved, scheduled, called_by, helps, emoji = rows[0][:_CHOSEN]
    decided = [keeping.view(row[_CHOSEN:]) for row in rows if row[_CHOSEN] is not None]
    chosen = silence.decoded(hours), cast(Density, density), sections.decoded(mine)
    return Greeting(*chosen, saved, scheduled, words.decoded(called_by), bool(helps), int(emoji or 0), decided)
