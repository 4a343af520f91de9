"""Messages that I have saved for later: my own list, which nobody else learns of."""

from __future__ import annotations

from msgspec import Struct

from chat.events.objects import Command, Message
from chat.events.values import Count, Id, Page


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


class SavedListResult(Struct, frozen=True, omit_defaults=True):
    """`next` is the `before` of the next page; a page may be short and have one."""

    messages: list[Message]
    next: Id | None = None


class SavedIdsResult(Struct, frozen=True):
    """`rev` counts the changes of my list."""

    rev: Count
    messages: list[int]


class SavedChanged(Struct, frozen=True):
    """Told to all of my own connections: a message was saved, or taken off the list by its id.

    One that is deleted goes from the list without this; `message_changed` says so.
    """

    rev: Count
    added: Message | None = None
    removed: int | None = None
