"""The list of what a message's HTML may hold: a fault of the renderer is caught here."""

from __future__ import annotations

import re
from functools import cache

import nh3

from chat.markup.highlighting import CLASSES
from chat.markup.parsing import SCHEMES

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "s", "span", "strong", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "data-room"},
    "code": {"class"},
    "ol": {"start"},
    "span": {"data-user"},
}
ALLOWED_CLASSES = {
    "a": {"room-ref"},
    "li": {"task", "done"},
    "p": {"heading"},
    "span": {"mention", "call", "spoiler", "box", *CLASSES.values()},
    "td": {"center", "end"},
    "th": {"center", "end"},
}
ATTRIBUTE_VALUES = {
    "a": {"target": {"_blank"}, "rel": {"noopener noreferrer nofollow"}},
    "p": {"data-level": set("123456")},
}
_OURS = re.compile(r"/room/[0-9]{1,16}")


def clean(html: str) -> str:
    """`html` without whatever is not on the list."""
    return _cleaner().clean(html)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        tag_attribute_values=ATTRIBUTE_VALUES,
        allowed_classes=ALLOWED_CLASSES,
        url_schemes=SCHEMES,
        url_relative=_room_or_nothing,
        # The renderer says it, since links to rooms open in the page.
        link_rel=None,
    )


def _room_or_nothing(url: str) -> str | None:
    """The only address of ours that a message can lead to."""
    return url if _OURS.fullmatch(url) else None
