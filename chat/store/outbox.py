"""What a transaction asks to happen once it is committed. Nothing of this is published before its commit.

An effect is only a hint: the database is the truth, and a lost effect is found at the next sync. Where there are
several processes, each tells the others its effects; the tags are for that (`sockets/relay.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from msgspec import Raw, Struct

from chat.events.objects import Announcement, Message


# Each connection keeps the names of its channels, so those of a busy server are kept once.
@lru_cache(maxsize=50_000)
def room_channel(room: int) -> str:
    """The Socket.IO room that every connection of every member of a chat room is in."""
    return f"room:{room}"


def rooms_of(channels: Iterable[str | None]) -> set[int]:
    """The chat rooms among channels."""
    return {int(channel[5:]) for channel in channels if channel is not None and channel.startswith("room:")}


# The Socket.IO room of all connections.
EVERYBODY = "everybody"
_HELP = "help:"


def help_channel(room: int) -> str:
    """The Socket.IO room of a help conversation's windows, in the namespace of visitors."""
    return f"{_HELP}{room}"


def conversations_of(channels: Iterable[str | None]) -> set[int]:
    """The conversations with visitors among channels."""
    return {int(channel[len(_HELP) :]) for channel in channels if channel is not None and channel.startswith(_HELP)}


def is_for_visitors(channel: str | tuple[str, ...]) -> bool:
    return isinstance(channel, str) and channel.startswith(_HELP)


# That of the consoles of the server's owner and admins.
STAFF = "staff"


def user_channel(user: int) -> str:
    """The Socket.IO room of one account's connections."""
    return f"user:{user}"


class Publish(Struct, frozen=True):
    """Tell a fact to everyone in a channel; of several channels, once to each connection. `Raw` is JSON already."""

    channel: str | tuple[str, ...]
    event: str
    fact: Struct | Raw


class Enter(Struct, frozen=True, tag=True):
    """An account's connections now hear a room."""

    user: int
    room: int


class Leave(Struct, frozen=True, tag=True):
    """An account's connections no longer hear a room."""

    user: int
    room: int


class MembersTouched(Struct, frozen=True, tag=True):
    """Who came or went; told to the room gathered, as `members_changed`."""

    room: int
    users: tuple[int, ...]


class EndSessions(Struct, frozen=True, tag=True):
    """These sessions or tokens are void: their connections close at once."""

    sessions: tuple[int, ...] = ()
    tokens: tuple[int, ...] = ()
    reason: str = "revoked"


class WordsChosen(Struct, frozen=True, tag=True):
    """These words call an account from now on; of two that are told, the higher `rev` is the later one."""

    user: int
    rev: int
    words: tuple[str, ...]


class Muted(Struct, frozen=True, tag=True):
    """An account may say nothing, in a room or anywhere."""

    id: int
    user: int
    room: int | None
    until: int | None


class Unmuted(Struct, frozen=True, tag=True):
    """These mutes are lifted, for good."""

    ids: tuple[int, ...]


class NetworksBlocked(Struct, frozen=True, tag=True):
    """With a ban, nobody may come from these networks."""

    ban: int
    networks: tuple[str, ...]
    until: int | None


class NetworksFreed(Struct, frozen=True, tag=True):
    """What was blocked with these bans is open again, for good."""

    bans: tuple[int, ...]


class SettingsChosen(Struct, frozen=True, tag=True):
    """The server's settings that differ from what processes were started with; the higher `rev` is the later one."""

    rev: int
    values: dict[str, str]
    blocked_words: tuple[str, ...]
    announcement: Announcement | None = None
    logo: str = ""


class HelpBegun(Struct, frozen=True, tag=True):
    """A room is a conversation with a visitor, who is told what is for them. `secret_hash` finds their windows."""

    room: int
    visitor: int
    secret_hash: bytes


class Rewritten(Struct, frozen=True):
    """A message links elsewhere than before. Nobody is told: it is for the process that has committed it."""

    message: int
    room: int
    author: int
    html: str


class Reminded(Struct, frozen=True):
    """The time has come at which somebody wanted to be reminded of a message that they can read. Like `Rewritten`."""

    user: int
    message: Message


# What other processes hear of, and what they don't.
Shared = (
    Publish
    | Enter
    | Leave
    | MembersTouched
    | EndSessions
    | WordsChosen
    | Muted
    | Unmuted
    | NetworksBlocked
    | NetworksFreed
    | SettingsChosen
    | HelpBegun
)
Inside = Rewritten | Reminded
Effect = Shared | Inside
