"""Scrolling back through a long history: nothing jumps, nothing is missing, and the page stays light."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.browsers import Browsers, Conversation
from tests.e2e.house import HISTORY, House
from tests.e2e.scripts import script

MOST_ROWS = 300


def at_the_end(browsers: Browsers, house: House, name: str) -> Conversation:
    """The long room as a new member finds it, drawn."""
    page = Conversation(browsers.page(house.server, house.newcomer(name))).open(house.path("archive"))
    expect(page.bodies.last).to_contain_text(f"{HISTORY}:")
    return page


def test_scrolling_back_moves_nothing_under_the_reader(browsers: Browsers, house: House) -> None:
    page = at_the_end(browsers, house, "Hilda")
    found = page.page.evaluate(script("scroll_back"))
    assert found["moved"] < 2
    assert found["rows"] <= MOST_ROWS
    assert found["loads"] >= HISTORY // 50 - 1
    assert found["seqs"] == list(range(1, HISTORY + 1))


def test_the_way_back_to_the_end_is_one_key(browsers: Browsers, house: House) -> None:
    page = at_the_end(browsers, house, "Hugo")
    page.page.evaluate(script("scroll_back"))
    expect(page.page.locator("hub-beginning")).to_be_visible()
    page.list.focus()
    page.page.keyboard.press("End")
    expect(page.bodies.last).to_contain_text(f"{HISTORY}:")
    expect(page.bodies.last).to_be_in_viewport()
    assert page.page.locator("hub-message").count() <= MOST_ROWS


def test_a_room_that_is_opened_again_is_at_its_end(browsers: Browsers, house: House) -> None:
    """Its rows are drawn from what the browser kept, and grow as their parts come."""
    talk = Conversation(browsers.page(house.server, house.ada, viewport={"width": 1440, "height": 900}))
    for _ in range(3):
        talk.open(house.path("launch"))
        expect(talk.bodies.last).to_be_in_viewport()
        talk.kept()
        talk.open(house.path("words"))
        expect(talk.bodies.last).to_be_attached()
        talk.kept()
    talk.open(house.path("launch"))
    talk.page.wait_for_load_state("networkidle")
    expect(talk.bodies.last).to_be_in_viewport()


def test_the_day_over_the_messages_is_told_while_they_are_scrolled(browsers: Browsers, house: House) -> None:
    page = at_the_end(browsers, house, "Hera")
    day = page.page.locator(".day time").last
    expect(day).to_have_css("opacity", "0")
    page.list.hover()
    page.page.mouse.wheel(0, -400)
    expect(day).to_have_css("opacity", "1")
    expect(day).to_have_css("opacity", "0")
