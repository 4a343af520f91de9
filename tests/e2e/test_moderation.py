"""A message is reported and settled; somebody is muted, warned, kept out of a room and banned, and each sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import socketio
from playwright.sync_api import Locator, Page, expect

from chat import accounts, members
from chat.events.rooms import RoomRole
from tests.e2e.accessibility import flaws, flaws_in_both_themes, small_targets
from tests.e2e.acts import choices, choose, details, member_card
from tests.e2e.browsers import CALM, PHONE, Browsers, Conversation
from tests.servers import PASSWORD, Person, Server
from tests.waiting import DEADLINE

BAD = "Cheap watches, today only!"
SAID = ["one", "two", "three", "four", "five", "six"]


class Harbour:
    """A server's owner, a room of hers, who moderates it, who is in it, and who misbehaves."""

    def __init__(self, browsers: Browsers, server: Server, other: Server) -> None:
        self.server, self.other = server, other
        self.browsers = browsers
        self.ada = server.owner("ada", "Ada")
        self.mo, self.ben = server.add("mo", "Mo"), server.add("ben", "Ben")
        # Who can sign in again.
        accounts.create(server.store, "zoe", name="Zoe", role="member", password=PASSWORD)
        self.zoe = server.person("zoe")
        self.room = server.room(self.ada, "harbour", self.mo, self.ben, self.zoe)
        members.appoint(server.store, self.ada.actor, RoomRole(self.room, self.mo.id, "moderator"))
        server.say(self.ben, self.room, *SAID)
        server.say(self.zoe, self.room, BAD)
        for process in {server, other}:
            process.start()

    def enter(self, person: Person, process: Server | None = None, **options: object) -> Conversation:
        page = self.browsers.page(process or self.server, person, **{**CALM, **options})
        return Conversation(page).open(f"/room/{self.room}")


@contextmanager
def console(server: Server, person: Person) -> Iterator[socketio.Client]:
    """The owner's way to what rooms know nothing of."""
    client = socketio.Client(reconnection=False)
    auth = {"token": person.token, "protocol": 1}
    client.connect(server.url, auth=auth, namespaces=["/admin"], wait_timeout=DEADLINE)
    yield client
    client.disconnect()


def dialog(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name)


def reports(talk: Conversation) -> Locator:
    talk.sidebar.get_by_role("button", name="Reports").click()
    return talk.page.locator("hub-reports")


def test_a_message_is_reported_and_settled_once(processes: tuple[Server, Server], browsers: Browsers) -> None:
    harbour = Harbour(browsers, *processes)
    ben, ada = harbour.enter(harbour.ben), harbour.enter(harbour.ada)
    mo = harbour.enter(harbour.mo, harbour.other)
    link = mo.sidebar.get_by_role("button", name="Reports")
    expect(link).to_have_count(0)

    # One's own words can't be reported; of others', it is said who will see what.
    assert "Report…" not in choices(ben, ben.message("six"))
    choose(ben, ben.message(BAD), "Report…")
    form = dialog(ben.page, "Report this message")
    expect(form).to_contain_text("five messages before and after it")
    expect(form).to_contain_text("Zoe is not told that you reported it.")
    expect(form.get_by_role("button", name="Report")).to_be_disabled()
    form.get_by_role("radio", name="Spam").check()
    form.get_by_label("What should they know?").fill("All day long")
    assert flaws_in_both_themes(ben.page) == []
    form.get_by_role("button", name="Report").click()
    expect(ben.page.locator(".toast")).to_contain_text("Reported.")
    choose(ben, ben.message(BAD), "Report…")
    form.get_by_role("radio", name="Abuse").check()
    form.get_by_role("button", name="Report").click()
    expect(form.get_by_role("alert")).to_have_text("You have reported this message already.")
    ben.page.keyboard.press("Escape")

    # It comes live to who leads the room and to staff, and to nobody else.
    expect(link).to_have_accessible_name("Reports 1 open")
    expect(ben.sidebar.get_by_role("button", name="Reports")).to_have_count(0)
    queue, hers = reports(mo), reports(ada)
    entry = queue.get_by_role("listitem", name="Reported message of Zoe")
    for part in (BAD, "Spam", "Ben", "All day long", "#harbour"):
        expect(entry).to_contain_text(part)
    entry.get_by_role("button", name="What was said around it").press("Enter")
    expect(entry.locator(".around li > span")).to_have_text([*SAID[1:], BAD])
    expect(entry.locator("[aria-current]")).to_contain_text(BAD)
    assert flaws_in_both_themes(mo.page) == []

    # What is decided about who wrote it settles it, for all who look.
    entry.get_by_role("button", name="Author").press("Enter")
    mo.page.get_by_role("menuitem", name="Mute…").press("Enter")
    form = dialog(mo.page, "Mute Zoe?")
    form.get_by_role("radio", name="1 day").check()
    form.get_by_label("Reason").fill("Sell elsewhere")
    assert flaws_in_both_themes(mo.page) == []
    form.get_by_role("button", name="Mute").click()
    for panel in (queue, hers):
        expect(panel.locator(".outcome")).to_contain_text("Muted")
        expect(panel.locator(".outcome")).to_contain_text("Mo")
        expect(panel.get_by_role("button", name="Dismiss")).to_have_count(0)
    expect(entry).to_be_focused()
    expect(entry).to_contain_text("It has been deleted since.")
    expect(ben.message(BAD)).to_have_count(0)
    hers.get_by_role("tab", name="Settled").click()
    expect(hers.get_by_role("listitem", name="Reported message of Zoe")).to_contain_text("Muted")
    # The way to it goes when nothing waits.
    queue.get_by_role("button", name="Close").click()
    expect(link).to_have_count(0)

    # On a phone, where it covers the conversation.
    small = harbour.enter(harbour.mo, **PHONE)
    small.page.get_by_role("button", name="Details").click()
    small.page.locator("hub-moderation .way").click()
    expect(small.page.locator("hub-reports")).to_contain_text("Nothing waits for you.")
    assert small_targets(small.page) == []


def test_staff_settle_what_is_reported_where_they_are_not(processes: tuple[Server, Server], browsers: Browsers) -> None:
    harbour = Harbour(browsers, *processes)
    ben = harbour.enter(harbour.ben)
    cem = harbour.server.add("cem", "Cem", role="admin")
    theirs = Conversation(browsers.page(harbour.other, cem, **CALM)).open("/")
    choose(ben, ben.message(BAD), "Report…")
    form = dialog(ben.page, "Report this message")
    form.get_by_role("radio", name="Abuse").check()
    form.get_by_role("button", name="Report").click()
    entry = reports(theirs).get_by_role("listitem", name="Reported message of Zoe")
    expect(entry).to_contain_text("#harbour")
    entry.get_by_role("button", name="What was said around it").click()
    expect(entry.locator("[aria-current]")).to_contain_text(BAD)
    entry.get_by_role("button", name="Delete").click()
    theirs.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(entry).to_contain_text("It has been deleted since.")
    expect(ben.message(BAD)).to_have_count(0)


def test_who_is_muted_warned_kept_out_and_banned_sees_why(processes: tuple[Server, Server], browsers: Browsers) -> None:
    harbour = Harbour(browsers, *processes)
    # Whom it meets is connected to the other process, if there is one, and on another device to this one.
    zoe, mo = harbour.enter(harbour.zoe, harbour.other), harbour.enter(harbour.mo)
    again = harbour.enter(harbour.zoe, **PHONE)
    zoe.composer.fill("What I was about to say")

    # Nothing is offered against who stands above oneself.
    expect(member_card(mo, "Ada").get_by_role("button")).to_have_text(["Message", "Mention"])
    mo.page.keyboard.press("Escape")

    member_card(mo, "Zoe").get_by_role("button", name="Mute…").click()
    form = dialog(mo.page, "Mute Zoe?")
    form.get_by_label("Reason").fill("Sleep over it")
    form.get_by_role("button", name="Mute").click()
    line = zoe.page.locator(".muted")
    expect(line).to_contain_text(re.compile(r"You are muted in #harbour until (today|tomorrow), \d\d:\d\d\."))
    expect(line).to_contain_text("Sleep over it")
    expect(line).to_contain_text("Decided by those who lead this room.")
    expect(zoe.composer).to_have_count(0)
    assert set(choices(zoe, zoe.message("six"))).isdisjoint({"Reply", "Pin"})
    expect(zoe.message("six").locator(".tools [data-command]")).to_have_count(1)
    assert flaws(zoe.page) == []
    sanctions = details(mo).locator("hub-moderation")
    expect(sanctions.get_by_role("listitem")).to_contain_text("Muted until")
    assert flaws_in_both_themes(mo.page) == []
    sanctions.get_by_role("button", name="Unmute: Zoe").click()
    dialog(mo.page, "Unmute Zoe?").get_by_role("button", name="Unmute").click()
    expect(sanctions).to_contain_text("Nobody is muted here, or banned.")
    # What was being written is still there.
    expect(zoe.composer).to_have_value("What I was about to say")

    # A warning is closed by its button alone, on whichever device comes first.
    member_card(mo, "Zoe").get_by_role("button", name="Warn…").click()
    form = dialog(mo.page, "Warn Zoe?")
    form.get_by_label("What you want to say").fill("No more of this.")
    form.get_by_role("button", name="Warn").click()
    warnings = [talk.page.get_by_role("alertdialog", name="You have been warned") for talk in (zoe, again)]
    for warning in warnings:
        expect(warning).to_contain_text("No more of this.")
    for _ in range(2):
        zoe.page.keyboard.press("Escape")
    expect(warnings[0]).to_be_visible()
    assert flaws_in_both_themes(again.page) == []
    warnings[1].get_by_role("button", name="I have read this").click()
    for warning in warnings:
        expect(warning).to_have_count(0)

    # Out of the room, and not in again before that is over.
    member_card(mo, "Zoe").get_by_role("button", name="Ban from room…").click()
    form = dialog(mo.page, "Ban Zoe?")
    form.get_by_label("Reason").fill("Enough")
    form.get_by_role("button", name="Ban").click()
    for talk in (zoe, again):
        out = talk.page.locator("hub-shut-out")
        expect(out.get_by_role("heading")).to_have_text("You are banned from #harbour")
        expect(out).to_contain_text("Enough")
    assert flaws_in_both_themes(zoe.page) == []
    zoe.page.reload()
    expect(zoe.page.get_by_role("heading", name="You are banned from")).to_be_visible()
    sanctions.get_by_role("button", name="Lift the ban: Zoe").click()
    dialog(mo.page, "Lift the ban of Zoe?").get_by_role("button", name="Lift the ban").click()
    # The page may have kept what the room was called, or not.
    zoe.page.get_by_role("button", name=re.compile("^(Join again|Try to join)$")).click()
    expect(zoe.composer).to_be_visible()

    # Banned from everything, all that is left says so, and so does the way in.
    end = (datetime.now(UTC) + timedelta(days=3)).isoformat().replace("+00:00", "Z")
    ban = {"user": harbour.zoe.id, "until": end, "reason": "Three times"}
    with console(harbour.server, harbour.ada) as client:
        ack = client.call("user_ban", ban, namespace="/admin", timeout=DEADLINE)
    assert ack["ok"], ack
    for talk in (zoe, again):
        expect(talk.page.get_by_role("heading", name="Your account is banned")).to_be_focused()
        expect(talk.page.get_by_role("main")).to_contain_text("Three times")
        expect(talk.page.locator("hub-sidebar")).to_have_count(0)
        assert talk.page.evaluate("() => document.querySelector('hub-app').client.connection.nextTryAt") is None
    assert flaws_in_both_themes(zoe.page) == []
    zoe.page.get_by_role("link", name="Sign in with another account").click()
    zoe.page.get_by_label("Username").fill("zoe")
    zoe.page.get_by_label("Password", exact=True).fill(PASSWORD)
    zoe.page.keyboard.press("Enter")
    expect(zoe.page.get_by_role("heading", name="This account is banned")).to_be_visible()
    expect(zoe.page.get_by_role("main")).to_contain_text("Three times")
    assert flaws_in_both_themes(zoe.page) == []
