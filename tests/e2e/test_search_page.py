"""Finding messages: the panel, what is found, and the way from one to the next."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.acts import Search
from tests.e2e.browsers import Browsers, Conversation
from tests.e2e.house import HISTORY, LIGHTHOUSES, House
from tests.waiting import until


@pytest.fixture
def talk(house: House, browsers: Browsers, request: pytest.FixtureRequest) -> Conversation:
    """Somebody new, in the room `empty`."""
    name = re.sub(r"\W+", "", request.node.name.removeprefix("test_").title())[:30]
    return Conversation(browsers.page(house.server, house.newcomer(name))).open(house.path("empty"))


def test_it_begins_in_the_room_and_can_be_widened(talk: Conversation, house: House) -> None:
    talk.page.keyboard.press("Control+f")
    search = Search(talk.page)
    expect(search.field).to_be_focused()
    expect(search.field).to_have_value("in:#empty ")
    # In a room alone there is nothing to look for yet; what can be written is.
    expect(search.panel.get_by_role("button", name=re.compile("from:"))).to_be_visible()
    talk.page.keyboard.type("lighthouse")
    expect(search.panel.get_by_text("Nothing was found for “in:#empty lighthouse”.")).to_be_visible()
    search.panel.get_by_role("button", name="Search all rooms").click()
    expect(search.field).to_have_value("lighthouse")
    expect(search.hits).to_have_count(3)
    expect(search.hits.first).to_contain_text("Ada")
    expect(search.hits.first).to_contain_text("#words")
    expect(search.hits.nth(1).locator("mark")).to_have_text("Lighthouses")
    expect(search.status).to_have_text("3 messages found")


def test_from_one_to_the_next_and_each_in_its_place(talk: Conversation, house: House) -> None:
    search = Search(talk.page).open("lighthouse")
    expect(search.hits).to_have_count(3)
    search.field.press("ArrowDown")
    expect(search.hits.nth(0)).to_be_focused()
    talk.page.keyboard.press("ArrowDown")
    expect(search.hits.nth(1)).to_be_focused()
    talk.page.keyboard.press("Enter")
    expect(talk.header).to_have_text("#words")
    expect(talk.page).to_have_url(re.compile(rf"{house.path('words')}\?at=\d+$"))
    expect(talk.page.locator("hub-message").filter(has_text=LIGHTHOUSES[1])).to_be_in_viewport()
    # What was found is still there, and says where one is.
    expect(search.hits.nth(1)).to_have_attribute("aria-current", "true")
    talk.page.keyboard.press("Control+f")
    expect(search.field).to_be_focused()
    expect(search.field).to_have_value("lighthouse")
    talk.page.keyboard.press("ArrowDown")
    expect(search.hits.nth(1)).to_be_focused()
    talk.page.keyboard.press("ArrowUp")
    talk.page.keyboard.press("ArrowUp")
    expect(search.field).to_be_focused()
    talk.page.keyboard.press("Escape")
    expect(search.panel).to_have_count(0)
    expect(talk.page.locator("hub-header .toggle-search")).to_be_focused()


def test_the_farthest_of_many_is_found_by_going_on(talk: Conversation) -> None:
    search = Search(talk.page).open('in:#archive "so it was said"')
    expect(search.hits).to_have_count(20)
    seen = 0
    while not search.hit(re.compile(r"\b1: so it was said")).count():
        assert search.hits.count() >= seen
        seen = search.hits.count()
        assert seen < HISTORY
        search.hits.last.scroll_into_view_if_needed()
        expect(search.hits.nth(seen)).to_be_attached()
    # Each once, the newest first.
    numbers = [int(text.split(":")[0]) for text in search.panel.locator(".excerpt").all_inner_texts()]
    assert numbers == sorted(set(numbers), reverse=True)
    search.hits.last.click()
    expect(talk.header).to_have_text("#archive")
    expect(talk.message("1: so it was said.")).to_be_in_viewport()


def test_operators_are_written_by_buttons(talk: Conversation) -> None:
    search = Search(talk.page).open("")
    search.panel.get_by_role("button", name="from:").click()
    expect(search.field).to_be_focused()
    expect(search.field).to_have_value("from:")
    # Nobody is told what is missing while they write it.
    talk.page.keyboard.type("mira")
    expect(search.hits.first).to_contain_text("Mira")
    search.panel.get_by_role("button", name="has:link").click()
    expect(search.field).to_have_value("from:mira has:link ")
    search.field.fill("")
    search.panel.get_by_role("button", name="after:").click()
    expect(search.field).to_have_value(re.compile(r"^after:\d{4}-\d\d-\d\d$"))
    # What was put in is there to be written over.
    talk.page.keyboard.type("2020-01-01")
    expect(search.field).to_have_value("after:2020-01-01")
    expect(search.hits.first).to_be_visible()
    search.field.fill("")
    search.panel.get_by_role("button", name=re.compile("These words")).click()
    talk.page.keyboard.type("have stairs")
    expect(search.field).to_have_value('"have stairs"')
    expect(search.hits).to_have_count(1)


def test_a_mistake_stands_at_the_field_until_it_is_mended(talk: Conversation) -> None:
    search = Search(talk.page).open("before:never")
    expect(search.field).not_to_have_attribute("aria-invalid", "true")
    search.field.press("Enter")
    expect(search.field).to_have_attribute("aria-invalid", "true")
    expect(search.field).to_have_accessible_description(re.compile("before:2026-01-31"))
    search.field.fill("lighthouse")
    expect(search.hits).to_have_count(3)
    expect(search.field).not_to_have_attribute("aria-invalid", "true")


def test_earlier_searches_are_offered_and_can_be_forgotten(talk: Conversation) -> None:
    search = Search(talk.page).open("lighthouse")
    expect(search.hits).to_have_count(3)
    search.field.press("Enter")
    search.field.fill("before:never")
    search.field.press("Enter")
    expect(search.field).to_have_attribute("aria-invalid", "true")
    talk.page.reload()
    talk.ready()
    search.open("")
    recent = search.panel.locator(".recent")
    expect(recent.get_by_role("listitem")).to_have_text(["lighthouse"])
    recent.get_by_role("button", name="lighthouse").click()
    expect(search.hits).to_have_count(3)
    search.field.fill("")
    search.panel.get_by_role("button", name="Clear").click()
    expect(recent).to_have_count(0)
    talk.page.reload()
    talk.ready()
    search.open("")
    expect(search.panel.locator(".help")).to_be_visible()
    expect(recent).to_have_count(0)


def test_signing_out_forgets_what_was_searched_for(talk: Conversation, browsers: Browsers) -> None:
    search = Search(talk.page).open("lighthouse")
    expect(search.hits).to_have_count(3)
    search.field.press("Enter")
    kept = "() => Object.keys(localStorage).filter((key) => key.startsWith('hubbub.searches'))"
    assert talk.page.evaluate(kept)
    talk.page.get_by_role("button", name="Menu", exact=True).click()
    talk.page.get_by_role("button", name="Sign out").click()
    expect(talk.page).to_have_url(re.compile("/signin"))
    until(lambda: talk.page.evaluate(kept) == [], "the searches are still there")


def test_without_a_connection_it_waits_and_goes_on(browsers: Browsers, house: House) -> None:
    # Whose line is cut hears of it from the browser too.
    page = browsers.page(house.server, house.newcomer("Offline"), quiet=False)
    talk = Conversation(page).open(house.path("empty"))
    search = Search(talk.page).open("")
    # What the field for writing loads a little later is there.
    talk.page.locator("hub-completion .completion").wait_for(state="attached")
    talk.page.context.set_offline(True)
    expect(talk.connection("Reconnecting", "Offline")).to_be_visible()
    search.field.fill("lighthouse")
    expect(search.panel.get_by_role("alert").filter(has_text="Without a connection")).to_be_visible()
    talk.page.context.set_offline(False)
    talk.network_back()
    expect(search.hits).to_have_count(3)


def test_the_quick_switcher_and_commands_ask_in_all_rooms(talk: Conversation) -> None:
    talk.page.keyboard.press("Control+k")
    talk.page.keyboard.type("lighthouse")
    talk.page.get_by_role("option", name="Search messages for “lighthouse”").click()
    search = Search(talk.page)
    expect(search.field).to_have_value("lighthouse")
    expect(search.hits).to_have_count(3)
    # As the composer's command does.
    asked = (
        "(query) => document.querySelector('hub-app').dispatchEvent(new CustomEvent('hub-search', {detail: {query}}))"
    )
    talk.page.evaluate(asked, "stairs")
    expect(search.field).to_have_value("stairs")
    expect(search.hits).to_have_count(1)


def test_a_conversation_is_searched_without_a_name(talk: Conversation) -> None:
    talk.sidebar.get_by_role("button", name="New conversation").click()
    talk.page.get_by_role("button", name="Notes to myself").click()
    expect(talk.page.locator("hub-header .faces")).to_be_visible()
    talk.say("No lighthouse in this")
    search = Search(talk.page).open("")
    # The index follows what is said.
    until(lambda: search.ask("lighthouse") == 1, "it is not found")
    expect(search.hits).to_contain_text("No lighthouse in this")
    search.panel.get_by_role("button", name=re.compile("^Only in")).click()
    expect(search.hits).to_have_count(4)


def test_on_a_phone_it_is_a_pane_that_can_be_come_back_to(house: House, browsers: Browsers) -> None:
    phone: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    talk = Conversation(browsers.page(house.server, house.newcomer("Phoebe"), **phone)).open(house.path("empty"))
    search = Search(talk.page).open("lighthouse")
    expect(talk.composer).not_to_be_visible()
    expect(search.hits).to_have_count(3)
    search.hits.nth(2).tap()
    expect(search.panel).to_have_count(0)
    expect(talk.header).to_have_text("#words")
    expect(talk.page.locator("hub-message").filter(has_text=LIGHTHOUSES[0])).to_be_in_viewport()
    talk.page.locator("hub-header .toggle-search").tap()
    expect(search.hits).to_have_count(3)
    expect(search.hits.nth(2)).to_have_attribute("aria-current", "true")
