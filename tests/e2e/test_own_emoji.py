"""Emoji of the server's own: added by its staff, used by everybody, and gone for everybody."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.e2e.accessibility import flaws
from tests.e2e.acts import details, tool
from tests.e2e.browsers import CALM, Browsers, Conversation
from tests.e2e.house import House
from tests.sockets.own_emoji import picture

NAME = ":our_boat:"


def give(dialog: Locator, file: str, content: bytes, name: str | None = None) -> None:
    """Fill in the form and send it; without a `name`, under that which it gets from the file."""
    dialog.locator("[type=file]").set_input_files({"name": file, "mimeType": "image/png", "buffer": content})
    if name is not None:
        dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Add emoji").click()


def test_one_is_added_used_and_removed_again(browsers: Browsers, house: House) -> None:
    ann = house.newcomer("E-Ann")
    # What is refused is answered with an error, which the console would count.
    page = browsers.page(house.server, house.ada, quiet=False, **CALM)
    staff = Conversation(page).open(house.path("empty"))
    member = Conversation(browsers.page(house.server, ann, **CALM)).open(house.path("empty"))
    member.page.get_by_role("button", name="Menu", exact=True).click()
    expect(member.page.get_by_role("button", name="Custom emoji")).to_have_count(0)
    member.page.keyboard.press("Escape")

    # What is refused says why, and where it can be mended; nothing of it is sent for a name that can't be one.
    staff.page.get_by_role("button", name="Menu", exact=True).click()
    staff.page.get_by_role("button", name="Custom emoji").click()
    dialog = staff.page.get_by_role("dialog", name="Custom emoji")
    give(dialog, "boat.png", picture(), "Our Boat")
    assert dialog.get_by_label("Name").evaluate("(field) => field.validity.patternMismatch")
    expect(dialog.get_by_label("Name")).to_be_focused()
    give(dialog, "boat.png", b"\x89PNG\r\n\x1a\nnothing", "our_boat")
    expect(dialog.get_by_role("alert")).to_contain_text("This picture can't be used")
    give(dialog, "boat.png", bytes(300_000))
    expect(dialog.get_by_role("alert")).to_have_text("The picture may have up to 256 KB.")
    give(dialog, "boat.png", picture(), "tada")
    expect(dialog.get_by_role("alert")).to_contain_text("There is an emoji of this name already")
    assert flaws(staff.page, "dialog[open]") == []
    dialog.get_by_label("Name").fill("")
    give(dialog, "Our Boat.PNG", picture())
    added = dialog.get_by_role("listitem").filter(has_text=NAME)
    expect(added).to_be_visible()
    expect(dialog.get_by_role("alert")).to_have_count(0)
    staff.page.keyboard.press("Escape")

    # Written and completed by its name; shown to the other, who reacts with it: by its own tab, with keys alone.
    staff.composer.press_sequentially("In :our_b")
    staff.page.get_by_role("option", name="our_boat").wait_for()
    staff.composer.press("Enter")
    staff.composer.press("Enter")
    row = member.page.locator("hub-message").last
    shown = row.locator(".body").get_by_role("img", name=NAME)
    expect(shown).to_be_visible()
    assert shown.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    tool(row, "Add reaction").click()
    member.page.get_by_role("menuitem", name="Other emoji").press("Enter")
    picker = member.page.get_by_role("dialog", name="Emoji")
    mine = picker.get_by_role("button", name="This server's own")
    picker.get_by_role("button", name="Flags", exact=True).click()
    expect(mine).to_have_attribute("aria-pressed", "false")
    mine.press("Enter")
    expect(mine).to_have_attribute("aria-pressed", "true")
    expect(picker.locator("[data-group=own]").get_by_role("button", name="our_boat")).to_be_in_viewport()
    picker.get_by_role("searchbox").press_sequentially("boat")
    expect(picker.locator("[data-group=found]").get_by_role("button", name="our_boat")).to_be_visible()
    assert flaws(member.page, ".emoji-picker") == []
    picker.get_by_role("searchbox").fill("our_boat")
    picker.get_by_role("searchbox").press("Enter")
    chip = staff.page.locator("hub-message").last.locator(".reactions [aria-pressed]")
    expect(chip.get_by_role("img", name=NAME)).to_be_visible()
    chip.click()
    expect(row.locator(".reactions [aria-pressed]")).to_have_text(re.compile(r"^\s*2\b"))

    # The list of who it was, and who they are.
    chip.click(button="right")
    who = staff.page.get_by_role("dialog", name="Who has reacted")
    who.get_by_role("button", name="E-Ann").press("Enter")
    expect(staff.page.get_by_role("dialog", name="E-Ann")).to_contain_text("@e-ann")
    staff.page.keyboard.press("Escape")
    staff.page.keyboard.press("Escape")
    expect(who).to_have_count(0)

    # A finger that rests on it asks the same.
    theirs = row.locator(".reactions [aria-pressed]")
    theirs.dispatch_event("pointerdown", {"pointerType": "touch", "isPrimary": True, "bubbles": True})
    expect(member.page.get_by_role("dialog", name="Who has reacted")).to_contain_text("Ada")
    theirs.dispatch_event("pointerup", {"pointerType": "touch", "isPrimary": True, "bubbles": True})
    member.page.keyboard.press("Escape")
    expect(theirs).to_have_attribute("aria-pressed", "true")

    # How somebody is can be told with it too.
    member.page.locator("hub-me button").click()
    state = member.page.get_by_role("dialog", name="Set your status")
    state.get_by_role("button", name="Choose an emoji").click()
    picker.locator("[data-group=own]").get_by_role("button", name="our_boat").click()
    state.get_by_role("button", name="Save").click()
    expect(member.page.locator("hub-me").get_by_role("img", name=NAME)).to_be_visible()
    status = details(staff).get_by_role("listitem").filter(has_text="E-Ann").locator(".status-mark")
    expect(status.locator("img")).to_be_visible()

    # Removed, it is its name again, wherever it stood.
    staff.page.get_by_role("button", name="Menu", exact=True).click()
    staff.page.get_by_role("button", name="Custom emoji").click()
    dialog.get_by_role("button", name=f"Remove {NAME}").click()
    staff.page.get_by_role("dialog", name=f"Remove {NAME}?").get_by_role("button", name="Remove").click()
    expect(added).to_have_count(0)
    expect(row.locator(".body")).to_have_text(f"In {NAME}")
    expect(row.locator(".reactions [aria-pressed]")).to_contain_text(NAME)
    expect(row.get_by_role("img")).to_have_count(0)
    expect(status).to_have_text(NAME)

    # Whoever comes later would ask for a picture that there is no more.
    staff.page.keyboard.press("Escape")
    staff.page.locator("hub-message").last.press("Delete")
    staff.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row.locator(".note")).to_be_visible()
