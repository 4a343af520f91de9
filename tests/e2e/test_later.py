"""What comes at its time: messages that were written before, and what somebody wanted to be reminded of."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.accessibility import flaws
from tests.e2e.acts import choose
from tests.e2e.browsers import CALM, Browsers, Conversation
from tests.e2e.house import House

LINE = re.compile(r"^1 message is scheduled: tomorrow, \d\d:\d\d$")


def ask(page: Page, command: str, **fields: object) -> dict[str, object]:
    """What the page itself would ask for; `at` is so many milliseconds from now."""
    found: dict[str, object] = page.evaluate(
        """([name, { at, ...fields }]) => document.querySelector("hub-app").client.request(name, {
            ...fields, ...(at && { at: new Date(Date.now() + at).toISOString() }) })""",
        [command, fields],
    )
    return found


def test_what_i_schedule_is_on_all_my_screens_until_it_is_sent(browsers: Browsers, house: House) -> None:
    ann, ben = (house.newcomer(f"L-{name}") for name in ("Ann", "Ben"))
    there = Conversation(browsers.page(house.server, ben)).open(house.path("empty"))
    second = Conversation(browsers.page(house.server, ann, **CALM)).open(house.path("empty"))
    page = browsers.page(house.server, ann, **CALM)
    talk = Conversation(page).open(house.path("empty"))

    # By keyboard: from the field to the times, and one of them.
    talk.composer.fill("Good morning")
    opener = page.get_by_role("button", name="Send later…")
    opener.focus()
    page.keyboard.press("Enter")
    choice = page.get_by_role("dialog", name="Send later")
    expect(choice.get_by_role("button", name="In an hour")).to_be_focused()
    assert flaws(page) == []
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(talk.composer).to_have_value("")
    for screen in (page, second.page):
        expect(screen.get_by_role("button", name=LINE)).to_be_visible()

    # The other screen says it otherwise and at another time; this one follows.
    second.page.get_by_role("button", name=LINE).click()
    row = second.page.locator("hub-scheduled li")
    expect(row).to_contain_text("Good morning")
    assert flaws(second.page) == []
    row.get_by_role("button", name="Edit").click()
    row.get_by_role("textbox").fill("Good day")
    second.page.keyboard.press("Control+Enter")
    expect(row.get_by_role("button", name="Edit")).to_be_focused()
    row.get_by_role("button", name="Change the time…").click()
    own = second.page.get_by_role("dialog", name="Send later").get_by_label("Another time")
    own.fill(own.get_attribute("max") or "")
    own.press("Enter")
    page.get_by_role("button", name=re.compile(r"^1 message is scheduled: \w+, \d+ \w+ \d{4}, ")).click()
    here = page.locator("hub-scheduled li")
    expect(here).to_contain_text("Good day")

    # Deleted and had back; sent now, it is a message as any other, and on the list no more.
    row.get_by_role("button", name="Delete").click()
    expect(here).to_have_count(0)
    second.page.get_by_role("button", name="Undo").click()
    expect(here).to_contain_text("Good day")
    here.get_by_role("button", name="Send now").click()
    expect(there.message("Good day")).to_be_visible()
    expect(page.get_by_text("Nothing is scheduled.").first).to_be_visible()
    expect(second.page.locator("hub-scheduled-line .line")).to_have_count(0)

    # At its time the server sends it itself; what it can't say then waits, with the reason.
    number = ask(page, "scheduled_add", room=house.rooms["empty"], cid="soon", text="By itself", at=1_000)
    assert number["scheduled"]
    expect(there.message("By itself")).to_be_visible()
    room = house.server.room(ann, "L-left")
    ask(page, "scheduled_add", room=room, cid="refused", text="Too late", at=1_500)
    ask(page, "room_leave", room=room)
    expect(here).to_contain_text("Not sent.")
    expect(page.get_by_role("tab", name="Scheduled 1 not sent")).to_be_visible()
    assert flaws(page) == []


def test_a_reminder_calls_until_it_is_looked_at_and_stays_until_it_is_done(browsers: Browsers, house: House) -> None:
    ann, ben = (house.newcomer(f"R-{name}") for name in ("Ann", "Ben"))
    house.server.say(ben, house.rooms["empty"], "the early plan", "the late plan")
    second = Conversation(browsers.page(house.server, ann, **CALM)).open(house.path("empty"))
    page = browsers.page(house.server, ann, **CALM)
    talk = Conversation(page).open(house.path("empty"))
    first = talk.message("the early plan")
    choose(talk, first, "Remind me…")
    choice = page.get_by_role("dialog", name="Remind me")
    expect(choice.get_by_role("button", name="In 20 minutes")).to_be_focused()
    assert flaws(page) == []
    choice.get_by_role("button", name="In an hour").click()
    expect(second.message("the early plan").locator(".saved")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(second.message("the early plan").locator(".saved")).to_have_count(0)

    # It comes on both screens, first in the list.
    for name in ("early", "late"):
        row = talk.message(f"the {name} plan")
        row.focus()
        row.press("s")
        expect(row.locator(".saved")).to_be_visible()
    (link, other_link) = (screen.locator("hub-inbox-link button") for screen in (page, second.page))
    message = first.evaluate("(row) => row.message.id")
    ask(page, "reminder_set", message=message, at=500)
    for found in (link, other_link):
        expect(found).to_have_accessible_name("Inbox 1 new")
    link.click()
    tab = page.get_by_role("tab", name="Saved 1 reminder")
    tab.click()
    hits = page.locator("hub-saved .hit .excerpt")
    expect(hits).to_have_text(["the early plan", "the late plan"])
    # Seen here, it calls nowhere any more, and stays.
    for found in (link, other_link):
        expect(found).to_have_accessible_name("Inbox")
    due = page.locator("hub-saved li.due")
    expect(due).to_contain_text("Reminder: today")
    assert flaws(page) == []
    due.get_by_role("button", name="Change the reminder…").click()
    page.get_by_role("dialog", name="Remind me").get_by_role("button", name="Tomorrow morning").click()
    expect(due).to_have_count(0)
    expect(hits).to_have_text(["the late plan", "the early plan"])
    ask(page, "reminder_set", message=message, at=500)
    due.get_by_role("button", name="Done").click()
    expect(hits).to_have_text(["the late plan"])
    expect(second.message("the early plan").locator(".saved")).to_have_count(0)
