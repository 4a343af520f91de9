"""What pages that messages link to say of themselves, as people see it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from playwright.sync_api import expect

from chat import reads
from chat.events.reading import ReadMark
from tests.e2e.accessibility import flaws, overflows, small_targets
from tests.e2e.acts import choose
from tests.e2e.browsers import CALM, PHONE, Browsers, Conversation
from tests.pictures import drawn, made
from tests.servers import Server
from tests.waiting import until
from tests.web_site import Answer, web_site


def test_a_link_gets_a_card_that_its_author_takes_off(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    server = make_server(link_previews="on", link_previews_local="on")
    ada, mira, chen = server.owner("ada", "Ada"), server.add("mira", "Mira"), server.add("chen", "Chen")
    room = server.room(ada, "harbour", mira, chen)
    server.say(mira, room, *(f"line {number}" for number in range(60)))
    for person in (ada, mira, chen):
        reads.mark(server.store, person.actor, ReadMark(room=room, seq=60))
    server.start()
    path = f"/room/{room}"
    with web_site() as site:
        site.pages["/boat.png"] = Answer(made("PNG", drawn(900, 600)), type="image/png")
        link = site.page(
            "/boat", "A boat in the harbour", text="It has three masts. " * 9, picture="boat.png", site="Boats"
        )
        writer = Conversation(browsers.page(server, mira, **CALM)).open(path)
        reader = Conversation(browsers.page(server, ada, **CALM)).open(path)
        phone = Conversation(browsers.page(server, chen, **PHONE, **CALM)).open(path)
        asked: list[str] = []
        reader.page.on("request", lambda request: asked.append(request.url))
        writer.composer.fill(f"look at {link}")
        writer.composer.press("Enter")

        # The list follows its end while the row grows; the picture comes from here, into a space that was there.
        def is_at_its_end(talk: Conversation) -> bool:
            return bool(talk.list.evaluate("(one) => one.scrollHeight - one.scrollTop - one.clientHeight < 2"))

        for talk in (writer, reader, phone):
            card = talk.page.get_by_role("link", name="A boat in the harbour")
            expect(card).to_be_in_viewport(ratio=1)
            expect(card.locator(".site")).to_have_text(f"{site.url.removeprefix('http://')} · Boats")
            image = card.locator("img")
            expect(image).to_have_js_property("naturalWidth", 320)
            until(partial(is_at_its_end, talk))
        assert [url for url in asked if not url.startswith(server.url)] == []
        card = reader.page.get_by_role("link", name="A boat in the harbour")
        assert card.get_attribute("rel") == "noopener noreferrer nofollow"
        assert card.get_attribute("target") == "_blank"
        assert card.get_attribute("href") == link
        for talk in (reader, phone):
            assert flaws(talk.page) == []
            assert overflows(talk.page) == []
        assert small_targets(phone.page) == []

        # Whoever reads further up stays there when one comes.
        reader.list.hover()
        reader.page.mouse.wheel(0, -1000)
        held = reader.message("line 30")
        expect(reader.page.locator("hub-pill button")).to_be_visible()
        before = held.bounding_box()
        writer.composer.fill(f"and {site.page('/second', 'A second boat')}")
        writer.composer.press("Enter")
        second = reader.page.get_by_role("link", name="A second boat")
        expect(second).to_have_count(1)
        assert held.bounding_box() == before

        # Who leads the room may take it off, and who is only there may not; the author does, by keys alone.
        name = "Remove the preview of A boat in the harbour"
        expect(reader.page.get_by_role("button", name=name)).to_have_count(1)
        expect(phone.page.get_by_role("button", name=name)).to_have_count(0)
        writer.page.get_by_role("button", name=name).press("Enter")
        expect(card).to_have_count(0)
        expect(phone.page.get_by_role("link", name="A boat in the harbour")).to_have_count(0)
        expect(second).to_have_count(1)
        choose(writer, writer.page.locator("hub-message").last, "Delete")
        writer.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(second).to_have_count(0)
