"""The text of messages: what is formatted can be used by everybody, and what is hostile does nothing at all."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Request, expect

from tests.e2e.accessibility import flaws_in_both_themes, overflows
from tests.e2e.browsers import Browsers, Conversation
from tests.e2e.scripts import script
from tests.hostile_texts import VECTORS
from tests.servers import Person, Server
from tests.unit.reading import allowed
from tests.waiting import until

CODE = 'def f(x):\n    return f"{x}" != None  # why\n'
TEXTS = [
    "# Release\n\nThe end: ||it was the *gardener*, says [the book](https://a.example)||. And ||so on||, and ||on||.",
    "- [x] first\n- [ ] second",
    f"```python\n{CODE}```",
    "```diff\n-a\n+b\n```\n~~~console\n$ make\ndone\n~~~\n```html\n<!-- c --><a b='c'>&amp;</a>\n```",
    "|what|how many|\n|--|--:|\n" + "".join(f"|{'a rather long name ' * 3}{row}|{row}|\n" for row in range(3)),
    "|" + "a long title|" * 12 + "\n" + "|-" * 12 + "|",
    ":tada: @nobody #nowhere",
]
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
# What the page adds to the server's HTML; a mention leads to the card of the person whom the server has named.
DRESSING = {"role", "tabindex", "aria-label", "aria-expanded", "data-person"}


@pytest.fixture
def talk(make_server: Callable[..., Server]) -> tuple[Server, Person, int]:
    """A server, its owner and a room. Asked for before the browsers, it ends after them: they miss nothing."""
    server = make_server()
    ada = server.owner("ada", "Ada")
    room = server.room(ada, "words", server.add("mira", "Mira"))
    return server, ada, room


class Watched:
    """A browser without the page's security policy, which notices a script that runs and a request that leaves."""

    def __init__(self, browsers: Browsers, server: Server, person: Person) -> None:
        self.ran: list[str] = []
        self.foreign: list[str] = []
        context = browsers.context(server, person, bypass_csp=True, quiet=False)
        context.expose_function("ran", self._called)
        context.add_init_script(
            "for (const name of ['alert', 'confirm', 'prompt', 'open', 'msgbox']) window[name] = () => ran(name);"
        )
        context.on("request", lambda request: self._asked(server, request))
        self.page = Conversation(context.new_page())

    def _called(self, name: str) -> None:
        self.ran.append(name)

    def _asked(self, server: Server, request: Request) -> None:
        if not request.url.startswith(server.url):
            self.foreign.append(request.url)


def test_what_is_hostile_does_nothing(talk: tuple[Server, Person, int], browsers: Browsers) -> None:
    """The texts themselves are harmless, also without the security policy."""
    server, ada, room = talk
    # Nobody can send control characters, whatever they are good for.
    texts = [text for text in VECTORS if not CONTROL.search(text)]
    server.say(ada, room, *texts)
    server.start()
    watched = Watched(browsers, server, ada)
    page = watched.page.open(f"/room/{room}").page
    assert len(page.evaluate(script("read_all"))) == len(texts)
    for seq, tag, attributes in page.evaluate(script("elements")):
        kept = {name: value for name, value in attributes.items() if name not in DRESSING}
        assert allowed(tag, kept), (texts[seq - 1], tag, attributes)
        assert attributes.get("data-person") == attributes.get("data-user"), texts[seq - 1]
    assert page.url == f"{server.url}/room/{room}"
    assert watched.ran == []
    assert watched.foreign == []


def test_that_browser_would_have_noticed(talk: tuple[Server, Person, int], browsers: Browsers) -> None:
    server, ada, room = talk
    server.start()
    watched = Watched(browsers, server, ada)
    page = watched.page.open(f"/room/{room}").page
    page.evaluate(
        """() => document.querySelector(".messages")
             .insertAdjacentHTML("beforeend", "<img src=https://evil.example/pixel.png onerror=alert(1)>")"""
    )
    until(lambda: page.evaluate("() => true") and watched.ran == ["alert"])
    assert watched.foreign == ["https://evil.example/pixel.png"]


def _hidden(spoiler: Locator) -> None:
    expect(spoiler).to_have_attribute("aria-expanded", "false")
    expect(spoiler.locator("> span")).to_be_hidden()


@pytest.mark.parametrize(("language", "name"), [("en-GB", "Spoiler: show"), ("zh-CN", "剧透内容：点按显示")])
def test_a_spoiler_is_shown_by_whatever_one_has(
    talk: tuple[Server, Person, int], browsers: Browsers, language: str, name: str
) -> None:
    server, ada, room = talk
    server.say(ada, room, TEXTS[0])
    server.start()
    page = Conversation(browsers.page(server, ada, locale=language)).open(f"/room/{room}")
    spoilers = page.bodies.get_by_role("button", name=name, exact=True)
    expect(spoilers).to_have_count(3)
    first, second, third = page.bodies.locator(".spoiler").all()
    for spoiler in (first, second, third):
        _hidden(spoiler)
    # A link in it is no way to what is hidden.
    expect(page.bodies.get_by_role("link")).to_have_count(0)

    first.click()
    expect(first.get_by_text("gardener")).to_be_visible()
    expect(page.bodies.get_by_role("link", name="the book")).to_be_visible()
    expect(spoilers).to_have_count(2)
    _hidden(second)
    for spoiler, key, text in ((second, "Enter", "so on"), (third, "Space", "on")):
        spoiler.focus()
        page.page.keyboard.press(key)
        expect(spoiler.get_by_text(text, exact=True)).to_be_visible()
        expect(spoiler).to_be_focused()
    expect(spoilers).to_have_count(0)
    expect(page.bodies.get_by_role("button")).to_have_count(0)


def test_a_screen_reader_hears_tasks_and_no_headings(talk: tuple[Server, Person, int], browsers: Browsers) -> None:
    server, ada, room = talk
    server.say(ada, room, *TEXTS)
    server.start()
    page = Conversation(browsers.page(server, ada)).open(f"/room/{room}")
    tasks = page.bodies.get_by_role("listitem")
    expect(tasks.nth(0).get_by_role("img", name="Done")).to_be_visible()
    expect(tasks.nth(1).get_by_role("img", name="To do")).to_be_visible()
    expect(page.bodies.get_by_role("heading")).to_have_count(0)
    expect(page.bodies.last).to_contain_text("🎉 @nobody #nowhere")


def test_code_is_copied_as_it_was_written(talk: tuple[Server, Person, int], browsers: Browsers) -> None:
    server, ada, room = talk
    server.say(ada, room, TEXTS[2])
    server.start()
    context = browsers.context(server, ada, permissions=["clipboard-read", "clipboard-write"])
    page = Conversation(context.new_page()).open(f"/room/{room}")
    block = page.bodies.locator(".code")
    expect(block.locator(".code-head span")).to_have_text("python")
    expect(block.locator(".k").first).to_have_text("def")
    assert block.locator(".k").first.evaluate("(one) => getComputedStyle(one).color") != block.locator("code").evaluate(
        "(one) => getComputedStyle(one).color"
    )
    block.get_by_role("button").click()
    expect(page.page.get_by_text("Copied.")).to_be_visible()
    assert page.page.evaluate("() => navigator.clipboard.readText()") == CODE


def test_everybody_can_read_it(talk: tuple[Server, Person, int], browsers: Browsers) -> None:
    server, ada, room = talk
    server.say(ada, room, *TEXTS)
    server.start()
    page = Conversation(browsers.page(server, ada)).open(f"/room/{room}")
    expect(page.bodies).to_have_count(len(TEXTS))
    for width in (1440, 390, 320):
        page.page.set_viewport_size({"width": width, "height": 900})
        # When the browser has time, what is wider than its row becomes one that keys scroll.
        until(lambda: page.page.evaluate(script("unreachable")) == 0)
        assert flaws_in_both_themes(page.page) == []
        assert overflows(page.page) == []
