"""Which links of a message get a preview: the first ones, as its HTML has them, that stand in the open."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

MOST = 2
MOST_CHARACTERS = 2_000

# Of our own renderer's HTML: there is no ">" within a tag.
_SPAN = re.compile(r"<(/?)span([^>]*)>|<a ([^>]*)>")
_HREF = re.compile(r'href="(https?://[^"]+)"')
# Looked for first: that is all that most messages cost.
_ANY = 'href="http'


class Written(NamedTuple):
    """A message, and what it links to."""

    message: int
    room: int
    author: int
    links: tuple[str, ...]


def of(html: str) -> tuple[str, ...]:
    """The addresses, each once, without their fragments: outside spoilers, and not in angle brackets."""
    if _ANY not in html:
        return ()
    found: dict[str, None] = {}
    hidden = 0
    for tag in _SPAN.finditer(html):
        end, span, link = tag.groups()
        if hidden:
            # Within a spoiler, only what it is made of is counted, to find its end.
            if span is not None:
                hidden += -1 if end else 1
        elif span is not None:
            hidden = 1 if "spoiler" in span else 0
        elif 'class="bare"' not in link and (address := _address(link)) is not None:
            found[address] = None
            if len(found) == MOST:
                break
    return tuple(found)


def host(url: str) -> str:
    """The server that an address names, as people say it; empty where it names none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _address(attributes: str) -> str | None:
    href = _HREF.search(attributes)
    if href is None:
        return None
    address = unescape(href[1]).partition("#")[0]
    return address if len(address) <= MOST_CHARACTERS and host(address) else None
