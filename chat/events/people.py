"""Who is here, who is typing, and finding people."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.events.objects import Command, QuietHours, User
from chat.events.values import Count, Density, Id, Ids, Moment, Page, Query, Status


class Typing(Command, frozen=True):
    """I began or stopped typing; it lapses by itself."""

    room: Id
    on: bool


class PresenceSet(Command, frozen=True):
    """How I want to appear: all of it, until I change it, or `until` a time within a year, in RFC 3339."""

    status: Literal["online", "away", "dnd"]
    text: Annotated[str, Meta(max_length=100)] = ""
    emoji: Annotated[str, Meta(max_length=40)] = ""
    until: Moment | None = None


class UserProfile(Command, frozen=True):
    """What somebody tells of themselves, for a card with their name."""

    user: Id


class QuietSet(Command, frozen=True):
    """When nothing is to ring, pop up or be pushed, every week; null takes that away. My status `dnd` does the same."""

    hours: QuietHours | None


class WordsSet(Command, frozen=True):
    """Words, or a few in a row, that call me like my name, whole and however they are written: mine alone to know."""

    words: Annotated[list[Annotated[str, Meta(min_length=1, max_length=40)]], Meta(max_length=20)]


class UserList(Command, frozen=True):
    """Find people by a part of their name, or by ids."""

    query: Query | None = None
    ids: Ids | None = None
    limit: Page = 20


class UserListResult(Struct, frozen=True):
    users: list[User]


class ProfileResult(Struct, frozen=True):
    """`rooms`: how many rooms, not counting direct conversations, I share with them. `time_zone` has an IANA name."""

    user: User
    about: str
    time_zone: str | None
    rooms: Count


class UserChanged(Struct, frozen=True):
    user: User


class QuietChanged(Struct, frozen=True):
    """My quiet hours, told to all of my own connections."""

    hours: QuietHours | None


class WordsChanged(Struct, frozen=True):
    """The words that call me, told to all of my own connections."""

    words: list[str]


class DensitySet(Command, frozen=True):
    """How closely I want messages and rooms to stand."""

    density: Density


class DensityChanged(Struct, frozen=True):
    """How closely things stand, told to all of my own connections."""

    density: Density


class PresenceFact(Struct, frozen=True):
    users: dict[int, Status]


class TypingFact(Struct, frozen=True):
    room: int
    user: int
    on: bool
