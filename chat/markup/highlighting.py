"""Code in colours: Pygments' tokens as spans with its short classes, within a bounded time.

Pygments is loaded with the first block of code in a language that it knows, so this belongs on a thread.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import groupby
from operator import itemgetter
from typing import Any

from markdown_it.common.utils import escapeHtml

from chat.markup.languages import LABELS, LANGUAGES

# Some lexers take quadratic time for hostile code. They are asked for one token after another, which is linear, until
# the time of a message is used up; what is left then stays without colours.
MOST_SECONDS = 0.05
# A few look to the end of a line from every place in it, in one go: more than this in a line is no code to be read.
LONGEST_LINE = 1_000
# Each may be the first of its language in this process, and load its lexer.
MOST_BLOCKS = 20

_LONG_LINE = re.compile(rf"[^\n]{{{LONGEST_LINE + 1}}}")

# Which of Pygments' types are shown, by name, and the class of what is below them too. The rest is plain.
CLASSES = {
    "Comment": "c",
    "Comment.Preproc": "cp",
    "Comment.PreprocFile": "s",
    "Generic.Deleted": "gd",
    "Generic.Emph": "ge",
    "Generic.Heading": "gh",
    "Generic.Inserted": "gi",
    "Generic.Output": "go",
    "Generic.Prompt": "gp",
    "Generic.Strong": "gs",
    "Generic.Subheading": "gu",
    "Generic.Traceback": "gt",
    "Keyword": "k",
    "Keyword.Type": "kt",
    "Literal.Number": "m",
    "Literal.String": "s",
    "Literal.String.Doc": "sd",
    "Literal.String.Escape": "se",
    "Literal.String.Interpol": "si",
    "Literal.String.Regex": "sr",
    "Name.Attribute": "na",
    "Name.Builtin": "nb",
    "Name.Class": "nc",
    "Name.Constant": "no",
    "Name.Decorator": "nd",
    "Name.Exception": "nc",
    "Name.Function": "nf",
    "Name.Tag": "nt",
    "Name.Variable": "nv",
    "Operator.Word": "k",
}


class Highlighting:
    """What one message may spend on it."""

    def __init__(self, clock: Callable[[], float] = time.thread_time) -> None:
        """`clock` tells the seconds that this thread has computed: a busy machine costs nobody their colours."""
        self._clock = clock
        self._left = MOST_SECONDS
        self._blocks = 0

    def of(self, code: str, language: str) -> tuple[str, str]:
        """What the language is called here, and `code` as HTML."""
        label = LABELS.get(language.lower())
        if label is None:
            return language, escapeHtml(code)
        self._blocks += 1
        if self._blocks > MOST_BLOCKS or self._left <= 0 or _LONG_LINE.search(code):
            return label, escapeHtml(code)
        lexer = _lexer(label)
        return label, "".join(_spans(self._pieces(lexer.get_tokens_unprocessed(code), code)))

    def _pieces(self, tokens: Iterator[tuple[int, Any, str]], code: str) -> Iterator[tuple[str, str]]:
        """(class, text) of the whole code, with the class "" from where the time was over."""
        began = self._clock()
        end = 0
        for start, kind, value in tokens:
            if start != end:
                # A few lexers leave out or look ahead; nobody's code is to lose or repeat a character.
                break
            end += len(value)
            yield _class(kind), value
            if self._clock() - began > self._left:
                break
        self._left -= self._clock() - began
        yield "", code[end:]


def _spans(pieces: Iterator[tuple[str, str]]) -> Iterator[str]:
    for name, group in groupby(pieces, key=itemgetter(0)):
        text = escapeHtml("".join(value for _, value in group))
        yield f'<span class="{name}">{text}</span>' if name and text else text


@cache
def _class(kind: Any) -> str:
    """The class of a Pygments type: its own, or that of the nearest type above it."""
    while kind:
        found = CLASSES.get(".".join(kind))
        if found is not None:
            return found
        kind = kind.parent
    return ""


def _lexer(label: str) -> Any:
    """A new one each time: some keep notes while they read, and several threads may read at once."""
    return _lexer_class(label)(**LANGUAGES[label].options)


@cache
def _lexer_class(label: str) -> Any:
    language = LANGUAGES[label]
    return getattr(import_module(f"pygments.lexers.{language.module}"), language.lexer)
