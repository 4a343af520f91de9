"""What the server's staff do in the browser: console, people, settings, log; and what it does to others."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.browsers import Browsers, Conversation
from tests.servers import PASSWORD, Server


def test_the_console_shows_who_is_here_and_acts_on_them(browsers: Browsers, processes: tuple[Server, Server]) -> None:
    server, other = processes
    ada, mira = server.owner("ada", "Ada"), server.add("mira", "Mira")
    for process in {server, other}:
        process.start()
    talk = Conversation(browsers.page(other, mira)).open("/")
    talk.say("Anybody here?")
    page = browsers.page(server, ada, "/server/console")
    row = page.get_by_role("row").filter(has_text="Mira")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("WebSocket")
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()
    # The figures come by themselves.
    memory = page.locator("hub-chart").filter(has_text="Memory").locator("b")
    expect(memory).to_have_text(re.compile(r"\d MB"))
    expect(page.get_by_role("region", name="Busiest rooms").get_by_role("row")).to_have_count(2)

    # Who is cut off comes back by itself; who is signed out doesn't.
    row.get_by_role("button", name="Close").click()
    expect(page.get_by_role("status").filter(has_text="A connection of Mira was closed.")).to_be_visible()
    talk.say("Back again")
    expect(talk.pending()).to_have_count(0)
    row.get_by_role("button", name="Sign out").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(talk.page.locator("input[name=password]")).to_be_visible()
    expect(row).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="Ada")).to_have_count(0)


def test_an_admin_who_is_none_any_more_loses_the_console(
    browsers: Browsers, make_server: Callable[..., Server]
) -> None:
    server = make_server()
    ada, cem = server.owner("ada", "Ada"), server.add("cem", "Cem", role="admin")
    server.start()
    console = browsers.page(server, cem, "/server/console")
    expect(console.get_by_role("status").filter(has_text="Live")).to_be_visible()
    page = browsers.page(server, ada, f"/server/users/{cem.id}")
    page.get_by_label("Role").select_option("Member")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The role is changed.")).to_be_visible()
    expect(console.get_by_role("alert")).to_contain_text("you are no longer one of them")
    console.goto(f"{server.url}/server/console")
    expect(console.get_by_role("heading", level=1)).not_to_have_text("Live console")


def test_somebody_is_banned_and_chooses_a_new_password_later(
    browsers: Browsers, make_server: Callable[..., Server]
) -> None:
    server = make_server()
    ada, mira = server.owner("ada", "Ada"), server.add("mira", "Mira")
    server.start()
    talk = Conversation(browsers.page(server, mira)).open("/")
    page = browsers.page(server, ada, "/server/users")
    page.get_by_label("Name or username").fill("mir")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Mira").click()
    ban = page.locator("#ban")
    ban.get_by_label("Reason").fill("Too loud")
    ban.get_by_role("button", name="Ban").click()
    page.get_by_role("dialog").get_by_role("button", name="Ban").click()
    expect(page.get_by_text("The account is banned.")).to_be_visible()
    expect(talk.composer).to_have_count(0)
    page.get_by_role("button", name="Lift the ban").click()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_role("textbox", name="Link for a new password").input_value()
    stranger = browsers.page(server)
    stranger.goto(link)
    stranger.locator("input[name=password]").fill(PASSWORD + "!")
    stranger.get_by_role("button", name="Save and sign in").click()
    Conversation(stranger).ready()
    page.goto(f"{server.url}/server/audit")
    said = page.locator(".log-entry")
    expect(said.nth(0)).to_contain_text("@mira chose a new password by a link")
    expect(said.nth(3)).to_contain_text("ada banned @mira")
    expect(said.nth(3)).to_contain_text("Too loud")


def test_settings_hold_at_once(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    server = make_server()
    ada, mira = server.owner("ada", "Ada"), server.add("mira", "Mira")
    server.start()
    talk = Conversation(browsers.page(server, mira)).open("/")
    page = browsers.page(server, ada, "/server")
    place, words = page.locator("#place"), page.locator("#words")
    place.get_by_label("Name of this place").fill("Sample Quay")
    colour = "getComputedStyle(document.documentElement).getPropertyValue('--hue')"
    place.get_by_label("Accent colour").fill("300")
    assert page.evaluate(colour) == "300"
    place.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The place is saved.")).to_be_visible()
    expect(page.get_by_role("navigation")).to_contain_text("Sample Quay")
    told = page.locator("#announcement")
    told.get_by_role("textbox").fill("Down at six,\nback at seven.")
    told.get_by_role("button", name="Save").click()
    expect(talk.page.locator("hub-announcement")).to_contain_text("Down at six,")
    talk.page.reload()
    expect(talk.page.locator("hub-announcement")).to_contain_text("back at seven.")
    talk.page.locator("hub-announcement").get_by_role("button", name="Close").click()
    expect(talk.page.locator(".announcement")).to_have_count(0)
    talk.page.reload()
    talk.ready()
    expect(talk.page.locator(".announcement")).to_have_count(0)
    words.get_by_label("Words or phrases").fill("quagga")
    words.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The words are saved.")).to_be_visible()
    talk.say("Have you seen the Quagga?")
    failed = talk.page.locator("hub-message.failed")
    expect(failed).to_contain_text("A word in this is not allowed")
