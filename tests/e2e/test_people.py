"""Who people are and how they appear: cards, states, pictures; and how closely one's own pages are set."""

from __future__ import annotations

import io
import re

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import flaws
from tests.e2e.acts import member
from tests.e2e.browsers import CALM, Browsers, Conversation
from tests.e2e.house import House
from tests.e2e.scripts import script
from tests.waiting import until


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name, exact=True)


def stripes(*colors: str) -> bytes:
    """Of 200 by 200 pixels each, side by side."""
    image = Image.new("RGB", (200 * len(colors), 200))
    for place, color in enumerate(colors):
        image.paste(color, (200 * place, 0, 200 * place + 200, 200))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_a_card_says_who_somebody_is_and_how_they_are(browsers: Browsers, house: House) -> None:
    ann, ben = (house.newcomer(f"P-{name}") for name in ("Ann", "Ben"))
    house.server.say(ben, house.rooms["empty"], "Ahoy, @p-ann")
    mine = Conversation(browsers.page(house.server, ann, **CALM)).open(house.path("empty"))
    theirs = Conversation(browsers.page(house.server, ben, **CALM)).open(house.path("empty"))
    page = mine.page
    row = mine.message("Ahoy, @P-Ann")

    # By mouse at the face, by keyboard at the name and from the list of members.
    row.locator(".avatar").click()
    expect(card(page, "P-Ben")).to_contain_text("@p-ben")
    expect(card(page, "P-Ben")).to_contain_text("Online")
    assert flaws(page) == []
    page.mouse.click(900, 60)
    expect(card(page, "P-Ben")).to_have_count(0)
    name = row.get_by_role("button", name="P-Ben", exact=True)
    name.focus()
    page.keyboard.press("Enter")
    expect(card(page, "P-Ben")).to_be_visible()
    page.keyboard.press("Escape")
    expect(name).to_be_focused()
    person = member(mine, "P-Ben").get_by_role("button")
    person.focus()
    page.keyboard.press("Enter")
    expect(card(page, "P-Ben")).to_be_visible()

    # What he says of himself comes while the card is open: an emoji, words, and until when.
    theirs.page.locator("hub-me button").click()
    dialog = theirs.page.get_by_role("dialog", name="Set your status")
    dialog.get_by_role("button", name="Choose an emoji").click()
    expect(theirs.page.get_by_role("searchbox", name="Search emoji")).to_be_focused()
    theirs.page.keyboard.type("sailboat")
    theirs.page.keyboard.press("Enter")
    dialog.get_by_label("Status", exact=True).fill("Out at sea")
    dialog.get_by_label("Do not disturb").check()
    dialog.get_by_label("Ends", exact=True).select_option("After an hour")
    assert flaws(theirs.page, "dialog[open]") == []
    dialog.get_by_label("Status", exact=True).press("Enter")
    expect(dialog).to_have_count(0)
    for words in ("⛵", "Out at sea", "until", "Do not disturb"):
        expect(card(page, "P-Ben")).to_contain_text(words)
    expect(row.locator(".status-mark")).to_have_accessible_name(re.compile("^Out at sea · until "))

    # From the card to a conversation of the two.
    card(page, "P-Ben").get_by_role("button", name="Message").press("Enter")
    expect(mine.header).to_contain_text("P-Ben")
    expect(page.locator("hub-beginning .avatar")).to_have_text("P")
    expect(mine.composer).to_be_focused()
    # Taken back, it is gone for everybody.
    theirs.page.locator("hub-me button").click()
    dialog.get_by_role("button", name="Clear").click()
    expect(page.locator(".status-mark")).to_have_count(0)


def test_a_picture_of_oneself_is_chosen_cut_and_seen_by_others(browsers: Browsers, house: House) -> None:
    ann, ben = (house.newcomer(f"A-{name}") for name in ("Ann", "Ben"))
    house.server.say(ann, house.rooms["empty"], "Guess who")
    theirs = Conversation(browsers.page(house.server, ben)).open(house.path("empty"))
    row = theirs.message("Guess who")
    expect(row.locator("span.avatar")).to_have_text("A")
    page = browsers.page(house.server, ann, "/settings", **CALM)
    field = page.get_by_label("Add a picture")
    dialog = page.get_by_role("dialog", name="Choose what is shown")

    # What is no picture is refused in words, and changes nothing.
    field.set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": b"nothing of the kind"})
    expect(dialog.get_by_role("alert")).to_contain_text("This browser can't read the picture.")
    expect(dialog.get_by_role("button", name="Use this picture")).to_have_count(0)
    assert flaws(page, "dialog[open]") == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    # Its right end is asked for, larger, with keys alone.
    field.set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": stripes("red", "lime", "blue")})
    view = dialog.get_by_role("img")
    view.focus()
    assert flaws(page, "dialog[open]") == []
    for key in ["+"] * 4 + ["ArrowRight"] * 80:
        page.keyboard.press(key)
    expect(dialog.get_by_role("slider")).to_have_value("1.46")
    dialog.get_by_role("button", name="Use this picture").press("Enter")
    expect(page.get_by_text("Your picture is saved.")).to_be_visible()
    expect(page.locator(".portrait img")).to_be_visible()
    seen = row.locator("img.avatar")
    expect(seen).to_be_visible()
    until(lambda: seen.evaluate("(image) => image.naturalWidth > 0"))
    red, green, blue = seen.evaluate(script("color"))
    assert (red < 30, green < 30, blue > 200) == (True, True, True)

    page.get_by_role("button", name="Remove picture").click()
    expect(page.get_by_text("Your picture is removed.")).to_be_visible()
    expect(row.locator("span.avatar")).to_have_text("A")


def test_how_closely_things_stand_is_kept_and_the_same_in_all_windows(browsers: Browsers, house: House) -> None:
    ann = house.newcomer("D-Ann")
    house.server.say(ann, house.rooms["empty"], "One line", "Another line")
    here, there = (Conversation(browsers.page(house.server, ann, **CALM)).open(house.path("empty")) for _ in range(2))
    roomy = here.message("Another line").bounding_box()
    assert roomy is not None

    def is_closer(talk: Conversation) -> bool:
        box = talk.message("Another line").bounding_box()
        return box is not None and box["height"] < roomy["height"]

    here.page.get_by_role("button", name="Menu", exact=True).click()
    compact = here.page.get_by_role("button", name="Compact spacing")
    expect(compact).to_have_attribute("aria-pressed", "false")
    compact.press("Enter")
    expect(compact).to_have_attribute("aria-pressed", "true")
    until(lambda: is_closer(here) and is_closer(there), "both windows are set closely")
    there.page.reload()
    there.ready()
    until(lambda: is_closer(there), "it is kept")
    assert flaws(there.page) == []
    there.page.goto("/settings")
    expect(there.page.get_by_label("Compact")).to_be_checked()
