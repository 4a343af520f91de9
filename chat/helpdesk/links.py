"""Addresses of a visitor's files, which say themselves who may read what, and until when.

A picture's element can send no secret, and a visitor has no cookie. Who holds such an address is taken for its visitor
as far as this one file goes; what the visitor may read is asked each time all the same (`chat.helpdesk.files`).
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from typing import NamedTuple
from urllib.parse import quote, urlencode

from chat.events.help import HelpFile
from chat.events.objects import File
from chat.times import DAY, now

# Some of one day are all alike, so that a browser finds what it has kept.
_DAYS = 2


class Link(NamedTuple):
    """What an address says of itself; `sign` is what nobody else could have written."""

    visitor: int
    file: int
    until: int
    sign: str


def shown(file: File, visitor: int, key: bytes) -> HelpFile:
    """As its visitor sees it: with addresses that work for one or two days."""
    until = (now() // DAY + _DAYS) * DAY
    link = Link(visitor, file.id, until, _sign(key, visitor, file.id, until))
    place = f"/help/files/{file.id}"
    query = urlencode({"visitor": visitor, "until": until, "sign": link.sign})
    return HelpFile(
        id=file.id,
        name=file.name,
        type=file.type,
        size=file.size,
        width=file.width,
        height=file.height,
        thumb=None if file.thumb is None else f"{place}/thumb?{query}",
        url=f"{place}/{quote(file.name, safe='')}?{query}",
    )


def holds(link: Link, key: bytes) -> bool:
    """Whether we have made this address, and it is not too old."""
    made = _sign(key, link.visitor, link.file, link.until)
    return hmac.compare_digest(made.encode(), link.sign.encode("utf-8", "replace")) and now() < link.until


def _sign(key: bytes, visitor: int, file: int, until: int) -> str:
    text = f"help-file {visitor} {file} {until}"
    return urlsafe_b64encode(hmac.digest(key, text.encode(), "sha256")).decode().rstrip("=")
