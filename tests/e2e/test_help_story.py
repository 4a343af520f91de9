"""A visitor on a page of another web site and two agents, in one process and in two."""

from __future__ import annotations

from playwright.sync_api import expect

from chat.helpdesk import agents, sites
from tests.e2e.browsers import CALM, Browsers, Conversation
from tests.e2e.help import Window, inbox, rows, shop_page
from tests.e2e.lines import Line
from tests.servers import Server
from tests.web_site import web_site


def test_all_three_know_the_same_through_a_lost_line_and_a_restart(
    processes: tuple[Server, Server], browsers: Browsers
) -> None:
    one, other = processes
    ada = one.owner("ada", "Ada")
    ben = one.add("ben", "Ben")
    for person in (ada, ben):
        agents.choose(one.store, ada.actor, person.id)
    harbour = one.room(ada, "harbour", ben)
    with web_site() as host:
        site = sites.create(one.store, ada.actor, "Sample boats", [host.url])
        one.start()
        if other is not one:
            other.start()
        # Here and where the line is cut below, browsers complain.
        first = Conversation(browsers.page(one, ada, quiet=False, **CALM)).open(f"/room/{harbour}")
        second = Conversation(browsers.page(other, ben, quiet=False, **CALM)).open(f"/room/{harbour}")
        with Line(other.port) as line:
            host.pages["/boats"] = shop_page(line.url, site.key)
            page = browsers.page(other, quiet=False, **CALM)
            page.goto(f"{host.url}/boats")
            window = Window(page)
            window.button.click()
            expect(window.inside.locator("header")).to_contain_text("We usually answer here.")
            window.say("Do you have this in blue?")
            window.has(["Do you have this in blue?"])
            expect(window.inside.locator("header")).to_contain_text("You are next.")

            # It waits at both, until one has it, and the visitor is told who.
            row = rows(inbox(first), "Waiting")
            expect(second.page.locator(".toast")).to_contain_text("is waiting for an answer")
            second.page.locator(".toast").get_by_role("button", name="Show").click()
            expect(second.page.locator("hub-help")).to_be_visible()
            expect(rows(inbox(second), "Waiting")).to_contain_text("Do you have this in blue?")
            row.get_by_role("button", name="Take").click()
            expect(row).to_have_count(0)
            expect(rows(inbox(second), "Waiting")).to_have_count(0)
            expect(window.log.get_by_text("Ada is with you now.")).to_be_visible()
            expect(window.inside.locator("header")).to_contain_text("Ada answers you.")

            # The other comes in beside, and each sees who is writing.
            rows(inbox(first), "Mine").locator(".open").click()
            rows(inbox(second), "Taken").locator(".open").click()
            expect(second.page.locator(".help-bar")).to_contain_text("Ada has it")
            expect(second.page.locator(".messages")).to_contain_text("Ada took this conversation.")
            second.composer.press_sequentially("We")
            expect(first.page.locator("hub-typing")).to_contain_text("Ben")
            expect(window.inside.get_by_text("Ben is typing…")).to_be_visible()
            first.composer.press_sequentially("Yes")
            expect(second.page.locator("hub-typing")).to_contain_text("Ada")
            window.field.press_sequentially("A")
            expect(first.page.locator("hub-typing")).to_contain_text("Visitor")
            second.say("We do.")
            window.has(said := ["Do you have this in blue?", "We do."])
            first.composer.fill("")

            # The visitor's line is lost; both sides go on.
            line.cut("/socket.io")
            window.say("I take two")
            expect(window.log.get_by_text("Sending…")).to_be_visible()
            first.say("Shall I keep one?")
            line.restore()
            window.network_back()
            said += ["Shall I keep one?", "I take two"]
            window.has(said)
            expect(second.bodies).to_have_text(said)

            # The visitor's process ends without a word, and comes back.
            other.kill()
            window.say("Are you there?")
            expect(window.log.get_by_text("Sending…")).to_be_visible()
            other.start()
            window.network_back()
            said.append("Are you there?")
            window.has(said)
            for talk in (first, second):
                expect(talk.bodies).to_have_text(said)
            first.say("I am.")
            window.has(said := [*said, "I am."])
            first.page.locator(".help-bar").get_by_role("button", name="Resolve").click()
            expect(window.log.get_by_text("Ada has ended the conversation.")).to_be_visible()
            expect(second.page.locator(".help-bar")).to_have_count(0)
            expect(window.inside.get_by_text("How was it?")).to_be_visible()
