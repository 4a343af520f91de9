"""Sections of my own in the sidebar, which nobody else learns of."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from chat.events.objects import Command, Section


class SectionsSet(Command, frozen=True):
    """Put rooms together in my sidebar: all my sections, in their order, each with its rooms in theirs.

    A room stands in one of them at most. Those that I am not in are kept, and shown when I am in them again.
    """

    sections: Annotated[list[Section], Meta(max_length=30)]


class SectionsChanged(Struct, frozen=True):
    """All my sections, told to all of my own connections."""

    sections: list[Section]
