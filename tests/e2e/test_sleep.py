"""A laptop that slept: its connection is dead and doesn't know it, and heartbeats are too far apart to tell."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsers import Browsers, Conversation, read_all
from tests.e2e.lines import Line
from tests.e2e.programs import PYTHON, running
from tests.e2e.scripts import script
from tests.servers import Server
from tests.waiting import until

# None of the two ends will miss the other in the time that a test takes.
NO_HEARTBEAT = {"ping_interval": 300}
BEFORE = [f"before {number}" for number in range(1, 81)]
MEANWHILE = [f"meanwhile {number}" for number in range(1, 13)]


def thawed(page: Page) -> None:
    """What the browser says of a tab that it had put aside to save memory; a headless one never does."""
    page.evaluate("() => document.dispatchEvent(new Event('resume'))")


def lid_closed(page: Page) -> None:
    """No event at all: the clock has gone on by a minute, and every timer is late."""
    page.clock.fast_forward(60_000)


def gone_back_to(page: Page) -> None:
    """What the browser says of a page that "back" brought out of its memory; this Chromium keeps none there."""
    page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")


def network_again(page: Page) -> None:
    Conversation(page).network_back()


def test_a_page_that_wakes_finds_its_dead_connection_and_loses_nothing(
    browsers: Browsers, make_server: Callable[..., Server]
) -> None:
    server = make_server(**NO_HEARTBEAT)
    ada, bo = server.owner("ada", "Ada"), server.add("bo", "Bo")
    room = server.room(ada, "harbour", bo)
    server.say(ada, room, *BEFORE)
    server.start()
    said = [*BEFORE]
    with Line(server.port) as line:
        browser = browsers.context(server, ada, base_url=line.url, quiet=False)
        page = browser.new_page()
        page.clock.install()
        asleep = Conversation(page).open(f"/room/{room}")
        asleep.message(BEFORE[-1]).wait_for()
        awake = Conversation(browsers.page(server, bo)).open(f"/room/{room}")
        for sleep in (thawed, lid_closed, gone_back_to, network_again):
            line.forget("/socket.io/")
            meanwhile = [f"{sleep.__name__}: {text}" for text in MEANWHILE[:4]]
            for text in meanwhile:
                awake.say(text)
            expect(awake.pending()).to_have_count(0)
            # What is said on the dead line is not lost either.
            mine = f"from the sleeper, {sleep.__name__}"
            asleep.say(mine)
            assert asleep.pending().count() == 1
            sleep(page)
            expect(asleep.pending()).to_have_count(0)
            awake.message(mine).wait_for()
            said += [*meanwhile, mine]
        for each in (asleep, awake):
            assert [text for _, text in read_all(each.page)] == said


def test_waking_moves_nothing_under_the_reader(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    server = make_server(**NO_HEARTBEAT)
    ada, bo = server.owner("ada", "Ada"), server.add("bo", "Bo")
    room = server.room(ada, "harbour", bo)
    server.say(ada, room, *BEFORE)
    server.start()
    with Line(server.port) as line:
        reader = Conversation(browsers.page(server, ada, base_url=line.url, quiet=False)).open(f"/room/{room}")
        reader.message(BEFORE[-1]).wait_for()
        awake = Conversation(browsers.page(server, bo)).open(f"/room/{room}")
        reader.page.evaluate(script("scroll_up"), 2)
        before = reader.page.evaluate(script("place"))
        line.forget("/socket.io/")
        for text in MEANWHILE:
            awake.say(text)
        expect(awake.pending()).to_have_count(0)
        thawed(reader.page)
        expect(reader.page.get_by_role("button", name=f"{len(MEANWHILE)} new messages")).to_be_visible()
        seq, top = reader.page.evaluate(script("place"))
        assert seq == before[0]
        assert abs(top - before[1]) < 2


def test_a_live_connection_is_kept(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    server = make_server(**NO_HEARTBEAT)
    ada = server.owner("ada", "Ada")
    server.start()
    page = Conversation(browsers.page(server, ada)).open()
    sid, measured = page.page.evaluate(script("round_trips"))

    def measured_more(before: int) -> bool:
        return bool(page.page.evaluate(script("round_trips"))[1] > before)

    for _ in range(3):
        thawed(page.page)
        # It asks each time, and is answered.
        until(partial(measured_more, measured))
        now, measured = page.page.evaluate(script("round_trips"))
        assert now == sid
    page.connection("Live").wait_for()


def test_a_browser_that_was_stopped_sees_it_by_its_clock(
    chromium: Browser, browsers: Browsers, make_server: Callable[..., Server]
) -> None:
    """No stand-in for the clock, and no event: the processes that draw the pages are stopped, and go on."""
    server = make_server(**NO_HEARTBEAT)
    ada, bo = server.owner("ada", "Ada"), server.add("bo", "Bo")
    room = server.room(ada, "harbour", bo)
    server.start()
    with Line(server.port) as line, running(PYTHON, server, bo, "harbour") as program:
        page = Conversation(browsers.page(server, ada, base_url=line.url, quiet=False)).open(f"/room/{room}")
        program.joined()
        with stopped(chromium):
            line.forget("/socket.io/")
            program.say(*MEANWHILE)
            program.heard(len(MEANWHILE))
        page.message(MEANWHILE[-1]).wait_for()
        assert [text for _, text in read_all(page.page)] == MEANWHILE


@contextmanager
def stopped(chromium: Browser) -> Iterator[None]:
    """SIGSTOP to the renderers of our own Chromium, for longer than any page is busy."""
    known = chromium.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    renderers = [process["id"] for process in known if process["type"] == "renderer"]
    awake_at = time.monotonic() + 20
    for pid in renderers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
        until(lambda: time.monotonic() > awake_at)
    finally:
        for pid in renderers:
            os.kill(pid, signal.SIGCONT)
