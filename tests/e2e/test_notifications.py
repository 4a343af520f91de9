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

from tests.e2e import scripts
from tests.e2e.browsers import ARGUMENTS, Browsers, Conversation, missing
from tests.e2e.scripts import script
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
