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
