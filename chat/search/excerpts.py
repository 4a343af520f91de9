"""The piece of a message that shows why it was found."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence

from chat.search.query import Phrase
from chat.search.tokens import Token, tokens

# How many characters are shown, and how many of them before the first match.
LENGTH = 160
BEFORE = 50
# So far a cut moves to the next space, so that words stay whole.
NEAR = 15
CUT = "…"

_SPACE = re.compile(r"\s")
_JOINERS = "\u200d\ufe0e\ufe0f"

Span = tuple[int, int]


def excerpt(text: str, phrases: Sequence[Phrase], singles: Sequence[str]) -> list[str]:
    """Parts that are plain and marked by turns; the first and the last are plain, and may be empty.

    Where nothing is to be marked, the beginning of the text.
    """
    matches = _matches(text, phrases, singles)
    first = next(matches, None)
    place = 0 if first is None else first[0]
    start = 0 if place <= BEFORE else _cut(text, place - BEFORE, place)
    end = len(text) if len(text) - start <= LENGTH else _cut_back(text, start + LENGTH, start + 1)
    parts = [CUT if start else ""]
    shown = start
    for begin, stop in _joined(first, matches, end):
        parts[-1] += text[shown:begin]
        parts += [text[max(begin, shown) : min(stop, end)], ""]
        shown = min(stop, end)
    parts[-1] += text[shown:end] + (CUT if end < len(text) else "")
    return [_SPACE.sub(" ", part) for part in parts]


def _matches(text: str, phrases: Sequence[Phrase], singles: Sequence[str]) -> Iterator[Span]:
    """Where they stand, by where they end; as far as they are asked for."""
    by_last: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        by_last[phrase[-1]].append(phrase)
    wanted = set(singles)
    last: deque[Token] = deque(maxlen=max(map(len, phrases), default=1))
    for token in tokens(text):
        if token.single:
            if token.text in wanted:
                yield token.start, token.end
            continue
        last.append(token)
        ended = tuple(one.text for one in last) if token.text in by_last else ()
        found = [len(phrase) for phrase in by_last.get(token.text, ()) if ended[-len(phrase) :] == phrase]
        if found:
            yield last[-max(found)].start, token.end


def _joined(first: Span | None, rest: Iterator[Span], end: int) -> Iterator[Span]:
    """Those that begin before `end`, with those that meet as one."""
    begin, stop = first or (end, end)
    for span in rest:
        if span[0] >= end:
            break
        if span[0] <= stop:
            begin, stop = min(begin, span[0]), max(stop, span[1])
        else:
            yield begin, stop
            begin, stop = span
    if begin < end:
        yield begin, stop


def _cut(text: str, place: int, most: int) -> int:
    """Where a shown piece may begin: behind a space close by, and never within what is seen as one character."""
    space = _SPACE.search(text, place, min(most, place + NEAR))
    if space:
        return space.end()
    while place < most and _is_within(text, place):
        place += 1
    return place


def _cut_back(text: str, place: int, least: int) -> int:
    """Where it may end."""
    for near in range(place, max(least, place - NEAR), -1):
        if text[near].isspace():
            return near
    while place > least and _is_within(text, place):
        place -= 1
    return place


def _is_within(text: str, place: int) -> bool:
    return text[place] in _JOINERS or text[place - 1] == "\u200d" or unicodedata.combining(text[place]) != 0
