"""From parsed Markdown to HTML, and what is counted on the way."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it.common.utils import escapeHtml, unescapeAll
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from chat.events.values import Call
from chat.markup.highlighting import Highlighting
from chat.markup.names import CALLS, NOBODY, Names

MOST_MENTIONS = 50
# People, calls and rooms together, repeated ones too: each takes many times the characters of its name.
MOST_REFERENCES = 200

# What may stand in the class of a block of code, and on its label.
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}", re.ASCII)
_ALIGNMENTS = {"text-align:center": "center", "text-align:right": "end"}
_ELSEWHERE = {"target": "_blank", "rel": "noopener noreferrer nofollow"}

# Nobody's id is 0.
_CALLS = {name: (0, name) for name in CALLS}

Env = MutableMapping[str, Any]


@dataclass
class Found:
    """What a message turned out to name, in order of appearance."""

    mentions: dict[int, None] = field(default_factory=dict)
    call: Call | None = None
    references: int = 0

    def refers(self) -> bool:
        """Whether there may be one more of them."""
        self.references += 1
        return self.references <= MOST_REFERENCES


def environment(names: Names = NOBODY) -> Env:
    """What a parser and a renderer keep of one message."""
    return {
        "people": {**names.people, **_CALLS},
        "rooms": names.rooms,
        "emoji": names.emoji,
        "found": Found(),
        "highlighting": Highlighting(),
    }


class Renderer(RendererHTML):
    """Each method makes the HTML of the tokens of its name."""

    def mention(self, tokens: Sequence[Token], idx: int, options: object, env: Env) -> str:
        token, found = tokens[idx], env["found"]
        person = token.meta["id"]
        if not found.refers() or (person not in found.mentions and len(found.mentions) == MOST_MENTIONS):
            return escapeHtml(token.content)
        found.mentions[person] = None
        return f'<span class="mention" data-user="{person}">@{escapeHtml(token.meta["name"])}</span>'

    def call(self, tokens: Sequence[Token], idx: int, options: object, env: Env) -> str:
        found: Found = env["found"]
        name: Call = tokens[idx].meta["name"]
        if not found.refers():
            return escapeHtml(tokens[idx].content)
        if found.call != "room":
            found.call = name
        return f'<span class="mention call">@{name}</span>'

    def room_ref(self, tokens: Sequence[Token], idx: int, options: object, env: Env) -> str:
        token = tokens[idx]
        if not env["found"].refers():
            return escapeHtml(token.content)
        room = token.meta["id"]
        return f'<a class="room-ref" href="/room/{room}" data-room="{room}">#{escapeHtml(token.meta["name"])}</a>'

    def own_emoji(self, tokens: Sequence[Token], idx: int, options: object, env: Env) -> str:
        token = tokens[idx]
        if not env["found"].refers():
            return escapeHtml(token.content)
        # A picture that is there no more shows its name.
        name = escapeHtml(token.content)
        return f'<img class="own-emoji" src="/emoji/{token.meta["digest"]}" alt="{name}" title="{name}">'

    def spoiler_open(self, tokens: Sequence[Token], idx: int, options: object, env: Env) -> str:
        # The page makes a button of the outer one, named in the reader's language, which hides the inner one.
        return '<span class="spoiler"><span>'

    def spoiler_close(self, tokens: Sequence[Token], idx: int, options: object, env: Env) -> str:
        return "</span></span>"

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        tokens[idx].attrs.update(_ELSEWHERE)
        if tokens[idx].markup == "autolink":
            # In angle brackets: whoever writes so wants no preview of it.
            tokens[idx].attrs["class"] = "bare"
        return self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        """Images would make every reader's browser call a foreign server, so they become links."""
        source, label = str(tokens[idx].attrs.get("src", "")), tokens[idx].content
        link = Token("link_open", "a", 1, attrs={"href": source})
        return f"{self.link_open([link], 0, options, env)}{escapeHtml(label or source)}</a>"

    def heading_open(self, tokens: Sequence[Token], idx: int, options: object, env: Env) -> str:
        # No h1 to h6: each would stand in the outline of the page, among the names of its parts.
        return f'<p class="heading" data-level="{tokens[idx].tag[1]}">'

    def heading_close(self, tokens: Sequence[Token], idx: int, options: object, env: Env) -> str:
        return "</p>\n"

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        token = tokens[idx]
        if "checked" not in token.meta:
            return self.renderToken(tokens, idx, options, env)
        # A sign that everything can show, not an input that nobody can use; the page draws and names it.
        done = token.meta["checked"]
        return f'<li class="task{" done" if done else ""}"><span class="box">{"☑" if done else "☐"}</span> '

    def td_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        return _cell(tokens[idx])

    def th_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        return _cell(tokens[idx])

    def fence(self, tokens: Sequence[Token], idx: int, options: object, env: Env) -> str:
        token = tokens[idx]
        language = _LANGUAGE.match(unescapeAll(token.info).strip())
        if language is None:
            return f"<pre><code>{escapeHtml(token.content)}</code></pre>\n"
        label, code = env["highlighting"].of(token.content, language.group())
        return f'<pre><code class="language-{label}">{code}</code></pre>\n'


def _cell(token: Token) -> str:
    place = _ALIGNMENTS.get(str(token.attrs.get("style", "")))
    return f'<{token.tag} class="{place}">' if place else f"<{token.tag}>"
