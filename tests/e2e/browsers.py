"""Browsers for tests: contexts of one Chromium, and what goes wrong in them."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Playwright, Request, Response

from tests.e2e.scripts import script
from tests.servers import Person, Server
from tests.waiting import until

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that beeps, and nobody who is asked for it.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
# The first one has no windows at all, and takes two thirds of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# What takes milliseconds may take seconds on a machine that runs everything at once.
PATIENCE = 20_000
# Failed requests are named with their address; where workers are blocked, the page is told so.
FORESEEN = ("Failed to load resource", "Service Worker registration blocked")
# The options of a page that axe looks at: what fades in has other colours while it does.
CALM: dict[str, Any] = {"reduced_motion": "reduce"}
# The options of a page as a phone has it.
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def launch(playwright: Playwright) -> Browser:
    """The one Chromium of a run; without one, the tests are skipped, and in continuous integration they fail."""
    own = Path(playwright.chromium.executable_path)
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and not own.exists():
        missing("There is no Chromium here: install Debian's `chromium`, or name one in CHROMIUM")
    return playwright.chromium.launch(executable_path=found or own, args=ARGUMENTS)


def missing(what: str) -> NoReturn:
    """Skips the test that needs it; in continuous integration that fails."""
    if os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


class Browsers:
    """Makes contexts, each a browser of its own, and gathers what goes wrong in them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.problems: list[str] = []

    def context(
        self, server: Server, person: Person | None = None, *, quiet: bool = True, **options: Any
    ) -> BrowserContext:
        """A browser, signed in as `person`. In a `quiet` one, a console error or a failed request is a problem."""
        # A worker would answer what tests want to answer themselves.
        options = {"service_workers": "block", "base_url": server.url, **options}
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", **options}
        context = self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        if person is not None:
            context.add_cookies([{"name": "hubbub_session", "value": person.cookie, "url": options["base_url"]}])
        if quiet:
            self._watch(context)
        return context

    def page(self, server: Server, person: Person | None = None, path: str = "", **options: Any) -> Page:
        """One page of a browser of its own, at `path` if there is one."""
        page = self.context(server, person, **options).new_page()
        if path:
            page.goto(path)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        self._contexts.clear()

    def _watch(self, context: BrowserContext) -> None:
        def console(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and not message.text.startswith(FORESEEN):
                self.problems.append(f"console: {message.text}")

        def failed(request: Request) -> None:
            # A page that is left takes its open requests with it.
            if request.failure != "net::ERR_ABORTED":
                self.problems.append(f"{request.method} {request.url}: {request.failure}")

        def answered(response: Response) -> None:
            # A page that says what is wrong comes with its status; what it is made of must be there.
            if response.status >= 400 and response.request.resource_type != "document":
                self.problems.append(f"{response.request.method} {response.url}: {response.status}")

        context.on("console", console)
        context.on("weberror", lambda error: self.problems.append(f"uncaught: {error.error}"))
        context.on("requestfailed", failed)
        context.on("response", answered)


class Conversation:
    """The conversation page, in the words of who uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.composer = page.locator("hub-composer textarea")
        self.list = page.get_by_role("log")
        self.bodies = page.locator("hub-message .body")
        self.header = page.locator("hub-header h1")
        self.sidebar = page.locator("hub-sidebar")

    def open(self, path: str = "/") -> Conversation:
        """Go there and wait until the room and the connection are."""
        self.page.goto(path)
        return self.ready()

    def ready(self) -> Conversation:
        self.composer.wait_for()
        # The dot that says so may lie in a drawer, and in any language.
        # Not `wait_for_function`, which the page's security policy does not let ask twice.
        until(lambda: self.page.evaluate("() => document.querySelector('hub-app').client.connection.connected"))
        return self

    def connection(self, *states: str) -> Locator:
        """The dot at the sidebar's foot, when it says one of these."""
        return self.page.locator("hub-connection").get_by_role(
            "button", name=re.compile("|".join(map(re.escape, states)))
        )

    def say(self, text: str) -> None:
        """Returns when it is to be seen, on its way or there."""
        self.composer.fill(text)
        self.composer.press("Enter")
        self.message(text).wait_for()

    def network_back(self) -> None:
        """The browser says that the network is back, so that the page does not wait for its next try."""
        self.page.evaluate("() => dispatchEvent(new Event('online'))")

    def kept(self) -> Conversation:
        """Wait until the browser has what it shows in its own database, which it writes a little later."""
        self.page.evaluate(script("kept"), True)
        return self

    def until_cached(self, text: str, *, no_more: bool = False) -> Conversation:
        """Wait until the browser's own databases have this, or have it no more."""
        until(lambda: (text in self.page.evaluate(script("cached"))) != no_more, f"the cache and {text!r}")
        return self

    def message(self, text: str) -> Locator:
        """The row whose whole text this is."""
        return self.page.locator("hub-message").filter(has=self.page.locator(".body").get_by_text(text, exact=True))

    def link(self, room: str) -> Locator:
        """The room in the sidebar."""
        return self.sidebar.get_by_role("link", name=re.compile(rf"\b{re.escape(room)}\b"))

    def pending(self) -> Locator:
        return self.page.locator("hub-message:is(.pending, .failed)")


def read_all(page: Page) -> list[tuple[int, str]]:
    """Every message of the open room as (seq, text), found by scrolling from its end to its beginning."""
    return [(seq, text) for seq, text in page.evaluate(script("read_all"))]
