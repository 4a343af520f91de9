"""The shell of the conversation: what the scripts find in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from chat.actor import Actor
from chat.events.objects import User
from tests.web.browser import Browser


def boot(page: Any) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page.text, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_tells_who_and_where(as_user: Callable[..., Browser], owner: Actor) -> None:
    data = boot(as_user(owner).get("/room/7"))
    assert data["server"] == "Sample"
    assert data["room"] == 7
    assert data["language"] == "en"
    assert data["staff"] is True
    assert data["user"]["username"] == "ada"
    assert set(data["user"]) == set(User.__struct_fields__)
    assert data["urls"] == {"settings": "/settings", "invites": "/invites", "signout": "/signout"}


def test_members_are_shown_no_way_to_invitations(as_user: Callable[..., Browser], member: Actor) -> None:
    data = boot(as_user(member).get("/"))
    assert data["room"] is None
    assert data["staff"] is False
    assert data["urls"]["invites"] is None


def test_its_token_signs_out(as_user: Callable[..., Browser], owner: Actor) -> None:
    browser = as_user(owner)
    token = boot(browser.get("/"))["csrf"]
    assert browser.client.post("/signout", headers={"X-CSRFToken": token}).location == "/signin"
    assert not browser.signed_in()


def test_a_visit_prolongs_the_cookie(as_user: Callable[..., Browser], owner: Actor) -> None:
    browser = as_user(owner)
    cookies = browser.get("/").headers.getlist("Set-Cookie")
    assert any(c.startswith("hubbub_session=") and "Max-Age=2592000" in c for c in cookies)


def test_loads_all_modules_at_once(as_user: Callable[..., Browser], owner: Actor, visitor: Browser) -> None:
    page = as_user(owner).get("/").text
    preloads = re.findall(r'<link rel="modulepreload" href="([^"]+)">', page)
    assert any(address.endswith("/js/elements/hub-app.js") for address in preloads)
    assert any(address.endswith("/vendor/lit/index.js") for address in preloads)
    assert len(preloads) == len(set(preloads))
    for address in [*preloads, *re.findall(r'<link rel="stylesheet" href="([^"]+)">', page)]:
        assert visitor.get(address).status_code == 200, address
