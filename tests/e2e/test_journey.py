"""From an empty server to a conversation: the way of the first people, in their browsers."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.browsers import Browsers, Conversation
from tests.e2e.house import House
from tests.e2e.scripts import script
from tests.servers import PASSWORD, Server


def fill(page: Page, button: str, **fields: str) -> None:
    """Fill in a form of the server by the names of its fields, and send it."""
    for name, value in fields.items():
        page.locator(f"input[name={name}]").fill(value)
    page.get_by_role("main").get_by_role("button", name=button).click()


def test_from_an_empty_server_to_a_conversation(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    server = make_server().start()

    # The first one makes the place.
    page = browsers.page(server, None, "/")
    expect(page).to_have_url(re.compile("/setup$"))
    fill(page, "Open the doors", server_name="Harbour", name="Ada", username="ada", password=PASSWORD)
    ada = Conversation(page).ready()
    expect(ada.header).to_have_text("#general")
    ada.say("Is anybody here?")

    # An invite link lets the second in.
    link = invite(page)
    ben_page = browsers.page(server)
    ben_page.goto(link)
    expect(ben_page.get_by_role("main")).to_contain_text("Ada")
    fill(ben_page, "Join", name="Ben", username="ben", password=PASSWORD)
    ben = Conversation(ben_page).ready()
    expect(ben.message("Is anybody here?")).to_be_visible()
    ada.open()

    # They talk, and see each other type.
    ben.composer.press_sequentially("Here I am")
    expect(page.locator("hub-typing")).to_contain_text("Ben is typing")
    ben.composer.press("Enter")
    expect(ada.message("Here I am")).to_be_visible()
    expect(page.locator("hub-typing")).to_have_text("")

    # Who is elsewhere finds what is new.
    new_room(ada, "kitchen", "Public")
    ben.say("One")
    ben.say("Two")
    expect(ada.link("general").locator(".count")).to_have_text("2")
    ada.link("general").click()
    expect(ada.header).to_have_text("#general")
    following = page.get_by_role("separator", name="New").locator("xpath=following-sibling::hub-message")
    expect(following).to_have_text([re.compile("One"), re.compile("Two")])
    expect(ada.link("general").locator(".count")).to_have_count(0)

    # The members' panel says who is here.
    page.get_by_role("button", name="Details").click()
    members = page.locator("hub-members li")
    expect(members).to_have_count(2)
    of_ben = members.filter(has_text="Ben").locator(".dot")
    expect(of_ben).to_have_attribute("aria-label", "Online")
    ben_page.goto("about:blank")
    expect(of_ben).to_have_attribute("aria-label", "Offline")

    # A third, who comes later, reads what was said.
    cleo_page = browsers.page(server)
    cleo_page.goto(invite(browsers.page(server, server.person("ada"))))
    fill(cleo_page, "Join", name="Cleo", username="cleo", password=PASSWORD)
    cleo = Conversation(cleo_page).ready()
    for text in ("Is anybody here?", "Here I am", "One", "Two"):
        expect(cleo.message(text)).to_be_visible()
    expect(members).to_have_count(3)


def test_a_private_room_does_not_exist_for_others(browsers: Browsers, house: House) -> None:
    insider, outsider = (house.newcomer(name) for name in ("Ines", "Otis"))
    ines, otis = (Conversation(browsers.page(house.server, person)).open() for person in (insider, outsider))
    new_room(ines, "secret-plans", "Private")
    ines.say("Nobody else reads this")
    path = ines.page.url
    expect(ines.link("secret-plans")).to_be_visible()
    expect(otis.link("secret-plans")).to_have_count(0)
    otis.sidebar.get_by_role("button", name="Browse rooms").click()
    directory = otis.page.get_by_role("dialog")
    directory.get_by_role("searchbox").fill("secret-plans")
    expect(directory.get_by_text("No room matches")).to_be_visible()
    otis.page.keyboard.press("Escape")
    otis.page.goto(path)
    # The same as for a room that has never been.
    expect(otis.page.get_by_text("You can't open this room")).to_be_visible()
    otis.page.get_by_role("button", name="Try to join").click()
    expect(otis.page.get_by_text("That does not exist, or you may not see it.")).to_be_visible()
    expect(otis.page.get_by_text("Nobody else reads this")).to_have_count(0)


def test_a_session_that_is_ended_elsewhere_ends_at_once(browsers: Browsers, house: House) -> None:
    house.server.command("user", "add", "rosa", "--display-name", "Rosa", "--password-stdin", given=f"{PASSWORD}\n")
    pages = [browsers.page(house.server, None, "/signin") for _ in range(2)]
    for page in pages:
        fill(page, "Sign in", username="rosa", password=PASSWORD)
    here, there = (Conversation(page).ready() for page in pages)
    here.page.goto("/settings")
    here.page.get_by_role("button", name=re.compile("^Sign out: ")).click()
    expect(there.page.get_by_role("heading", name="You were signed out")).to_be_visible()
    expect(there.page).to_have_url(re.compile("/signin"))
    # Signing in again leads back to where one was.
    fill(there.page, "Sign in", username="rosa", password=PASSWORD)
    there.ready()
    expect(there.page).to_have_url(re.compile(r"/room/\d+$"))


def test_signing_out_leaves_nothing_to_read_in_the_browser(browsers: Browsers, house: House) -> None:
    sven = Conversation(browsers.page(house.server, house.newcomer("Sven"))).open(house.path("words"))
    sven.say("Not for whoever comes next")
    sven.kept()
    sven.page.get_by_role("button", name="Menu", exact=True).click()
    sven.page.get_by_role("button", name="Sign out").click()
    expect(sven.page).to_have_url(re.compile("/signin"))
    sven.page.evaluate(script("kept"), False)


def invite(page: Page) -> str:
    page.goto("/invites")
    page.get_by_role("button", name="Make a link").click()
    return page.locator(".secret input").input_value()


def new_room(talk: Conversation, name: str, kind: str) -> None:
    talk.sidebar.get_by_role("button", name="New room").click()
    dialog = talk.page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_role("radio", name=re.compile(f"^{kind}")).check()
    dialog.get_by_role("button", name="Create room").click()
    expect(talk.header).to_have_text(re.compile(rf"{name}$"))
