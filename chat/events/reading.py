"""What was said: pages of a room, what has changed since, how far everybody has read, search."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.events.objects import Command, Counts, Head, Hit, Message, Room
from chat.events.values import Count, Id, Page, Query


class History(Command, frozen=True):
    """A page of a room's messages: the newest, or those before, after or around a seq; fewer where they are long."""

    room: Id
    before: Count | None = None
    after: Count | None = None
    around: Count | None = None
    limit: Page = 50


class RoomSync(Command, frozen=True):
    """What has changed since `rev`, as current state; fewer at a time where they are long."""

    room: Id
    rev: Count
    limit: Annotated[int, Meta(ge=1, le=500)] = 200


class ReadMark(Command, frozen=True):
    """I have read everything up to and including `seq`; only with `back` may that be less than before."""

    room: Id
    seq: Count
    back: bool = False


class MessageReaders(Command, frozen=True):
    """Who has read up to this message, in a room of up to 50."""

    message: Id


class Search(Command, frozen=True):
    """What was said, in rooms that I am in, the newest first.

    `query` is words, "phrases", and `from:name`, `in:room`, `has:file`, `has:link`, `before:2026-01-31`, `after:…`;
    `before` is where an earlier answer ended.
    """

    query: Query
    room: Id | None = None
    author: Id | None = None
    before: Id | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 20


class InboxList(Command, frozen=True):
    """What calls me, and what answers me, in the rooms that I am in, the newest first.

    `before` is where an earlier answer ended.
    """

    kind: Literal["all", "mentions", "replies"] = "all"
    before: Id | None = None
    limit: Page = 50


class ReadersResult(Struct, frozen=True):
    users: list[int]


class SearchResult(Struct, frozen=True, omit_defaults=True):
    """`next` is the `before` of the next page."""

    hits: list[Hit]
    next: Id | None = None


class InboxResult(Struct, frozen=True, omit_defaults=True):
    """`next` is the `before` of the next page; a page may be short and have one.

    `called` are the ids of those messages that call me by one of my words.
    """

    messages: list[Message]
    next: Id | None = None
    called: list[int] | None = None


class HistoryResult(Struct, frozen=True):
    """`called` are the ids of those messages that call me by one of my words."""

    messages: list[Message]
    more_before: bool
    more_after: bool
    head: Head
    called: list[int] = []


class RoomSyncResult(Struct, frozen=True, omit_defaults=True):
    """`messages` by rising rev and `more`; or `reset`, when the client must drop its cache and read `history`.

    What has no more, and a reset, tells the member's counts as of `head`. `called` are the ids of those messages that
    call me by one of my words.
    """

    head: Head
    messages: list[Message] | None = None
    room: Room | None = None
    more: bool | None = None
    reset: bool = False
    counts: Counts | None = None
    called: list[int] | None = None


class Read(Struct, frozen=True):
    """Told to the reader's own connections: how far they have read, and what is unread as of the room's `rev`."""

    room: int
    seq: Count
    rev: Count
    unread: Count
    mentions: Count
    replies: Count


class Heads(Struct, frozen=True):
    rooms: dict[int, Head]
