"""The words of a rendered message, for places that show text alone: what a search has found, a notification; and what
of it is not for everybody."""

from __future__ import annotations

import re
from html import unescape

# Of our own renderer's HTML: there is no ">" within a tag.
_PIECE = re.compile(r"<(?P<end>/?)(?P<tag>[a-z0-9]+)(?P<rest>[^>]*)>|[^<]+")
_CODE = frozenset(("pre", "code"))
_BLOCKS = frozenset(("p", "li", "pre", "tr", "br", "td", "th"))
# One of the server's own emoji, by its name.
_ALT = re.compile(r'alt="([^"]*)"')
# Whom and what a text has turned out to name, of the team's: each holds nothing but its own text.
_NAMED = re.compile(
    r'<span class="mention" data-user="[0-9]+">([^<]*)</span>'
    r'|<a class="room-ref" href="/room/[0-9]+" data-room="[0-9]+">([^<]*)</a>'
    r'|<img class="own-emoji" [^>]*alt="([^"]*)"[^>]*>'
)
_SPACES = re.compile(r"\s+")

HIDDEN = "▒▒▒"


def passages(html: str) -> list[str]:
    """What is said outside of code, a spoiler too: pieces of text that don't belong together."""
    found: list[str] = [""]
    code = 0
    for piece in _PIECE.finditer(html):
        tag = piece["tag"]
        if tag in _CODE:
            code += -1 if piece["end"] else 1
        if tag is None:
            if not code:
                found[-1] += unescape(piece[0])
        elif tag == "br":
            found[-1] += "\n"
        elif tag in _BLOCKS or tag in _CODE:
            found.append("")
    return found


def unnamed(html: str) -> str:
    """The same for somebody who is none of the team: people, rooms and emoji of the server's own as text alone.

    Nothing else can look so: in a text each "<" is written as an entity, and in an attribute each quotation mark.
    """
    return _NAMED.sub(lambda found: found[found.lastindex or 0], html)


def plain(html: str) -> str:
    """The text on one line. What is hidden as a spoiler stays hidden."""
    parts: list[str] = []
    hidden = 0
    for piece in _PIECE.finditer(html):
        tag = piece["tag"]
        if hidden:
            # Within a spoiler, only what it is made of is counted, to find its end.
            if tag == "span":
                hidden += -1 if piece["end"] else 1
        elif tag is None:
            parts.append(piece[0])
        elif tag == "span" and "spoiler" in piece["rest"]:
            parts.append(HIDDEN)
            hidden = 1
        elif tag == "img" and (name := _ALT.search(piece["rest"])):
            parts.append(name[1])
        elif tag in _BLOCKS:
            parts.append(" ")
    return _SPACES.sub(" ", unescape("".join(parts))).strip()
