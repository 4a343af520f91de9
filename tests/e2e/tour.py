"""A tour of all there is to see: each stop is a state of a page, reached in any language and on any screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsers import Conversation
from tests.e2e.house import House
from tests.pictures import made

# Nothing of it can be seen, so the server does not take it.
UNSEEN = "\u200b"


def staff(page: Page) -> Iterator[str]:
    """What is there for those alone who run the server."""
    Conversation(page).open()
    yield from _of_menu(page, "own-emoji")


def server_pages(page: Page) -> Iterator[str]:
    """What Flask draws, for a page in which the owner is signed in at first."""
    page.goto("/settings")
    yield "settings"
    picture = {"name": "me.png", "mimeType": "image/png", "buffer": made("PNG")}
    page.locator("#picture").set_input_files(picture)  # type: ignore[arg-type]
    page.locator("dialog.crop canvas").wait_for()
    yield "a picture of mine is cut"
    page.keyboard.press("Escape")
    page.locator("#picture").set_input_files({**picture, "buffer": b"no picture"})  # type: ignore[arg-type]
    page.locator("dialog.crop .error:not(:empty)").wait_for()
    yield "a picture that can't be read"
    page.keyboard.press("Escape")
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
        page.locator("hub-beginning, hub-message").first.wait_for()
        yield f"the room {room}"
    talk.composer.fill(UNSEEN)
    # On a touch screen, Enter makes a new line.
    page.locator("hub-composer .send").click()
    page.locator("hub-message.failed").wait_for()
    yield "a message that was not sent"
    page.locator("hub-message.failed button").last.click()
    yield from _messages(page, talk)
    yield from _details(page)
    yield from _search(page)
    yield from _inbox(page)
    yield from _sidebar(page)
    yield from _conversations(page)
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
    row.hover()
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
    row.press("s")
    row.locator(".saved").wait_for()
    row.press("p")
    row.locator(".pinned").wait_for()
    page.locator("hub-header .pins").click()
    page.locator("hub-pins .pin").first.wait_for()
    yield "pinned messages"
    page.locator("hub-details .top .close").click()
    row.focus()
    row.press("p")
    expect(row.locator(".pinned")).to_have_count(0)
    row.press("Delete")
    page.locator("dialog[open] .danger").click()
    row.locator(".note").wait_for()
    yield "a deleted message"


def _tool(page: Page, row: Locator, name: str) -> None:
    """Open one of the row's menus."""
    row.hover()
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
        page.locator("hub-room-invite .button").click()
        page.locator(".secret-line").wait_for()
        yield "a link into the room"
    yield from _files(page)
    yield from _cards(page)
    with _menu(page, "hub-details .acts [aria-haspopup]"):
        yield "the bell"
    page.locator("#details-topic button").click()
    yield "a topic that is written"
    page.keyboard.press("Escape")
    with _dialog(page, "hub-details .settings"):
        yield "a room's settings"
    with _dialog(page, "hub-details .leave button"):
        yield "leave a room?"
    page.locator("hub-details .close").click()


def _files(page: Page) -> Iterator[str]:
    with _dialog(page, "hub-files-brief .pictures button >> nth=0"):
        page.locator("hub-lightbox img:not([hidden])").first.wait_for()
        yield "a picture that is looked at"


def _cards(page: Page) -> Iterator[str]:
    """Of the first one, whose rooms are counted, and of oneself."""
    me = page.evaluate("() => document.querySelector('hub-app').client.me.id")
    for opener, part in (("", ".told li"), (f"[data-person='{me}']", ".buttons a")):
        page.locator(f"hub-members .person{opener}").first.press("Enter")
        page.locator(f".person-card {part}").first.wait_for()
        yield f"the card with {part}"
        page.keyboard.press("Escape")
        expect(page.locator(".person-card")).to_have_count(0)


def _search(page: Page) -> Iterator[str]:
    page.locator("hub-header .toggle-search").click()
    page.locator("hub-search .help").wait_for()
    yield "the search"
    page.locator("hub-search input").fill("the")
    page.locator("hub-search .hit").first.wait_for()
    yield "what was found"
    page.locator("hub-search input").fill("nobodyeversaidthis in:#launch")
    page.locator("hub-search .empty-search button").wait_for()
    yield "a search in vain"
    page.locator("hub-search input").fill("before:never")
    page.locator("hub-search input").press("Enter")
    page.locator("#search-error:visible").wait_for()
    yield "a search with an error"
    page.locator("hub-search .close").click()


def _inbox(page: Page) -> Iterator[str]:
    _show_sidebar(page)
    page.locator("hub-inbox-link button").click()
    page.locator("hub-inbox :is(.hit, .empty-search)").first.wait_for()
    yield "the inbox"
    page.locator("hub-inbox [role=tab]").nth(1).click()
    page.locator("hub-saved :is(.hit, .empty-search)").first.wait_for()
    yield "what is saved"
    page.locator("hub-inbox [role=tab]").last.click()
    page.locator("hub-scheduled .empty-search").wait_for()
    yield "what is scheduled"
    page.locator("hub-inbox .close").click()


def _sidebar(page: Page) -> Iterator[str]:
    _show_sidebar(page)
    yield "the sidebar"
    page.locator("hub-menu > button").click()
    yield "the menu"
    page.keyboard.press("Escape")
    page.locator("hub-jump input").click()
    page.get_by_role("option").first.wait_for()
    yield "where one was before"
    page.locator("hub-jump input").fill("a")
    page.get_by_role("option").first.wait_for()
    yield "the quick switcher"
    page.keyboard.press("Escape")
    with _menu(page, "hub-room-link a >> nth=0", key="ContextMenu"):
        yield "a room's menu"
    with _dialog(page, "hub-sidebar .browse"):
        page.locator("hub-directory li").first.wait_for()
        yield "the directory"
        page.locator("hub-directory .pick").last.click()
        page.locator("hub-directory .none").wait_for()
        yield "the directory of archived rooms"
    with _dialog(page, "hub-sidebar .room-group:first-of-type .group-head .icon-button"):
        page.locator("#room-name").press("Enter")
        page.locator("#room-name-error:visible").wait_for()
        yield "a new room without a name"
    with _dialog(page, "hub-me button"):
        yield "my status"
    with _dialog(page, "hub-connection button"):
        yield "connection details"
    yield from _of_menu(page, "keyboard-shortcuts")


def _of_menu(page: Page, name: str) -> Iterator[str]:
    """A dialog of the menu beside the server's name."""
    _show_sidebar(page)
    page.locator("hub-menu > button").click()
    with _dialog(page, f"hub-menu [data-dialog={name}]"):
        yield name.replace("-", " ")


def _conversations(page: Page) -> Iterator[str]:
    for people in (("mira",), ("mira", "tom"), ()):
        _show_sidebar(page)
        page.locator("hub-sidebar .room-group:last-of-type .group-head .icon-button").click()
        for name in people:
            page.locator("#people-field").fill(name)
            page.get_by_role("option").first.click()
        if len(people) > 1:
            yield "whom to talk to"
        page.locator("hub-new-direct .buttons .button:not([hidden], [disabled])").first.click()
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(page.locator("hub-header .faces .avatar")).to_have_count(max(1, len(people)))
        page.locator("hub-beginning").wait_for()
        yield f"a conversation with {len(people)} others"
    _show_sidebar(page)
    yield "the sidebar with conversations"


def _show_sidebar(page: Page) -> None:
    """On a phone it lies beside the screen."""
    drawer = page.locator("hub-header .menu")
    if drawer.is_visible() and page.locator("hub-sidebar[inert]").count():
        drawer.click()
        expect(page.locator("hub-sidebar[inert]")).to_have_count(0)


@contextmanager
def _menu(page: Page, opener: str, key: str = "Enter") -> Iterator[None]:
    page.locator(opener).press(key)
    page.get_by_role("menu").wait_for()
    yield
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)


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
