"""A tour of all there is to see: each stop is a state of a page, reached in any language and on any screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsers import Conversation
from tests.e2e.house import House

# Nothing of it can be seen, so the server does not take it.
UNSEEN = "\u200b"


def server_pages(page: Page) -> Iterator[str]:
    """What Flask draws, for a page in which the owner is signed in at first."""
    page.goto("/settings")
    yield "settings"
    page.locator("#token-name").fill("A program")
    page.locator("#token-name").press("Enter")
    page.locator(".secret").wait_for()
    yield "a new token"
    page.locator("#profile-name").fill("")
    page.locator("#profile-name").press("Enter")
    page.locator("[role=alert]").first.wait_for()
    yield "settings with an error"
    page.goto("/invites")
    yield "invitations"
    page.locator("main form .button:not(.danger)").first.click()
    invite = page.locator(".secret input").input_value()
    yield "a new invite link"
    page.goto(invite)
    yield "an invite for somebody who is here"
    page.context.clear_cookies()
    for path in ("/signin", "/register", "/guest", invite):
        page.goto(path)
        yield path
        page.locator("main form input:visible").last.press("Enter")
        page.locator("[role=alert]").first.wait_for()
        yield f"{path} with errors"
    for path in ("/nowhere", "/invite/nothing"):
        page.goto(path)
        yield path


def conversation(page: Page, house: House) -> Iterator[str]:
    """What the browser draws, for a page in which somebody is signed in."""
    talk = Conversation(page)
    for room in ("words", "empty", "launch"):
        talk.open(house.path(room))
        page.locator("hub-beginning").wait_for()
        yield f"the room {room}"
    talk.composer.fill(UNSEEN)
    # On a touch screen, Enter makes a new line.
    page.locator("hub-composer .send").click()
    page.locator("hub-message.failed").wait_for()
    yield "a message that was not sent"
    page.locator("hub-message.failed button").last.click()
    yield from _messages(page, talk)
    yield from _details(page)
    yield from _sidebar(page)
    page.goto("/room/987654321")
    page.locator(".empty .actions").wait_for()
    yield "a room that is not there"


def _messages(page: Page, talk: Conversation) -> Iterator[str]:
    """What can be done with a message, on one of my own."""
    talk.composer.fill("Sample words")
    page.locator("hub-composer .send").click()
    row = page.locator("hub-message").last
    expect(row.locator(".body")).to_have_text("Sample words")
    expect(talk.pending()).to_have_count(0)
    row.focus()
    yield "a message's tools"
    _tool(page, row, "more")
    yield "a message's menu"
    page.locator("[role=menu] [data-command=copy]").click()
    page.locator(".toast").first.wait_for()
    yield "a toast"
    _tool(page, row, "react")
    yield "the emoji that I use most"
    page.locator(".quick button").first.click()
    row.locator(".reactions .mine").wait_for()
    yield "a reaction"
    _tool(page, row, "react")
    page.locator(".quick button").last.click()
    page.locator(".emoji-picker .grid button").first.wait_for()
    yield "the emoji picker"
    page.locator(".emoji-picker input").fill("boat")
    page.locator("[data-group=found] button").first.wait_for()
    yield "emoji that were found"
    page.locator(".emoji-picker input").fill("nothing is called this")
    page.locator(".emoji-picker .none").wait_for()
    yield "no emoji found"
    page.keyboard.press("Escape")
    row.press("e")
    page.locator(".edit textarea").fill("Sample words, said otherwise")
    yield "a message that is edited"
    page.keyboard.press("Enter") if page.locator(".edit .hint:not(:empty)").count() else page.locator(
        ".edit .button"
    ).last.click()
    row.locator("small.edited").wait_for()
    yield "a message that was edited"
    for name in ("forward", "readers", "delete"):
        _tool(page, row, "more")
        page.locator(f"[role=menu] [data-command={name}]").click()
        page.locator("dialog[open]").wait_for()
        yield f"{name} a message"
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    row.press("p")
    row.locator(".pinned").wait_for()
    page.locator("hub-header .pins").click()
    page.locator("hub-pins .pin").first.wait_for()
    yield "pinned messages"
    page.locator("hub-details .top button").click()
    row.focus()
    row.press("p")
    expect(row.locator(".pinned")).to_have_count(0)
    row.press("Delete")
    page.locator("dialog[open] .danger").click()
    row.locator(".note").wait_for()
    yield "a deleted message"


def _tool(page: Page, row: Locator, name: str) -> None:
    """Open one of the row's menus."""
    row.focus()
    row.locator(f".tools [data-command={name}]").click()
    page.get_by_role("menu").wait_for()


def _details(page: Page) -> Iterator[str]:
    page.locator("hub-header .toggle-details").click()
    page.locator("hub-members li").first.wait_for()
    yield "details"
    with _dialog(page, "hub-members :is(h2, h3) button"):
        page.locator("#people-field").fill("elsewhere")
        page.get_by_role("option").first.wait_for()
        yield "add people"
        page.keyboard.press("Escape")
    with _dialog(page, "hub-details .leave button"):
        yield "leave a room?"
    page.locator("hub-details .top button").click()


def _sidebar(page: Page) -> Iterator[str]:
    _show_sidebar(page)
    yield "the sidebar"
    page.locator("hub-menu > button").click()
    yield "the menu"
    page.keyboard.press("Escape")
    page.locator("hub-jump input").fill("a")
    page.get_by_role("option").first.wait_for()
    yield "the quick switcher"
    page.keyboard.press("Escape")
    with _dialog(page, "hub-sidebar .browse"):
        page.locator("hub-directory li").first.wait_for()
        yield "the directory"
    with _dialog(page, "hub-sidebar .group-head .icon-button"):
        page.locator("#room-name").press("Enter")
        page.locator("#room-name-error:visible").wait_for()
        yield "a new room without a name"
    with _dialog(page, "hub-me button"):
        yield "my status"
    with _dialog(page, "hub-connection button"):
        yield "connection details"
    _show_sidebar(page)
    page.locator("hub-menu > button").click()
    with _dialog(page, "hub-menu .menu-list > button"):
        yield "keyboard shortcuts"


def _show_sidebar(page: Page) -> None:
    """On a phone it lies beside the screen."""
    drawer = page.locator("hub-header .menu")
    if drawer.is_visible() and page.locator("hub-sidebar[inert]").count():
        drawer.click()
        expect(page.locator("hub-sidebar[inert]")).to_have_count(0)


@contextmanager
def _dialog(page: Page, button: str) -> Iterator[None]:
    """Open a dialog by its button, and close it after the block."""
    if button.startswith(("hub-sidebar", "hub-me ", "hub-connection")):
        _show_sidebar(page)
    page.locator(button).click()
    page.locator("dialog[open]").wait_for()
    yield
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
