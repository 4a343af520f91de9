"""Who is here, who is typing, and finding people."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.events.objects import Command, User
from chat.events.values import Id, Ids, Page, Query, Status


class Typing(Command, frozen=True):
    """I began or stopped typing; it lapses by itself."""

    room: Id
    on: bool


class PresenceSet(Command, frozen=True):
    """How I want to appear."""

    status: Literal["online", "away", "dnd"]
    text: Annotated[str, Meta(max_length=100)] = ""


class UserList(Command, frozen=True):
    """Find people by a part of their name, or by ids."""

    query: Query | None = None
    ids: Ids | None = None
    limit: Page = 20


class UserListResult(Struct, frozen=True):
    users: list[User]


class UserChanged(Struct, frozen=True):
    user: User


class PresenceFact(Struct, frozen=True):
    users: dict[int, Status]


class TypingFact(Struct, frozen=True):
    room: int
    user: int
    on: bool
