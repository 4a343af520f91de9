"""What two people do with messages that are there, each in a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from chat import history, messages, reads, room_settings
from chat.events.messages import MessageSend
from chat.events.reading import History, ReadMark
from chat.events.rooms import RoomUpdate
from tests.e2e.accessibility import flaws, overflows, small_targets
from tests.e2e.acts import chip, choices, choose, tool
from tests.e2e.browsers import PHONE, Browsers, Conversation
from tests.e2e.lines import Line
from tests.servers import Person, Server


@dataclass(frozen=True)
class Talk:
    """A room called harbour, with Ada, who owns it, Ben and Cleo; Ada and Ben look at it."""

    server: Server
    people: dict[str, Person]
    room: int
    ada: Conversation
    ben: Conversation

    @property
    def path(self) -> str:
        return f"/room/{self.room}"


Prepare = Callable[[Server, dict[str, Person], int], None]


@pytest.fixture
def meet(make_server: Callable[..., Server], browsers: Browsers) -> Callable[..., Talk]:
    """Makes the room; `before` may put something into it before the server starts."""

    def begin(before: Prepare = lambda server, people, room: None) -> Talk:
        server = make_server()
        people = {
            "ada": server.owner("ada", "Ada"),
            "ben": server.add("ben", "Ben"),
            "cleo": server.add("cleo", "Cleo"),
        }
        room = server.room(people["ada"], "harbour", people["ben"], people["cleo"])
        server.room(people["ada"], "market", people["ben"])
        server.say(people["ben"], room, "The boats are in")
        before(server, people, room)
        server.start()
        ada, ben = (Conversation(browsers.page(server, people[name])).open(f"/room/{room}") for name in ("ada", "ben"))
        return Talk(server, people, room, ada, ben)

    return begin


@pytest.fixture
def talk(meet: Callable[..., Talk]) -> Talk:
    return meet()


def say(talk: Conversation, text: str) -> None:
    """Returns when the server has it."""
    talk.say(text)
    expect(talk.pending()).to_have_count(0)


def copied(talk: Conversation) -> str:
    """What the clipboard has, once the page has said so."""
    expect(talk.page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    text: str = talk.page.evaluate("() => navigator.clipboard.readText()")
    return text


def test_an_edit_is_seen_by_the_other(talk: Talk) -> None:
    ada, ben = talk.ada, talk.ben
    say(ada, "Meet at nine")
    row = ada.message("Meet at nine")
    row.focus()
    row.press("e")
    field = ada.page.get_by_role("textbox", name="Edit message")
    expect(field).to_be_focused()
    field.fill("Meet at **ten**")
    field.press("Enter")
    for seen in (ada, ben):
        edited = seen.page.locator("hub-message").filter(has_text="Meet at ten")
        expect(edited.locator("strong")).to_have_text("ten")
        expect(edited.locator("small.edited")).to_have_text("(edited)")
        expect(edited.locator("small.edited")).to_have_attribute("title", re.compile(r"\d"))
    expect(ada.page.locator("hub-message").filter(has_text="Meet at ten")).to_be_focused()

    # Nobody edits what another has said.
    theirs = ben.page.locator("hub-message").filter(has_text="Meet at ten")
    theirs.hover()
    expect(theirs.get_by_role("button", name="Reply", exact=True)).to_be_visible()
    expect(theirs.get_by_role("button", name="Edit", exact=True)).to_have_count(0)

    # Escape leaves it as it was; Up in the empty field edits the last one.
    tool(ada.page.locator("hub-message").filter(has_text="Meet at ten"), "Edit").click()
    field.fill("Something else")
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(ada.message("Something else")).to_have_count(0)
    ada.composer.press("ArrowUp")
    expect(field).to_be_focused()
    expect(field).to_have_value("Meet at **ten**")
    field.press("Escape")
    expect(ada.composer).to_be_focused()
    # The last one that Ben may edit is an older one.
    ben.composer.press("ArrowUp")
    expect(ben.page.get_by_role("textbox", name="Edit message")).to_have_value("The boats are in")


def test_an_edit_that_fails_says_why_and_keeps_the_text(meet: Callable[..., Talk], browsers: Browsers) -> None:
    talk = meet()
    with Line(talk.server.port) as line:
        browser = browsers.context(talk.server, talk.people["ada"], base_url=line.url, quiet=False)
        ada = Conversation(browser.new_page()).open(talk.path)
        say(ada, "Spelt wrogn")
        expect(talk.ben.message("Spelt wrogn")).to_be_visible()
        tool(ada.message("Spelt wrogn"), "Edit").click()
        field = ada.page.get_by_role("textbox", name="Edit message")
        field.fill("x" * 10_001)
        expect(ada.page.locator(".edit")).to_contain_text("1 too many")
        expect(ada.page.get_by_role("button", name="Save")).to_be_disabled()
        line.cut("/socket.io/")
        ada.connection("Reconnecting", "Offline").wait_for()
        field.fill("Spelt right")
        field.press("Enter")
        expect(ada.page.locator(".edit [role=alert]")).to_contain_text("Not saved. You are not connected right now.")
        expect(field).to_have_value("Spelt right")
        line.restore()
        ada.network_back()
        ada.ready()
        field.press("Enter")
        expect(talk.ben.page.locator("hub-message").filter(has_text="Spelt right")).to_be_visible()


def test_deleting_asks_once_and_leaves_a_tombstone(talk: Talk) -> None:
    ada, ben = talk.ada, talk.ben
    say(ben, "Never mind this")
    # Ada owns the room, so she may; Ben may delete his own, and not hers.
    say(ada, "Ada's own")
    assert "Delete" not in choices(ben, ben.message("Ada's own"))
    assert "Delete" in choices(ada, ada.message("Never mind this"))
    row = ben.message("Never mind this")
    row.focus()
    row.press("Delete")
    question = ben.page.get_by_role("dialog", name="Delete this message?")
    expect(question).to_contain_text("Never mind this")
    question.get_by_role("button", name="Cancel").click()
    expect(row).to_be_visible()
    row.press("Delete")
    question.get_by_role("button", name="Delete").click()
    for seen in (ada, ben):
        expect(seen.message("Never mind this")).to_have_count(0)
        expect(seen.page.locator("hub-message .note")).to_have_text("This message was deleted.")
    # Emptying it asks for the same.
    row = ada.message("Ada's own")
    tool(row, "Edit").click()
    field = ada.page.get_by_role("textbox", name="Edit message")
    field.fill("")
    field.press("Enter")
    ada.page.get_by_role("dialog", name="Delete this message?").get_by_role("button", name="Delete").click()
    expect(ben.page.locator("hub-message .note")).to_have_count(2)


def test_reactions_are_chips_that_toggle(talk: Talk) -> None:
    ada, ben = talk.ada, talk.ben
    here, there = (seen.message("The boats are in") for seen in (ada, ben))
    tool(here, "Add reaction").click()
    ada.page.get_by_role("menuitem", name="React with 🎉").click()
    expect(chip(here, "🎉")).to_have_attribute("aria-pressed", "true")
    expect(there.get_by_role("button", name="🎉 1 from Ada")).to_be_visible()
    expect(chip(there, "🎉")).to_have_attribute("aria-pressed", "false")
    chip(there, "🎉").click()
    expect(here.get_by_role("button", name="🎉 2 from Ben and you")).to_be_visible()
    expect(chip(here, "🎉")).to_have_attribute("title", "Ben and you")
    chip(here, "🎉").click()
    expect(there.get_by_role("button", name="🎉 1 from you")).to_be_visible()
    expect(chip(here, "🎉")).to_have_attribute("aria-pressed", "false")
    chip(there, "🎉").click()
    expect(here.locator(".reactions")).to_have_count(0)


def test_the_emoji_picker_finds_by_name(talk: Talk, browsers: Browsers) -> None:
    ada = talk.ada
    row = ada.message("The boats are in")
    row.focus()
    row.press("+")
    ada.page.get_by_role("menuitem", name="Other emoji").click()
    picker = ada.page.get_by_role("dialog", name="Emoji")
    search = picker.get_by_role("searchbox", name="Search emoji")
    expect(search).to_be_focused()
    search.fill("sailb")
    expect(picker.locator(".grid button")).to_have_count(1)
    search.press("Enter")
    expect(picker).to_have_count(0)
    expect(chip(row, "⛵")).to_be_visible()
    # A tone is kept; what was used last stands first; arrow keys and Escape do what they do.
    tool(row, "Add reaction").click()
    ada.page.get_by_role("menuitem", name="Other emoji").click()
    picker.get_by_role("radio", name="Dark", exact=True).click()
    expect(picker.locator("section").first.locator("button")).to_have_text(["⛵"])
    search.fill("thumbs up")
    search.press("ArrowDown")
    expect(picker.get_by_role("button", name="thumbs up")).to_be_focused()
    assert flaws(ada.page) == []
    ada.page.keyboard.press("Enter")
    expect(chip(row, "👍🏿")).to_be_visible()

    chinese = Conversation(browsers.page(talk.server, talk.people["cleo"], locale="zh-CN")).open(talk.path)
    row = chinese.message("The boats are in")
    tool(row, "添加回应").click()
    chinese.page.get_by_role("menuitem", name="其他表情").click()
    picker = chinese.page.get_by_role("dialog", name="表情")
    expect(picker.get_by_role("button", name="食物与饮料")).to_be_visible()
    picker.get_by_role("searchbox", name="搜索表情").fill("帆船")
    expect(picker.locator(".grid button").first).to_have_text("⛵")
    picker.get_by_role("searchbox").press("Enter")
    expect(row.get_by_role("button", name="⛵ 2 来自 Ada和我")).to_be_visible()


def test_a_reply_quotes_what_it_answers(meet: Callable[..., Talk]) -> None:
    def before(server: Server, people: dict[str, Person], room: int) -> None:
        server.say(people["cleo"], room, *(f"Between {number}" for number in range(120)))
        first = history.page(server.store, people["ben"].actor, History(room=room, after=0, limit=1)).messages[0]
        messages.send(
            server.store,
            people["ada"].actor,
            MessageSend(room=room, cid="reply", text="All of them?", reply_to=first.id),
        )
        for person in people.values():
            reads.mark(server.store, person.actor, ReadMark(room=room, seq=122))

    talk = meet(before)
    ada, ben = talk.ada, talk.ben
    for seen in (ada, ben):
        quote = seen.message("All of them?").locator(".quote")
        expect(quote).to_have_text(re.compile(r"Ben\s*The boats are in"))
    # It leads to the original, which is not loaded here.
    expect(ben.message("The boats are in")).to_have_count(0)
    ben.message("All of them?").locator(".quote").click()
    expect(ben.message("The boats are in")).to_be_in_viewport()
    expect(ben.message("The boats are in")).to_be_focused()
    # What becomes of the original shows in the quote.
    tool(ben.message("The boats are in"), "Edit").click()
    field = ben.page.get_by_role("textbox", name="Edit message")
    field.fill("The boats are out")
    field.press("Enter")
    quote = ada.message("All of them?").locator(".quote")
    expect(quote).to_contain_text("The boats are out")
    expect(quote).to_contain_text("(edited)")
    row = ben.page.locator("hub-message").filter(has_text="The boats are out").first
    row.focus()
    row.press("Delete")
    ben.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(quote).to_contain_text("This message was deleted.")


def test_a_reply_is_written_in_the_field(talk: Talk) -> None:
    ada, ben = talk.ada, talk.ben
    row = ada.message("The boats are in")
    row.focus()
    row.press("r")
    expect(ada.composer).to_be_focused()
    say(ada, "So they are")
    for seen in (ada, ben):
        expect(seen.message("So they are").locator(".quote")).to_contain_text("The boats are in")


def test_pins_are_everybodys(talk: Talk) -> None:
    ada, ben = talk.ada, talk.ben
    expect(ben.page.get_by_role("button", name="0 pinned messages")).to_be_visible()
    row = ada.message("The boats are in")
    row.focus()
    row.press("p")
    button = ben.page.get_by_role("button", name="1 pinned message")
    expect(button).to_have_text("1")
    expect(row).to_contain_text("Pinned")
    button.click()
    pins = ben.page.locator("hub-pins li")
    expect(pins).to_have_count(1)
    expect(pins).to_contain_text("The boats are in")
    pins.locator(".jump-to").click()
    expect(ben.message("The boats are in")).to_be_focused()
    pins.get_by_role("button", name="Unpin").click()
    expect(pins).to_have_count(0)
    expect(ben.page.get_by_text("Nothing is pinned here yet.")).to_be_visible()
    expect(ada.page.get_by_role("button", name="0 pinned messages")).to_be_visible()
    # A deleted one is none any more.
    say(ada, "Pin, then delete")
    choose(ada, ada.message("Pin, then delete"), "Pin")
    expect(pins).to_have_count(1)
    choose(
        ada,
        ada.message("Pin, then delete").or_(ada.page.locator("hub-message").filter(has_text="Pin, then delete")).first,
        "Delete",
    )
    ada.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(pins).to_have_count(0)


def test_a_link_leads_to_its_message(meet: Callable[..., Talk]) -> None:
    def before(server: Server, people: dict[str, Person], room: int) -> None:
        server.say(people["cleo"], room, *(f"Later {number}" for number in range(150)))

    talk = meet(before)
    ada, ben = talk.ada, talk.ben
    ben.open(f"{talk.path}?at=20")
    expect(ben.message("Later 18")).to_be_in_viewport()
    expect(ben.message("Later 18")).to_be_focused()
    # Reading in the middle reads nothing to its end.
    assert ben.page.evaluate("() => document.querySelector('hub-app').client.current.unread") == 151 - 1
    ben.page.get_by_role("button", name="Go to the newest message").click()
    expect(ben.message("Later 149")).to_be_in_viewport()
    expect(ben.page).to_have_url(re.compile(rf"{talk.path}$"))

    # A copied one, said elsewhere, opens in the same page.
    ada.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ada.open(f"{talk.path}?at=3")
    choose(ada, ada.message("Later 1"), "Copy link")
    link = copied(ada)
    assert link.endswith(f"{talk.path}?at=3")
    market = talk.server.rooms()["market"]
    ada.open(f"/room/{market}")
    ada.composer.fill(f"Look: {link}")
    ada.composer.press("Enter")
    ben.link("market").click()
    ben.page.evaluate("() => { window.same = true; }")
    ben.page.locator(".body a").click()
    expect(ben.message("Later 1")).to_be_focused()
    expect(ben.page).to_have_url(link)
    assert ben.page.evaluate("() => window.same")
    ben.page.go_back()
    expect(ben.header).to_have_text("#market")
    ben.page.go_forward()
    expect(ben.message("Later 1")).to_be_focused()


def test_a_text_is_copied_as_it_was_written(talk: Talk) -> None:
    ada, ben = talk.ada, talk.ben
    ada.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    say(ben, "**Two** of `them` :boat:")
    row = ada.page.locator("hub-message").filter(has_text="Two of them")
    choose(ada, row, "Copy text")
    assert copied(ada) == "**Two** of `them` :boat:"
    ada.page.evaluate("() => navigator.clipboard.writeText('')")
    row.focus()
    row.press("c")
    ada.page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('Two')")


def test_forwarding_to_a_room_and_to_somebody(talk: Talk) -> None:
    ada, ben = talk.ada, talk.ben
    choose(ada, ada.message("The boats are in"), "Forward")
    dialog = ada.page.get_by_role("dialog", name="Forward message")
    expect(dialog.get_by_role("button", name="Forward")).to_be_disabled()
    # Where one is comes last: nobody forwards a message to where it stands.
    expect(dialog.get_by_role("radio").last).to_have_accessible_name("harbour")
    dialog.get_by_role("searchbox", name="To").fill("mark")
    expect(dialog.get_by_role("radio")).to_have_count(1)
    dialog.get_by_role("radio", name="market").check()
    dialog.get_by_role("textbox", name="Comment").fill("Have you seen?")
    dialog.get_by_role("button", name="Forward").click()
    expect(dialog).to_have_count(0)
    ben.link("market").click()
    said = ben.page.locator("hub-message").filter(has_text="Have you seen?")
    expect(said.locator("blockquote")).to_contain_text("From Ben")
    expect(said.locator("blockquote")).to_contain_text("The boats are in")
    said.locator("blockquote a").click()
    expect(ben.message("The boats are in")).to_be_focused()

    # To somebody with whom there is no conversation yet, by keys alone: Enter chooses what is found, and sends.
    choose(ada, ada.message("The boats are in"), "Forward")
    search = dialog.get_by_role("searchbox", name="To")
    search.fill("cleo")
    expect(dialog.get_by_role("radio", name="Cleo")).to_be_visible()
    search.press("Enter")
    expect(dialog.get_by_role("radio", name="Cleo")).to_be_checked()
    search.press("Enter")
    expect(dialog).to_have_count(0)
    expect(ada.page.get_by_role("status").filter(has_text="Forwarded to Cleo.")).to_be_visible()
    expect(ada.sidebar.get_by_role("link", name=re.compile("Cleo"))).to_be_visible()


def test_marking_as_unread_on_one_device_marks_it_on_all(talk: Talk, browsers: Browsers) -> None:
    ada, ben = talk.ada, talk.ben
    say(ben, "One more")
    phone = Conversation(browsers.page(talk.server, talk.people["ada"])).open(f"/room/{talk.server.rooms()['market']}")
    expect(ada.message("One more")).to_be_visible()
    expect(phone.link("harbour").locator(".count")).to_have_count(0)
    row = ada.message("One more")
    row.focus()
    row.press("u")
    expect(phone.link("harbour").locator(".count")).to_have_text("1")
    expect(ada.link("harbour").locator(".count")).to_have_text("1")
    new = ada.page.get_by_role("separator", name="New").locator("xpath=following-sibling::hub-message[1]")
    expect(new).to_contain_text("One more")
    # It stays so until the room is left and opened again.
    say(ben, "And another")
    expect(ada.link("harbour").locator(".count")).to_have_text("2")
    ada.link("market").click()
    expect(ada.header).to_have_text("#market")
    ada.link("harbour").click()
    expect(ada.link("harbour").locator(".count")).to_have_count(0)
    expect(phone.link("harbour").locator(".count")).to_have_count(0)


def test_counts_follow_what_becomes_of_unread_messages(talk: Talk) -> None:
    ada, ben = talk.ada, talk.ben
    ada.link("market").click()
    expect(ada.header).to_have_text("#market")
    count = ada.link("harbour").locator(".count")
    say(ben, "@Ada first")
    say(ben, "Second")
    expect(count).to_have_text("1")
    expect(count).to_have_class(re.compile("mention"))
    first = ben.page.locator("hub-message").filter(has_text="First")
    tool(first, "Edit").click()
    field = ben.page.get_by_role("textbox", name="Edit message")
    field.fill("First, of nobody")
    field.press("Enter")
    expect(count).to_have_text("2")
    expect(count).not_to_have_class(re.compile("mention"))
    tool(ben.message("Second"), "Edit").click()
    field.fill("Second @room")
    field.press("Enter")
    expect(count).to_have_text("1")
    expect(count).to_have_class(re.compile("mention"))
    for text in ("First, of nobody", "Second @room"):
        row = ben.page.locator("hub-message").filter(has_text=text)
        row.focus()
        row.press("Delete")
        ben.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(ben.page.locator("hub-message").filter(has_text=text)).to_have_count(0)
    expect(count).to_have_count(0)


def test_who_is_called_sees_it(meet: Callable[..., Talk]) -> None:
    def before(server: Server, people: dict[str, Person], room: int) -> None:
        server.say(people["ben"], room, "For @ada", "For @room", "For @here", "For nobody")

    talk = meet(before)
    expect(talk.ada.message("For nobody")).to_be_visible()
    expect(talk.ada.page.locator("hub-message.mentions-me")).to_have_count(3)
    expect(talk.ben.message("For nobody")).to_be_visible()
    expect(talk.ben.page.locator("hub-message.mentions-me")).to_have_count(0)


def test_who_has_read_a_message(talk: Talk) -> None:
    ada, ben = talk.ada, talk.ben
    ben.link("market").click()
    expect(ben.header).to_have_text("#market")
    say(ada, "Has anybody read this?")
    choose(ada, ada.message("Has anybody read this?"), "Who has read this")
    dialog = ada.page.get_by_role("dialog", name="Who has read this")
    expect(dialog).to_contain_text("Nobody else has read it yet.")
    # It follows while it is open.
    ben.link("harbour").click()
    expect(dialog.get_by_role("listitem")).to_have_text([re.compile("Ben")])
    expect(dialog).to_contain_text("Read by 1 of 2.")


def test_the_room_tells_what_happened_to_it(meet: Callable[..., Talk], browsers: Browsers) -> None:
    def before(server: Server, people: dict[str, Person], room: int) -> None:
        for fields in ({"topic": "Boats"}, {"topic": ""}, {"name": "quay"}, {"archived": True}, {"archived": False}):
            room_settings.change(server.store, people["ada"].actor, RoomUpdate(room=room, **fields))

    talk = meet(before)
    rows = [
        "Ada set the topic: Boats",
        "Ada removed the topic.",
        "Ada renamed this room to #quay.",
        "Ada archived this room.",
        "Ada reopened this room.",
    ]
    expect(talk.ben.page.locator(".system-row")).to_have_text(rows)
    chinese = Conversation(browsers.page(talk.server, talk.people["cleo"], locale="zh-CN")).open(talk.path)
    expect(chinese.page.locator(".system-row").first).to_have_text("Ada 将话题设为：Boats")


def test_by_keyboard_alone(talk: Talk) -> None:
    ada = talk.ada
    say(ada, "By keys")
    row = ada.message("By keys")
    row.focus()
    row.press("Enter")
    menu = ada.page.get_by_role("menu", name="More actions")
    items = menu.get_by_role("menuitem")
    expect(items.first).to_be_focused()
    ada.page.keyboard.press("ArrowUp")
    expect(items.last).to_be_focused()
    ada.page.keyboard.press("Home")
    expect(items.first).to_be_focused()
    assert flaws(ada.page) == []
    ada.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(row).to_be_focused()
    ada.page.keyboard.press("+")
    quick = ada.page.get_by_role("menu", name="Add reaction").get_by_role("menuitem")
    expect(quick.first).to_be_focused()
    ada.page.keyboard.press("ArrowRight")
    expect(quick.nth(1)).to_be_focused()
    ada.page.keyboard.press("Enter")
    expect(row.locator(".reactions button").first).to_be_visible()
    expect(row).to_be_focused()


def test_a_long_press_opens_a_sheet_on_a_phone(talk: Talk, browsers: Browsers) -> None:
    ben = Conversation(browsers.page(talk.server, talk.people["ben"], **PHONE)).open(talk.path)
    row = ben.message("The boats are in")
    press(ben.page, row)
    sheet = ben.page.get_by_role("menu")
    expect(sheet.get_by_role("menuitem", name="Edit")).to_be_visible()
    expect(sheet.get_by_role("menuitem", name="Reply")).to_be_visible()
    sheet.evaluate("(one) => Promise.all(one.getAnimations().map((animation) => animation.finished))")
    assert small_targets(ben.page) == []
    assert overflows(ben.page) == []
    assert flaws(ben.page) == []
    sheet.get_by_role("menuitem", name="React with 👍").tap()
    expect(chip(row, "👍")).to_be_visible()
    # A tap focuses the row, and its "more" opens the same.
    row.locator(".body").tap()
    row.get_by_role("button", name="More actions").tap()
    sheet.get_by_role("menuitem", name="Edit").tap()
    field = ben.page.get_by_role("textbox", name="Edit message")
    field.fill("The boats are gone")
    ben.page.get_by_role("button", name="Save").tap()
    expect(talk.ada.page.locator("hub-message").filter(has_text="The boats are gone")).to_be_visible()


def press(page: Page, row: Locator) -> None:
    """Rest a finger on the row until its menu is there."""
    box = row.locator(".body").bounding_box()
    assert box
    point = {"x": box["x"] + 20, "y": box["y"] + box["height"] / 2}
    wire = page.context.new_cdp_session(page)
    wire.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    page.get_by_role("menu").wait_for()
    wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
