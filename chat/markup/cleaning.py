"""The list of what a message's HTML may hold: a fault of the renderer is caught here."""

from __future__ import annotations

import re
from functools import cache

import nh3

from chat.markup.highlighting import CLASSES
from chat.markup.parsing import SCHEMES

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "hr", "img", "li", "ol", "p", "pre", "s", "span", "strong", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "data-room"},
    "code": {"class"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "span": {"data-user"},
}
ALLOWED_CLASSES = {
    "a": {"room-ref", "bare"},
    "img": {"own-emoji"},
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
_EMOJI = re.compile(r"/emoji/[0-9a-f]{32}")


def clean(html: str) -> str:
    """`html` without whatever is not on the list. Pictures are on it where there is one of the server's own emoji."""
    return _cleaner(with_pictures=_EMOJI.search(html) is not None).clean(html)


@cache
def _cleaner(*, with_pictures: bool) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS if with_pictures else TAGS - {"img"},
        attributes=ATTRIBUTES,
        tag_attribute_values=ATTRIBUTE_VALUES,
        allowed_classes=ALLOWED_CLASSES,
        url_schemes=SCHEMES,
        url_relative=_ours_or_nothing,
        attribute_filter=_filtered,
        # The renderer says it, since links to rooms open in the page.
        link_rel=None,
    )


def _ours_or_nothing(url: str) -> str | None:
    """The only addresses of ours that a message can lead to, or show."""
    return url if _OURS.fullmatch(url) or _EMOJI.fullmatch(url) else None


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    """A picture is one of the server's own emoji; nothing else is one of those."""
    is_emoji = _EMOJI.fullmatch(value) is not None
    if attribute == "src":
        return value if is_emoji else None
    return None if attribute == "href" and is_emoji else value
