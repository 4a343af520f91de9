"""What a page says of itself in its head: title, description, site and picture.

The page is a stranger's, of a megabyte perhaps, so it is gone through once from its beginning: no parser of all of
HTML, no expression that could go back.
"""

from __future__ import annotations

import codecs
import re
from html import unescape
from typing import NamedTuple

from chat.text import tidied

MOST_TITLE = 200
MOST_TEXT = 300
MOST_SITE = 80
MOST_ADDRESS = 2_000
# Of a head, so many parts are looked at, so much of each.
MOST_PARTS = 400
MOST_OF_META = 8_192
MOST_ATTRIBUTES = 24
MOST_OF_TITLE = 2_000
# Where a page must say how it is encoded, if it does.
CHARSET_BYTES = 4_096

_PART = re.compile(
    r"<(?:(meta)(?=[\s/])|(title|script|style|noscript|template|svg)(?=[\s/>])|(!--)|(/head|body)\b)", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"""\s++|([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++)))?+|(>)|[\s\S]""")
_CHARSET = re.compile(rb"""<meta\s[^>]{0,200}?charset\s{0,8}=\s{0,8}["']?\s{0,8}([a-z0-9_:.-]{1,40})""", re.IGNORECASE)
_IN_TYPE = re.compile(r"""charset\s*=\s*["']?([a-z0-9_:.-]{1,40})""", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# The encodings of the web, by Python's names. Others that Python knows are no texts, or take long to be read.
_ENCODINGS = {
    *("utf-8", "gb18030", "big5", "euc_jp", "shift_jis", "euc_kr", "koi8-r", "koi8-u", "utf-16-le", "utf-16-be"),
    *(f"cp125{number}" for number in range(9)),
    *(f"iso8859-{number}" for number in range(2, 17) if number != 12),
}
# Those that browsers take for a larger one.
_LARGER = {"gbk": "gb18030", "gb2312": "gb18030", "cp949": "euc_kr", "cp932": "shift_jis"}
_WESTERN = ("ascii", "iso8859-1", "latin-1")


class Said(NamedTuple):
    """`picture` is an address as the page has it, perhaps a relative one."""

    title: str
    text: str
    site: str
    picture: str


def read(page: bytes, kind: str) -> Said | None:
    """What a page of this content type says of itself; None where it has no title."""
    metas, title = _head(_decoded(page, kind))
    named = _first(metas, "og:title", "twitter:title") or title
    shown = tidied(named, MOST_TITLE)
    if not shown:
        return None
    text = tidied(_first(metas, "og:description", "twitter:description", "description"), MOST_TEXT)
    site = tidied(_first(metas, "og:site_name", "application-name"), MOST_SITE)
    picture = _first(metas, "og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
    return Said(shown, "" if text == shown else text, site, picture.strip()[:MOST_ADDRESS])


def _first(metas: dict[str, str], *names: str) -> str:
    return next((metas[name] for name in names if metas.get(name, "").strip()), "")


def _decoded(page: bytes, kind: str) -> str:
    for mark, encoding in _MARKS:
        if page.startswith(mark):
            return page[len(mark) :].decode(encoding, "replace")
    by_type = _IN_TYPE.search(kind)
    by_page = _CHARSET.search(page[:CHARSET_BYTES])
    name = by_type[1] if by_type else by_page[1].decode("ascii") if by_page else "utf-8"
    return page.decode(_encoding(name), "replace")


def _encoding(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return "utf-8"
    if found in _WESTERN:
        return "cp1252"
    found = _LARGER.get(found, found)
    return found if found in _ENCODINGS else "utf-8"


def _head(page: str) -> tuple[dict[str, str], str]:
    """What the head states, by small names, each as it was first said; and its title."""
    metas: dict[str, str] = {}
    title, at = "", 0
    for _ in range(MOST_PARTS):
        part = _PART.search(page, at)
        if part is None or part[4]:
            break
        meta, element, comment, _end = part.groups()
        at = part.end()
        if meta:
            stated, at = _attributes(page, at)
            name = (stated.get("property") or stated.get("name") or "").strip().lower()
            if name and "content" in stated:
                metas.setdefault(name, stated["content"])
            continue
        closing = "-->" if comment else f"</{element}"
        begin = page.find(">", at) + 1 if element else at
        at = _find(page, closing, begin)
        if at < 0 or not begin:
            break
        if element and element.lower() == "title" and not title:
            title = unescape(page[begin : min(at, begin + MOST_OF_TITLE)])
    return metas, title


def _attributes(page: str, at: int) -> tuple[dict[str, str], int]:
    """Of the tag whose name ends at `at`: each by its small name; and where the tag ends, or what was looked at of it.

    The spaces between them are counted too.
    """
    found: dict[str, str] = {}
    end = min(len(page), at + MOST_OF_META)
    for _ in range(MOST_ATTRIBUTES):
        one = _ATTRIBUTE.match(page, at, end)
        if one is None:
            break
        name, *values, close = one.groups()
        at = one.end()
        if close:
            break
        if name:
            value = next((value for value in values if value is not None), "")
            found.setdefault(name.lower(), unescape(value[:MOST_OF_TITLE]))
    return found, at


def _find(page: str, closing: str, begin: int) -> int:
    """Where an element ends, in letters of any size; below 0 where it does not."""
    found = re.compile(re.escape(closing), re.IGNORECASE).search(page, begin)
    return found.start() if found else -1
