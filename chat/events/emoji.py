"""Emoji of the server's own."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from chat.events.objects import Command
from chat.events.values import Count


class EmojiList(Command, frozen=True):
    """All emoji of this server's own, by name."""


class EmojiRemove(Command, frozen=True):
    """Take one away from everybody: what was written with it shows its name from then on."""

    name: Annotated[str, Meta(min_length=1, max_length=32)]


class CustomEmoji(Struct, frozen=True):
    """`:name:` in texts and as a reaction; `url` is the path of its picture."""

    name: str
    url: str


class EmojiListResult(Struct, frozen=True):
    """`rev` counts their changes."""

    rev: Count
    emoji: list[CustomEmoji]


class EmojiChanged(Struct, frozen=True):
    """Told to everybody: one was added, or removed by its name."""

    rev: Count
    added: CustomEmoji | None = None
    removed: str | None = None
