"""The Markdown parser: CommonMark with tables, task lists, strike-through and addresses; raw HTML is text."""

from __future__ import annotations

import re

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt

from chat.markup.inline import Inline
from chat.markup.rendering import Renderer

SCHEMES = {"http", "https", "mailto", "tel"}

_ALLOWED = re.compile(r"(?:https?://[^/?#]|mailto:.|tel:.)", re.IGNORECASE)


class Parser(MarkdownIt):
    """One for all messages and threads: what belongs to a message is in its environment (`rendering.environment`)."""

    def __init__(self) -> None:
        # maxNesting bounds the work that deeply nested quotes and lists can ask for.
        options = {"html": False, "linkify": True, "breaks": True, "tasklists": True, "maxNesting": 20}
        super().__init__("commonmark", renderer_cls=Renderer)
        self.inline = Inline()
        self.configure("commonmark", options)
        self.enable(["table", "strikethrough", "linkify", "reference", "shortcode", "spoiler"])
        # `[a]: address` would be unseen, and 10,000 characters of `[a]` would become megabytes of it.
        self.block.ruler.disable("reference")
        # Only what is plainly an address: README.md and main.py are names of files before they are domains.
        self.linkify = LinkifyIt({"ftp:": None, "//": None}, {"fuzzy_link": False})
        # Lists of rules are made when they are first asked for, and another thread would see them half made.
        for ruler in (self.core.ruler, self.block.ruler, self.inline.ruler, self.inline.ruler2):
            ruler.getRules("")

    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Only what leads out by a way that everybody expects; what does not stays text."""
        return _ALLOWED.match(url) is not None
