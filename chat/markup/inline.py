"""What can stand in a line beyond CommonMark: addresses, names, emoji by name, spoilers."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from itertools import chain
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Delimiter, Scanned, StateInline
from markdown_it.token import Token

from chat.markup import names, shortcodes

# The scheme right before "://", of which no letter belongs to the word before it.
_SCHEME = re.compile(r"(?<![a-z0-9.+-])https?$", re.IGNORECASE)
# Chinese puts no space behind an address, but its full-width signs do not belong to it.
# And a spoiler's bars are behind the address in it.
_IN_PIECE = r"[^\s|，。；：！？、（）《》〈〉「」『』【】“”‘’]*+"
_PIECE = re.compile(rf"{_IN_PIECE}(?:\|(?!\|){_IN_PIECE})*+")
_BARS = re.compile(r"\|+")
_BAR = ord("|")


class Inline(ParserInline):
    """The library's parser with a state of our own and our rules."""

    def __init__(self) -> None:
        super().__init__()
        self.add_terminator_char("|")
        self.ruler.at("linkify", web_address)
        self.ruler.before("linkify", "reference", reference)
        self.ruler.before("linkify", "shortcode", shortcode)
        self.ruler.after("strikethrough", "spoiler", spoiler)
        self.ruler2.after("strikethrough", "spoiler", pair_spoilers)

    def parse(self, src: str, md: MarkdownIt, env: MutableMapping[str, Any], tokens: list[Token]) -> list[Token]:
        state = State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class State(StateInline):
    """A text in which emphasis may touch words that have no spaces between them."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        """CommonMark lets `**` close behind a punctuation mark only before a space, which Chinese does not put there:
        `**注意：**请看` would show its asterisks.
        """
        found = super().scanDelims(start, canSplitWord)
        if not canSplitWord:
            return found
        before = self.src[start - 1 : start]
        after = self.src[start + found.length : self.posMax][:1]
        return Scanned(
            found.can_open or (names.is_spaceless(before) and after != "" and not after.isspace()),
            found.can_close or (names.is_spaceless(after) and before != "" and not before.isspace()),
            found.length,
        )


def web_address(state: StateInline, silent: bool) -> bool:
    """An address is one piece: the `_` and `*` in it are no emphasis.

    In place of the library's rule, which searches the whole text before every "://" and so takes quadratic time.
    """
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-6:])
    if scheme is None or state.md.linkify is None:
        return False
    before = len(scheme.group())
    piece = _PIECE.match(state.src, state.pos - before, state.posMax)
    found = state.md.linkify.match_at_start(piece.group()) if piece else None
    # A `*` at the end rather closes an emphasis.
    address = str(found.url).rstrip("*") if found else ""
    target = state.md.normalizeLink(address)
    if len(address) <= before or not state.md.validateLink(target):
        return False
    if not silent:
        state.pending = state.pending[:-before]
        state.push("link_open", "a", 1).attrs = {"href": target}
        state.push("text", "", 0).content = state.md.normalizeLinkText(address)
        state.push("link_close", "a", -1)
    state.pos += len(address) - before
    return True


def reference(state: StateInline, silent: bool) -> bool:
    """`@name` of somebody, `@here`, `@room`, `#room`: only what is known. What is shown of them is the renderer's."""
    sign = state.src[state.pos]
    if sign not in "@#" or state.linkLevel > 0 or not names.may_begin(state.src, state.pos):
        return False
    if sign == "@":
        found = names.named(state.src, state.pos + 1, names.LONGEST_USERNAME, state.env["people"])
    else:
        found = names.named(state.src, state.pos + 1, names.LONGEST_ROOM_NAME, state.env["rooms"])
    if found is None or found[0] > state.posMax:
        return False
    end, (number, name) = found
    if not silent:
        kind = "room_ref" if sign == "#" else "mention" if number else "call"
        token = state.push(kind, "", 0)
        token.content = state.src[state.pos : end]
        token.meta = {"id": number, "name": name}
    state.pos = end
    return True


def shortcode(state: StateInline, silent: bool) -> bool:
    """`:tada:`."""
    if state.src[state.pos] != ":":
        return False
    own = shortcodes.own_at(state.src, state.pos, state.env["emoji"])
    if own is not None and own[0] <= state.posMax:
        if not silent:
            token = state.push("own_emoji", "", 0)
            token.content = f":{own[1]}:"
            token.meta = {"name": own[1], "digest": state.env["emoji"][own[1]]}
        state.pos = own[0]
        return True
    found = shortcodes.emoji_at(state.src, state.pos)
    if found is None or found[0] > state.posMax:
        return False
    if not silent:
        state.append_pending(found[1])
    state.pos = found[0]
    return True


def spoiler(state: StateInline, silent: bool) -> bool:
    """`||text||`, where the text touches the bars: `a || b || c` is a condition."""
    if silent or not state.src.startswith("||", state.pos):
        return False
    bars = _BARS.match(state.src, state.pos, state.posMax)
    end = bars.end() if bars else state.posMax
    token = state.push("text", "", 0)
    token.content = state.src[state.pos : end]
    if token.content == "||":
        before, after = state.src[state.pos - 1 : state.pos], state.src[end : state.posMax][:1]
        state.delimiters.append(
            Delimiter(
                marker=_BAR,
                length=0,
                token=len(state.tokens) - 1,
                end=-1,
                open=after != "" and not after.isspace(),
                close=before != "" and not before.isspace(),
            )
        )
    state.pos = end
    return True


def pair_spoilers(state: StateInline) -> None:
    """Turn the bars that belong together into tags; a spoiler in a spoiler hides nothing more."""
    for delimiters in chain([state.delimiters], (meta["delimiters"] for meta in state.tokens_meta if meta)):
        last = -1
        for number, delimiter in enumerate(delimiters):
            if delimiter.marker == _BAR and delimiter.end != -1 and number > last:
                last = delimiter.end
                _make_tag(state.tokens[delimiter.token], 1)
                _make_tag(state.tokens[delimiters[last].token], -1)


def _make_tag(token: Token, nesting: Literal[-1, 1]) -> None:
    token.type = "spoiler_open" if nesting == 1 else "spoiler_close"
    token.nesting = nesting
    token.content = ""
