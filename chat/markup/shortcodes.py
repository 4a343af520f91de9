"""Emoji by name, as Slack and GitHub call them: `:tada:`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import islice

from chat.markup.names import is_spaceless

NAME = re.compile(r":([a-z0-9_+-]{1,60}):(?!\d)")

# Of the names in one text that may be those of the server's own emoji.
MOST_NAMES = 50

_TONES = {f"skin-tone-{number}": tone for number, tone in enumerate("🏻🏼🏽🏾🏿", 2)}
_FIRST_REGIONAL = 0x1F1E6 - ord("a")


def emoji_at(text: str, at: int) -> tuple[int, str] | None:
    """The emoji whose names stand at `at`, one or several in a row, and where they end.

    Not amid a word, since `10:30:45` is a time and `std::cool::it` a name.
    """
    before = text[at - 1 : at]
    if before == ":" or (before.isalnum() and not is_spaceless(before)):
        return None
    found = []
    while code := NAME.match(text, at):
        emoji = _emoji().get(code[1])
        if emoji is None:
            break
        found.append(emoji)
        at = code.end()
    return (at, "".join(found)) if found else None


def is_known(name: str) -> bool:
    """Whether an emoji of Unicode is called so."""
    return name in _emoji()


def names_in(text: str) -> set[str]:
    """What stands between colons, at most `MOST_NAMES`."""
    if ":" not in text:
        return set()
    found = (code[1] for code in NAME.finditer(text))
    return set(islice(dict.fromkeys(found), MOST_NAMES))


def own_at(text: str, at: int, known: Mapping[str, str]) -> tuple[int, str] | None:
    """The name of one of the server's own emoji that stands at `at`, and where it ends."""
    code = NAME.match(text, at) if known and _may_begin(text, at) else None
    return (code.end(), code[1]) if code and code[1] in known else None


def _may_begin(text: str, at: int) -> bool:
    """Not amid a word, since `10:30:45` is a time and `std::cool::it` a name; but right behind another one."""
    before = text[at - 1 : at]
    if before == ":":
        return at > 1 and text[at - 2] != ":"
    return not before.isalnum() or is_spaceless(before)


@cache
def _emoji() -> dict[str, str]:
    """Emoji by name. Made when the first is asked for: it takes a tenth of a second."""
    import emoji

    most = emoji.STATUS["fully_qualified"]
    found = dict(_TONES)
    for sign, about in emoji.EMOJI_DATA.items():
        if about["status"] <= most:
            for name in (*about.get("alias", ()), about["en"]):
                found.setdefault(name.strip(":"), sign)
    for one in "abcdefghijklmnopqrstuvwxyz":
        for two in "abcdefghijklmnopqrstuvwxyz":
            flag = chr(_FIRST_REGIONAL + ord(one)) + chr(_FIRST_REGIONAL + ord(two))
            if flag in emoji.EMOJI_DATA:
                found.setdefault(f"flag-{one}{two}", flag)
    return found
