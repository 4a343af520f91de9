"""Notifications as Chromium shows them. The one without windows has none, so these need the whole one."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import socketio
from playwright.sync_api import Browser, Page, expect

from chat.push import subscriptions
from tests.e2e import scripts
from tests.e2e.accessibility import flaws
from tests.e2e.browsers import ARGUMENTS, CALM, Browsers, Conversation, missing
from tests.e2e.scripts import script
from tests.push_service import push_service
from tests.servers import Person, Server
from tests.waiting import until

SCRIPTS = Path(scripts.__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def chromium(chromium: Browser) -> Iterator[Browser]:
    """The whole Chromium, in place of the one for the run."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing("There is no Chromium here that shows notifications: install Debian's `chromium`")
    browser = chromium.browser_type.launch(executable_path=found, args=[*ARGUMENTS, "--headless=new"])
    yield browser
    browser.close()


def shown(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(script("notifications"))
    return found


def push(page: Page, note: dict[str, Any]) -> None:
    """Let the browser think that its push service had something."""
    registrations: list[str] = []
    session = page.context.new_cdp_session(page)
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(one["registrationId"] for one in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    # Playwright hears of what happens while it is asked something.
    until(lambda: page.evaluate("() => 0") or registrations)
    origin = page.url.partition("/room")[0]
    told = {"origin": origin, "registrationId": registrations[-1], "data": json.dumps(note)}
    session.send("ServiceWorker.deliverPushMessage", told)


def click(page: Page, **answer: str) -> None:
    """Click the notification that is shown, or one of its buttons."""
    page.context.service_workers[0].evaluate(script("click_notification"), answer)


def told(browsers: Browsers, server: Server, ada: Person, path: str) -> Conversation:
    browser = browsers.context(server, ada, service_workers="allow")
    browser.grant_permissions(["notifications"], origin=server.url)
    browser.add_init_script(path=SCRIPTS / "notify_here.js")
    talk = Conversation(browser.new_page()).open(path)
    until(lambda: talk.page.evaluate(script("notifying")), "the page is ready to notify")
    return talk


def test_a_mention_is_shown_opened_answered_and_withdrawn(
    browsers: Browsers, make_server: Callable[..., Server]
) -> None:
    server = make_server()
    ada, mira = server.owner("ada", "Ada"), server.add("mira", "Mira")
    room, other = server.room(ada, "harbour", mira), server.room(ada, "lighthouse")
    server.start()
    talk = told(browsers, server, ada, f"/room/{other}")
    program = socketio.Client()
    program.connect(server.url, auth={"token": mira.token}, namespaces=["/chat"])

    def say(cid: str, text: str) -> int:
        ack = program.call("message_send", {"room": room, "cid": cid, "text": text}, namespace="/chat")
        return int(ack["message"]["seq"])

    try:
        say("one", "nobody in particular")
        say("two", "@ada are **you** there?")
        until(lambda: shown(talk.page), "a notification")
        (note,) = shown(talk.page)
        assert (note["title"], note["body"]) == ("Mira · #harbour", "@Ada are you there?")
        expect(talk.page).to_have_title(re.compile(r"^\(1\) "))

        # The same, pushed as well, takes its place.
        pushed = {"title": note["title"], "options": {"body": "pushed", "tag": note["tag"], "data": note["data"]}}
        push(talk.page, pushed)
        until(lambda: [one["body"] for one in shown(talk.page)] == ["pushed"], "one notification")

        click(talk.page)
        talk.message("@Ada are you there?").wait_for()
        expect(talk.page).to_have_url(re.compile(rf"/room/{room}\?at=2$"))
        until(lambda: shown(talk.page) == [], "no notification")

        talk.open(f"/room/{other}")
        until(lambda: talk.page.evaluate(script("notifying")), "the page is ready to notify")
        seq = say("three", "@ada?")
        until(lambda: shown(talk.page), "a notification")
        click(talk.page, action="reply", reply="in a moment")
        until(lambda: shown(talk.page) == [], "it is gone with its answer")
        talk.link("harbour").click()
        talk.message("in a moment").wait_for()
        assert seq == 3
    finally:
        program.disconnect()


def test_a_browser_is_pushed_to_what_its_owner_has_not_read(
    browsers: Browsers, make_server: Callable[..., Server]
) -> None:
    with push_service() as service:
        server = make_server(push_local="on")
        ada, mira = server.owner("ada", "Ada"), server.add("mira", "Mira")
        room, other = server.room(ada, "harbour", mira), server.room(ada, "lighthouse", mira)
        server.say(ada, room, *(f"{number}" for number in range(60)))
        server.say(mira, server.room(ada, "quay", mira), "@ada early on")
        server.start()
        device = service.device("laptop")
        browser = browsers.context(server, ada, service_workers="allow", **CALM)
        browser.grant_permissions(["notifications"], origin=server.url)
        browser.add_init_script(f"({script('subscribes')})({json.dumps(device.subscription)})")
        program = socketio.Client()
        program.connect(server.url, auth={"token": mira.token}, namespaces=["/chat"])

        def say(place: int, text: str) -> None:
            said = {"room": place, "cid": f"said {text}", "text": f"@ada {text}"}
            assert program.call("message_send", said, namespace="/chat")["ok"]

        def pushed() -> list[str]:
            return [note["options"]["body"] for note in service.to(device)]

        try:
            # Once called, one is offered to be told; there is more to choose in the settings.
            talk = Conversation(browser.new_page()).open(f"/room/{other}")
            page = talk.page
            offer = page.locator(".notify-offer")
            expect(offer).to_be_visible()
            assert flaws(page) == []
            offer.get_by_role("button", name="Turn on").click()
            expect(offer).to_have_count(0)
            expect(talk.composer).to_be_focused()
            page.goto("/settings#notifications")
            switch = page.locator("[data-switch=push]").get_by_role("switch")
            expect(switch).to_have_attribute("aria-checked", "false")
            assert flaws(page, "#notifications") == []
            switch.click()
            expect(switch).to_have_attribute("aria-checked", "true")

            # Who has the end of the room in view has read it before it would be pushed; further up, nobody has.
            talk.open(f"/room/{room}")
            until(lambda: page.evaluate(script("notifying")), "the page is ready to notify")
            say(room, "in view")
            expect(talk.message("@Ada in view")).to_be_in_viewport()
            page.evaluate(script("scroll_up"), 2)
            say(room, "below")
            until(pushed, "a push")
            assert pushed() == ["@Ada below"]

            # But here, where the room is open, nothing is shown of it; of another room it is.
            say(other, "elsewhere")
            until(lambda: len(pushed()) == 2, "another push")
            for note in service.to(device):
                push(page, {**note, "options": {**note["options"], "body": "pushed"}})
            until(lambda: "pushed" in [note["body"] for note in shown(page)], "what was pushed")
            assert [note["title"] for note in shown(page)] == ["Mira · #lighthouse"]

            # Behind another window it is.
            page.context.new_cdp_session(page).send("Emulation.setFocusEmulationEnabled", {"enabled": False})
            browser.new_page().bring_to_front()
            say(room, "behind")
            until(lambda: len(pushed()) == 3, "a third push")
            push(page, service.to(device)[-1])
            until(lambda: len(shown(page)) == 2, "another notification")

            # Turned off, it is off for the server too.
            page.bring_to_front()
            page.goto("/settings#notifications")
            switch.click()
            expect(switch).to_have_attribute("aria-checked", "false")
            with server.store.read() as conn:
                assert not subscriptions.are_any(conn)
        finally:
            program.disconnect()
