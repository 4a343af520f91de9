"""A working day of two people: at two desks, one of them in Chinese, and with a phone between them.

Every step is something that people do with messages, texts, rooms, search and commands. At the end all three devices
have the server's counts. HUBBUB_PICTURES names a folder for a picture of every step.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from chat import rooms
from tests.e2e.acts import Search, chip, choose, converse, details, member, member_card, settings, tool
from tests.e2e.browsers import PHONE, Browsers, Conversation
from tests.e2e.scripts import script
from tests.servers import Person, Server
from tests.waiting import until

STEPS = 60


class Day:
    """Ada at her desk and with her phone, and 陈晨, whose pages are in Chinese."""

    def __init__(self, server: Server, browsers: Browsers) -> None:
        self.server = server
        self.ada_person = server.owner("ada", "Ada")
        self.chen_person = server.add("chen", "陈晨")
        self.jun_person = server.add("jun", "Jun")
        self.harbour = server.room(self.ada_person, "harbour", self.chen_person)
        self.market = server.room(self.ada_person, "market", self.chen_person)
        self.quiet = server.room(self.jun_person, "quiet-corner", topic="For those who look for it")
        server.start()
        path = f"/room/{self.harbour}"
        self.ada = Conversation(browsers.page(server, self.ada_person)).open(path)
        # Whose line is cut hears of it from the browser too.
        self.chen = Conversation(browsers.page(server, self.chen_person, locale="zh-CN", quiet=False)).open(path)
        self.phone = Conversation(browsers.page(server, self.ada_person, **PHONE)).open(f"/room/{self.market}")
        self.jun = Conversation(browsers.page(server, self.jun_person))
        self.ada.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.steps: list[str] = []
        pictures = os.environ.get("HUBBUB_PICTURES")
        self._pictures = Path(pictures) if pictures else None

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        self.steps.append(what)
        try:
            yield
        except BaseException as error:
            error.add_note(f"step {len(self.steps)}: {what}")
            raise
        if self._pictures is not None:
            for name, device in (("ada", self.ada), ("chen", self.chen), ("phone", self.phone)):
                device.page.screenshot(path=self._pictures / f"{len(self.steps):02} {what} - {name}.png")

    def go(self, device: Conversation, room: str) -> None:
        if not device.link(room).is_visible() or device.page.locator("hub-sidebar[inert]").count():
            device.page.locator("hub-header .menu").click()
        device.link(room).click()
        expect(device.header).to_contain_text(room)

    def have_the_servers_counts(self) -> None:
        mine, theirs = self.ada_person, self.chen_person
        for device, person in ((self.ada, mine), (self.phone, mine), (self.chen, theirs)):
            try:
                until(lambda device=device, person=person: not self._differences(device, person))  # type: ignore[misc]
            except AssertionError:
                pytest.fail(f"{person.actor.username}: room, server, page: {self._differences(device, person)}")

    def _differences(self, device: Conversation, person: Person) -> list[object]:
        """Rooms of which the page has other counts, or another `rev`, than the server."""
        with self.server.store.read() as conn:
            truth = {str(r.id): [r.unread, r.mentions, r.head.rev] for r in rooms.of_user(conn, person.actor.user)}
        seen = device.page.evaluate(script("counts"))
        return [(room, truth.get(room), seen.get(room)) for room in truth | seen if truth.get(room) != seen.get(room)]


@pytest.fixture
def day(make_server: Callable[..., Server], browsers: Browsers) -> Day:
    return Day(make_server(), browsers)


def row(talk: Conversation, text: str) -> Locator:
    """The last row with this in it."""
    return talk.page.locator("hub-message").filter(has_text=text).last


def entry(talk: Conversation, room: str) -> Locator:
    """The room in the sidebar, also where that lies beside the screen."""
    return talk.page.locator("hub-sidebar hub-room-link").filter(has_text=room)


def key(talk: Conversation, text: str, name: str) -> None:
    """Press a key on the row with this text."""
    row(talk, text).focus()
    talk.page.keyboard.press(name)


def send(talk: Conversation, text: str) -> None:
    """Say what is not shown as it was typed."""
    talk.composer.fill(text)
    talk.composer.press("Enter")
    expect(talk.composer).to_have_value("")


def command(talk: Conversation, text: str) -> None:
    """A line that begins with a slash, as it stands: what is suggested is waved away."""
    talk.composer.fill(text)
    talk.composer.press("Escape")
    talk.composer.press("Enter")
    expect(talk.composer).to_have_value("")


def test_a_day(day: Day) -> None:
    _messages(day)
    _texts(day)
    _rooms(day)
    _search(day)
    _commands(day)
    _the_end(day)
    assert len(day.steps) >= STEPS


def _messages(day: Day) -> None:
    ada, chen, phone = day.ada, day.chen, day.phone
    with day.step("a greeting reaches the other desk"):
        ada.say("Good morning")
        expect(chen.message("Good morning")).to_be_visible()
    with day.step("and counts on the phone, where another room is open, only until it is read at the desk"):
        chen.say("早上好，船都到了")
        expect(row(ada, "船都到了")).to_be_visible()
        expect(entry(phone, "harbour").locator(".count")).to_have_count(0)
    with day.step("a reply quotes what it answers"):
        key(chen, "Good morning", "r")
        send(chen, "昨晚睡得好吗？")
        expect(row(ada, "昨晚睡得好吗").locator(".quote")).to_contain_text("Good morning")
    with day.step("the quote leads to the original"):
        row(ada, "昨晚睡得好吗").locator(".quote").click()
        expect(ada.message("Good morning")).to_be_focused()
    with day.step("a reaction from the quick row"):
        tool(ada.message("早上好，船都到了"), "Add reaction").click()
        ada.page.get_by_role("menuitem", name="React with 👍").click()
        expect(chip(row(chen, "船都到了"), "👍")).to_be_visible()
    with day.step("the other joins in by the chip"):
        chip(row(chen, "船都到了"), "👍").click()
        expect(chip(row(ada, "船都到了"), "👍")).to_contain_text("2")
    with day.step("and one takes it back"):
        chip(row(ada, "船都到了"), "👍").click()
        expect(chip(row(chen, "船都到了"), "👍")).to_contain_text("1")
    with day.step("an edit by key"):
        key(chen, "昨晚睡得好吗", "e")
        chen.page.locator("hub-message-edit textarea").fill("昨晚休息得好吗？")
        chen.page.keyboard.press("Enter")
        expect(row(ada, "休息得好吗").locator(".edited")).to_be_visible()
    with day.step("Up in the empty field edits what was said last"):
        ada.say("Lunch at twelf")
        expect(ada.pending()).to_have_count(0)
        ada.composer.press("ArrowUp")
        field = ada.page.get_by_role("textbox", name="Edit message")
        expect(field).to_have_value("Lunch at twelf")
        field.fill("Lunch at twelve")
        field.press("Enter")
        expect(row(chen, "Lunch at twelve")).to_be_visible()
    with day.step("what was said in haste is deleted, and leaves its place"):
        ada.say("Oops, wrong room")
        expect(chen.message("Oops, wrong room")).to_be_visible()
        key(ada, "Oops, wrong room", "Delete")
        ada.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(chen.message("Oops, wrong room")).to_have_count(0)
        expect(chen.page.locator("hub-message .note")).to_have_count(1)
    with day.step("a pin for everybody"):
        key(chen, "Lunch at twelve", "p")
        expect(ada.page.get_by_role("button", name="1 pinned message")).to_be_visible()
    with day.step("and the way from it to the message"):
        ada.page.get_by_role("button", name="1 pinned message").click()
        ada.page.locator("hub-pins .jump-to").click()
        expect(row(ada, "Lunch at twelve")).to_be_focused()
    with day.step("a link to a message opens at it"):
        choose(ada, ada.message("Good morning"), "Copy link")
        expect(ada.page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
        link = ada.page.evaluate("() => navigator.clipboard.readText()")
        chen.page.goto(link)
        chen.ready()
        expect(chen.message("Good morning")).to_be_in_viewport()
    with day.step("a message is forwarded to another room"):
        choose(ada, row(ada, "Lunch at twelve"), "Forward")
        dialog = ada.page.get_by_role("dialog", name="Forward message")
        dialog.get_by_role("searchbox", name="To").fill("market")
        dialog.get_by_role("radio", name="market").check()
        dialog.get_by_role("button", name="Forward").click()
        expect(row(phone, "Lunch at twelve").locator("blockquote")).to_be_visible()
    with day.step("marked as unread at the desk is unread on the phone"):
        key(ada, "休息得好吗", "u")
        expect(ada.link("harbour").locator(".count")).to_have_text("1")
        expect(entry(phone, "harbour").locator(".count")).to_have_text("1")
    with day.step("and read again when the room is opened again"):
        day.go(ada, "market")
        day.go(ada, "harbour")
        expect(entry(phone, "harbour").locator(".count")).to_have_count(0)
    with day.step("who has read it"):
        choose(ada, ada.message("Good morning"), "Who has read this")
        expect(ada.page.get_by_role("dialog", name="Who has read this")).to_contain_text("陈晨")
        ada.page.keyboard.press("Escape")
    with day.step("a name is completed, and calls"):
        day.go(chen, "market")
        ada.composer.press_sequentially("Thank you @ch")
        expect(ada.page.locator("hub-completion").get_by_role("option").first).to_contain_text("陈晨")
        ada.composer.press("Enter")
        expect(ada.composer).to_have_value("Thank you @chen ")
        ada.composer.press("Enter")
        expect(chen.link("harbour").locator(".count.mention")).to_have_text("1")
    with day.step("the row that calls me stands out, and the count goes"):
        day.go(chen, "harbour")
        expect(row(chen, "Thank you")).to_have_class(re.compile("mentions-me"))
        expect(row(chen, "Thank you").locator(".mention")).to_have_text("@陈晨")
        expect(chen.link("harbour").locator(".count")).to_have_count(0)
    with day.step("a room's name is a way there"):
        ada.say("See #market now")
        row(chen, "See #market now").locator("a.room-ref").click()
        expect(chen.header).to_contain_text("market")
    with day.step("a draft stays where it was begun"):
        chen.composer.fill("等一下再发")
        day.go(chen, "harbour")
        expect(chen.link("market").locator(".draft")).to_be_visible()
        chen.page.reload()
        chen.ready()
        day.go(chen, "market")
        expect(chen.composer).to_have_value("等一下再发")
        chen.composer.fill("")
        day.go(chen, "harbour")


def _texts(day: Day) -> None:
    ada, chen = day.ada, day.chen
    with day.step("emphasis, also amid Chinese"):
        send(chen, "**注意：**请看*这里*和~~那里~~")
        body = row(ada, "请看这里").locator(".body")
        expect(body.locator("strong")).to_have_text("注意：")
        expect(body.locator("s")).to_have_text("那里")
    with day.step("code in colours, with its language and a button to copy it"):
        ada.composer.fill("```python\nif errors:\n    rollback(12)\n```")
        ada.page.locator("hub-composer .send").click()
        block = row(chen, "rollback")
        expect(block.locator("pre span").first).to_be_visible()
        expect(block).to_contain_text("python")
    with day.step("a list of tasks"):
        ada.composer.fill("- [x] notes\n- [ ] graphs")
        ada.page.locator("hub-composer .send").click()
        expect(row(chen, "graphs").locator("li.task")).to_have_count(2)
    with day.step("a spoiler that hides until it is asked"):
        send(chen, "结局是||船长赢了||")
        hidden = row(ada, "结局是").locator(".spoiler")
        expect(hidden).to_have_attribute("role", "button")
        hidden.click()
        expect(hidden).not_to_have_attribute("role", "button")
    with day.step("a table"):
        ada.composer.fill("|boat|berth|\n|-|-|\n|Aurora|4|")
        ada.page.locator("hub-composer .send").click()
        expect(row(chen, "Aurora").locator("td").first).to_have_text("Aurora")
    with day.step("an emoji by its name"):
        send(ada, "It ships :tada: today")
        expect(row(chen, "It ships 🎉 today")).to_be_visible()
    with day.step("a sign alone is large"):
        send(chen, "🎉")
        expect(ada.page.locator("hub-message .body.big").last).to_have_text("🎉")
    with day.step("HTML is text"):
        send(chen, "<img src=x onerror=alert(1)>")
        expect(row(ada, "<img src=x onerror=alert(1)>")).to_be_visible()
    with day.step("a key makes it bold"):
        ada.composer.fill("firm")
        ada.composer.press("Control+a")
        ada.composer.press("Control+b")
        expect(ada.composer).to_have_value("**firm**")
        ada.composer.press("Enter")
        expect(row(chen, "firm").locator("strong")).to_have_text("firm")
    with day.step("what is pasted from a page keeps its form"):
        ada.composer.focus()
        ada.composer.evaluate(script("paste"), {"text/html": "<p>a <b>bold</b> word</p>", "text/plain": "a bold word"})
        expect(ada.composer).to_have_value("a **bold** word")
        ada.composer.press("Enter")
        expect(row(chen, "a bold word").locator("strong")).to_have_text("bold")


def _rooms(day: Day) -> None:
    ada, chen, phone, jun = day.ada, day.chen, day.phone, day.jun
    with day.step("a new room, with somebody in it from the start"):
        ada.sidebar.get_by_role("button", name="New room").first.click()
        dialog = ada.page.get_by_role("dialog", name="New room")
        dialog.get_by_label("Name", exact=True).fill("planning")
        dialog.get_by_role("combobox").fill("chen")
        dialog.get_by_role("option").first.click()
        dialog.get_by_role("button", name="Create room").click()
        expect(ada.header).to_have_text("#planning")
        expect(chen.link("planning")).to_be_visible()
    with day.step("its topic, where it stands"):
        header = ada.page.locator("#header-topic")
        header.get_by_role("button").click()
        header.get_by_role("textbox", name="Topic").fill("What comes next")
        ada.page.keyboard.press("Enter")
        day.go(chen, "planning")
        expect(chen.page.locator("#header-topic")).to_contain_text("What comes next")
        expect(chen.page.locator(".system-row")).to_contain_text("What comes next")
    with day.step("another name"):
        dialog = settings(ada)
        dialog.get_by_label("Name", exact=True).fill("plans")
        dialog.get_by_role("button", name="Save").click()
        expect(chen.header).to_have_text("#plans")
        expect(chen.page.locator("hub-beginning h2")).to_have_text("plans")
        expect(entry(phone, "plans")).to_have_count(1)
    with day.step("a favourite is one on every device"):
        ada.page.locator("hub-header").get_by_role("button", name="Star").click()
        expect(
            phone.page.locator("hub-sidebar section").filter(has_text="Starred").locator("hub-room-link")
        ).to_have_count(1)
    with day.step("notifications in one click"):
        bell = ada.page.locator("hub-header .bell")
        bell.click()
        ada.page.get_by_role("menuitemradio", name="Mentions only").click()
        expect(bell).to_have_accessible_name("Notifications: Mentions only")
    with day.step("a moderator"):
        member_card(ada, "陈晨").get_by_role("button", name="Make moderator").click()
        expect(member(ada, "陈晨")).to_contain_text("Moderator")
    with day.step("slow mode is told to everybody"):
        dialog = settings(ada)
        dialog.get_by_label("Slow mode").select_option("30 seconds")
        dialog.get_by_role("button", name="Save").click()
        expect(details(ada)).to_contain_text("one message every 30 seconds")
    with day.step("a link lets a third one in"):
        details(ada).get_by_role("button", name="Add people").click()
        dialog = ada.page.get_by_role("dialog", name=re.compile("^Add people"))
        dialog.get_by_role("button", name="Make a link").click()
        link = dialog.get_by_role("textbox", name="Invite link").input_value()
        ada.page.keyboard.press("Escape")
        jun.page.goto(link)
        jun.page.get_by_role("button", name="Join #plans").click()
        jun.ready()
        expect(jun.header).to_have_text("#plans")
        expect(member(ada, "Jun")).to_be_visible()
    with day.step("who is neither owner nor moderator waits between two messages"):
        jun.say("One at a time")
        expect(row(ada, "One at a time")).to_be_visible()
        expect(jun.page.locator("hub-composer")).to_contain_text(re.compile(r"\d+ s"))
    with day.step("somebody is taken out again"):
        member_card(ada, "Jun").get_by_role("button", name="Remove from room").click()
        ada.page.get_by_role("dialog", name="Remove Jun?").get_by_role("button", name="Remove").click()
        expect(jun.link("plans")).to_have_count(0)
    with day.step("closed"):
        settings(ada).get_by_role("button", name="Archive room").click()
        ada.page.get_by_role("dialog", name=re.compile("^Archive")).get_by_role("button", name="Archive room").click()
        expect(chen.composer).to_have_count(0)
    with day.step("and opened again"):
        settings(ada).get_by_role("button", name="Reopen room").click()
        ada.page.get_by_role("dialog", name=re.compile("^Reopen")).get_by_role("button", name="Reopen room").click()
        expect(chen.composer).to_be_visible()
    with day.step("a word in private"):
        converse(ada, "陈晨")
        ada.say("A word in private")
        expect(chen.sidebar.locator(".count.mention")).to_have_text("1")
    with day.step("and the answer"):
        called = chen.sidebar.locator("hub-room-link").filter(has=chen.page.locator(".count.mention"))
        called.get_by_role("link").click()
        chen.say("我在")
        expect(row(ada, "我在")).to_be_visible()
    with day.step("a conversation of three"):
        converse(ada, "陈晨", "Jun")
        ada.say("The three of us")
        expect(jun.sidebar.get_by_role("link", name=re.compile("Ada"))).to_be_visible()
    with day.step("notes to oneself"):
        converse(ada)
        ada.say("Remember the milk")
        expect(phone.sidebar.locator("a").filter(has_text="Ada")).not_to_have_count(0)
    with day.step("a room is found in the directory and joined"):
        ada.sidebar.get_by_role("button", name="Browse rooms").click()
        directory = ada.page.get_by_role("dialog", name="Browse rooms")
        directory.get_by_role("searchbox").fill("look for it")
        directory.get_by_role("button", name="Join quiet-corner").click()
        expect(ada.header).to_have_text("#quiet-corner")
    with day.step("a private room is nobody else's"):
        ada.sidebar.get_by_role("button", name="New room").first.click()
        dialog = ada.page.get_by_role("dialog", name="New room")
        dialog.get_by_label("Name", exact=True).fill("surprise")
        dialog.get_by_text("Private", exact=True).click()
        dialog.get_by_role("button", name="Create room").click()
        expect(ada.header).to_contain_text("surprise")
        ada.say("Nobody tells 陈晨 about the cake")
        expect(entry(phone, "surprise")).to_have_count(1)
        expect(chen.link("surprise")).to_have_count(0)


def _search(day: Day) -> None:
    ada, chen = day.ada, day.chen
    search = Search(ada.page)
    with day.step("a word is found in another form"):
        search.open()
        until(lambda: search.ask("lunches") >= 2, "the index has come so far")
        expect(search.hits.first.locator("mark").first).to_have_text("Lunch")
    with day.step("two Chinese characters"):
        until(lambda: search.ask("休息") == 1, "the edited text is found")
        assert search.ask("睡得") == 0, "what it said before is not"
    with day.step("by somebody, in a room"):
        until(lambda: search.ask("from:chen in:harbour 早上") == 1)
    with day.step("what is found opens in its place"):
        search.hits.first.click()
        expect(row(ada, "早上好")).to_be_in_viewport()
        expect(ada.header).to_have_text("#harbour")
    with day.step("nobody finds what others say among themselves"):
        chen.page.keyboard.press("Control+f")
        field = chen.page.locator("hub-search input")
        field.fill("cake")
        field.press("Enter")
        expect(chen.page.locator("hub-search")).to_contain_text("cake")
        expect(chen.page.locator("hub-search .hit")).to_have_count(0)
        chen.page.keyboard.press("Escape")


def _commands(day: Day) -> None:
    ada, chen, phone = day.ada, day.chen, day.phone
    with day.step("/help lists them all"):
        command(ada, "/help")
        expect(ada.page.get_by_role("dialog", name="Commands")).to_contain_text("/shrug")
        ada.page.keyboard.press("Escape")
    with day.step("/me and /shrug are ordinary messages"):
        day.go(chen, "harbour")
        command(ada, "/me waves")
        expect(row(chen, "waves").locator("em")).to_be_visible()
        command(ada, "/shrug no idea")
        expect(row(chen, "no idea ¯\\_(ツ)_/¯")).to_be_visible()
    with day.step("/topic"):
        command(ada, "/topic All about boats")
        expect(chen.page.locator("#header-topic")).to_contain_text("All about boats")
    with day.step("/mute, and /mute again"):
        command(ada, "/mute")
        expect(ada.link("harbour")).to_have_class(re.compile("muted"))
        command(ada, "/mute")
        expect(ada.link("harbour")).not_to_have_class(re.compile("muted"))
    with day.step("/away"):
        command(chen, "/away 喝茶去了")
        expect(details(ada).get_by_text("喝茶去了")).to_be_visible()
    with day.step("/msg"):
        command(chen, "/msg @ada 下班了吗？")
        expect(ada.sidebar.locator(".count.mention").first).to_be_visible()
    with day.step("what is no command is not sent"):
        ada.composer.fill("/brew coffee")
        ada.composer.press("Escape")
        ada.composer.press("Enter")
        expect(ada.page.locator("hub-composer-notice")).to_contain_text("There is no command")
        expect(ada.composer).to_have_value("/brew coffee")
        ada.composer.fill("")
    with day.step("/join on the phone"):
        phone.composer.fill("/join harbour")
        phone.page.locator("hub-composer .send").click()
        expect(phone.header).to_contain_text("harbour")


def _the_end(day: Day) -> None:
    ada, chen, phone = day.ada, day.chen, day.phone
    with day.step("the line breaks, and what was said meanwhile arrives once"):
        chen.page.context.set_offline(True)
        chen.page.locator("hub-connection-bar").get_by_role("status").wait_for()
        day.go(chen, "harbour")
        chen.composer.fill("断网时写的")
        chen.composer.press("Enter")
        ada.say("While the line was down")
        chen.page.context.set_offline(False)
        chen.network_back()
        for device in (ada, chen, phone):
            expect(row(device, "断网时写的")).to_be_visible()
            expect(row(device, "While the line was down")).to_be_visible()
        expect(chen.pending()).to_have_count(0)
    with day.step("all three have the server's counts"):
        day.have_the_servers_counts()
    with day.step("and after everything was read, none"):
        for number in sorted(day.server.rooms().values()):
            for device in (ada, chen):
                device.page.evaluate(script("read_room"), number)
        day.have_the_servers_counts()
    with day.step("a reload shows the same"):
        for device in (ada, chen, phone):
            device.page.reload()
            device.ready()
        day.have_the_servers_counts()
