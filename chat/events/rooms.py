"""Rooms and their members: making, finding, joining, settings, and what is each member's own."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.events.objects import Command, Head, Member, Room
from chat.events.values import (
    Count,
    Cursor,
    Id,
    Ids,
    Involvement,
    MemberRole,
    Name,
    Page,
    Query,
    RoomKind,
    Seconds,
    Time,
    Topic,
)


class RoomJoin(Command, frozen=True):
    """Become a member of a public room, by id or by name; with `create` the room is made where none has the name."""

    room: Id | Name
    create: bool = False


class RoomLeave(Command, frozen=True):
    """Stop being a member."""

    room: Id


class RoomCreate(Command, frozen=True):
    """Make a room and become its owner."""

    name: Name
    kind: Literal["public", "private"]
    topic: Topic = ""
    members: Ids = []


class RoomUpdate(Command, frozen=True):
    """Change what a room is called or about, how often each may speak (`slow_mode`, seconds), close it (`archived`), or
    keep it to its members from now on (`kind`: `private`).

    A private room can't be made public: what was said in it was meant for those who were there.
    """

    room: Id
    name: Name | None = None
    topic: Topic | None = None
    slow_mode: Seconds | None = None
    archived: bool | None = None
    kind: Literal["private"] | None = None


class RoomList(Command, frozen=True):
    """The directory: public rooms, and the private ones that I am in, by name; or those that are archived."""

    query: Query = ""
    after: Cursor | None = None
    limit: Page = 50
    archived: bool = False


class RoomMembers(Command, frozen=True):
    """Who is in a room, by name; with `query`, those who have it in theirs."""

    room: Id
    after: Cursor | None = None
    limit: Page = 100
    query: Query = ""


class RoomInvite(Command, frozen=True):
    """Add people to a room that I am in."""

    room: Id
    users: Annotated[Ids, Meta(min_length=1)]


class RoomRemove(Command, frozen=True):
    """Take somebody out of a room that I own or moderate."""

    room: Id
    user: Id


class RoomRole(Command, frozen=True):
    """Say who owns and who moderates a room."""

    room: Id
    user: Id
    role: MemberRole


class RoomLink(Command, frozen=True):
    """Make a link that lets whoever has it into the room. It can't be had again."""

    room: Id
    days: Annotated[int, Meta(ge=1, le=365)] = 7
    uses: Annotated[int, Meta(ge=1, le=1000)] = 25


class RoomStar(Command, frozen=True):
    """Keep a room among my favourites, or no longer."""

    room: Id
    on: bool


class InvolvementSet(Command, frozen=True):
    """How much of a room I want to hear of."""

    room: Id
    level: Involvement


class DirectOpen(Command, frozen=True):
    """The conversation with these people, made where there is none yet; without others, with myself."""

    users: Annotated[list[Id], Meta(max_length=8)]


class RoomResult(Struct, frozen=True):
    room: Room


class RoomLinkResult(Struct, frozen=True):
    """`url` is whole; `expires_at` is when it ends by itself."""

    url: str
    expires_at: Time


class RoomListResult(Struct, frozen=True, omit_defaults=True):
    rooms: list[Room]
    next: Cursor | None = None


class RoomMembersResult(Struct, frozen=True, omit_defaults=True):
    members: list[Member]
    next: Cursor | None = None


class RoomAdded(Struct, frozen=True):
    """I am now a member of this room."""

    room: Room
    rev: Count


class RoomChanged(Struct, frozen=True):
    """The room itself changed. What is each member's own (role, involvement, reads) is not in it: see `RoomShared`."""

    room: RoomShared
    rev: Count


class RoomShared(Struct, frozen=True):
    """The part of a room that every member sees alike."""

    id: int
    name: str
    kind: RoomKind
    topic: str
    head: Head
    archived: bool
    slow_mode: Count
    member_count: Count


class RoomOwn(Struct, frozen=True):
    """What is mine of a room has changed, told to my own connections."""

    room: int
    involvement: Involvement
    starred: bool


class RoomRemoved(Struct, frozen=True):
    room: int
    reason: Literal["left", "removed", "deleted"]


class MembersChanged(Struct, frozen=True):
    room: int
    members: list[Member]
    member_count: Count
