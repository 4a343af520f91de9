"""Register, come in as a guest, join by invitation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from chat import accounts, invites, rooms, times
from chat.actor import Actor
from chat.events.rooms import RoomCreate, RoomLink
from chat.store import Store
from tests.conftest import PASSWORD
from tests.web.browser import Browser, text

MIRA = {"name": "Mira", "username": "mira", "password": "correct horse"}


@pytest.fixture
def open_app(make_app: Callable[..., Flask]) -> Flask:
    app = make_app(registration="open", guests="on")
    store = app.extensions["hubbub"].store
    accounts.create_owner(store, server_name="Sample", username="ada", name="Ada", password=PASSWORD)
    return app


@pytest.fixture
def open_store(open_app: Flask) -> Store:
    store: Store = open_app.extensions["hubbub"].store
    return store


def test_closed_doors_are_not_there(visitor: Browser) -> None:
    for path in ("/register", "/guest"):
        assert visitor.get(path).status_code == 404
        assert visitor.post(path, MIRA).status_code == 404
    page = visitor.get("/signin").text
    assert "/register" not in page
    assert "/guest" not in page


def test_registers_where_it_is_open(open_app: Flask, open_store: Store) -> None:
    browser = Browser(open_app)
    assert browser.post("/register", MIRA).location == "/"
    assert browser.signed_in()
    assert accounts.by_username(open_store, "mira").role == "member"


@pytest.mark.parametrize(
    "username", ["ada", "ADA", "Ada", "@ada", "\uff41\uff44\uff41", "a\u00aa".replace("\u00aa", "d") + "a"]
)
def test_a_name_is_taken_in_every_spelling(open_app: Flask, username: str) -> None:
    response = Browser(open_app).post("/register", {**MIRA, "username": username})
    assert response.status_code == 409
    assert 'id="username-error"' in response.text
    assert "This name is taken" in text(response)


def test_a_composed_and_a_decomposed_name_are_one(open_app: Flask) -> None:
    assert Browser(open_app).post("/register", {**MIRA, "username": "zo\u00eb"}).status_code == 303
    assert Browser(open_app).post("/register", {**MIRA, "username": "zoe\u0308"}).status_code == 409


def test_a_password_is_the_same_in_every_unicode_form(open_app: Flask) -> None:
    Browser(open_app).post("/register", {**MIRA, "password": "\u00e9t\u00e9 \u5bc6\u7801 2026"})
    fields = {"username": "mira", "password": "e\u0301te\u0301 \u5bc6\u7801 \uff12\uff10\uff12\uff16"}
    assert Browser(open_app).post("/signin", fields).status_code == 303


def test_a_guest_comes_in_by_nickname(open_app: Flask, open_store: Store) -> None:
    browser = Browser(open_app)
    assert browser.post("/guest", {"nickname": "Jun from Kyoto"}).location == "/"
    assert accounts.by_username(open_store, "Jun-from-Kyoto").role == "guest"
    page = text(browser.get("/settings"))
    assert "You are a guest" in page
    assert "API tokens" not in page


@pytest.mark.parametrize("nickname", ["", "  ", "ada", "\u202e\u202e", "a\x00b", "x" * 41, "<b>", "!!!"])
def test_a_guest_needs_a_usable_nickname(open_app: Flask, nickname: str) -> None:
    response = Browser(open_app).post("/guest", {"nickname": nickname})
    assert response.status_code in (400, 409, 413)
    assert 'id="nickname-error"' in response.text


def test_a_guest_becomes_a_member_and_keeps_the_name(open_app: Flask, open_store: Store) -> None:
    browser = Browser(open_app)
    browser.post("/guest", {"nickname": "Jun"})
    assert browser.post("/settings/member", {"password": "short"}).status_code == 400
    assert browser.post("/settings/member", {"password": "correct horse"}).status_code == 303
    assert accounts.by_username(open_store, "jun").role == "member"
    assert Browser(open_app).post("/signin", {"username": "jun", "password": "correct horse"}).status_code == 303
    assert browser.post("/settings/member", {"password": "correct horse"}).status_code == 409


def test_an_invitation_says_who_and_where(visitor: Browser, store: Store, owner: Actor) -> None:
    with store.read() as conn:
        general = rooms.ids_of_user(conn, owner.user)[0]
    secret = invites.create(store, owner, days=1, uses=1, room_id=general)
    page = text(visitor.get(f"/invite/{secret}"))
    assert "Ada invites you" in page
    assert "to Sample, and into the room #general" in page


def test_an_invitation_makes_an_account(visitor: Browser, store: Store, owner: Actor) -> None:
    secret = invites.create(store, owner, days=1, uses=1)
    assert visitor.post(f"/invite/{secret}", {**MIRA, "username": "two words"}).status_code == 400
    assert visitor.post(f"/invite/{secret}", MIRA).location == "/"
    assert visitor.signed_in()
    assert accounts.by_username(store, "mira").role == "member"


def room_link(store: Store, by: Actor, **fields: Any) -> tuple[int, str]:
    """A private room of somebody's, and a link into it."""
    room = rooms.create(store, by, RoomCreate("attic", "private")).room.id
    url = invites.into_room(store, by, RoomLink(room, **fields)).url
    return room, url[url.index("/invite/") :]


def test_who_has_an_account_is_let_into_the_room(
    visitor: Browser, as_user: Callable[..., Browser], store: Store, owner: Actor, member: Actor
) -> None:
    """Also through a link of somebody who is no staff, with which nobody makes an account."""
    room, path = room_link(store, member, uses=1)
    page = text(visitor.get(path))
    assert "into the room #attic" in page
    assert 'name="password"' not in page
    assert visitor.post(path, {**MIRA, "username": "new"}).status_code == 200
    assert not visitor.signed_in()
    assert f"/signin?next={path}" in visitor.get(path).text
    staff = as_user(owner)
    assert "Join #attic" in text(staff.get(path))
    assert staff.post(path).location == f"/room/{room}"
    with store.read() as conn:
        assert room in rooms.ids_of_user(conn, owner.user)
    assert staff.get(path).status_code == 404


def test_who_is_in_the_room_uses_nothing_up(as_user: Callable[..., Browser], store: Store, owner: Actor) -> None:
    room, path = room_link(store, owner, uses=1)
    browser = as_user(owner)
    for _ in range(2):
        assert browser.post(path).location == f"/room/{room}"


def test_a_link_into_no_room_leads_nobody_who_is_here(
    as_user: Callable[..., Browser], store: Store, owner: Actor
) -> None:
    secret = invites.create(store, owner, days=1, uses=1)
    browser = as_user(owner)
    assert "The link is for somebody new" in text(browser.get(f"/invite/{secret}"))
    assert browser.post(f"/invite/{secret}").status_code == 404


@pytest.mark.parametrize("username", ["here", "Room", "@room"])
def test_nobody_is_called_what_calls_everybody(visitor: Browser, store: Store, owner: Actor, username: str) -> None:
    secret = invites.create(store, owner, days=1, uses=1)
    assert visitor.post(f"/invite/{secret}", {**MIRA, "username": username}).status_code == 400


def test_a_failed_attempt_uses_nothing_up(visitor: Browser, store: Store, owner: Actor) -> None:
    secret = invites.create(store, owner, days=1, uses=1)
    assert visitor.post(f"/invite/{secret}", {**MIRA, "username": "ada"}).status_code == 409
    assert visitor.post(f"/invite/{secret}", MIRA).status_code == 303


@pytest.mark.parametrize("why", ["unknown", "used up", "expired", "revoked", "hostile"])
def test_an_invitation_that_has_ended(
    visitor: Browser, store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    secret = "unknown"
    if why == "hostile":
        secret = "%00%0d%0a" + "x" * 3000
    elif why != "unknown":
        secret = invites.create(store, owner, days=1, uses=1)
    if why == "used up":
        Browser(visitor.app).post(f"/invite/{secret}", {**MIRA, "username": "first"})
    if why == "revoked":
        invites.revoke(store, owner, invites.listing(store, owner)[0].id)
    if why == "expired":
        later = times.now() + 2 * 86_400_000
        monkeypatch.setattr(invites, "now", lambda: later)
    response = visitor.get(f"/invite/{secret}")
    assert response.status_code == 404
    assert "This invitation has ended" in text(response)
    assert visitor.post(f"/invite/{secret}", MIRA).status_code == 404
    assert not visitor.signed_in()


def test_a_guest_keeps_the_name_by_an_invitation(make_app: Callable[..., Flask]) -> None:
    app = make_app(guests="on")
    store = app.extensions["hubbub"].store
    accounts.create_owner(store, server_name="Sample", username="ada", name="Ada", password=PASSWORD)
    browser = Browser(app)
    browser.post("/guest", {"nickname": "Jun"})
    assert browser.post("/settings/member", {"password": "correct horse"}).status_code == 403
    secret = invites.create(store, accounts.by_username(store, "ada"), days=1, uses=1)
    assert "keep the name" in text(browser.get(f"/invite/{secret}"))
    assert browser.post(f"/invite/{secret}", {"password": "correct horse"}).location == "/"
    assert accounts.by_username(store, "jun").role == "member"


def test_a_member_is_told_to_pass_the_link_on(as_user: Callable[..., Browser], store: Store, owner: Actor) -> None:
    secret = invites.create(store, owner, days=1, uses=1)
    page = text(as_user(owner).get(f"/invite/{secret}"))
    assert "pass it on" in page


def test_a_new_account_keeps_the_language_of_its_browser(open_app: Flask, open_store: Store) -> None:
    browser = Browser(open_app)
    browser.post("/preferences", {"language": "zh-Hans", "next": "/register"})
    browser.post("/preferences", {"theme": "dark", "next": "/register"})
    browser.post("/register", MIRA)
    browser.client.delete_cookie("hubbub_preferences")
    assert '<html lang="zh-Hans" data-theme="dark"' in browser.get("/settings").text
