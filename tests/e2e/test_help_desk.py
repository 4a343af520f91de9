"""A visitor asks, and two agents answer: the queue, taking, notes, handing over, resolving and opening again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import socketio
from playwright.sync_api import Locator, Page, expect

from chat.helpdesk import agents, sites
from tests.e2e.accessibility import flaws_in_both_themes, overflows, small_targets
from tests.e2e.acts import details
from tests.e2e.browsers import CALM, PHONE, Browsers, Conversation
from tests.e2e.help import inbox, rows
from tests.servers import Person, Server
from tests.waiting import DEADLINE, until

SECRET = "a-visitor-in-a-test-with-a-secret-of-its-own"
SHOP = "https://shop.example"


class Visitor:
    """A window on a web site, as the server knows it."""

    def __init__(self, client: socketio.Client) -> None:
        self._client = client
        self._count = 0
        self.heard: list[str] = []
        client.on("help_message", lambda fact: self._hear(fact["message"]), namespace="/help")

    def _hear(self, message: dict[str, Any]) -> None:
        if message["kind"] == "text" and not message["mine"]:
            self.heard.append(message["text"])

    def write(self, text: str) -> None:
        self._count += 1
        self.call("help_send", cid=f"visitor-{self._count}", text=text, page=f"{SHOP}/boats")

    def call(self, name: str, **fields: Any) -> None:
        answer = self._client.call(name, fields, namespace="/help", timeout=DEADLINE)
        assert answer["ok"], answer


@contextmanager
def visitor(server: Server, key: str) -> Iterator[Visitor]:
    client = socketio.Client(reconnection=False)
    window = Visitor(client)
    auth = {"site": key, "visitor": SECRET, "language": "de", "protocol": 1}
    client.connect(server.url, auth=auth, namespaces=["/help"], wait_timeout=DEADLINE)
    yield window
    client.disconnect()


def test_a_visitor_is_helped_by_two(make_server: Callable[..., Server], browsers: Browsers) -> None:
    server = make_server()
    ada = server.owner("ada", "Ada")
    ben, cleo = server.add("ben", "Ben"), server.add("cleo", "Cleo")
    for person in (ada, ben):
        agents.choose(server.store, ada.actor, person.id)
    site = sites.create(server.store, ada.actor, "Sample shop", [SHOP])
    room = server.room(ada, "harbour", ben, cleo)
    server.start()

    def enter(person: Person, **options: object) -> Conversation:
        return Conversation(browsers.page(server, person, **{**CALM, **options})).open(f"/room/{room}")

    first, second, third = enter(ada), enter(ben), enter(cleo)
    with visitor(server, site.key) as shop:
        shop.write("Do you have this in blue?")

        # It waits, for agents and nobody else.
        way = first.sidebar.get_by_role("button", name="Help inbox")
        expect(way).to_have_accessible_name("Help inbox 1 waits")
        expect(third.sidebar.get_by_role("button", name="Help inbox")).to_have_count(0)
        panel = inbox(first)
        row = rows(panel, "Waiting")
        expect(row).to_have_count(1)
        for part in ("Do you have this in blue?", "shop.example", "Nobody has it"):
            expect(row).to_contain_text(part)
        ticking = row.locator(".waited")
        before = ticking.inner_text()
        until(lambda: ticking.inner_text() != before)
        assert flaws_in_both_themes(first.page, "hub-help") == []
        row.locator(".open").click()
        bar = first.page.locator(".help-bar")
        expect(bar).to_contain_text("Nobody has it")
        expect(first.sidebar.get_by_role("region", name="Help")).to_contain_text("Visitor")
        bar.get_by_role("button", name="Take").click()
        expect(bar).to_contain_text("You have it")
        expect(way).to_have_accessible_name("Help inbox")
        expect(rows(inbox(second), "Taken").first).to_contain_text("Ada has it")
        first.say("We do.")
        until(lambda: shop.heard == ["We do."])

        # What is known of the visitor stands beside it; what makes no sense with one is not offered.
        panel = details(first)
        for part in ("shop.example/boats", "German"):
            expect(panel).to_contain_text(part)
        for name in ("Leave", "Add people", "Settings"):
            expect(panel.get_by_role("button", name=name)).to_have_count(0)
        assert flaws_in_both_themes(first.page) == []
        panel.get_by_role("button", name="Visitor").click()
        card = first.page.get_by_role("dialog", name="Visitor")
        expect(card.locator(".tag")).to_have_text("Visitor")
        for name in ("Message", "Mention", "Make moderator", "Remove"):
            expect(card.get_by_role("button", name=name)).to_have_count(0)
        first.page.keyboard.press("Escape")

        # A note stays among agents, also while it is written.
        note = first.page.get_by_role("button", name="Note among us")
        note.click()
        expect(first.composer).to_have_accessible_name("Note among us")
        first.say("She was here yesterday.")
        expect(first.message("She was here yesterday.")).to_contain_text("Note among us")
        assert flaws_in_both_themes(first.page, "hub-conversation") == []
        note.click()

        canned(first.page, inbox(first))
        first.composer.press_sequentially("/than")
        expect(first.page.get_by_role("option", name="/thanks")).to_be_visible()
        first.composer.press("Enter")
        first.composer.press("Enter")
        until(lambda: shop.heard == ["We do.", "Thank you for asking!"])

        # A colleague takes over, with all that was said.
        bar.get_by_role("button", name="Hand over").click()
        first.page.get_by_role("menuitem", name="Ben").click()
        expect(bar).to_contain_text("Ben has it")
        rows(inbox(second), "Mine").locator(".open").click()
        said = ["Do you have this in blue?", "We do.", "She was here yesterday.", "Thank you for asking!"]
        expect(second.bodies).to_have_text(said)
        until(lambda: len(shop.heard) == 2)

        # It is resolved for both, can be read, and is opened again.
        second.page.locator(".help-bar").get_by_role("button", name="Resolve").click()
        expect(second.page.locator(".toast")).to_contain_text("is resolved")
        expect(first.page.locator(".help-bar")).to_have_count(0)
        shop.call("help_close", rating=4, comment="Quick")
        panel = inbox(second)
        rows(panel, "Resolved").locator(".open").click()
        expect(panel).to_contain_text("Rated 4 of 5")
        expect(panel.locator(".said-lines .body")).to_have_text(said)
        figures(second.page, panel)
        panel.get_by_role("button", name="Reopen").click()
        expect(second.page.locator(".help-bar")).to_contain_text("You have it")

    phone = Conversation(browsers.page(server, ben, **{**CALM, **PHONE})).open(second.page.url.removeprefix(server.url))
    expect(phone.page.locator(".help-bar")).to_contain_text("You have it")
    assert (overflows(phone.page), small_targets(phone.page)) == ([], [])
    phone.page.get_by_role("button", name="Show rooms").click()
    expect(rows(inbox(phone), "Mine")).to_contain_text("You have it")
    assert (overflows(phone.page), small_targets(phone.page)) == ([], [])
    assert flaws_in_both_themes(phone.page) == []


def canned(page: Page, panel: Locator) -> None:
    """An answer that all agents can use."""
    panel.get_by_role("button", name="Canned answers").click()
    dialog = page.get_by_role("dialog", name="Canned answers")
    dialog.get_by_label("Short name").fill("thanks")
    dialog.get_by_label("Answer", exact=True).fill("Thank you for asking!")
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog.get_by_role("listitem")).to_contain_text("/thanks")
    assert flaws_in_both_themes(page) == []
    page.keyboard.press("Escape")


def figures(page: Page, panel: Locator) -> None:
    panel.get_by_role("button", name="Figures by day").click()
    dialog = page.get_by_role("dialog", name="Figures by day")
    for part in ("1 begun, 1 resolved", "4 from 1 rating"):
        expect(dialog).to_contain_text(part)
    expect(dialog.locator("canvas")).to_have_count(3)
    assert flaws_in_both_themes(page) == []
    page.keyboard.press("Escape")
