"""The files of a room. They are uploaded and read over HTTP: see docs/files.md."""

from __future__ import annotations

from msgspec import Struct

from chat.events.objects import Command, File
from chat.events.values import Count, Id, Page, Time


class RoomFiles(Command, frozen=True):
    """The files in a room's messages, the newest first; `before` is where an earlier answer ended."""

    room: Id
    before: Id | None = None
    limit: Page = 50


class RoomFile(Struct, frozen=True):
    """A file in a message; the same file may be in others too, each with an `id` of its own."""

    id: int
    file: File
    message: int
    seq: Count
    author: int
    created_at: Time


class RoomFilesResult(Struct, frozen=True, omit_defaults=True):
    """`next` is the `before` of the next page."""

    files: list[RoomFile]
    next: Id | None = None
