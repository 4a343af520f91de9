"""The server as its staff see it: who is connected, what it does just now, and what was decided about whom."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.events.objects import Command, Sanction, User
from chat.events.values import Count, Cursor, Id, Page, Query, Role, RoomKind, SanctionKind, Time

Transport = Literal["websocket", "polling"]
ConnectionSort = Literal["since", "user", "address", "rooms", "sent", "received"]
ConnectionId = Annotated[
    str, Meta(max_length=64, pattern="^[A-Za-z0-9_-]+$", description="as `connection_list` has it")
]


class AdminWelcome(Struct, frozen=True):
    """The first fact on the connection: who I am, and the process that it leads to."""

    protocol: int
    epoch: str
    time: Time
    user: User
    process: str
    build: str | None = None


class AccountList(Command, frozen=True):
    """Accounts by name: those that may come in, or others. `after` is where an earlier answer ended."""

    query: Query = ""
    role: Role | None = None
    state: Literal["active", "deactivated", "banned", "all"] = "all"
    after: Id | None = None
    limit: Page = 50


class Account(Struct, frozen=True):
    """`seen_at` is when a browser or a program of theirs was seen last, give or take some minutes."""

    user: User
    created_at: Time
    seen_at: Time | None
    deactivated_at: Time | None
    banned: bool


class AccountListResult(Struct, frozen=True, omit_defaults=True):
    """`next` is the `after` of the next page."""

    accounts: list[Account]
    next: Id | None = None


class UserRole(Command, frozen=True):
    """Give a person another role on the server, as one of its owners."""

    user: Id
    role: Literal["owner", "admin", "member"]


class UserDeactivate(Command, frozen=True):
    """Close an account: nobody is let in with it, and all that it has said stays."""

    user: Id


class UserReactivate(Command, frozen=True):
    """Open it again."""

    user: Id


class UserSignOut(Command, frozen=True):
    """Sign somebody out everywhere; with `tokens`, what speaks for them by a token loses that as well."""

    user: Id
    tokens: bool = False


class MessageRemove(Command, frozen=True):
    """Delete a message, in whatever room it stands."""

    message: Id


class RoomArchive(Command, frozen=True):
    """Close a room to new messages, or open it again, whoever leads it; of a direct conversation, nobody can."""

    room: Id
    archived: bool = True


class NoticeSend(Command, frozen=True):
    """Say something to everybody here, now and whoever comes later, until they close it; no text takes it back."""

    message: Annotated[str, Meta(max_length=500)]


class SanctionSearch(Command, frozen=True):
    """What is in force anywhere, the latest first. `before` is where an earlier answer ended."""

    kind: SanctionKind | None = None
    user: Id | None = None
    before: Id | None = None
    limit: Page = 50


class SanctionSearchResult(Struct, frozen=True, omit_defaults=True):
    """`rooms` has the names of rooms by their ids, `networks` those that are blocked, by the number of their ban;
    `next` is the `before` of the next page."""

    sanctions: list[Sanction]
    users: list[User]
    rooms: dict[int, str] = {}
    networks: dict[int, list[str]] = {}
    next: Id | None = None


class ConnectionInfo(Struct, frozen=True):
    """One connection to /chat, of a browser or, by a token, of a program, which may have said what it is (`client`).

    `sent` and `received` are bytes, where the system counts them: not of who polls, and on Linux only.
    """

    id: str
    process: str
    user: int
    username: str
    name: str
    role: Role
    address: str
    agent: str
    client: str | None
    program: bool
    transport: Transport
    rooms: int
    since: Time
    sent: int | None
    received: int | None


class ConnectionList(Command, frozen=True):
    """The connections of all processes. `query` is part of a name, an address or what a browser or program says it is.

    `after` is where an earlier answer ended.
    """

    query: Query = ""
    user: Id | None = None
    transport: Transport | None = None
    sort: ConnectionSort = "since"
    descending: bool = False
    after: Cursor | None = None
    limit: Page = 100


class ConnectionListResult(Struct, frozen=True, omit_defaults=True):
    """`count` is how many there are of the kind asked for; `silent` are processes that did not answer in time."""

    connections: list[ConnectionInfo]
    count: int
    silent: list[str] = []
    next: Cursor | None = None


class ConnectionClose(Command, frozen=True):
    """Close one connection of somebody's; a client that is not told more comes back by itself."""

    id: ConnectionId
    user: Id


class RoomActivity(Command, frozen=True):
    """The rooms in which most was said lately, as far as the newest 20,000 messages reach; no direct conversations."""

    hours: Annotated[int, Meta(ge=1, le=168)] = 24
    limit: Page = 20


class ActiveRoom(Struct, frozen=True):
    """`messages` were written by `authors` people; `last_at` is when the last one was."""

    id: int
    name: str
    kind: RoomKind
    archived: bool
    members: Count
    messages: Count
    authors: Count
    last_at: Time


class RoomActivityResult(Struct, frozen=True):
    rooms: list[ActiveRoom]


class Stats(Struct, frozen=True):
    """What one process does. `at` is in milliseconds since 1970; what is counted is a second's, on average since the
    line before: `messages` sent, `deliveries` of facts, `commands`. `ack` and `ack_most` are the milliseconds in which
    half and nearly all (99 %) of the commands were answered, `lag` the longest that the process was late, `queue` what
    waits to be written, `memory` in bytes, `cpu` the part of one processor, `slow_readers` how many were dropped
    since it started.
    """

    process: str
    at: int
    connections: int
    websocket: int
    polling: int
    users: int
    messages: float
    deliveries: float
    commands: float
    ack: float
    ack_most: float
    lag: float
    queue: int
    memory: int
    cpu: float
    slow_readers: int


class StatsWatch(Command, frozen=True):
    """Tell me `stats` of every process, every two seconds, or stop."""

    on: bool = True


class StatsSeries(Struct, frozen=True):
    """What one process did in the last hour, each ten seconds: the fields of `stats`, each with all its values."""

    process: str
    values: dict[str, list[float]]


class StatsWatchResult(Struct, frozen=True, omit_defaults=True):
    """One of each process; `silent` are processes that did not answer in time."""

    series: list[StatsSeries] = []
    silent: list[str] = []
