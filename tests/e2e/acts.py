"""What people do in a conversation, in their words: with a row, with the details of a room, in the search panel."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsers import Conversation


def tool(row: Locator, name: str) -> Locator:
    row.hover()
    return row.locator(".tools").get_by_role("button", name=name, exact=True)


def choose(talk: Conversation, row: Locator, item: str, more: str = "More actions") -> None:
    """Open the row's menu and take one of its items."""
    tool(row, more).click()
    talk.page.get_by_role("menuitem", name=item, exact=True).click()


def choices(talk: Conversation, row: Locator) -> list[str]:
    tool(row, "More actions").click()
    menu = talk.page.get_by_role("menu")
    menu.get_by_role("menuitem").first.wait_for()
    names = menu.get_by_role("menuitem").locator("span").all_inner_texts()
    talk.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    return names


def chip(row: Locator, emoji: str) -> Locator:
    return row.locator(".reactions button").filter(has_text=emoji)


def details(talk: Conversation) -> Locator:
    panel = talk.page.locator("hub-details")
    if not panel.is_visible():
        talk.page.get_by_role("button", name="Details").click()
        expect(panel.get_by_role("listitem").first).to_be_visible()
    return panel


def member(talk: Conversation, name: str) -> Locator:
    return details(talk).get_by_role("listitem").filter(has=talk.page.get_by_text(name, exact=True))


def member_card(talk: Conversation, name: str) -> Locator:
    """The card that opens at somebody's name among the members; of another one, that goes."""
    opener = member(talk, name).get_by_role("button")
    card = talk.page.get_by_role("dialog", name=name)
    if not card.is_visible():
        opener.click()
        expect(card).to_be_visible()
    return card


def settings(talk: Conversation) -> Locator:
    details(talk).get_by_role("button", name="Settings").click()
    return talk.page.get_by_role("dialog", name=re.compile("^Settings of"))


def converse(talk: Conversation, *names: str) -> None:
    """Open a conversation by the button in the sidebar."""
    talk.sidebar.get_by_role("button", name="New conversation").click()
    dialog = talk.page.get_by_role("dialog", name="New conversation")
    for name in names:
        dialog.get_by_role("combobox").fill(name)
        dialog.get_by_role("option", name=name).first.click()
    dialog.get_by_role("button", name="Open conversation" if names else "Notes to myself").click()
    expect(dialog).to_have_count(0)


class Search:
    """The panel, in the words of who uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.locator("hub-search")
        self.field = page.get_by_role("searchbox", name="Search messages")
        self.hits = self.panel.locator(".hit")
        self.status = self.panel.get_by_role("status")

    def open(self, query: str | None = None) -> Search:
        self.page.locator("hub-header .toggle-search").click()
        expect(self.field).to_be_focused()
        if query is not None:
            self.field.fill(query)
        return self

    def ask(self, query: str) -> int:
        """Ask once more, and say how many there are."""
        self.field.fill("")
        expect(self.panel.locator(".help")).to_be_visible()
        self.field.fill(query)
        self.field.press("Enter")
        expect(self.status).to_have_text(re.compile("found"))
        return self.hits.count()

    def hit(self, text: str | re.Pattern[str]) -> Locator:
        return self.hits.filter(has_text=text)
