"""Sign in and out: alike for unknown names, a new session each time, local redirects only."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from chat import accounts, passwords, sessions
from chat.actor import Actor
from chat.events.moderation import UserBan
from chat.sanctions import bans
from chat.store import Store
from chat.times import now, stamp
from chat.web import current
from tests.conftest import PASSWORD
from tests.web.browser import Browser, text, without_tokens

ADA = {"username": "ada", "password": PASSWORD}


def test_signs_in(visitor: Browser) -> None:
    response = visitor.post("/signin", ADA)
    assert response.status_code == 303
    assert response.location == "/"
    assert visitor.signed_in()


@pytest.mark.parametrize("username", ["ADA", "@ada", " ada ", "\uff41da"])
def test_a_name_is_found_in_other_spellings(visitor: Browser, username: str) -> None:
    assert visitor.post("/signin", {**ADA, "username": username}).status_code == 303


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("ada", "wrong password"),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("ada\x00", PASSWORD),
        ("ada' OR '1'='1", PASSWORD),
        ("x" * 5000, PASSWORD),
        ("\u0430da", PASSWORD),
        ("ada", "\x00" * 20),
        ("ada", "short"),
        ("ada", "x" * 2000),
    ],
)
def test_refuses_what_does_not_belong_together(visitor: Browser, username: str, password: str) -> None:
    response = visitor.post("/signin", {"username": username, "password": password})
    assert response.status_code == (401 if username else 400)
    assert not visitor.signed_in()


def test_an_unknown_name_is_answered_like_a_wrong_password(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    verify = passwords._verify

    def noted(kept: str, given: str) -> bool:
        checked.append(given)
        return verify(kept, given)

    monkeypatch.setattr(passwords, "_verify", noted)
    token = visitor.token()
    known = visitor.post("/signin", {"username": "ada", "password": "wrong password"}, token=token)
    unknown = visitor.post("/signin", {"username": "eve", "password": "wrong password"}, token=token)
    assert known.status_code == unknown.status_code == 401
    # The name stands there still, the password is to be typed again.
    assert re.findall(r"<input[^>]* autofocus [^>]*id=\"(\w+)\"", known.text) == ["password"]
    assert without_tokens(known.text).replace('value="ada"', 'value="eve"') == without_tokens(unknown.text)
    assert len(checked) == 2


def test_an_account_without_a_password_has_no_way_in(visitor: Browser, member: Actor) -> None:
    for password in ("", "x" * 8, "None"):
        assert visitor.post("/signin", {"username": "mira", "password": password}).status_code in (400, 401)


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(visitor: Browser) -> None:
    response = visitor.post("/signin", ADA)
    cookie = next(c for c in response.headers.getlist("Set-Cookie") if c.startswith("hubbub_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie


def test_cookies_are_for_https_only_where_the_server_has_it(make_app: Callable[..., Flask]) -> None:
    browser = Browser(make_app(public_url="https://chat.example.org"))
    fields = {"server_name": "Place", "name": "Ada", **ADA, "csrf_token": ""}
    base = "https://chat.example.org"
    page = browser.client.get("/setup", base_url=base)
    fields["csrf_token"] = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    response = browser.client.post("/setup", data=fields, base_url=base, headers={"Referer": f"{base}/setup"})
    assert response.status_code == 303
    made = [*page.headers.getlist("Set-Cookie"), *response.headers.getlist("Set-Cookie")]
    assert made
    assert all("Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in made)


def test_a_planted_session_is_not_taken_over(visitor: Browser, as_user: Callable[..., Browser], member: Actor) -> None:
    planted = as_user(member).cookie()
    assert planted
    visitor.client.set_cookie("hubbub_session", planted)
    visitor.client.set_cookie("hubbub_form", "planted")
    visitor.post("/signin", ADA)
    assert visitor.cookie() != planted
    assert "You sign in as ada." in text(visitor.get("/settings"))


def test_signing_in_again_ends_the_session_before(visitor: Browser, store: Store) -> None:
    visitor.post("/signin", ADA)
    first = visitor.cookie()
    assert first
    visitor.post("/signin", ADA)
    assert visitor.cookie() != first
    assert sessions.actor(store, first) is None


def test_the_token_of_before_does_not_work_after(visitor: Browser) -> None:
    before = visitor.token()
    visitor.post("/signin", ADA, token=before)
    assert visitor.post("/settings/profile", {"name": "Eve"}, token=before).status_code == 400


@pytest.mark.parametrize(
    ("target", "goes"),
    [
        ("/room/7", "/room/7"),
        ("/settings?x=1", "/settings?x=1"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        (" //evil.example", "/"),
        ("/ok\r\nSet-Cookie: x=y", "/"),
        ("room/7", "/"),
        ("/" + "x" * 5000, "/"),
        ("", "/"),
    ],
)
def test_goes_back_to_local_pages_only(visitor: Browser, target: str, goes: str) -> None:
    token = visitor.token()
    fields = {**ADA, "csrf_token": token}
    response = visitor.client.post("/signin", query_string={"next": target}, data=fields)
    assert response.location == goes
    assert visitor.client.get("/signin", query_string={"next": target}).location == goes


def test_the_page_asked_for_comes_after_signing_in(visitor: Browser) -> None:
    response = visitor.get("/room/7?at=3")
    assert response.status_code == 303
    assert response.location == "/signin?next=/room/7?at%3D3"
    assert visitor.post(response.location, ADA).location == "/room/7?at=3"


def test_signs_out_here_and_on_the_server(visitor: Browser, store: Store) -> None:
    visitor.post("/signin", ADA)
    secret = visitor.cookie()
    assert secret
    response = visitor.post("/signout")
    assert response.location == "/signin"
    assert not visitor.cookie()
    assert sessions.actor(store, secret) is None
    assert "You are signed out." in text(visitor.get("/signin"))
    visitor.client.set_cookie("hubbub_session", secret)
    assert not visitor.signed_in()


def test_signing_out_needs_a_form(visitor: Browser) -> None:
    visitor.post("/signin", ADA)
    assert visitor.get("/signout").status_code == 405
    assert visitor.client.post("/signout").status_code == 400
    assert visitor.signed_in()


@pytest.mark.parametrize("secret", ["stale", "x" * 3000, "\u00e9", "'; DROP TABLE sessions; --"])
def test_an_ended_session_is_explained_once(visitor: Browser, secret: str) -> None:
    visitor.client.set_cookie("hubbub_session", secret)
    assert visitor.get("/").location == "/signin"
    assert "You were signed out" in text(visitor.get("/signin"))
    assert "You were signed out" not in text(visitor.get("/signin"))


def test_a_request_says_where_it_comes_from(app: Flask, store: Store, owner: Actor) -> None:
    cookie = f"hubbub_session={sessions.open_session(store, owner.user, user_agent='x', address='192.0.2.1')}"
    with app.test_request_context("/", headers={"Cookie": cookie}, environ_base={"REMOTE_ADDR": "198.51.100.7"}):
        found = current.actor()
    assert found is not None
    assert found.address == "198.51.100.7"


def test_who_is_banned_learns_it_with_the_right_password_only(app: Flask, store: Store, owner: Actor) -> None:
    accounts.create(store, "cara", name="Cara", role="member", password=PASSWORD)
    cara = accounts.by_username(store, "cara")
    bans.ban(store, owner, UserBan(cara.user, None, "Spam & worse: 100 %"))
    right = {"username": "cara", "password": PASSWORD}
    told = Browser(app).post("/signin", right)
    assert told.status_code == 403
    for said in ("This account is banned", "It stays so until", "Spam & worse: 100 %"):
        assert said in text(told)
    end = stamp(now() + 86_400_000)
    bans.ban(store, owner, UserBan(cara.user, end))
    page = Browser(app).post("/signin", {"username": "cara", "password": PASSWORD})
    assert "You can sign in again after " in text(page)
    assert f'datetime="{end}"' in page.get_data(as_text=True)
    assert "The reason" not in text(page)
    wrong = Browser(app).post("/signin", {"username": "cara", "password": "wrong password"})
    assert (wrong.status_code, "banned" in text(wrong)) == (401, False)


def test_nobody_is_let_in_from_a_blocked_network(make_app: Callable[..., Flask]) -> None:
    app = make_app(registration="open", guests="on")
    store = app.extensions["hubbub"].store
    accounts.create_owner(store, server_name="Sample", username="ada", name="Ada", password=PASSWORD)
    accounts.create(store, "cara", name="Cara", role="member", password=PASSWORD)
    ada, cara = accounts.by_username(store, "ada"), accounts.by_username(store, "cara")
    sessions.open_session(store, cara.user, user_agent="x", address="198.51.100.7")
    bans.ban(store, ada, UserBan(cara.user, networks=True))
    account = {"username": "eve", "name": "Eve", "password": PASSWORD}
    for path, fields in {"/signin": ADA, "/register": account, "/guest": {"nickname": "Eve"}}.items():
        shut = Browser(app, REMOTE_ADDR="198.51.100.7")
        assert shut.get(path).status_code == 403
        assert "You can't come in from here" in text(shut.get(path))
        assert shut.post(path, fields).status_code == 403
        assert Browser(app, REMOTE_ADDR="198.51.100.8").post(path, fields).status_code in (303, 409)
