"""Whom and what a text names: `@name` and `#room`, in any script, also in those that put no space between words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from chat.text import fold

# As long as `chat.text.username` and `room_name` let a name be.
LONGEST_USERNAME = 40
LONGEST_ROOM_NAME = 80
# Of each kind, in one text: what is looked up for a message stays bounded, however many signs it has.
MOST_CANDIDATES = 100
# These call everybody, whoever bears such a name.
CALLS = ("here", "room")

# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han, Hangul. A name may begin and end in them.
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
_SIGN = re.compile("[@#]")
# Of an address (`?a=#b`, `/@ada`), of an entity (`&#1;`), or of a sign before: nobody is named behind them.
_NOT_BEFORE = frozenset("@#/&=?%+")

T = TypeVar("T")


class Names(NamedTuple):
    """Whom and what a text may name: folded names (`chat.text.fold`) to what stands there."""

    people: Mapping[str, tuple[int, str]]
    """fold(username) to the person's id and shown name."""
    rooms: Mapping[str, tuple[int, str]]
    """fold(room name) to the room's id and name."""
    emoji: Mapping[str, str] = MappingProxyType({})
    """The name of one of the server's own emoji to the digest of its picture."""


NOBODY = Names(MappingProxyType({}), MappingProxyType({}))


def candidates(text: str) -> tuple[set[str], set[str]]:
    """Every name, folded, that `text` could mean: of people and of rooms, at most 100 of each.

    Whole words come before their beginnings, and short beginnings before long ones, so that in a long Chinese text,
    where each `@` could mean many names, none of them is left out for the sake of another.
    """
    people: dict[str, list[str]] = {}
    rooms: dict[str, list[str]] = {}
    for found in _SIGN.finditer(text):
        at = found.start()
        if not may_begin(text, at):
            continue
        person = found.group() == "@"
        words, longest = (people, LONGEST_USERNAME) if person else (rooms, LONGEST_ROOM_NAME)
        spellings = _spellings(text, at + 1, longest)
        word = next(spellings, None)
        if word is not None and word not in words and len(words) < MOST_CANDIDATES:
            words[word] = [word, *spellings]
    return _first(people.values()) - set(CALLS), _first(rooms.values())


def named(text: str, start: int, longest: int, known: Mapping[str, T]) -> tuple[int, T] | None:
    """The longest known name that stands at `start`: where it ends, and what is known by it."""
    for name in _spellings(text, start, longest):
        found = known.get(fold(name))
        if found is not None:
            return start + len(name), found
    return None


def may_begin(text: str, at: int) -> bool:
    """Whether the `@` or `#` at `at` can begin a name: not amid a word, as in an e-mail address or `foo#bar`."""
    if at == 0:
        return True
    before = text[at - 1]
    if before == "_":
        # Emphasis, unless it belongs to a word.
        return at == 1 or not text[at - 2].isalnum()
    return before not in _NOT_BEFORE and (is_spaceless(before) or not _in_name(before) or before in ".-")


def is_spaceless(character: str) -> bool:
    """Whether its script is written without spaces between words."""
    return _SPACELESS.match(character) is not None


def _spellings(text: str, start: int, longest: int) -> Iterator[str]:
    """What could be a name at `start`, the longest first."""
    end = start
    # One more than a name may have, to see whether it ends there.
    last = min(len(text), start + longest + 1)
    while end < last and _in_name(text[end]):
        end += 1
    run = text[start:end]
    if not run or (text[end : end + 1] == "@" and not is_spaceless(run[-1])):
        # Of an address, in the second case, such as `@ada@chat.example`.
        return
    # Signs at the end rather belong to the sentence, or close an emphasis.
    word = len(run.rstrip("._-"))
    for length in range(min(len(run), longest), 0, -1):
        if length >= word or _may_end(run, length):
            yield run[:length]


def _may_end(run: str, length: int) -> bool:
    """Whether a name may end amid a run of what names are made of."""
    after = run[length]
    if run.startswith(("..", "--"), length):
        return True
    return (is_spaceless(after) or is_spaceless(run[length - 1])) and not unicodedata.category(after).startswith("M")


def _in_name(character: str) -> bool:
    return (
        character.isalnum()
        or character in "._-"
        # Vowel signs of many scripts.
        or (not character.isascii() and unicodedata.category(character).startswith("M"))
    )


def _first(spellings: Collection[list[str]]) -> set[str]:
    """The bounded set of all: each one's longest, then everyone's shortest, and so on."""
    found: set[str] = set()
    turns = max(map(len, spellings), default=0)
    for turn in range(turns):
        for each in spellings:
            if turn < len(each):
                found.add(fold(each[-turn]))
                if len(found) == MOST_CANDIDATES:
                    return found
    return found
