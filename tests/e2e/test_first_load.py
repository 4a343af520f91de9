"""What a browser must have got before it shows the first message."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from chat.web.assets import joined
from chat.web.assets.modules import Modules
from tests.e2e.browsers import Browsers, Conversation
from tests.e2e.house import House
from tests.servers import ROOT

MOST = 120_000
# Single modules, the second style sheet, more texts.
LATER = re.compile(r"/js/|/joined/(locales/)?later")


class Traffic:
    """The scripts and style sheets that a page gets, in bytes as they come: compressed, heads included."""

    def __init__(self, page: Page) -> None:
        self._kinds: dict[str, tuple[str, str]] = {}
        self.sizes: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._begun)
        session.on("Network.loadingFinished", self._finished)

    def _begun(self, event: dict[str, Any]) -> None:
        self._kinds[event["requestId"]] = (event["type"], event["response"]["url"])

    def _finished(self, event: dict[str, Any]) -> None:
        kind, url = self._kinds.get(event["requestId"], ("", ""))
        if kind in ("Script", "Stylesheet"):
            self.sizes[url.rsplit("/~", 1)[-1].split("/", 1)[-1]] = event["encodedDataLength"]


def largest_modules() -> list[tuple[int, str]]:
    """What the script is made of, by the characters of code."""
    modules = Modules(ROOT / "static").in_order("js/app.js")
    return sorted(((len(module.code), module.name) for module in modules), reverse=True)[:12]


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_the_first_load_is_light(browsers: Browsers, house: House, language: str) -> None:
    page = browsers.page(house.server, house.ada, locale=language, quiet=False)
    # What comes later does not come at all: nobody waits for it to read.
    page.route(LATER, lambda route: route.abort())
    traffic = Traffic(page)
    page.goto(house.path("words"))
    Conversation(page).bodies.first.wait_for()
    assert joined.NAME in traffic.sizes
    total = sum(traffic.sizes.values())
    assert total < MOST, f"{total} bytes: {traffic.sizes}; the script's modules: {largest_modules()}"


def test_what_comes_later_meets_the_same_modules(browsers: Browsers, house: House) -> None:
    """Had a dialog other ones than the script, it would speak no language, and define elements twice."""
    page = browsers.page(house.server, house.ada, locale="zh-CN")
    Conversation(page).open(house.path("words"))
    page.keyboard.press("Control+/")
    page.get_by_role("dialog", name="键盘快捷键").wait_for()
    loaded = page.evaluate("() => performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert not [
        url for url in loaded if url.endswith(("/lib/i18n.js", "/lit/index.js", "/lit-html.js", "/hub-toast.js"))
    ]
