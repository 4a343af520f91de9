"""Sections of one's own in the sidebar: made, filled, put in order, and alike on all devices."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.e2e.accessibility import flaws_in_both_themes, small_targets
from tests.e2e.browsers import CALM, PHONE, Browsers, Conversation
from tests.servers import Server


def group(talk: Conversation, name: str) -> Locator:
    return talk.sidebar.get_by_role("region", name=name, exact=True)


def holds(talk: Conversation, name: str, *rooms: str) -> None:
    """Wait until these are what stands in it, in this order."""
    expect(group(talk, name).get_by_role("link").locator(".name")).to_have_text(list(rooms))


def choose(talk: Conversation, opener: Locator, item: str) -> None:
    opener.press("Shift+F10")
    talk.page.get_by_role("menuitem", name=item).click()


def test_rooms_are_put_together_and_in_order(make_server: Callable[..., Server], browsers: Browsers) -> None:
    server = make_server()
    ada = server.owner("ada", "Ada")
    for name in ("ash", "birch", "cedar", "dogwood"):
        server.room(ada, name)
    server.start()
    here, there = (Conversation(browsers.page(server, ada, **CALM)).open() for _ in range(2))
    dialog = here.page.get_by_role("dialog")

    # The first one is named where a room is moved.
    choose(here, here.link("cedar"), "Move to a section")
    expect(dialog.get_by_label("Name of the section")).to_be_focused()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_have_text("Give the section a name.")
    assert flaws_in_both_themes(here.page) == []
    dialog.get_by_label("Name of the section").fill("Trees ||of|| 工作")
    dialog.get_by_label("Name of the section").press("Enter")
    expect(dialog).to_have_count(0)
    name = "Trees ||of|| 工作"
    for talk in (here, there):
        holds(talk, name, "cedar")
        expect(group(talk, "Rooms").get_by_role("link")).to_have_count(4)

    # A second room goes there by choice, and further up by the menu; the focus stays with it.
    choose(here, here.link("ash"), "Move to a section")
    dialog.get_by_role("radio", name=name).check()
    dialog.get_by_role("button", name="Save").click()
    holds(there, name, "cedar", "ash")
    choose(here, here.link("ash"), "Move up")
    holds(there, name, "ash", "cedar")
    expect(here.link("ash")).to_be_focused()

    # With the pointer: in, between the two, and out again.
    here.link("dogwood").drag_to(here.link("cedar"), target_position={"x": 40, "y": 4})
    holds(there, name, "ash", "dogwood", "cedar")
    here.link("ash").drag_to(group(here, "Rooms").get_by_role("heading"))
    holds(there, name, "dogwood", "cedar")

    # A second section, which goes above the first one; a name is taken once.
    choose(here, here.link("birch"), "Move to a section")
    dialog.get_by_role("radio", name="A new section").check()
    expect(dialog.get_by_label("Name of the section")).to_be_focused()
    dialog.get_by_label("Name of the section").fill("Later")
    dialog.get_by_role("button", name="Save").click()
    holds(there, "Later", "birch")
    there.page.get_by_role("button", name="Options for Later").click()
    there.page.get_by_role("menuitem", name="Move up").click()
    expect(here.sidebar.locator(".room-group .fold")).to_have_text(
        [re.compile(one) for one in ("Later", "Trees", "Rooms", "Direct")]
    )
    group(here, "Later").get_by_role("heading").click(button="right")
    here.page.get_by_role("menuitem", name="Rename section").click()
    dialog.get_by_label("Name of the section").fill(name.upper())
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_have_text("You have a section of that name already.")
    dialog.get_by_label("Name of the section").fill("Sooner")
    dialog.get_by_role("button", name="Save").click()
    holds(there, "Sooner", "birch")

    # It goes, and comes back.
    here.page.get_by_role("button", name="Options for Sooner").click()
    here.page.get_by_role("menuitem", name="Remove section").click()
    expect(group(there, "Sooner")).to_have_count(0)
    expect(group(there, "Rooms").get_by_role("link", name="birch")).to_be_visible()
    here.page.get_by_role("button", name="Undo").click()
    holds(there, "Sooner", "birch")
    choose(here, here.link("birch"), "Move to a section")
    dialog.get_by_role("radio", name="Rooms").check()
    dialog.get_by_role("button", name="Save").click()
    expect(group(here, "Sooner").get_by_text("Drag rooms here")).to_be_visible()
    assert flaws_in_both_themes(here.page, "hub-sidebar") == []

    # It is all there for the next page, and on a phone; also folded, which is each browser's own.
    group(there, name).get_by_role("button", name=name, exact=True).click()
    there.page.reload()
    there.ready()
    expect(group(there, name).get_by_role("link")).to_have_count(0)
    phone = Conversation(browsers.page(server, ada, locale="zh-CN", **CALM, **PHONE)).open()
    phone.page.get_by_role("button", name="显示房间").click()
    holds(phone, name, "dogwood", "cedar")
    assert small_targets(phone.page) == []
