"""Which style sheets the conversation has, in their order, which decides within a layer."""

from __future__ import annotations

from pathlib import Path

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
    "text",
    "code",
    "reactions",
    "popup",
    "choices",
    "emoji",
    "composer",
    "uploads",
    "details",
    "files",
    "lightbox",
    "person",
    "picker",
    "dialog",
    "directory",
    "search",
    "connection",
    "toast",
    "update",
    "notify",
    "skeleton",
)
# Named in templates/.
OTHER_PAGES = ("forms", "notifications", "page", "settings")


def sheets(names: tuple[str, ...]) -> list[str]:
    return [f"css/{name}.css" for name in names]


def join(folder: Path, names: tuple[str, ...]) -> str:
    return "".join((folder / name).read_text("utf-8") for name in sheets(names))
