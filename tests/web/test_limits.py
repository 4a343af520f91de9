"""Too many attempts are told to wait."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from chat import accounts
from tests.conftest import PASSWORD
from tests.web.browser import Browser, text

WRONG = {"username": "ada", "password": "wrong password"}


@pytest.fixture
def limited(make_app: Callable[..., Flask]) -> Flask:
    app = make_app(rate_limits="on", guests="on", registration="open")
    store = app.extensions["hubbub"].store
    accounts.create_owner(store, server_name="Sample", username="ada", name="Ada", password=PASSWORD)
    return app


def test_an_account_is_guarded_from_every_address(limited: Flask) -> None:
    for number in range(10):
        browser = Browser(limited, REMOTE_ADDR=f"192.0.2.{number}")
        assert browser.post("/signin", WRONG).status_code == 401
    for username in ("ada", "ADA", "\uff41da"):
        response = Browser(limited, REMOTE_ADDR="192.0.2.99").post(
            "/signin", {"username": username, "password": PASSWORD}
        )
        assert response.status_code == 429
        assert "Please try again in 5 minutes" in text(response)
        assert 0 < int(response.headers["Retry-After"]) <= 300
    other = Browser(limited, REMOTE_ADDR="192.0.2.99").post("/signin", {**WRONG, "username": "mira"})
    assert other.status_code == 401


def test_an_unknown_account_is_guarded_alike(limited: Flask) -> None:
    browser = Browser(limited)
    codes = [browser.post("/signin", {**WRONG, "username": "nobody"}).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]


def test_an_address_is_limited_over_all_accounts(limited: Flask) -> None:
    browser = Browser(limited, REMOTE_ADDR="192.0.2.7")
    codes = [browser.post("/signin", {**WRONG, "username": f"name{n}"}).status_code for n in range(41)]
    assert codes == [401] * 40 + [429]
    assert Browser(limited, REMOTE_ADDR="192.0.2.8").post("/signin", {**WRONG, "username": "x"}).status_code == 401


def test_looking_is_not_trying(limited: Flask) -> None:
    browser = Browser(limited)
    assert {browser.get("/signin").status_code for _ in range(60)} == {200}


def test_guests_are_limited(limited: Flask) -> None:
    codes = [Browser(limited).post("/guest", {"nickname": f"jun{n}"}).status_code for n in range(41)]
    assert codes == [303] * 40 + [429]


def test_guessing_invitations_is_limited(limited: Flask) -> None:
    browser = Browser(limited)
    codes = [browser.get(f"/invite/guess{n}").status_code for n in range(121)]
    assert codes == [404] * 120 + [429]


def test_the_message_is_in_the_readers_language(limited: Flask) -> None:
    browser = Browser(limited)
    browser.post("/preferences", {"language": "zh-Hans"})
    for _ in range(10):
        browser.post("/signin", WRONG)
    assert "尝试次数过多，请在 5 分钟后重试" in text(browser.post("/signin", WRONG))


def test_off_is_off(app: Flask) -> None:
    store = app.extensions["hubbub"].store
    accounts.create_owner(store, server_name="Sample", username="ada", name="Ada", password=PASSWORD)
    browser = Browser(app)
    assert {browser.post("/signin", {**WRONG, "username": "x"}).status_code for _ in range(45)} == {401}
