"""Every page and every state of it: for everyone, on every screen, quiet in the console and strict in its policy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e import tour as sights
from tests.e2e.accessibility import flaws, flaws_in_both_themes, overflows, small_targets
from tests.e2e.browsers import PHONE, Browsers, Conversation
from tests.e2e.house import House
from tests.servers import Server

# Each theme in another language, so that both are seen.
LOOKS = {"light": "en-GB", "dark": "zh-CN"}
NARROW: ViewportSize = {"width": 320, "height": 640}
POLICY = (
    r"default-src 'none'; script-src 'self' 'sha256-[\w+/=]+'; style-src 'self'; img-src 'self' data: blob:; "
    r"media-src 'self' blob:; connect-src 'self'( wss?://[\w.:]+)+; font-src 'self'; manifest-src 'self'; "
    r"worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
Walk = Callable[..., Iterator[tuple[str, Page]]]
INLINE = re.compile(r"<[^>]*\s(?:style|on[a-z]+)=|<style|<script>|javascript:")


def pages(browsers: Browsers, house: House, _: str, **options: Any) -> Iterator[tuple[str, Page]]:
    """What the server draws, and what is there for those who run it, as the owner sees it."""
    page = browsers.page(house.server, house.server.person("ada"), reduced_motion="reduce", **options)
    for stop in chain(sights.staff(page), sights.server_pages(page)):
        yield stop, page


def conversation(browsers: Browsers, house: House, name: str, **options: Any) -> Iterator[tuple[str, Page]]:
    """What the browser draws, as somebody new sees it."""
    page = browsers.page(house.server, house.newcomer(name), reduced_motion="reduce", **options)
    for stop in sights.conversation(page, house):
        yield stop, page


@pytest.mark.parametrize("walk", [pages, conversation])
def test_axe_finds_nothing(browsers: Browsers, house: House, walk: Walk) -> None:
    tour = walk(browsers, house, "Axel", color_scheme="light", locale="zh-CN")
    assert [f"{stop}: {flaw}" for stop, page in tour for flaw in flaws_in_both_themes(page)] == []


@pytest.mark.parametrize("walk", [pages, conversation])
def test_small_screens_hold_everything(browsers: Browsers, house: House, walk: Walk) -> None:
    """Nothing is scrolled sideways, and fingers hit what they mean. No style is another one on a wider phone."""
    tour = walk(browsers, house, "Fina", device_scale_factor=2, locale="en-GB", **{**PHONE, "viewport": NARROW})
    assert [f"{stop}: {flaw}" for stop, page in tour for flaw in (*overflows(page), *small_targets(page))] == []


def test_the_first_run_is_for_everyone(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    server = make_server().start()
    for theme, locale in LOOKS.items():
        page = browsers.page(server, None, "/", color_scheme=theme, locale=locale)
        expect(page.locator("#server_name")).to_be_focused()
        assert flaws(page) == []
        page.set_viewport_size(NARROW)
        assert overflows(page) == []


def test_trouble_is_for_everyone(browsers: Browsers, house: House) -> None:
    """Offline, with a message on its way."""
    for theme, locale in LOOKS.items():
        person = house.newcomer(f"Tara-{theme}")
        page = browsers.page(house.server, person, color_scheme=theme, locale=locale, quiet=False)
        talk = Conversation(page).open(house.path("launch"))
        talk.bodies.first.wait_for()
        page.context.set_offline(True)
        talk.say("Is anybody there?")
        page.locator(".connection-bar").wait_for()
        expect(talk.pending()).to_have_count(1)
        assert flaws(page) == []


@pytest.mark.parametrize("path", ["/", "/settings", "/invites", "/nowhere", "/signin", "/register", "/guest"])
def test_policy_is_strict_and_nothing_is_inline(browsers: Browsers, house: House, path: str) -> None:
    signed_out = path in ("/signin", "/register", "/guest")
    page = browsers.page(house.server, None if signed_out else house.ada)
    response = page.goto(path)
    assert response is not None
    assert re.fullmatch(POLICY, response.headers["content-security-policy"])
    assert INLINE.findall(response.text()) == []
