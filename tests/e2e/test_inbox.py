"""What calls or answers somebody, and what they have saved, gathered in one place, on all their screens."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.e2e.accessibility import flaws
from tests.e2e.acts import choose
from tests.e2e.browsers import CALM, Browsers, Conversation
from tests.e2e.house import House
from tests.e2e.lines import Line


class Inbox:
    """The panel and the way to it, in the words of who uses them."""

    def __init__(self, talk: Conversation) -> None:
        self.page = talk.page
        self.link = talk.page.locator("hub-inbox-link button")
        self.panel = talk.page.locator("hub-inbox")
        self.hits = self.panel.locator(".hit")

    def counts(self, number: int) -> None:
        """How much is new, on the way to it."""
        expect(self.link).to_have_accessible_name(f"Inbox {number} new" if number else "Inbox")

    def shows(self, *texts: str) -> None:
        """These messages, the newest first."""
        expect(self.hits.locator(".excerpt")).to_have_text(list(texts))

    def row(self, text: str) -> Locator:
        return self.panel.get_by_role("listitem").filter(has_text=text)


def call(talk: Conversation, text: str) -> None:
    """Say it to Ann; returns when it is there, with her name in it."""
    talk.composer.fill(f"@i-ann {text}")
    talk.composer.press("Enter")
    talk.message(f"@I-Ann {text}").wait_for()


def test_what_calls_me_comes_is_read_and_stays_in_step(browsers: Browsers, house: House) -> None:
    ann, ben = (house.newcomer(f"I-{name}") for name in ("Ann", "Ben"))
    house.server.say(ann, house.rooms["empty"], "Who comes along?")
    house.server.say(ben, house.rooms["empty"], "@i-ann early on", "to nobody")
    there = Conversation(browsers.page(house.server, ben)).open(house.path("empty"))
    with Line(house.server.port) as line:
        # What breaks off is meant to, so failed requests are no problem here.
        page = browsers.page(house.server, ann, base_url=line.url, quiet=False, **CALM)
        talk = Conversation(page).open(house.path("words"))
        inbox = Inbox(talk)
        inbox.counts(1)
        inbox.link.click()
        inbox.shows("@I-Ann early on")
        assert flaws(page) == []

        # It comes live, a mention and an answer; each kind can be had alone.
        call(there, "once more")
        question = there.message("Who comes along?")
        question.focus()
        question.press("r")
        there.say("I do")
        inbox.shows("I do", "@I-Ann once more", "@I-Ann early on")
        inbox.counts(3)
        kinds = inbox.panel.get_by_role("group", name="What to show")
        kinds.get_by_role("button", name="Replies").click()
        inbox.shows("I do")
        kinds.get_by_role("button", name="All").click()

        # By keyboard: down the list, up to the face and who that is, and back.
        inbox.hits.first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Shift+Tab")
        face = inbox.row("once more").get_by_role("button", name="I-Ben")
        expect(face).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog", name="I-Ben")).to_contain_text("@i-ben")
        page.keyboard.press("Escape")
        expect(face).to_be_focused()
        # Opened, a message is read with all before it; what came after it stays new, until it is seen.
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(talk.header).to_contain_text("empty")
        expect(page).to_have_url(re.compile(r"\?at=\d+$"))
        expect(talk.message("@I-Ann once more")).to_be_in_viewport()
        inbox.counts(0)

        # Without a line nothing comes; with it, what was missed, counted and in its place.
        talk.link("words").click()
        expect(talk.header).to_contain_text("words")
        line.cut("/")
        expect(talk.connection("Reconnecting", "Offline")).to_be_visible()
        call(there, "in the tunnel?")
        line.restore()
        talk.network_back()
        inbox.counts(1)
        inbox.shows("@I-Ann in the tunnel?", "I do", "@I-Ann once more", "@I-Ann early on")

        # What is read on another screen is read here; what is taken back calls nobody.
        call(there, "never mind")
        inbox.counts(2)
        mine = there.message("@I-Ann never mind")
        mine.press("Delete")
        there.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        inbox.counts(1)
        expect(inbox.hits).to_have_count(4)
        expect(inbox.row("in the tunnel?")).to_have_class("unread")
        elsewhere = Conversation(browsers.page(house.server, ann)).open(house.path("empty"))
        expect(elsewhere.message("@I-Ann in the tunnel?")).to_be_visible()
        inbox.counts(0)
        expect(inbox.row("in the tunnel?")).not_to_have_class("unread")


def test_what_i_save_is_on_all_my_screens_until_i_take_it_off(browsers: Browsers, house: House) -> None:
    ann, ben = (house.newcomer(f"S-{name}") for name in ("Ann", "Ben"))
    house.server.say(ben, house.rooms["empty"], "the first thing", "the second thing")
    there = Conversation(browsers.page(house.server, ann)).open(house.path("empty"))
    with Line(house.server.port) as line:
        page = browsers.page(house.server, ann, base_url=line.url, quiet=False, **CALM)
        talk = Conversation(page).open(house.path("empty"))
        inbox = Inbox(talk)
        first, second = (talk.message(f"the {name} thing") for name in ("first", "second"))

        # The two lists by keyboard; where nothing is saved, it says how to.
        page.keyboard.press("Control+Shift+M")
        asking, saved = (inbox.panel.get_by_role("tab", name=name) for name in ("For you", "Saved"))
        expect(asking).to_be_focused()
        page.keyboard.press("ArrowRight")
        expect(saved).to_be_focused()
        expect(inbox.panel.get_by_role("tabpanel", name="Saved")).to_contain_text("Nothing saved yet.")
        assert flaws(page) == []

        # By a key here, by the menu there.
        first.focus()
        first.press("s")
        expect(there.message("the first thing").locator(".saved")).to_have_text("Saved")
        choose(there, there.message("the second thing"), "Save for later")
        inbox.shows("the second thing", "the first thing")
        expect(second.locator(".saved")).to_have_text("Saved")
        assert flaws(page) == []

        # What is taken off while the line is gone is gone with it.
        line.cut("/")
        expect(talk.connection("Reconnecting", "Offline")).to_be_visible()
        choose(there, there.message("the first thing"), "Remove from saved")
        line.restore()
        talk.network_back()
        inbox.shows("the second thing")
        expect(first.locator(".saved")).to_have_count(0)

        # An entry leads to its place, and the list stays; taken off, it can be had back.
        talk.link("words").click()
        expect(talk.header).to_contain_text("words")
        inbox.hits.first.focus()
        page.keyboard.press("Enter")
        expect(talk.header).to_contain_text("empty")
        expect(second).to_be_in_viewport()
        for name in ("Remind me…", "Remove from saved"):
            page.keyboard.press("Tab")
            expect(inbox.row("the second thing").get_by_role("button", name=name)).to_be_focused()
        page.keyboard.press("Enter")
        expect(inbox.hits).to_have_count(0)
        expect(saved).to_be_focused()
        expect(there.page.locator("hub-message .saved")).to_have_count(0)
        page.get_by_role("button", name="Undo").last.click()
        inbox.shows("the second thing")
        expect(there.message("the second thing").locator(".saved")).to_be_visible()

        # A message that is deleted goes from the list; after a reload, the others have their marks.
        talk.say("my own thing")
        # What is still on its way can't be saved.
        expect(talk.pending()).to_have_count(0)
        mine = talk.message("my own thing")
        mine.focus()
        mine.press("s")
        inbox.shows("my own thing", "the second thing")
        mine.press("Delete")
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        inbox.shows("the second thing")
        page.reload()
        expect(talk.ready().message("the second thing").locator(".saved")).to_be_visible()


def test_words_of_mine_call_me_and_nobody_sees_that(browsers: Browsers, house: House) -> None:
    ann, ben = (house.newcomer(f"W-{name}") for name in ("Ann", "Ben"))
    house.server.say(ben, house.rooms["empty"], "The ferry, before anybody asked for it")
    page = browsers.page(house.server, ann, **CALM)
    page.goto("/settings#words")
    words = page.get_by_label("Words or phrases")
    words.fill("ferry\nnight boat, 轮渡")
    page.locator("#words").get_by_role("button", name="Save").click()
    expect(page.locator("#words").get_by_role("status")).to_have_text("Your words are saved.")
    expect(words).to_have_value("ferry\nnight boat\n轮渡")

    there = Conversation(browsers.page(house.server, ben)).open(house.path("empty"))
    talk = Conversation(page).open(house.path("words"))
    inbox = Inbox(talk)
    inbox.counts(0)
    for text in ("The **Ferry** is late, so is the night boat", "no ferryman, `ferry`", "今天的轮渡停了"):
        there.composer.fill(text)
        there.composer.press("Enter")
    inbox.counts(2)
    inbox.link.click()
    inbox.shows("今天的轮渡停了", "The Ferry is late, so is the night boat")
    talk.open(house.path("empty"))
    calling = page.locator("hub-message.mentions-me")
    expect(calling.locator("mark.own-word")).to_have_text(["Ferry", "night boat", "轮渡"])
    assert flaws(page) == []
    page.reload()
    expect(calling.locator("mark.own-word")).to_have_text(["Ferry", "night boat", "轮渡"])
    expect(there.page.locator("hub-message:is(.mentions-me, :has(mark))")).to_have_count(0)
