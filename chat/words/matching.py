"""Whose words stand in a text.

A text is looked through piece by piece: words without case, width and accents, single characters of scripts that put no
spaces between words, and single signs. Somebody's words are rows of such pieces, and all of them together a tree, in
which one goes as far as the text goes along: so it takes no longer however many there are, and nothing that somebody
has written becomes an expression.
"""

from __future__ import annotations

import re

from chat.markup.plain import passages
from chat.search.tokens import PAIRED, bare

_PIECE = re.compile(rf"[{PAIRED}]|[^\W{PAIRED}]+|[^\w\s]")
# Stands between what does not belong together. No word has one in it.
_BREAK = "\0"


def pieces_of(text: str) -> tuple[str, ...]:
    return tuple(_PIECE.findall(bare(text)))


class _Node:
    __slots__ = ("further", "users")

    def __init__(self) -> None:
        self.further: dict[str, _Node] = {}
        self.users: frozenset[int] = frozenset()


class Matcher:
    """The words of many accounts. `users_in` may be called while another thread changes them."""

    def __init__(self) -> None:
        self._root = _Node()

    def __bool__(self) -> bool:
        """Whether there are any words."""
        return bool(self._root.further)

    def add(self, user: int, word: str) -> None:
        node = self._root
        for piece in pieces_of(word):
            node = node.further.setdefault(piece, _Node())
        node.users |= {user}

    def take_away(self, user: int, word: str) -> None:
        """One that was added."""
        path = [(self._root, "")]
        for piece in pieces_of(word):
            path.append((path[-1][0].further[piece], piece))
        path[-1][0].users -= {user}
        for (node, piece), (before, _) in zip(path[:0:-1], path[-2::-1], strict=True):
            if node.users or node.further:
                break
            del before.further[piece]

    def users_in(self, html: str) -> frozenset[int]:
        """Whose words stand in a message outside of code."""
        pieces = pieces_of(_BREAK.join(passages(html)))
        first = self._root.further
        found: dict[int, frozenset[int]] = {}
        for start, piece in enumerate(pieces):
            node, at = first.get(piece), start
            while node is not None:
                if node.users:
                    found[id(node)] = node.users
                at += 1
                node = node.further.get(pieces[at]) if at < len(pieces) else None
        return frozenset().union(*found.values())
