"""Messages: sending, editing, deleting, reactions, pins."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from chat.events.objects import Command, Message
from chat.events.values import Cid, Count, Emoji, Id, Ids, Text


class MessageSend(Command, frozen=True):
    """Say something. The ack comes after the commit; a repeated `cid` answers with the stored message.

    A `cid` that begins with the time, as a UUID of version 7 does, costs the server least. `files` are ids of my
    uploads, or of files that I can read; with them, the text may be empty.
    """

    room: Id
    cid: Cid
    text: Text
    reply_to: Id | None = None
    files: Annotated[list[Id], Meta(max_length=10)] = []


class MessageEdit(Command, frozen=True):
    """Say it in other words: my own message, within the server's time for that. It keeps its files."""

    message: Id
    text: Text


class MessageDelete(Command, frozen=True):
    """Take back a message of mine, or, as who leads the room, of anybody's. Its place stays."""

    message: Id


class MessageGet(Command, frozen=True):
    """Some messages by their ids; those that I may not read are left out."""

    messages: Annotated[Ids, Meta(min_length=1)]


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


class PreviewRemove(Command, frozen=True):
    """Show no preview of this link under a message of mine, or, as who leads the room, of anybody's."""

    message: Id
    url: Annotated[str, Meta(min_length=1, max_length=2_000)]


class MessageResult(Struct, frozen=True, gc=False):
    message: Message
    duplicate: bool


class ChangedResult(Struct, frozen=True):
    """The message as it is now."""

    message: Message


class MessagesResult(Struct, frozen=True):
    messages: list[Message]


class MessageNew(Struct, frozen=True, gc=False):
    room: int
    rev: Count
    message: Message


class Called(Struct, frozen=True):
    """Whether a message calls me by one of my words, as of `rev`: told to me alone, before that message or its change.

    What calls me otherwise, everybody sees in the message itself.
    """

    room: int
    message: int
    rev: Count
    on: bool


class MessageChanged(Struct, frozen=True):
    """The whole current state of a message that was edited, deleted, reacted to or pinned, or got a preview."""

    room: int
    rev: Count
    message: Message
