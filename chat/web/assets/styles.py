"""Which style sheets the conversation has, in their order, which decides within a layer."""

from __future__ import annotations

import re
from pathlib import Path

# What the first sight of a conversation needs, popups included, since they open at the first touch.
FIRST = (
    "layers",
    "colors",
    "base",
    "app",
    "sidebar",
    "header",
    "messages",
    "message",
    "attachments",
    "previews",
    "text",
    "code",
    "reactions",
    "popup",
    "choices",
    "composer",
    "person",
    "connection",
    "toast",
    "update",
    "skeleton",
    "density",
)
# What opens later, by `later()` in static/js/lib/later.js: panels, dialogs, pickers.
LATER = (
    "emoji",
    "details",
    "person-card",
    "picker",
    "dialog",
    "status",
    "directory",
    "search",
    "inbox",
    "later",
    "help",
    "moderation",
    "files",
    "lightbox",
    "uploads",
    "voice",
    "notify",
)
# Named in templates/.
OTHER_PAGES = ("console", "forms", "help-launcher", "help-window", "notifications", "page", "settings", "weekly")

_COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)


def sheets(names: tuple[str, ...]) -> list[str]:
    return [f"css/{name}.css" for name in names]


def join(folder: Path, names: tuple[str, ...]) -> str:
    return "".join(_COMMENT.sub("", (folder / name).read_text("utf-8")) for name in sheets(names))
