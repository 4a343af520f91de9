"""A browser for the run, and a fresh set of contexts for every test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.brokers import Redis
from tests.e2e.browsers import PATIENCE, Browsers, launch
from tests.e2e.house import House, lived_in
from tests.servers import Server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with lived_in(tmp_path_factory.mktemp("house")) as house:
        yield house
        assert house.server.complaints == []


@pytest.fixture
def afterwards() -> Iterator[ExitStack]:
    """What is done when the browsers have closed; a page that has come to rest still loads what it may need later."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def house(built: House, afterwards: ExitStack) -> House:
    """One server for all tests that leave it as they found it."""
    afterwards.callback(built.farewell)
    return built


@pytest.fixture
def make_server(tmp_path: Path, afterwards: ExitStack) -> Callable[..., Server]:
    """A server for one test, not started yet: `make_server(guests="on")`."""
    made: list[Server] = []

    def make(**settings: Any) -> Server:
        folder = tmp_path / f"server{len(made)}"
        folder.mkdir()
        made.append(Server(folder, **settings))
        return made[-1]

    def end() -> None:
        for server in made:
            server.close()
        assert [line for server in made for line in server.complaints] == []

    afterwards.callback(end)
    return make


@pytest.fixture
def redis(tmp_path: Path, afterwards: ExitStack) -> Redis:
    """It goes after the servers that it joins."""
    (tmp_path / "redis").mkdir()
    server = Redis(tmp_path / "redis").start()
    afterwards.callback(server.kill)
    return server


@pytest.fixture(params=["one process", "two processes"])
def processes(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Server, Server]:
    """One server by two processes, or by one that stands here twice; not started yet."""
    several = request.param == "two processes"
    # Before the servers, as it must outlive them.
    shared = {"data_dir": tmp_path / "data", "redis_url": request.getfixturevalue("redis").url} if several else {}
    make = request.getfixturevalue("make_server")
    one = make(**shared)
    return one, make(**shared) if several else one


@pytest.fixture
def browsers(chromium: Browser, afterwards: ExitStack) -> Iterator[Browsers]:
    """Browsers whose consoles and requests are to stay free of errors.

    They close before their servers and their people go, in whatever order a test asks for them.
    """
    browsers = Browsers(chromium)
    yield browsers
    browsers.close()
    assert browsers.problems == []
