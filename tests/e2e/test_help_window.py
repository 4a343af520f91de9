"""A visitor of a web site writes and is answered, through a closed window, a reload, a lost line and a restart."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import socketio
from playwright.sync_api import expect

from chat.events.help import HelpLook
from chat.events.objects import QuietHours
from chat.helpdesk import agents, sites
from tests.e2e.accessibility import flaws, flaws_in_both_themes, overflows, small_targets
from tests.e2e.browsers import CALM, PHONE, Browsers
from tests.e2e.help import Window, shop_page
from tests.e2e.lines import Line
from tests.servers import Person, Server
from tests.waiting import until
from tests.web_site import web_site


class Agent:
    """Somebody who answers, by a program."""

    def __init__(self, server: Server, person: Person) -> None:
        self._line = socketio.Client(reconnection=False)
        self._line.connect(server.url, auth={"token": person.token, "protocol": 1}, namespaces=["/chat"])

    def call(self, event: str, **fields: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._line.call(event, fields, namespace="/chat")
        assert answer["ok"], answer
        return answer

    def conversation(self, state: str) -> dict[str, Any] | None:
        found = self.call("help_list", list=state)["conversations"]
        return found[0] if found else None

    def answer(self, room: int, text: str) -> None:
        self.call("message_send", room=room, cid=str(uuid.uuid4()), text=text)

    def close(self) -> None:
        self._line.disconnect()


@contextmanager
def answering(server: Server, person: Person) -> Iterator[Agent]:
    agent = Agent(server, person)
    try:
        yield agent
    finally:
        agent.close()


def test_a_visitor_writes_and_is_answered(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    server = make_server()
    ada = server.owner("ada", "Ada")
    agents.choose(server.store, ada.actor, ada.id)
    with web_site() as host, web_site() as stranger:
        look = HelpLook(greeting="Ahoy! What may it be?", ask_email="optional")
        site = sites.create(server.store, ada.actor, "Sample boats", [host.url], look)
        server.start()
        with Line(server.port) as line:
            for place in (host, stranger):
                place.pages["/boats"] = place.pages["/boats?secret=1"] = shop_page(line.url, site.key)
            # A page that was not allowed gets no button.
            other = browsers.page(server, quiet=False)
            with other.expect_console_message(lambda message: "frame-ancestors" in message.text):
                other.goto(f"{stranger.url}/boats")
            expect(other.locator("iframe")).to_have_css("visibility", "hidden")
            other.close()

            # Its line is cut, which browsers complain about.
            page = browsers.page(server, quiet=False, **CALM)
            page.goto(f"{host.url}/boats?secret=1")
            window = Window(page)
            expect(window.button).to_have_accessible_name("Talk to us")
            expect(window.button).to_have_attribute("aria-expanded", "false")
            expect(page.locator("iframe[src*='/help/window']")).to_have_count(0)
            window.button.click()
            expect(window.inside.get_by_text("Ahoy! What may it be?")).to_be_visible()
            expect(window.field).to_be_focused()
            expect(page.locator("iframe").last).to_have_attribute("title", "Conversation with Sample boats")
            with answering(server, ada) as agent:
                assert agent.conversation("waiting") is None
                window.say("Do you have it in *blue*?")
                window.has(["Do you have it in blue?"])
                waiting = agent.conversation("waiting")
                assert waiting is not None
                # What follows the `?` is nobody's business.
                assert waiting["page"] == f"{host.url}/boats"
                room = waiting["room"]
                agent.call("help_look_at", room=room)
                agent.answer(room, "We do.")
                window.has(["Do you have it in blue?", "We do."])
                expect(window.inside.get_by_text("Ada answers you.")).to_be_visible()
                # An address, so that they can be reached.
                window.inside.get_by_label("E-mail").fill("nothing")
                window.inside.get_by_role("button", name="Save", exact=True).click()
                expect(window.inside.get_by_text("This is no e-mail address.")).to_be_visible()
                window.inside.get_by_label("E-mail").fill("ida@shop.example")
                window.inside.get_by_role("button", name="Save", exact=True).click()
                expect(window.inside.get_by_label("E-mail")).to_have_count(0)

                # Closed by Escape, the focus goes back, and what comes meanwhile is counted.
                window.field.press("Escape")
                expect(window.button).to_be_focused()
                expect(window.button).to_have_attribute("aria-expanded", "false")
                agent.answer(room, "For 400.")
                expect(window.button).to_have_accessible_name("Talk to us. New answers: 1")
                # So it is after a reload, before anything was opened.
                page.reload()
                expect(window.button).to_have_accessible_name("Talk to us. New answers: 1")
                window.button.press("Enter")
                expect(window.button).to_have_accessible_name("Close the conversation")
                said = ["Do you have it in blue?", "We do.", "For 400."]
                window.has(said)

                # The line is lost; both sides go on, and nothing of it is.
                line.cut("/socket.io")
                window.say("I take two")
                expect(window.log.get_by_text("Sending…")).to_be_visible()
                agent.answer(room, "Shall I keep one for you?")
                expect(window.inside.get_by_text("No connection.")).to_be_visible()
                line.restore()
                window.network_back()
                said += ["Shall I keep one for you?", "I take two"]
                window.has(said)
            server.kill()
            window.say("Are you there?")
            expect(window.log.get_by_text("Sending…")).to_be_visible()
            server.start()
            window.network_back()
            said.append("Are you there?")
            window.has(said)
            with answering(server, ada) as agent:
                agent.answer(room, "I am.")
                said.append("I am.")
                window.has(said)
                agent.call("help_resolve", room=room)
                window.inside.get_by_text("Very good").locator("..").click()
                window.inside.get_by_label("Would you like to add something?").fill("Kind people")
                window.inside.locator("hub-help-rating").get_by_role("button", name="Send").click()
                expect(window.inside.get_by_text("Thank you.")).to_be_visible()
                expect(window.field).to_be_focused()
                resolved = agent.conversation("resolved")
                assert resolved is not None
                assert (resolved["rating"], resolved["comment"], resolved["email"]) == (
                    5,
                    "Kind people",
                    "ida@shop.example",
                )

            # For whoever can't see it, in both themes, and on the smallest phone.
            assert flaws(page) == []
            alone = page.context.new_page()
            alone.goto(f"{line.url}/help/window?site={site.key}")
            expect(alone.locator(".help-message .body").last).to_have_text("I am.")
            assert flaws_in_both_themes(alone) == []
            phone = browsers.page(server, **{**PHONE, "viewport": {"width": 320, "height": 640}}, **CALM)
            phone.goto(f"{host.url}/boats")
            small = Window(phone)
            small.button.tap()
            expect(small.field).to_be_visible()
            assert phone.locator("iframe[src*='/help/window']").bounding_box() == {
                "x": 0, "y": 0, "width": 320, "height": 640,
            }  # fmt: skip
            phone.goto(f"{line.url}/help/window?site={site.key}")
            expect(phone.get_by_label("Your message")).to_be_visible()
            assert small_targets(phone) == []
            assert overflows(phone) == []


def test_whoever_comes_when_nobody_is_there_leaves_an_address(
    browsers: Browsers, make_server: Callable[..., Server]
) -> None:
    server = make_server()
    ada = server.owner("ada", "Ada")
    agents.choose(server.store, ada.actor, ada.id)
    another_day = (datetime.now(UTC).isoweekday() + 2) % 7 + 1
    hours = QuietHours(start="10:00", end="11:00", days=[another_day], zone="UTC")
    look = HelpLook(ask_name="required", ask_email="required", side="left", hours=hours)
    site = sites.create(server.store, ada.actor, "Sample boats", ["https://shop.example"], look)
    server.start()
    page = browsers.page(server, **PHONE, **CALM, locale="zh-CN")
    page.goto(f"/help/window?site={site.key}")
    name, email = page.get_by_label("您的姓名"), page.get_by_label("电子邮箱")
    expect(page.get_by_text("现在没有人在线。请留言")).to_be_visible()
    expect(page.get_by_label("您的消息")).to_have_count(0)
    page.get_by_role("button", name="开始").click()
    expect(page.get_by_text("此项必填。")).to_have_count(2)
    expect(name).to_be_focused()
    assert flaws_in_both_themes(page) == []
    assert small_targets(page) == []
    assert overflows(page) == []
    name.fill("Ida")
    email.fill("ida@shop.example")
    email.press("Enter")
    field = page.get_by_label("您的消息")
    expect(field).to_be_focused()
    field.fill("请给我回信")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".help-message.mine .help-when")).to_contain_text("已发送")
    with answering(server, ada) as agent:

        def told() -> tuple[str, str]:
            waiting = agent.conversation("waiting")
            assert waiting is not None
            return waiting["visitor"]["name"], waiting["email"]

        until(lambda: told() == ("Ida", "ida@shop.example"))
        assert agent.call("help_list", list="waiting")["conversations"][0]["language"] == "zh-Hans"
