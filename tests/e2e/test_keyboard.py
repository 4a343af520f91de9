"""All of it by keyboard alone, and the focus where it belongs."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.acts import choose
from tests.e2e.browsers import Browsers, Conversation
from tests.e2e.house import House
from tests.servers import PASSWORD

# More stops than any page has.
MOST_STOPS = 120


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def go_to(self, target: Locator, key: str = "Tab") -> None:
        """Press Tab until the target has the focus."""
        expect(target).to_have_count(1)
        for _ in range(MOST_STOPS):
            if target.evaluate("(one) => one === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"{key} never comes to {target}")


def test_signing_in_and_out(browsers: Browsers, house: House) -> None:
    house.server.command("user", "add", "kai", "--display-name", "Kai", "--password-stdin", given=f"{PASSWORD}\n")
    page = browsers.page(house.server, None, "/signin")
    keys = Keyboard(page)
    expect(page.get_by_label("Username")).to_be_focused()
    keys.type("kai")
    keys.press("Tab")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    keys.type(PASSWORD)
    keys.press("Enter")
    talk = Conversation(page).ready()
    menu = page.get_by_role("button", name="Menu", exact=True)
    keys.go_to(menu)
    keys.press("Enter")
    keys.go_to(page.get_by_role("button", name="Sign out"))
    keys.press("Escape")
    expect(menu).to_be_focused()
    keys.press("Enter")
    keys.go_to(page.get_by_role("button", name="Sign out"))
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/signin"))
    expect(talk.composer).to_have_count(0)


def test_rooms_and_messages(browsers: Browsers, house: House) -> None:
    talk = Conversation(browsers.page(house.server, house.newcomer("Kim"))).open(house.path("empty"))
    keys = Keyboard(talk.page)

    # Another room.
    keys.press("Control+k")
    expect(talk.page.get_by_role("combobox", name="Jump to…")).to_be_focused()
    keys.type("laun")
    keys.press("Enter")
    expect(talk.header).to_have_text("#launch")
    expect(talk.composer).to_be_focused()
    keys.press("Alt+ArrowUp")
    expect(talk.header).not_to_have_text("#launch")
    expect(talk.composer).to_be_focused()
    keys.press("Alt+ArrowDown")
    expect(talk.header).to_have_text("#launch")

    # A new room.
    keys.go_to(talk.page.get_by_role("button", name="New room"), "Shift+Tab")
    keys.press("Enter")
    dialog = talk.page.get_by_role("dialog", name="New room")
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    keys.type("made by keys")
    keys.press("Enter")
    expect(talk.header).to_have_text("#made-by-keys")
    expect(talk.composer).to_be_focused()

    # Messages, and from one to the next.
    for text in ("first", "second", "third"):
        keys.type(text)
        keys.press("Enter")
        expect(talk.message(text)).to_be_visible()
    keys.press("Shift+Enter")
    expect(talk.composer).to_have_value("\n")
    keys.press("Backspace")
    keys.go_to(talk.list, "Shift+Tab")
    keys.press("ArrowUp")
    expect(talk.message("third")).to_be_focused()
    keys.press("k")
    expect(talk.message("second")).to_be_focused()
    keys.press("ArrowUp")
    expect(talk.message("first")).to_be_focused()
    keys.press("j")
    expect(talk.message("second")).to_be_focused()
    keys.press("End")
    expect(talk.message("third")).to_be_focused()
    keys.press("Escape")
    expect(talk.composer).to_be_focused()


def test_everything_is_read_by_one_key(browsers: Browsers, house: House) -> None:
    kit = house.newcomer("Kit")
    house.server.say(house.mira, house.rooms["launch"], "one for @kit")
    house.server.say(house.mira, house.rooms["words"], "one for all")
    talk = Conversation(browsers.page(house.server, kit)).open(house.path("empty"))
    unread = talk.page.locator("hub-room-link a.unread")
    expect(unread).to_have_count(2)
    talk.composer.focus()
    keys = Keyboard(talk.page)
    keys.press("Shift+Escape")
    question = talk.page.get_by_role("dialog")
    expect(question).to_contain_text("2 rooms have something unread")
    keys.press("Escape")
    expect(question).to_have_count(0)
    expect(unread).to_have_count(2)
    keys.press("Shift+Escape", "Tab", "Enter")
    expect(unread).to_have_count(0)
    expect(talk.composer).to_be_focused()
    talk.page.reload()
    expect(talk.page.locator("hub-room-link").first).to_be_visible()
    expect(unread).to_have_count(0)
    keys.press("Shift+Escape")
    toast = talk.page.locator(".toast")
    expect(toast).to_have_text(re.compile("Nothing is unread"))
    # What was said last stands below it.
    top, below = (
        found.evaluate("it => it.getBoundingClientRect().top") for found in (talk.page.locator("hub-messages"), toast)
    )
    assert top < below < top + 20


def test_dialogs_give_the_focus_back(browsers: Browsers, house: House) -> None:
    page = browsers.page(house.server, house.newcomer("Kay"))
    talk = Conversation(page).open(house.path("launch"))
    keys = Keyboard(page)
    dialog = page.get_by_role("dialog")
    openers = [
        talk.sidebar.get_by_role("button", name="Browse rooms"),
        talk.sidebar.get_by_role("button", name="New room"),
        page.locator("hub-me").get_by_role("button"),
        page.locator("hub-connection").get_by_role("button"),
    ]
    for opener in openers:
        keys.go_to(opener)
        keys.press("Enter")
        expect(dialog).to_be_visible()
        expect(dialog.locator(":focus")).to_have_count(1)
        keys.press("Escape")
        expect(dialog).to_have_count(0)
        expect(opener).to_be_focused()
    talk.composer.focus()
    keys.press("Control+/")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    keys.press("Escape")
    expect(talk.composer).to_be_focused()


def test_details_open_and_close(browsers: Browsers, house: House) -> None:
    page = browsers.page(house.server, house.newcomer("Koa"))
    talk = Conversation(page).open(house.path("launch"))
    keys = Keyboard(page)
    toggle = page.get_by_role("button", name="Details")
    details = page.locator("hub-details")
    for width in (1280, 800):
        page.set_viewport_size({"width": width, "height": 800})
        keys.go_to(toggle)
        keys.press("Enter")
        expect(details).to_be_visible()
        keys.go_to(details.get_by_role("button", name="Leave room"))
        keys.press("Enter")
        question = page.get_by_role("dialog", name="Leave #launch?")
        # The careful answer is the one that Enter gives.
        expect(question.get_by_role("button", name="Cancel")).to_be_focused()
        keys.press("Enter")
        expect(question).to_have_count(0)
        expect(details.get_by_role("button", name="Leave room")).to_be_focused()
        keys.press("Escape")
        expect(details).to_have_count(0)
        expect(toggle).to_be_focused()
    expect(talk.header).to_have_text("#launch")
    # A wide page begins with them where they were open.
    page.set_viewport_size({"width": 1280, "height": 800})
    toggle.click()
    expect(details).to_be_visible()
    page.reload()
    expect(details.get_by_text("Public room")).to_be_visible()
    expect(details.get_by_role("heading", name="Pinned")).to_be_visible()
    assert details.evaluate("(one) => getComputedStyle(one).display") != "inline"


def test_the_focus_stays_with_a_message(browsers: Browsers, house: House) -> None:
    page = browsers.page(house.server, house.newcomer("Kip"))
    talk = Conversation(page).open(house.path("empty"))
    keys = Keyboard(page)
    for text in ("Kip one", "Kip two", "Kip three"):
        talk.say(text)
    row = page.locator("hub-message").last
    dialog = page.get_by_role("dialog")
    # One that was clicked needs no buttons beside those of the row in hand.
    choose(talk, row, "Pin")
    expect(row).to_be_focused()
    page.locator("hub-message").nth(-2).hover()
    expect(page.locator("hub-message .tools")).to_have_count(1)
    choose(talk, row, "Forward")
    expect(dialog).to_be_visible()
    page.mouse.move(5, 5)
    keys.press("Escape")
    expect(dialog).to_have_count(0)
    expect(row).to_be_focused()
    # What is left of a deleted one is another row.
    keys.press("Delete")
    dialog.get_by_role("button", name="Delete").click()
    expect(row).to_contain_text("deleted")
    expect(row).to_be_focused()
    keys.press("k")
    expect(talk.message("Kip two")).to_be_focused()
