"""What several commands and facts carry, and the bases of commands and answers."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.events.values import (
    CLOCK,
    Call,
    Count,
    Id,
    Involvement,
    MemberRole,
    Role,
    RoomKind,
    SanctionKind,
    Status,
    Time,
)


class Author(Struct, frozen=True, gc=False):
    """Who wrote a message, with what is needed to draw the row."""

    id: int
    username: str
    name: str
    avatar: str | None = None


class User(Struct, frozen=True, gc=False):
    """A person or a program, as others may see it. `status_until`: when the status, its emoji and its text end.

    `avatar` is the name of a picture at `/avatars/NAME-64.webp`, `-128` and `-256`.
    """

    id: int
    username: str
    name: str
    role: Role
    avatar: str | None = None
    status: Status = "offline"
    status_text: str = ""
    status_emoji: str = ""
    status_until: Time | None = None


class Sanction(Struct, frozen=True):
    """What was decided about somebody: in a room, or everywhere. Without `until` it ends when it is lifted."""

    id: int
    kind: SanctionKind
    user: int
    room: int | None
    reason: str
    created_at: Time
    until: Time | None


class Head(Struct, frozen=True, gc=False):
    """Where a room stands: its last message and its last change."""

    seq: Count
    rev: Count


class Reaction(Struct, frozen=True):
    """One emoji under a message, with the ids of who chose it."""

    emoji: str
    users: list[int]


class File(Struct, frozen=True):
    """A file: `type` is what its content says, `size` in bytes; pictures have `width` and `height` as they are seen.

    Its content is at `/files/<id>/<name>`; `thumb` is the path of a small picture of it, where it has one.
    """

    id: int
    name: str
    type: str
    size: int
    width: int | None = None
    height: int | None = None
    thumb: str | None = None


class Preview(Struct, frozen=True):
    """What a page says of itself that a message links to: `url` is the link, `site` its own name for where it is.

    `picture` is the path of a small picture, where it has one.
    """

    url: str
    title: str
    text: str = ""
    site: str = ""
    picture: str | None = None


class Happening(Struct, frozen=True, gc=False):
    """What a system message tells: its author did this to the room. `value` is the new name or topic.

    With a visitor's conversation: it was `taken`, `assigned` to the agent of the name `value`, `released`, so that it
    waits again, `resolved`, `ended` by the visitor, or `resumed`.
    """

    what: Literal[
        "renamed",
        "topic",
        "archived",
        "reopened",
        "private",
        "taken",
        "assigned",
        "released",
        "resolved",
        "ended",
        "resumed",
    ]
    value: str = ""


class Message(Struct, frozen=True, gc=False):
    """A message as it is now. A deleted one keeps id, seq, rev, author and times, and nothing else.

    `mentions` are those whom it names; with `call` it calls everybody in the room, or everybody who was here. A system
    message has `happening`, in place of a text of somebody's own. `reply_author` wrote what it answers, if somebody
    else did. `previews` come a moment after the message, as a change of it.
    """

    id: int
    room: int
    seq: Count
    rev: Count
    author: Author
    cid: str
    kind: Literal["text", "system", "live", "note"]
    text: str
    html: str
    created_at: Time
    edited_at: Time | None = None
    deleted: bool = False
    reply_to: int | None = None
    reactions: list[Reaction] = []
    files: list[File] = []
    mentions: list[int] = []
    pinned: bool = False
    call: Call | None = None
    happening: Happening | None = None
    reply_author: int | None = None
    previews: list[Preview] = []


class Room(Struct, frozen=True):
    """A room as one member sees it; `role` is None for someone who looks at a public room from outside.

    `unread` are the messages of others after `last_read`, `mentions` those of them that call the member, `replies`
    those that don't, but answer a message of the member. `users` are the people of a direct conversation, which has no
    name. What is said is deleted after `keep_days`; 0 is never, and without it the server's own `limits` say so.
    """

    id: int
    name: str
    kind: RoomKind
    topic: str
    head: Head
    role: MemberRole | None
    involvement: Involvement
    last_read: Count
    unread: Count
    mentions: Count
    archived: bool
    slow_mode: Count
    member_count: Count
    users: list[int] | None = None
    starred: bool = False
    replies: Count = 0
    keep_days: Count | None = None


class Member(Struct, frozen=True):
    """Somebody's membership of a room; `gone` marks who has just left, in `members_changed`."""

    user: User
    role: MemberRole
    gone: bool = False


class QuietHours(Struct, frozen=True):
    """Every week, from `start` to `end` ("22:00", in the time zone `zone`), on the days on which it begins.

    Monday is 1. What ends no later than it starts ends on the next day.
    """

    start: Annotated[str, Meta(pattern=CLOCK)]
    end: Annotated[str, Meta(pattern=CLOCK)]
    days: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(min_length=1, max_length=7)]
    zone: Annotated[str, Meta(min_length=1, max_length=64)]


class Section(Struct, frozen=True):
    """Rooms that I have put together, by their ids, in the order that I gave them."""

    name: Annotated[str, Meta(max_length=40)]
    rooms: Annotated[list[Id], Meta(max_length=500)]


class Limits(Struct, frozen=True):
    """What a client must stay within. `edit_seconds`: how long a message may be edited; 0, for ever. `keep_days`: after
    so many days messages are deleted, in rooms that don't say otherwise; 0 is never.

    Counts of what is unread go up to `unread`, which stands for "so many or more". `file_size` is in bytes, `files` how
    many a message can have.
    """

    text: int
    room_name: int
    topic: int
    packet: int
    unread: int
    file_size: int
    files: int
    edit_seconds: int = 0
    keep_days: int = 0


class Announcement(Struct, frozen=True):
    """What staff say to everybody here; a later one has a higher `id`, and no text where it was taken back."""

    id: Count
    text: Annotated[str, Meta(max_length=500)]


class Counts(Struct, frozen=True):
    """How far a member has read, and what has come since, as of the head that stands beside it."""

    last_read: Count
    unread: Count
    mentions: Count
    replies: Count


class Hit(Struct, frozen=True):
    """A message that was found, and a piece of its text: parts that alternate, the first before the first match."""

    message: Message
    excerpt: list[str]


class Command(Struct, frozen=True, forbid_unknown_fields=True):
    """The base of all commands."""


class Nothing(Struct, frozen=True):
    """Done; there is nothing to tell."""


class Error(Struct, frozen=True, omit_defaults=True):
    """Why a command was refused. `retryable` stands there always."""

    code: str
    message: str
    retryable: bool
    field: str | None = None
    retry_after: float | None = None
