"""The first run: names the server, makes the owner, once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from chat import accounts
from chat.store import Store
from tests.web.browser import Browser, text

GOOD = {"server_name": "Harbour Lane", "name": "Ada", "username": "ada", "password": "correct horse"}


@pytest.mark.parametrize("path", ["/", "/room/1", "/settings", "/invites", "/signin"])
def test_every_page_leads_to_the_first_run(browser: Browser, path: str) -> None:
    response = browser.get(path)
    assert response.status_code == 303
    assert response.location == "/setup"


def test_makes_the_owner_and_signs_in(browser: Browser, store: Store) -> None:
    response = browser.post("/setup", GOOD)
    assert response.status_code == 303
    assert response.location == "/"
    assert store.meta("server_name") == "Harbour Lane"
    assert accounts.by_username(store, "ada").role == "owner"
    assert browser.get("/").status_code == 200


def test_is_over_once_there_is_an_owner(browser: Browser, app: Flask, store: Store) -> None:
    browser.post("/setup", GOOD)
    stranger = Browser(app)
    assert stranger.get("/setup").location == "/"
    response = stranger.post("/setup", {**GOOD, "username": "mallory", "server_name": "Mine"})
    assert response.status_code == 303
    assert not stranger.signed_in()
    assert store.meta("server_name") == "Harbour Lane"
    assert [user.username for user in accounts.everyone(store)] == ["ada"]


def test_of_two_at_once_one_wins(browser: Browser, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.post("/setup", GOOD)
    late = Browser(browser.app)
    monkeypatch.setattr(accounts, "is_empty", lambda store: True)
    response = late.post("/setup", {**GOOD, "username": "mallory"})
    assert response.status_code == 409
    assert "This server has an owner already" in text(response)
    assert [user.username for user in accounts.everyone(store)] == ["ada"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("server_name", ""),
        ("server_name", "   "),
        ("server_name", "x" * 81),
        ("server_name", "two\nlines"),
        ("name", "\x00"),
        ("name", "\u200b\u200b"),
        ("username", "two words"),
        ("username", "<script>"),
        ("username", "---"),
        ("username", "x" * 41),
        ("username", "e" + "\u0301" * 39),
        ("password", "short"),
        ("password", "x" * 1025),
        ("password", "with a \x00 in it"),
    ],
)
def test_says_what_is_wrong_where_it_is(browser: Browser, store: Store, field: str, value: str) -> None:
    response = browser.post("/setup", {**GOOD, field: value})
    assert response.status_code in (400, 413)
    assert f'id="{field}-error"' in response.text
    assert f'href="#{field}"' in response.text
    assert accounts.is_empty(store)


def test_all_errors_come_at_once_and_the_first_has_the_focus(browser: Browser) -> None:
    page = browser.post("/setup", {"server_name": "Place"}).text
    for field in ("name", "username", "password"):
        assert f'id="{field}-error"' in page
    assert page.count("autofocus") == 1
    assert page.index("autofocus") > page.index('<label for="name"')
    assert page.index("autofocus") < page.index('<label for="username"')


def test_what_was_typed_stays_but_for_the_password(browser: Browser) -> None:
    page = browser.post("/setup", {**GOOD, "username": "two words", "password": "a secret of mine"}).text
    assert 'value="Harbour Lane"' in page
    assert "a secret of mine" not in page


def test_markup_in_a_name_is_text(browser: Browser) -> None:
    browser.post("/setup", {**GOOD, "server_name": "<b>&</b>", "name": "</script><script>"})
    page = browser.get("/").text
    assert "<b>&</b>" not in page
    assert "</script><script>" not in page


def test_the_first_page_speaks_chinese(make_app: Callable[..., Flask]) -> None:
    page = Browser(make_app(language="zh-Hans")).get("/setup")
    assert '<html lang="zh-Hans"' in page.text
    assert "你是第一个到的人" in page.text
