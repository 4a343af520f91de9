"""Text to tokens: the one tokenizer of both databases' indexes, of queries and of the marks in excerpts.

English words become stems. Chinese, Japanese and Korean are written without spaces, or with endings that grow together
with the word, so their characters go in overlapping pairs: `ABC` becomes `AB` `BC`, and whatever piece of it is
searched is a row of pairs. Single characters are tokens of their own, without a place.

Whoever changes what comes out must empty the index by a migration, since it was made with what came out before.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from snowballstemmer.english_stemmer import EnglishStemmer

# Longer words are found by their beginning.
LONGEST = 64

# Han with its radicals and compatibility forms, kana in both widths, hangul and its parts.
PAIRED = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3031-\u3035\u303b\u303c\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\uff66-\uff9f"
    "\uffa0-\uffdc\U0001b000-\U0001b16f\U00020000-\U000323af"
)
# A run of them, or a word, of which an English genitive is no part.
_RUN = re.compile(rf"([{PAIRED}]+)|([^\W_{PAIRED}]+)(?:['’][sS](?![^\W_]))?")
# A kana and the sign that voices it are one letter.
_LETTER = re.compile("(?s:.)[\u3099\u309a\uff9e\uff9f]?")
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]+")


class Token(NamedTuple):
    """What is found, and where in the text it stands. A single character has no place among the others."""

    text: str
    start: int
    end: int
    single: bool = False


def tokens(text: str) -> Iterator[Token]:
    """All of a text, by where they begin; as far as they are asked for."""
    for found in _RUN.finditer(text):
        if found[1] is None:
            start, end = found.span(2)
            for word in folded(found[2][:LONGEST]):
                yield Token(word, start, end)
            continue
        before: Token | None = None
        for letter in _letters(found[1], found.start()):
            if before is not None:
                yield Token(before.text + letter.text, before.start, letter.end)
            yield letter
            before = letter


def _letters(run: str, offset: int) -> Iterator[Token]:
    for found in _LETTER.finditer(run):
        for letter in _folded_letter(found[0]):
            yield Token(letter, offset + found.start(), offset + found.end(), single=True)


@lru_cache(maxsize=10_000)
def _folded_letter(letter: str) -> str:
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", letter)))


@lru_cache(maxsize=20_000)
def folded(word: str) -> tuple[str, ...]:
    """A word without case, width and accents, as its stem if it may be English. Some characters stand for two words."""
    return tuple(_stem(part)[:LONGEST] for part in _WORD.findall(bare(word)))


def bare(text: str) -> str:
    """A text without case, width and accents."""
    if text.isascii():
        return text.lower()
    text = _MARKS.sub("", unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()))
    return unicodedata.normalize("NFKC", text)


def _stem(word: str) -> str:
    if not (word.isascii() and word.isalpha()):
        return word
    # A stemmer keeps the word in itself, so each thread needs its own; making one is a hundredth of the work.
    stem: str = EnglishStemmer().stemWord(word)
    return stem
