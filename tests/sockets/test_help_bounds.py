"""How much visitors may ask for: each, from one address, and all together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from chat.actor import Actor
from chat.helpdesk import sites
from chat.hub import Hub
from chat.store import Store
from tests.clients import Client
from tests.sockets.visitors import ORIGIN, Open, new_secret, waiting, write


def test_open_conversations_have_a_bound(open_window: Open, agent: Client, store: Store) -> None:
    store.settings = store.settings.with_values({"help_open": "2"})
    for _ in range(2):
        write(open_window(), "Hello?")
    late = open_window()
    assert late.error("help_send", cid="c", text="Me too")["code"] == "rate_limited"
    for text in ("", " ", "x" * 10_001, "\x00"):
        assert late.error("help_send", cid="c", text=text)["code"] in ("bad_request", "too_large")
    assert len(waiting(agent)) == 2


def test_a_browser_opens_ten_windows(open_window: Open) -> None:
    secret = new_secret()
    windows = [open_window(secret) for _ in range(10)]
    assert all(window.is_connected() for window in windows)
    assert not open_window(secret).is_connected()
    windows[0].leave()
    assert open_window(secret).is_connected()


@pytest.fixture
def bounded(make_app: Callable[..., Flask], owner: Actor) -> Callable[..., Callable[[str], Client]]:
    """A server with rate limits: windows of new visitors, by the address that they come from."""

    def make(pauses: list[float] | None = None, /, **settings: Any) -> Callable[[str], Client]:
        app = make_app(rate_limits="on", **settings)
        hub: Hub = app.extensions["hubbub"]
        # Nothing comes back while the test goes on.
        hub.sockets.help.buckets._clock = lambda: 0.0
        if pauses is not None:
            hub.sockets.help._wait = pauses.append
        site = sites.create(hub.store, owner, "Sample shop", [ORIGIN])

        def open_from(address: str) -> Client:
            browser = app.test_client()
            browser.environ_base["REMOTE_ADDR"] = address
            return Client(app, "/help", auth={"site": site.key, "visitor": new_secret()}, flask_test_client=browser)

        return open_from

    return make


def test_windows_have_a_bound_in_all_and_by_address(bounded: Callable[..., Callable[[str], Client]]) -> None:
    open_from = bounded(help_windows=4, help_windows_per_address=2)
    # The network of one subscriber counts as one.
    windows = [open_from("2001:db8::1"), open_from("2001:db8::2")]
    assert not open_from("2001:db8::3").is_connected()
    windows += [open_from("192.0.2.1"), open_from("192.0.2.2")]
    assert all(window.is_connected() for window in windows)
    assert not open_from("192.0.2.3").is_connected()
    windows[0].leave()
    assert open_from("192.0.2.3").is_connected()


def test_conversations_from_one_address_have_a_bound(bounded: Callable[..., Callable[[str], Client]]) -> None:
    open_from = bounded(help_new_per_hour=2)
    windows = [open_from("192.0.2.1") for _ in range(3)]
    for window in windows[:2]:
        write(window, "Hello?")
    refused = windows[2].error("help_send", cid="c", text="Me too")
    assert refused["code"] == "rate_limited"
    assert refused["retry_after"] > 60
    # Who has one already goes on, and others are no worse off.
    write(windows[0], "Anybody?", "c2")
    write(open_from("192.0.2.2"), "Hello?")


def test_who_does_not_wait_when_told_to_waits_for_the_answer(bounded: Callable[..., Callable[[str], Client]]) -> None:
    pauses: list[float] = []
    open_from = bounded(pauses, help_messages_per_minute=1)
    hasty, other = open_from("192.0.2.1"), open_from("192.0.2.1")
    write(hasty, "Hello?")
    for _ in range(7):
        assert hasty.error("help_send", cid="c9", text="x")["code"] == "rate_limited"
    # The first time is answered at once.
    assert pauses == [0.25, 0.5, 1.0, 2.0, 4.0, 5.0]
    # Who asks for something else meanwhile comes back to being answered at once, and nobody else waits.
    for _ in range(7):
        hasty.call("help_history")
    write(other, "Hello?")
    hasty.error("help_send", cid="c9", text="x")
    assert len(pauses) == 6


def test_messages_of_a_visitor_and_of_all_have_a_bound(bounded: Callable[..., Callable[[str], Client]]) -> None:
    open_from = bounded(help_messages_per_minute=3, help_messages_per_second=4)
    first, second, third = (open_from("192.0.2.1") for _ in range(3))
    for number in range(3):
        write(first, "Hello?", f"c{number}")
    assert first.error("help_send", cid="c9", text="x")["code"] == "rate_limited"
    for number in range(3):
        write(second, "Hello?", f"c{number}")
    # Eight at once from all of them, of which six are gone.
    answers = [third.ack("help_send", {"cid": f"c{number}", "text": "x"})["ok"] for number in range(3)]
    assert answers == [True, True, False]
