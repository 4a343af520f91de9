"""A server that was updated while a page was open: the page offers a reload, and the reload costs nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from chat import folders
from chat.web.assets import joined
from tests.e2e.accessibility import flaws_in_both_themes, overflows, small_targets
from tests.e2e.browsers import Browsers, Conversation, read_all
from tests.e2e.scripts import script
from tests.servers import ROOT, Person, Server

LINES = [f"line {number}" for number in range(1, 181)]
OFFERS = {"en-GB": ("Hubbub was updated", "Reload", "Not now"), "zh-CN": ("Hubbub 已更新", "刷新", "以后再说")}


def harbour(make_server: Callable[..., Server]) -> tuple[Server, Person, str]:
    server = make_server()
    ada = server.owner("ada", "Ada")
    room = server.room(ada, "harbour")
    server.say(ada, room, *LINES)
    return server.start(), ada, f"/room/{room}"


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """Static files of which one is another than in those that pages were loaded with."""
    folder = tmp_path / "newer"
    shutil.copytree(ROOT / "static", folder)
    with (folder / "css" / "update.css").open("a") as file:
        file.write("/* newer */\n")
    return folder


def move(server: Server, static: Path | None) -> None:
    """Stop the server and start it with other static files, or with its own again."""
    server.stop()
    server.program = ("tests.e2e.updated", str(static), "run") if static else ("chat", "run")
    server.start()


def offer(page: Conversation) -> Locator:
    """In a region that screen readers hear."""
    return page.page.get_by_role("status").locator(".update-offer")


def test_the_offer_comes_after_an_update_and_goes_with_the_reload(
    browsers: Browsers, make_server: Callable[..., Server], newer: Path
) -> None:
    server, ada, path = harbour(make_server)
    page = Conversation(browsers.page(server, ada, quiet=False)).open(path)
    page.message(LINES[-1]).wait_for()
    # The same server again is no update.
    move(server, None)
    page.network_back()
    page.connection("Live").wait_for()
    expect(offer(page)).to_have_count(0)
    place = page.page.evaluate(script("place"))
    move(server, newer)
    page.network_back()
    expect(offer(page)).to_contain_text("Hubbub was updated")
    # Nothing has moved for it, and nobody was reloaded.
    assert page.page.evaluate(script("place")) == place
    page.composer.fill("half a thought")
    page.composer.press("Shift+Tab")
    reload = offer(page).get_by_role("button", name="Reload")
    reload.focus()
    with page.page.expect_navigation():
        page.page.keyboard.press("Enter")
    page.ready()
    expect(page.composer).to_have_value("half a thought")
    expect(offer(page)).to_have_count(0)
    assert page.page.evaluate(script("build")) == folders.build(newer)


def test_who_does_not_want_it_now_is_asked_again_for_the_next(
    browsers: Browsers, make_server: Callable[..., Server], newer: Path
) -> None:
    server, ada, path = harbour(make_server)
    page = Conversation(browsers.page(server, ada, quiet=False)).open(path)
    move(server, newer)
    page.network_back()
    offer(page).get_by_role("button", name="Not now").click()
    expect(offer(page)).to_have_count(0)
    expect(page.composer).to_be_focused()
    move(server, newer)
    page.network_back()
    page.connection("Live").wait_for()
    expect(offer(page)).to_have_count(0)
    (newer / "css" / "update.css").write_text("/* newer still */")
    move(server, newer)
    page.network_back()
    expect(offer(page)).to_be_visible()
    # The update was taken back.
    move(server, None)
    page.network_back()
    expect(offer(page)).to_have_count(0)


@pytest.mark.parametrize("heights", [2, 7])
def test_the_reload_keeps_what_is_written_and_the_place(
    browsers: Browsers, make_server: Callable[..., Server], newer: Path, heights: int
) -> None:
    """A little way up, which is in the cache, and far up, which has to be read again."""
    server, ada, path = harbour(make_server)
    page = Conversation(browsers.page(server, ada, quiet=False)).open(path)
    page.message(LINES[-1]).wait_for()
    page.page.evaluate(script("scroll_up"), heights)
    seq, top = page.page.evaluate(script("place"))
    page.page.context.set_offline(True)
    server.stop()
    page.connection("Offline").wait_for()
    page.composer.fill("written while it was updated")
    server.program = ("tests.e2e.updated", str(newer), "run")
    server.start()
    page.page.context.set_offline(False)
    expect(offer(page)).to_be_visible()
    assert page.page.evaluate(script("place")) == [seq, top]
    with page.page.expect_navigation():
        offer(page).get_by_role("button", name="Reload").click()
    page.ready()
    expect(page.composer).to_have_value("written while it was updated")
    page.message(f"line {seq}").wait_for()
    found = page.page.evaluate(script("place"))
    assert found[0] == seq
    assert abs(found[1] - top) < 2
    page.composer.press("Enter")
    page.message("written while it was updated").wait_for()
    expect(page.pending()).to_have_count(0)
    assert [text for _, text in read_all(page.page)] == [*LINES, "written while it was updated"]


def test_a_page_that_the_server_refuses_for_its_protocol_is_offered_a_reload(
    browsers: Browsers, make_server: Callable[..., Server]
) -> None:
    server, ada, path = harbour(make_server)
    browser = browsers.context(server, ada, quiet=False)
    page = Conversation(browser.new_page()).open(path)
    page.message(LINES[-1]).wait_for()
    page.until_cached(LINES[-1])
    # While it is there, it would send what the other writes.
    page.page.close()

    def another_protocol(route: Route) -> None:
        text, replaced = re.subn("PROTOCOL = 1", "PROTOCOL = 2", route.fetch().text())
        assert replaced == 1
        route.fulfill(body=text, content_type="text/javascript", headers={"Cache-Control": "no-store"})

    # The next page speaks what the server does not; its messages come from the cache.
    browser.route(re.compile(rf"/{re.escape(joined.NAME)}$"), another_protocol)
    stranger = Conversation(browser.new_page())
    stranger.page.goto(path)
    expect(offer(stranger)).to_contain_text("too old")
    stranger.message(LINES[-1]).wait_for()
    expect(stranger.page.locator(".connection-bar")).to_have_count(0)
    expect(offer(stranger).get_by_role("button")).to_have_text(["Reload"])
    stranger.composer.fill("kept all the same")
    stranger.composer.press("Enter")
    expect(stranger.pending()).to_have_count(1)
    browser.unroute_all()
    with stranger.page.expect_navigation():
        offer(stranger).get_by_role("button", name="Reload").click()
    stranger.ready()
    expect(stranger.pending()).to_have_count(0)
    expect(offer(stranger)).to_have_count(0)
    assert [text for _, text in read_all(stranger.page)] == [*LINES, "kept all the same"]


@pytest.mark.parametrize("locale", OFFERS)
def test_the_offer_is_for_everyone(
    browsers: Browsers, make_server: Callable[..., Server], newer: Path, locale: str
) -> None:
    server, ada, path = harbour(make_server)
    phone: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True}
    look: dict[str, Any] = {"locale": locale, "reduced_motion": "reduce", "quiet": False}
    pages = [Conversation(browsers.page(server, ada, **look, **screen)).open(path) for screen in ({}, phone)]
    move(server, newer)
    heading, *buttons = OFFERS[locale]
    for page in pages:
        page.network_back()
        expect(offer(page)).to_contain_text(heading)
        for name in buttons:
            expect(offer(page).get_by_role("button", name=name)).to_be_visible()
        assert flaws_in_both_themes(page.page) == []
        assert overflows(page.page) == []
    assert small_targets(pages[1].page) == []
