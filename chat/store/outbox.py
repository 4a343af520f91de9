"""What a transaction asks to happen once it is committed. Nothing of this is published before its commit.

An effect is only a hint: the database is the truth, and a lost effect is found at the next sync.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct


def room_channel(room: int) -> str:
    """The Socket.IO room that every connection of every member of a chat room is in."""
    return f"room:{room}"


def user_channel(user: int) -> str:
    """The Socket.IO room of one account's connections."""
    return f"user:{user}"


@dataclass(frozen=True, slots=True)
class Publish:
    """Tell a fact to everyone in a channel; of several channels, once to each connection."""

    channel: str | tuple[str, ...]
    event: str
    fact: Struct


@dataclass(frozen=True, slots=True)
class Enter:
    """An account's connections now hear a room."""

    user: int
    room: int


@dataclass(frozen=True, slots=True)
class Leave:
    """An account's connections no longer hear a room."""

    user: int
    room: int


@dataclass(frozen=True, slots=True)
class MembersTouched:
    """Who came or went; told to the room gathered, as `members_changed`."""

    room: int
    users: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EndSessions:
    """These sessions or tokens are void: their connections close at once."""

    sessions: tuple[int, ...] = ()
    tokens: tuple[int, ...] = ()
    reason: str = "revoked"


Effect = Publish | Enter | Leave | MembersTouched | EndSessions
