"""The connection itself: its first fact, its end, and what its server has to say."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from chat.events.objects import Announcement, Command, Limits, QuietHours, Room, Sanction, Section, User
from chat.events.values import Count, Density, Time


class TimeProbe(Command, frozen=True):
    """A round-trip probe."""


class TimeResult(Struct, frozen=True):
    time: Time


class Welcome(Struct, frozen=True):
    """The first fact on a connection: who I am, which rooms I am in and where each stands.

    `features` are `guests`, where they can look in, `files`, where I may send some, and `open_links`, where newcomers
    may make accounts with my links into rooms, and `helps`, where I answer visitors.

    `emoji` counts the changes of the server's own emoji, which `emoji_list` has, `saved` those of what I have saved
    for later and its reminders, which `saved_ids` has, and `scheduled` those of `scheduled_list`. `words` are
    those that call me beside my name. `sanctions` are my mutes and bans from rooms, and warnings that I have not seen.
    `build` names the pages that the server has, for pages that were loaded from another. Programs need not look at it.
    """

    protocol: int
    epoch: str
    time: Time
    user: User
    users: list[User]
    rooms: list[Room]
    limits: Limits
    features: list[str]
    quiet_hours: QuietHours | None = None
    density: Density = "comfortable"
    sections: list[Section] = field(default_factory=list)
    emoji: Count = 0
    saved: Count = 0
    scheduled: Count = 0
    words: list[str] = []
    sanctions: list[Sanction] = []
    announcement: Announcement | None = None
    build: str | None = None


class SessionEnded(Struct, frozen=True):
    """The connection closes after this. `closed` is a window whose web site has none any more."""

    reason: Literal["signed_out", "revoked", "deactivated", "banned", "expired", "not_staff", "closed"]


class Notice(Struct, frozen=True):
    level: Literal["info", "warning"]
    code: str
    message: str
