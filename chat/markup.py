"""Text to HTML, once, on the server: CommonMark with tables, strike-through and links; raw HTML is text.

What the renderer makes is sanitised again against a short list, so that a fault in one layer is caught by the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "code": {"class"}, "ol": {"start"}, "td": {"class"}, "th": {"class"}}
SCHEMES = {"http", "https", "mailto", "tel"}

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
    return parser.enable(["table", "strikethrough", "linkify"])


def render(text: str) -> str:
    """Safe HTML of a message. Links open elsewhere and tell nobody where they were found."""
    html = _parser().render(text)
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()
