"""The app without a line, and what a service worker must never do: be in a page's way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from chat import folders
from tests.e2e.browsers import Browsers, Conversation
from tests.e2e.scripts import script
from tests.servers import ROOT, Person, Server
from tests.waiting import until

LINES = [f"line {number}" for number in range(1, 31)]


def harbour(make_server: Callable[..., Server]) -> tuple[Server, Person, str]:
    server = make_server()
    ada = server.owner("ada", "Ada")
    room = server.room(ada, "harbour")
    server.say(ada, room, *LINES)
    return server.start(), ada, f"/room/{room}"


def installed(browsers: Browsers, server: Server, ada: Person) -> BrowserContext:
    return browsers.context(server, ada, quiet=False, service_workers="allow")


def until_kept(page: Page) -> None:
    """Wait until the worker has this page and its script."""
    until(lambda: page.evaluate(script("shell")), "what the worker keeps")


def with_file(tmp_path: Path, name: str, text: str) -> Path:
    """Static files in which one is another. Their folder's name is part of their addresses."""
    folder = tmp_path / "static"
    shutil.copytree(ROOT / "static", folder)
    with (folder / name).open("a") as file:
        file.write(text)
    return folder


def move(server: Server, static: Path) -> None:
    server.stop()
    server.program = ("tests.e2e.updated", str(static), "run")
    server.start()


def test_the_app_opens_without_a_line_and_after_an_update_and_is_gone_with_the_session(
    browsers: Browsers, make_server: Callable[..., Server], tmp_path: Path
) -> None:
    server, ada, path = harbour(make_server)
    browser = installed(browsers, server, ada)
    page = Conversation(browser.new_page()).open(path)
    page.message(LINES[-1]).wait_for()
    page.kept()
    until_kept(page.page)

    server.kill()
    page.page.reload()
    page.message(LINES[-1]).wait_for()
    page.composer.fill("said without a line")
    page.composer.press("Enter")
    expect(page.pending()).to_have_count(1)

    # The old worker is still there when the newer server answers: no page has told the browser to look for another one.
    # All of the page is the newer one's.
    page.page.goto("about:blank")
    other = with_file(tmp_path, "css/update.css", "/* newer */\n")
    newer = folders.build(other)
    server.program = ("tests.e2e.updated", str(other), "run")
    server.start()
    page.open(path)
    expect(page.pending()).to_have_count(0)
    assert page.page.evaluate(script("build")) == newer
    assert page.page.evaluate(script("foreign_files"), newer) == []

    def is_alone() -> bool:
        """Chromium waits until the old worker is idle; if it wakes just then, until its pages are left."""
        if page.page.evaluate(script("shells")) == [f"hubbub-shell-{newer}"]:
            return True
        if page.page.evaluate("async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting)"):
            page.page.goto("about:blank")
            page.open(path)
        return False

    until(is_alone, "the newer worker alone")
    until_kept(page.page)

    page.page.goto("/settings")
    page.page.get_by_role("button", name="Sign out", exact=True).click()
    page.page.wait_for_url("**/signin*")
    until(lambda: page.page.evaluate(script("shells")) == [], "nothing kept")


def test_a_worker_that_is_broken_breaks_no_page(
    browsers: Browsers, make_server: Callable[..., Server], tmp_path: Path
) -> None:
    server, ada, path = harbour(make_server)
    browser = installed(browsers, server, ada)
    page = Conversation(browser.new_page()).open(path)
    until_kept(page.page)
    # One that fails at every request, and takes over.
    move(server, with_file(tmp_path, "js/sw.js", "\ncaches.open = async () => { throw new Error('broken') };\n"))
    for _ in range(2):
        page.open(path)
        page.message(LINES[-1]).wait_for()
    until(lambda: page.page.evaluate(script("shells")) == [], "the broken worker's beginning")
    page.open(path)
    page.say("all is well")
    expect(page.pending()).to_have_count(0)
