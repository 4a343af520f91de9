"""The wire contract, version 1: one typed struct per command, result, fact and shared object.

Everything that crosses a socket is declared here once. The structs drive decoding, `static/js/events.js`,
`docs/events.md`, `docs/asyncapi.json` and the tests, so a change here is a change of the protocol.

Commands forbid unknown fields: a client's typing mistake is an error, not a silence. Ids are positive integers below
2^53, which JavaScript can hold. Times are RFC 3339 in UTC with milliseconds and `Z`.
"""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

PROTOCOL = 1

Id = Annotated[int, Meta(gt=0, lt=2**53, description="a positive integer below 2^53")]
Count = Annotated[int, Meta(ge=0, lt=2**53, description="an integer from 0, below 2^53")]
Text = Annotated[str, Meta(max_length=10_000)]
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Topic = Annotated[str, Meta(max_length=500)]
Cid = Annotated[str, Meta(min_length=1, max_length=64, description="the client's own id of a message")]
Cursor = Annotated[str, Meta(max_length=400, description="an opaque place in a list, as an earlier answer gave it")]
Query = Annotated[str, Meta(max_length=200)]
Emoji = Annotated[str, Meta(min_length=1, max_length=40, description="one emoji, as Unicode has it")]
Seconds = Annotated[int, Meta(ge=0, le=21_600)]
Ids = Annotated[list[Id], Meta(max_length=100)]
Page = Annotated[int, Meta(ge=1, le=100)]
Time = Annotated[str, Meta(description="RFC 3339 in UTC with milliseconds and Z")]

Role = Literal["owner", "admin", "member", "guest", "bot"]
MemberRole = Literal["owner", "moderator", "member"]
RoomKind = Literal["public", "private", "direct", "help"]
Involvement = Literal["everything", "mentions", "nothing"]
Call = Literal["here", "room"]
Status = Literal["online", "away", "dnd", "offline"]


# Shared objects


class Author(Struct, frozen=True, gc=False):
    """Who wrote a message, with what is needed to draw the row."""

    id: int
    username: str
    name: str
    avatar: str | None = None


class User(Struct, frozen=True, gc=False):
    """A person or a program, as others may see it."""

    id: int
    username: str
    name: str
    role: Role
    avatar: str | None = None
    status: Status = "offline"
    status_text: str = ""


class Head(Struct, frozen=True, gc=False):
    """Where a room stands: its last message and its last change."""

    seq: Count
    rev: Count


class Reaction(Struct, frozen=True):
    """One emoji under a message, with the ids of who chose it."""

    emoji: str
    users: list[int]


class File(Struct, frozen=True):
    """A file of a message."""

    id: int
    name: str
    type: str
    size: int
    width: int | None = None
    height: int | None = None
    thumb: str | None = None


class Happening(Struct, frozen=True, gc=False):
    """What a system message tells: its author did this to the room. `value` is the new name or topic."""

    what: Literal["renamed", "topic", "archived", "reopened"]
    value: str = ""


class Message(Struct, frozen=True, gc=False):
    """A message as it is now. A deleted one keeps id, seq, rev, author and times, and nothing else.

    `mentions` are those whom it names; with `call` it calls everybody in the room, or everybody who was here. A system
    message has `happening`, in place of a text of somebody's own.
    """

    id: int
    room: int
    seq: Count
    rev: Count
    author: Author
    cid: str
    kind: Literal["text", "system", "live"]
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


class Room(Struct, frozen=True):
    """A room as one member sees it; `role` is None for someone who looks at a public room from outside.

    `unread` are the messages of others after `last_read`, `mentions` those of them that call the member. `users` are
    the people of a direct conversation, which has no name.
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


class Member(Struct, frozen=True):
    """Somebody's membership of a room; `gone` marks who has just left, in `members_changed`."""

    user: User
    role: MemberRole
    gone: bool = False


class Limits(Struct, frozen=True):
    """What a client must stay within. `edit_seconds`: how long a message may be edited; 0, for ever."""

    text: int
    room_name: int
    topic: int
    packet: int
    edit_seconds: int = 0


class Counts(Struct, frozen=True):
    """How far a member has read, and what has come since, as of the head that stands beside it."""

    last_read: Count
    unread: Count
    mentions: Count


class Hit(Struct, frozen=True):
    """A message that was found, and a piece of its text: parts that alternate, the first before the first match."""

    message: Message
    excerpt: list[str]


# Commands: what a client may ask


class Command(Struct, frozen=True, forbid_unknown_fields=True):
    """The base of all commands."""


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
    """Change what a room is called or about, how often each may speak (`slow_mode`, seconds), or close it (`archived`).

    A private room can't be made public.
    """

    room: Id
    name: Name | None = None
    topic: Topic | None = None
    slow_mode: Seconds | None = None
    archived: bool | None = None


class RoomList(Command, frozen=True):
    """The directory: public rooms, and the private ones that I am in, by name; or those that are archived."""

    query: Query = ""
    after: Cursor | None = None
    limit: Page = 50
    archived: bool = False


class RoomMembers(Command, frozen=True):
    """Who is in a room, by name."""

    room: Id
    after: Cursor | None = None
    limit: Page = 100


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


class MessageSend(Command, frozen=True):
    """Say something. The ack comes after the commit; a repeated `cid` answers with the stored message.

    A `cid` that begins with the time, as a UUID of version 7 does, costs the server least.
    """

    room: Id
    cid: Cid
    text: Text
    reply_to: Id | None = None
    files: Annotated[list[Id], Meta(max_length=20)] = []


class MessageEdit(Command, frozen=True):
    """Say it in other words: my own message, within the server's time for that."""

    message: Id
    text: Text


class MessageDelete(Command, frozen=True):
    """Take back a message of mine, or, as who leads the room, of anybody's. Its place stays."""

    message: Id


class MessageGet(Command, frozen=True):
    """Some messages by their ids; those that I may not read are left out."""

    messages: Annotated[Ids, Meta(min_length=1)]


class MessageReaders(Command, frozen=True):
    """Who has read up to this message, in a room of up to 50."""

    message: Id


class ReactionAdd(Command, frozen=True):
    """Put an emoji under a message."""

    message: Id
    emoji: Emoji


class ReactionRemove(Command, frozen=True):
    """Take my emoji away again."""

    message: Id
    emoji: Emoji


class PinAdd(Command, frozen=True):
    """Keep a message at hand for everybody in the room."""

    message: Id


class PinRemove(Command, frozen=True):
    """A message need not be at hand any more."""

    message: Id


class PinList(Command, frozen=True):
    """A room's pinned messages, the last pinned first."""

    room: Id


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


class Typing(Command, frozen=True):
    """I began or stopped typing; it lapses by itself."""

    room: Id
    on: bool


class PresenceSet(Command, frozen=True):
    """How I want to appear."""

    status: Literal["online", "away", "dnd"]
    text: Annotated[str, Meta(max_length=100)] = ""


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


class UserList(Command, frozen=True):
    """Find people by a part of their name, or by ids."""

    query: Query | None = None
    ids: Ids | None = None
    limit: Page = 20


class TimeProbe(Command, frozen=True):
    """A round-trip probe."""


# Results: what an ack carries beside `ok`


class Nothing(Struct, frozen=True):
    """Done; there is nothing to tell."""


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


class MessageResult(Struct, frozen=True, gc=False):
    message: Message
    duplicate: bool


class ChangedResult(Struct, frozen=True):
    """The message as it is now."""

    message: Message


class MessagesResult(Struct, frozen=True):
    messages: list[Message]


class ReadersResult(Struct, frozen=True):
    users: list[int]


class SearchResult(Struct, frozen=True, omit_defaults=True):
    """`next` is the `before` of the next page."""

    hits: list[Hit]
    next: Id | None = None


class HistoryResult(Struct, frozen=True):
    messages: list[Message]
    more_before: bool
    more_after: bool
    head: Head


class RoomSyncResult(Struct, frozen=True, omit_defaults=True):
    """`messages` by rising rev and `more`; or `reset`, when the client must drop its cache and read `history`.

    What has no more, and a reset, tells the member's counts as of `head`.
    """

    head: Head
    messages: list[Message] | None = None
    room: Room | None = None
    more: bool | None = None
    reset: bool = False
    counts: Counts | None = None


class UserListResult(Struct, frozen=True):
    users: list[User]


class TimeResult(Struct, frozen=True):
    time: Time


class Error(Struct, frozen=True, omit_defaults=True):
    """Why a command was refused. `retryable` stands there always."""

    code: str
    message: str
    retryable: bool
    field: str | None = None
    retry_after: float | None = None


# Facts: what the server tells


class Welcome(Struct, frozen=True):
    """The first fact on a connection: who I am, which rooms I am in and where each stands.

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
    build: str | None = None


class MessageNew(Struct, frozen=True, gc=False):
    room: int
    rev: Count
    message: Message


class MessageChanged(Struct, frozen=True):
    """The whole current state of a message that was edited, deleted, reacted to or pinned."""

    room: int
    rev: Count
    message: Message


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


class UserChanged(Struct, frozen=True):
    user: User


class PresenceFact(Struct, frozen=True):
    users: dict[int, Status]


class TypingFact(Struct, frozen=True):
    room: int
    user: int
    on: bool


class Read(Struct, frozen=True):
    """Told to the reader's own connections: how far they have read, and what is unread as of the room's `rev`."""

    room: int
    seq: Count
    rev: Count
    unread: Count
    mentions: Count


class Heads(Struct, frozen=True):
    rooms: dict[int, Head]


class SessionEnded(Struct, frozen=True):
    """The connection closes after this."""

    reason: Literal["signed_out", "revoked", "deactivated", "expired"]


class Notice(Struct, frozen=True):
    level: Literal["info", "warning"]
    code: str
    message: str


Bucket = Literal["message", "join", "typing", "search", "edit", "presence", "other"]


class CommandSpec(NamedTuple):
    """What belongs to a command: how it is decoded, what its ack carries, and which token bucket pays for it.

    With `overlaps` the same client's next command may begin as soon as this one's write is queued.
    """

    command: type[Command]
    result: type[Struct]
    bucket: Bucket = "other"
    overlaps: bool = False


CHAT_COMMANDS: dict[str, CommandSpec] = {
    "room_join": CommandSpec(RoomJoin, RoomResult, "join"),
    "room_leave": CommandSpec(RoomLeave, Nothing, "join"),
    "room_create": CommandSpec(RoomCreate, RoomResult, "join"),
    "room_update": CommandSpec(RoomUpdate, RoomResult, "edit"),
    "room_list": CommandSpec(RoomList, RoomListResult, "search"),
    "room_members": CommandSpec(RoomMembers, RoomMembersResult),
    "room_invite": CommandSpec(RoomInvite, Nothing, "join"),
    "room_remove": CommandSpec(RoomRemove, Nothing, "join"),
    "room_role": CommandSpec(RoomRole, Nothing, "edit"),
    "room_link": CommandSpec(RoomLink, RoomLinkResult, "join"),
    "room_star": CommandSpec(RoomStar, Nothing, "edit"),
    "involvement_set": CommandSpec(InvolvementSet, Nothing, "edit"),
    "direct_open": CommandSpec(DirectOpen, RoomResult, "join"),
    "message_send": CommandSpec(MessageSend, MessageResult, "message", overlaps=True),
    "message_edit": CommandSpec(MessageEdit, ChangedResult, "edit"),
    "message_delete": CommandSpec(MessageDelete, ChangedResult, "edit"),
    "message_get": CommandSpec(MessageGet, MessagesResult),
    "message_readers": CommandSpec(MessageReaders, ReadersResult),
    "reaction_add": CommandSpec(ReactionAdd, Nothing, "edit"),
    "reaction_remove": CommandSpec(ReactionRemove, Nothing, "edit"),
    "pin_add": CommandSpec(PinAdd, Nothing, "edit"),
    "pin_remove": CommandSpec(PinRemove, Nothing, "edit"),
    "pin_list": CommandSpec(PinList, MessagesResult),
    "history": CommandSpec(History, HistoryResult),
    "room_sync": CommandSpec(RoomSync, RoomSyncResult),
    "read_mark": CommandSpec(ReadMark, Nothing),
    "typing": CommandSpec(Typing, Nothing, "typing"),
    "search": CommandSpec(Search, SearchResult, "search"),
    "presence_set": CommandSpec(PresenceSet, Nothing, "presence"),
    "user_list": CommandSpec(UserList, UserListResult, "search"),
    "time": CommandSpec(TimeProbe, TimeResult),
}

CHAT_FACTS: dict[str, type[Struct]] = {
    "welcome": Welcome,
    "message_new": MessageNew,
    "message_changed": MessageChanged,
    "room_added": RoomAdded,
    "room_changed": RoomChanged,
    "room_own": RoomOwn,
    "room_removed": RoomRemoved,
    "members_changed": MembersChanged,
    "user_changed": UserChanged,
    "presence": PresenceFact,
    "typing": TypingFact,
    "read": Read,
    "heads": Heads,
    "session_ended": SessionEnded,
    "notice": Notice,
}

# Why `/chat` may refuse a connection: `connect_error` carries {code} in `err.data`.
REFUSALS = ("unauthenticated", "banned", "forbidden_origin", "too_many_connections", "protocol")
