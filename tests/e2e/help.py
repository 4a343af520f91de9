"""Live help from both sides: the window on a page of a web site, and the inbox of those who answer."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.e2e.browsers import Conversation
from tests.web_site import Answer


def shop_page(server: str, key: str) -> Answer:
    """A page with the widget of the server at this address."""
    widget = f'<script src="{server}/help/widget.js" data-site="{key}" async></script>'
    head = '<meta name="viewport" content="width=device-width"><title>Boats</title>'
    return Answer(f'<!doctype html><html lang="en">{head}<main><h1>Boats</h1></main>{widget}'.encode())


class Window:
    """The help window on a page of the web site."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.inside: FrameLocator = page.frame_locator("iframe[src*='/help/window']")
        self.button = page.frame_locator("iframe[src*='/help/launcher']").get_by_role("button")
        self.field = self.inside.get_by_label("Your message")
        self.log = self.inside.get_by_role("log")

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def has(self, texts: list[str]) -> None:
        """All of what was said, once and in this order, and nothing on its way."""
        expect(self.log.locator(".help-message:not(:has(.greeting)) .body")).to_have_text(texts)
        expect(self.log.locator(":is(.pending, .failed)")).to_have_count(0)

    def network_back(self) -> None:
        frame = self.page.frame(url=lambda url: "/help/window" in url)
        assert frame is not None
        frame.evaluate("() => dispatchEvent(new Event('online'))")


def inbox(talk: Conversation) -> Locator:
    panel = talk.page.locator("hub-help")
    if not panel.is_visible():
        talk.sidebar.get_by_role("button", name="Help inbox").click()
    return panel


def rows(panel: Locator, tab: str) -> Locator:
    panel.get_by_role("tab", name=tab).click()
    return panel.get_by_role("tabpanel").get_by_role("listitem")
