"""Text to HTML, once, on the server: CommonMark with tables, strike-through and links; raw HTML is text.

What the renderer makes is sanitised again against a short list, so that a fault in one layer is caught by the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import nh3
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from chat.events import Call
from chat.text import fold

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "code": {"class"}, "ol": {"start"}, "td": {"class"}, "th": {"class"}}
SCHEMES = {"http", "https", "mailto", "tel"}

# The scheme right before "://", of which no letter belongs to the word before it.
_SCHEME = re.compile(r"(?<![a-z0-9.+-])https?$", re.IGNORECASE)
# Chinese puts no space behind an address, but its full-width signs do not belong to it.
_PIECE = re.compile(r"[^\s，。；：！？、（）《》〈〉「」『』【】“”‘’]*")

# One line from a letter to something seen, with nothing that could mean more than itself: most of what people write. No
# sign of Markdown or of HTML, no "@" and no ":/" of an address, and nothing that one of the libraries shows in another
# form: control characters, line breaks, unbreakable spaces.
_PLAIN_PIECE = r"[^\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff*_`~\[\]<>&\\@|:]*+"
_PLAIN = re.compile(rf"[^\W\d_]{_PLAIN_PIECE}(?::(?!/){_PLAIN_PIECE})*+(?<!\s)")

# Texts above this leave the hub's thread: rendering costs about a millisecond a thousand characters.
INLINE_CHARACTERS = 1_000


class _Renderer(RendererHTML):
    """Images would make every reader's browser call a foreign server, so they become links."""

    def image(self, tokens: Sequence[Token], idx: int, options: object, env: object) -> str:
        source, label = str(tokens[idx].attrs.get("src", "")), tokens[idx].content
        return f'<a href="{escapeHtml(source)}">{escapeHtml(label or source)}</a>'


@cache
def _parser() -> MarkdownIt:
    # maxNesting bounds the work that deeply nested quotes and lists can ask for.
    parser = MarkdownIt(
        "commonmark", {"html": False, "linkify": True, "breaks": True, "maxNesting": 20}, renderer_cls=_Renderer
    )
    parser.enable(["table", "strikethrough", "linkify"])
    # `[a]: address` would be unseen, and 10,000 characters of `[a]` would become megabytes of it.
    parser.disable("reference")
    parser.inline.ruler.at("linkify", _web_address)
    # Only what is plainly an address: README.md and main.py are names of files before they are domains.
    parser.linkify = LinkifyIt({"ftp:": None, "//": None}, {"fuzzy_link": False})
    return parser


def _web_address(state: StateInline, silent: bool) -> bool:
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


class Names(NamedTuple):
    """Whom and what a text may name: folded names to (id, shown name)."""

    people: Mapping[str, tuple[int, str]]
    rooms: Mapping[str, tuple[int, str]]


NOBODY = Names({}, {})


class Rendered(NamedTuple):
    """`mentions` are ids, each once, in the order in which they stand."""

    html: str
    mentions: tuple[int, ...] = ()
    call: Call | None = None


_AT = re.compile(r"(?<![\w@])@([\w.-]{1,40})")


def names_in(text: str) -> tuple[set[str], set[str]]:
    return {fold(n.rstrip(".-")) for n in _AT.findall(text)}, set()


def needs_a_thread(text: str) -> bool:
    return len(text) > INLINE_CHARACTERS


def render(text: str, names: Names = NOBODY) -> Rendered:
    """Safe HTML of a message. Links open elsewhere and tell nobody where they were found."""
    found = [fold(n.rstrip(".-")) for n in _AT.findall(text)]
    ids = tuple(dict.fromkeys(names.people[n][0] for n in found if n in names.people))
    call: Call | None = "room" if "room" in found else "here" if "here" in found else None
    return Rendered(f"<p>{text}</p>" if _PLAIN.fullmatch(text) else _rendered(text), ids, call)


def _rendered(text: str) -> str:
    """What `render` gives for any text; plain ones need not come this far."""
    html = _parser().render(text)
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()
