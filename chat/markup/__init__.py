"""Text to HTML, once, on the server: CommonMark and what chats have beyond it; raw HTML is text.

What the renderer makes is sanitised again against a short list, so that a fault in one layer is caught by the other.
`docs/formatting.md` says what people can write.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from chat.events.values import Call
from chat.markup import shortcodes
from chat.markup.cleaning import clean
from chat.markup.names import NOBODY, Names, candidates
from chat.markup.parsing import Parser
from chat.markup.rendering import MOST_MENTIONS, Found, environment

__all__ = ["MOST_MENTIONS", "NOBODY", "Names", "Rendered", "emoji_in", "names_in", "needs_a_thread", "render"]

# One line from a letter to something seen, with nothing that could mean more than itself: most of what people write. No
# sign of Markdown or of HTML, no "@" or "#" of a name, no ":/" of an address, no ":word:" of an emoji, and nothing that
# one of the libraries shows in another form: control characters, line breaks, unbreakable spaces.
_PLAIN_PIECE = r"[^\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff*_`~\[\]<>&\\@|:#]*+"
_PLAIN = re.compile(rf"[^\W\d_]{_PLAIN_PIECE}(?:(?::(?!/|[a-z0-9_+-]+:)|#(?!\w)){_PLAIN_PIECE})*+(?<!\s)")

# Looked up once: they are called for every message. The constructor of a named tuple takes twice as long as this.
_is_plain = _PLAIN.fullmatch
_new = tuple.__new__

# Texts above this leave the hub's thread: rendering costs about a millisecond a thousand characters.
INLINE_CHARACTERS = 1_000


class Rendered(NamedTuple):
    """A message's text as it is shown, and whom it calls."""

    html: str
    """Safe to put into a page. Links open elsewhere and tell nobody where they were found."""
    mentions: tuple[int, ...]
    """The people whom it names outside code and links, each once, in order of appearance, at most `MOST_MENTIONS`."""
    call: Call | None
    """`here` for `@here`, `room` for `@room`, which is the stronger."""


def names_in(text: str) -> tuple[set[str], set[str]]:
    """The folded names of people and of rooms that `render` could meet in `text`, and more: at most 100 of each."""
    return candidates(text) if "@" in text or "#" in text else (set(), set())


def emoji_in(text: str) -> set[str]:
    """The names of emoji of the server's own that `render` could meet in `text`, and more: at most 50."""
    return shortcodes.names_in(text)


def needs_a_thread(text: str) -> bool:
    """Whether rendering takes long enough to hold others up, or loads what highlights code or knows emoji."""
    # One character is looked for much faster than three.
    return (
        len(text) > INLINE_CHARACTERS
        or ("`" in text and "```" in text)
        or ("~" in text and "~~~" in text)
        or (":" in text and shortcodes.NAME.search(text) is not None)
    )


def render(text: str, names: Names = NOBODY) -> Rendered:
    """The HTML of a text, with those of `names` marked that it mentions."""
    if _is_plain(text):
        return _new(Rendered, (f"<p>{text}</p>", (), None))
    return _rendered(text, names)


def _rendered(text: str, names: Names = NOBODY) -> Rendered:
    """What `render` gives for any text; plain ones need not come this far."""
    env = environment(names)
    html = clean(_parser().render(text, env)).strip()
    found: Found = env["found"]
    return Rendered(html, tuple(found.mentions), found.call)


@cache
def _parser() -> Parser:
    return Parser()
