"""Several tabs of one person: one outbox, one cache, the same drafts, one end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, expect

from tests.e2e.browsers import Browsers, Conversation, read_all
from tests.e2e.lines import Line
from tests.servers import Person, Server

MINE = ["mine 1", "mine 2", "mine 3"]


@contextmanager
def two_rooms(
    browsers: Browsers, make_server: Callable[..., Server]
) -> Iterator[tuple[Server, Person, list[int], Line, BrowserContext]]:
    """Ada and two rooms of hers, and her browser behind a line that can be cut."""
    server = make_server()
    ada = server.owner("ada", "Ada")
    rooms = [server.room(ada, name) for name in ("harbour", "market")]
    for room, text in zip(rooms, ("ships", "apples"), strict=True):
        server.say(ada, room, text)
    server.start()
    with Line(server.port) as line:
        yield server, ada, rooms, line, browsers.context(server, ada, base_url=line.url, quiet=False)


def test_what_one_tab_wrote_offline_another_sends_once(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    with two_rooms(browsers, make_server) as (server, _, (harbour, _), line, browser):
        watcher = Conversation(browsers.page(server, server.person("ada"))).open(f"/room/{harbour}")
        first, second = (Conversation(browser.new_page()).open(f"/room/{harbour}") for _ in range(2))
        for page in (first, second):
            page.message("ships").wait_for()
        line.cut("/socket.io/")
        for page in (first, second):
            page.connection("Reconnecting").wait_for()
        for text in MINE[:2]:
            first.say(text)
        second.say(MINE[2])
        # Each shows what the other wrote, in the order in which it was written.
        for page in (first, second):
            expect(page.pending().locator(".body")).to_have_text(MINE)
        first.page.close()
        line.restore()
        second.network_back()
        expect(second.pending()).to_have_count(0)
        for page in (second, watcher):
            page.message(MINE[-1]).wait_for()
            assert [text for _, text in read_all(page.page)] == ["ships", *MINE]


def test_two_tabs_that_come_back_together_send_once(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    with two_rooms(browsers, make_server) as (_, _, (harbour, _), line, browser):
        pages = [Conversation(browser.new_page()).open(f"/room/{harbour}") for _ in range(2)]
        for page in pages:
            page.message("ships").wait_for()
        line.cut("/socket.io/")
        for page in pages:
            page.connection("Reconnecting").wait_for()
        texts = [f"{number}" for number in range(1, 9)]
        for number, text in enumerate(texts):
            pages[number % 2].say(text)
        line.restore()
        for page in pages:
            page.network_back()
        for page in pages:
            expect(page.pending()).to_have_count(0)
            page.message(texts[-1]).wait_for()
            assert [text for _, text in read_all(page.page)] == ["ships", *texts]


def test_what_is_written_before_a_room_is_loaded_is_seen(
    browsers: Browsers, make_server: Callable[..., Server]
) -> None:
    with two_rooms(browsers, make_server) as (_, _, (harbour, _), line, browser):
        page = Conversation(browser.new_page()).open(f"/room/{harbour}")
        page.message("ships").wait_for()
        line.cut("/socket.io/")
        page.connection("Reconnecting").wait_for()
        # As if the line had gone before the first messages came.
        page.page.evaluate("() => document.querySelector('hub-app').client.current.timeline.reset(1)")
        expect(page.page.locator(".row-skeleton").first).to_be_visible()
        page.say("early")
        line.restore()
        page.network_back()
        expect(page.pending()).to_have_count(0)
        assert [text for _, text in read_all(page.page)] == ["ships", "early"]


def test_two_tabs_keep_what_each_of_them_shows(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    with two_rooms(browsers, make_server) as (_, _, rooms, line, browser):
        pages = [Conversation(browser.new_page()).open(f"/room/{room}") for room in rooms]
        for number in range(1, 6):
            for name, page in zip(("ship", "apple"), pages, strict=True):
                page.say(f"{name} {number}")
        for page in pages:
            expect(page.pending()).to_have_count(0)
            page.until_cached("ship 5").until_cached("apple 5")
        line.cut("/socket.io/")
        for name, page in zip(("ship", "apple"), pages, strict=True):
            page.page.reload()
            expect(page.bodies).to_have_text([f"{name}s", *(f"{name} {number}" for number in range(1, 6))])


def test_a_draft_is_the_same_in_both_tabs(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    with two_rooms(browsers, make_server) as (_, _, (harbour, _), _, browser):
        first, second = (Conversation(browser.new_page()).open(f"/room/{harbour}") for _ in range(2))
        first.page.bring_to_front()
        first.composer.fill("half a thought")
        expect(second.composer).to_have_value("half a thought")
        second.page.bring_to_front()
        second.composer.press_sequentially(", and the other half")
        expect(first.composer).to_have_value("half a thought, and the other half")
        second.composer.press("Enter")
        second.message("half a thought, and the other half").wait_for()
        expect(first.composer).to_have_value("")
        # In another room it is not to be seen, but marked.
        first.link("market").click()
        first.composer.fill("for the market")
        expect(second.link("market").get_by_text("Draft")).to_be_attached()
        expect(second.composer).to_have_value("")


def test_signing_out_in_one_tab_ends_the_others_also_without_a_connection(
    browsers: Browsers, make_server: Callable[..., Server]
) -> None:
    with two_rooms(browsers, make_server) as (_, _, rooms, line, browser):
        first, second = (Conversation(browser.new_page()).open(f"/room/{room}") for room in rooms)
        first.until_cached("ships").until_cached("apples")
        line.cut("/socket.io/")
        for page in (first, second):
            page.connection("Reconnecting").wait_for()
        first.page.get_by_role("button", name="Menu", exact=True).click()
        first.page.get_by_role("button", name="Sign out").click()
        expect(first.page).to_have_url(re.compile("/signin"))
        expect(second.page).to_have_url(re.compile("/signin"))
        expect(second.page.get_by_role("heading", level=1)).to_be_visible()
        first.until_cached("ships", no_more=True).until_cached("apples", no_more=True)
