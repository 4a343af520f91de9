"""Messages that I have written to be sent later: the server keeps them, and nobody else learns of them before."""

from __future__ import annotations

from msgspec import Struct

from chat.events.objects import Command, Error
from chat.events.values import Cid, Count, Id, Moment, Text, Time


class ScheduledAdd(Command, frozen=True):
    """Say this at a time within a year: 100 such messages at most. At that time it is sent as if I sent it then.

    `cid` is the message's; one that I have scheduled before answers with that. Files can't be scheduled.
    """

    room: Id
    cid: Cid
    text: Text
    at: Moment
    reply_to: Id | None = None


class ScheduledList(Command, frozen=True):
    """All that I have scheduled, and what of it was refused when its time had come."""


class ScheduledChange(Command, frozen=True):
    """Another text, another time, or both. With a time, what was refused is tried again then."""

    id: Id
    text: Text | None = None
    at: Moment | None = None


class ScheduledRemove(Command, frozen=True):
    """Don't send it. What is being sent in this moment can't be held."""

    id: Id


class ScheduledSend(Command, frozen=True):
    """Send it now. Where that is refused, it stays as it was."""

    id: Id


class Scheduled(Struct, frozen=True, omit_defaults=True):
    """A message that is to be sent `at` a time. With `error` it was refused then, and waits for me."""

    id: int
    room: int
    text: str
    at: Time
    reply_to: int | None = None
    error: Error | None = None


class ScheduledResult(Struct, frozen=True):
    scheduled: Scheduled


class ScheduledListResult(Struct, frozen=True):
    """The next one to be sent first. `rev` counts the changes of my list."""

    rev: Count
    scheduled: list[Scheduled]


class ScheduledChanged(Struct, frozen=True, omit_defaults=True):
    """Told to all of my own connections: one is as in `changed` now, or is `removed`: sent, or taken back."""

    rev: Count
    changed: Scheduled | None = None
    removed: int | None = None
