"""Messages that I have saved for later, and when I am reminded of them: my own list, which nobody else learns of."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from chat.events.objects import Command, Message
from chat.events.values import Count, Id, Moment, Page, Time


class SavedSet(Command, frozen=True):
    """Save a message for later, or take it off my list: 1,000 at most. Nobody else learns of it."""

    message: Id
    on: bool


class SavedList(Command, frozen=True):
    """What I have saved in the rooms that I am in, the last saved first. `before` is where an earlier answer ended."""

    before: Id | None = None
    limit: Page = 50


class SavedIds(Command, frozen=True):
    """The ids of all that I have saved, also in rooms that I have left: for marks beside messages."""


class ReminderSet(Command, frozen=True):
    """Remind me of a message at a time within a year, and save it where it is not saved; without `at`, don't."""

    message: Id
    at: Moment | None = None


class RemindersSeen(Command, frozen=True):
    """I have looked at the reminders that are due: they stay until they are done, and call no more."""


class Reminder(Struct, frozen=True):
    """When I am reminded of a message that I have saved. From `at` on it is `due`, and once I have looked, `seen`."""

    message: int
    room: int
    at: Time
    state: Literal["waiting", "due", "seen"]


class SavedListResult(Struct, frozen=True, omit_defaults=True):
    """`next` is the `before` of the next page; a page may be short and have one.

    The first page has also, in `due`, those whose reminder is due or seen, the last one first.
    """

    messages: list[Message]
    next: Id | None = None
    due: list[Message] = []


class SavedIdsResult(Struct, frozen=True, omit_defaults=True):
    """`rev` counts the changes of my list."""

    rev: Count
    messages: list[int]
    reminders: list[Reminder] = []


class SavedChanged(Struct, frozen=True):
    """Told to all of my own connections: a message was saved, or taken off the list by its id.

    One that is deleted goes from the list without this; `message_changed` says so.
    """

    rev: Count
    added: Message | None = None
    removed: int | None = None


class RemindersChanged(Struct, frozen=True, omit_defaults=True):
    """Told to all of my own connections: reminders are as in `changed` now; of the message `removed` there is none.

    With `message`, its time has come in this moment; that is left out where I am in its room no more. `rev` is that of
    `saved_changed`.
    """

    rev: Count
    changed: list[Reminder] = []
    removed: int | None = None
    message: Message | None = None
