"""What somebody typed, as what is wanted: words, "phrases", and operators such as `from:ada`.

Nothing of it is ever read as a query language of a database: it goes through the tokenizer, which leaves letters and
digits only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from chat.errors import ChatError, bad_request
from chat.search.tokens import tokens
from chat.text import clean, fold

MOST_CHARACTERS = 200

Phrase = tuple[str, ...]

# Chinese and Japanese keyboards have signs of their own for the same.
_OPENING = '"“”„「『＂'
_CLOSING = '"“”」』＂'
_PIECE = re.compile(
    r"(?P<bare>[A-Za-z]{1,6})[:：](?!\S)|(?:(?P<name>[A-Za-z]{1,6})[:：])?"
    rf"(?:[{_OPENING}](?P<quoted>[^{_CLOSING}]*)(?:[{_CLOSING}]|$)|(?P<plain>[^\s{_OPENING}]+))"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
ME = "me"


@dataclass
class Wanted:
    """`phrases` are tokens in a row, `singles` characters anywhere; of `authors` and `rooms`, folded names, any one.

    Days are counted from the year 1, in UTC; `before` and `after` are themselves not wanted.
    """

    phrases: list[Phrase] = field(default_factory=list)
    singles: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    rooms: list[str] = field(default_factory=list)
    link: bool = False
    file: bool = False
    before: int | None = None
    after: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == Wanted()


def parse(text: str) -> Wanted:
    """Raises `ChatError("bad_request")` that names the field and says how it is written."""
    wanted = Wanted()
    for piece in _PIECE.finditer(clean(text, "query", most=MOST_CHARACTERS)):
        name = (piece["name"] or piece["bare"] or "").lower()
        value = piece["quoted"] if piece["quoted"] is not None else piece["plain"] or ""
        operator = _OPERATORS.get(name)
        if operator is None:
            _words(wanted, piece[0])
        elif not value.strip():
            raise _wrong(f"Say what comes behind “{name}:”, without a space between.")
        else:
            operator(wanted, value.strip())
    return wanted


def _words(wanted: Wanted, text: str) -> None:
    """A phrase, or what was written without a space between."""
    found = list(tokens(text))
    phrase = tuple(token.text for token in found if not token.single)
    if phrase and phrase not in wanted.phrases:
        wanted.phrases.append(phrase)
    # Those that are in a pair are found with it.
    begun, ended = ({token[place] for token in found if not token.single} for place in (1, 2))
    for token in found:
        alone = token.single and token.start not in begun and token.end not in ended
        if alone and token.text not in wanted.singles:
            wanted.singles.append(token.text)


def _author(wanted: Wanted, value: str) -> None:
    wanted.authors.append(fold(value.removeprefix("@")))


def _room(wanted: Wanted, value: str) -> None:
    wanted.rooms.append(fold(value.removeprefix("#")))


def _has(wanted: Wanted, value: str) -> None:
    match fold(value):
        case "link":
            wanted.link = True
        case "file":
            wanted.file = True
        case _:
            raise _wrong("What can be looked for is “has:link” and “has:file”.")


def _before(wanted: Wanted, value: str) -> None:
    day = _day("before", value)
    wanted.before = day if wanted.before is None else min(day, wanted.before)


def _after(wanted: Wanted, value: str) -> None:
    day = _day("after", value)
    wanted.after = day if wanted.after is None else max(day, wanted.after)


def _day(name: str, value: str) -> int:
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value).toordinal()
    except ValueError:
        pass
    raise _wrong(f"A day is written like “{name}:2026-01-31”.")


def _wrong(sentence: str) -> ChatError:
    return bad_request(sentence, "query")


_OPERATORS: dict[str, Callable[[Wanted, str], None]] = {
    "from": _author,
    "in": _room,
    "has": _has,
    "before": _before,
    "after": _after,
}
