"""My settings: name, password, preferences, sessions and tokens, and only ever one's own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from chat import accounts, sessions, tokens
from chat.actor import Actor
from chat.store import Store
from tests.conftest import PASSWORD
from tests.web.browser import Browser, text

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def mine(as_user: Callable[..., Browser], owner: Actor) -> Browser:
    return as_user(owner, FIREFOX)


POSTS = [
    "/settings/profile",
    "/settings/avatar",
    "/settings/avatar/remove",
    "/settings/password",
    "/settings/preferences",
    "/settings/member",
    "/settings/sessions/1/end",
    "/settings/sessions/end-others",
    "/settings/tokens",
    "/settings/tokens/1/revoke",
    "/invites",
    "/invites/1/revoke",
    "/signout",
    "/preferences",
]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("token", [None, "", "nonsense", "\u00e9"])
def test_no_form_works_without_its_token(mine: Browser, path: str, token: str | None) -> None:
    sent = {} if token is None else {"csrf_token": token}
    response = mine.client.post(path, data=sent, content_type="multipart/form-data")
    assert response.status_code == 400
    assert "no longer valid" in text(response)


def test_a_token_of_somebody_else_does_not_work(mine: Browser, visitor: Browser) -> None:
    assert mine.post("/settings/profile", {"name": "Eve"}, token=visitor.token()).status_code == 400


@pytest.mark.parametrize("path", [path for path in POSTS if path not in ("/signout", "/preferences")])
def test_everything_needs_a_sign_in(visitor: Browser, path: str) -> None:
    response = visitor.post(path)
    assert response.status_code == 303
    assert response.location == "/signin"


@pytest.mark.parametrize("path", [path for path in POSTS if path.startswith("/settings")])
def test_the_address_of_a_form_leads_to_the_page(mine: Browser, path: str) -> None:
    assert mine.get(path).location == "/settings"


def test_changes_the_name(mine: Browser, store: Store) -> None:
    assert mine.post("/settings/profile", {"name": "  Ada \u5c0f  "}).location == "/settings#profile"
    assert accounts.by_username(store, "ada").name == "Ada \u5c0f"
    assert "Your profile is saved." in text(mine.get("/settings"))


@pytest.mark.parametrize("name", ["", " ", "\u200b", "x" * 81, "a\nb", "a\x07b"])
def test_refuses_an_unusable_name(mine: Browser, store: Store, name: str) -> None:
    response = mine.post("/settings/profile", {"name": name})
    assert response.status_code == 400
    assert 'id="profile-name-error"' in response.text
    assert accounts.by_username(store, "ada").name == "Ada"


def test_a_new_password_ends_the_other_browsers(mine: Browser, as_user: Callable[..., Browser], owner: Actor) -> None:
    other = as_user(owner)
    response = mine.post("/settings/password", {"old": PASSWORD, "password": "another horse"})
    assert response.status_code == 303
    assert mine.signed_in()
    assert not other.signed_in()
    assert other.post("/signin", {"username": "ada", "password": PASSWORD}).status_code == 401
    assert other.post("/signin", {"username": "ada", "password": "another horse"}).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "status", "field"),
    [
        ("wrong password", "another horse", 403, "old"),
        ("", "another horse", 400, "old"),
        (PASSWORD, "short", 400, "password"),
        (PASSWORD, "x" * 1025, 413, "password"),
        (PASSWORD, "with\x00nul in it", 400, "password"),
    ],
)
def test_refuses_a_wrong_change_of_password(mine: Browser, old: str, new: str, status: int, field: str) -> None:
    response = mine.post("/settings/password", {"old": old, "password": new})
    assert response.status_code == status
    assert f'id="password-{field}-error"' in response.text
    assert mine.post("/signin", {"username": "ada", "password": PASSWORD}).status_code == 303


def test_language_and_theme_are_the_accounts(mine: Browser, as_user: Callable[..., Browser], owner: Actor) -> None:
    mine.post("/settings/preferences", {"language": "zh-Hans", "theme": "dark"})
    page = mine.get("/settings").text
    assert '<html lang="zh-Hans" data-theme="dark"' in page
    assert "偏好设置已保存" in page
    assert '<html lang="zh-Hans" data-theme="dark"' in as_user(owner).get("/").text


def test_density_is_the_accounts_and_stays_where_it_is_not_sent(mine: Browser) -> None:
    assert 'data-density="comfortable"' in mine.get("/").text
    for density in ({"density": "compact"}, {}):
        mine.post("/settings/preferences", {"language": "en", "theme": "dark", **density})
        assert 'data-density="compact"' in mine.get("/").text


@pytest.mark.parametrize(
    "fields",
    [
        {"language": "en", "theme": "dark", "density": "airy"},
        {"language": "xx", "theme": "dark"},
        {"language": "en", "theme": "pink"},
        {},
    ],
)
def test_refuses_unknown_preferences(mine: Browser, fields: dict[str, str]) -> None:
    assert mine.post("/settings/preferences", fields).status_code == 400


def test_lists_browsers_in_words(mine: Browser, as_user: Callable[..., Browser], owner: Actor) -> None:
    as_user(owner, IPHONE)
    page = mine.get("/settings")
    assert "Firefox on Windows This browser" in text(page)
    assert "Safari on iPhone" in text(page)
    assert "192.0.2.1" in text(page)
    assert re.search(r'<time datetime="\d{4}-\d\d-\d\dT[\d:.]+Z"', page.text)


def test_ends_one_browser_and_all_others(
    mine: Browser, as_user: Callable[..., Browser], owner: Actor, store: Store
) -> None:
    phone, tablet = as_user(owner, IPHONE), as_user(owner)
    secret = phone.cookie()
    assert secret
    actor = sessions.actor(store, secret)
    assert actor
    mine.post(f"/settings/sessions/{actor.session}/end")
    assert not phone.signed_in()
    assert tablet.signed_in()
    mine.post("/settings/sessions/end-others")
    assert "1 other browser is signed out." in text(mine.get("/settings"))
    assert not tablet.signed_in()


def test_ends_no_session_of_others(mine: Browser, as_user: Callable[..., Browser], member: Actor, store: Store) -> None:
    theirs = as_user(member)
    secret = theirs.cookie()
    assert secret
    actor = sessions.actor(store, secret)
    assert actor
    assert mine.post(f"/settings/sessions/{actor.session}/end").status_code == 303
    assert theirs.signed_in()
    assert mine.post(f"/settings/sessions/{2**63}/end").status_code == 303
    assert mine.post("/settings/sessions/-1/end").status_code == 405


def test_a_token_is_shown_once(mine: Browser, owner: Actor, store: Store) -> None:
    page = mine.post("/settings/tokens", {"name": "deploy bot"})
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    found = re.search(r'readonly value="([^"]+)"', page.text)
    assert found
    assert tokens.actor(store, found[1]) is not None
    later = mine.get("/settings").text
    assert "deploy bot" in later
    assert found[1] not in later
    (token,) = tokens.listing(store, owner)
    mine.post(f"/settings/tokens/{token.id}/revoke")
    assert tokens.actor(store, found[1]) is None


@pytest.mark.parametrize("name", ["", "x" * 81, "\x00"])
def test_a_token_needs_a_usable_name(mine: Browser, name: str) -> None:
    response = mine.post("/settings/tokens", {"name": name})
    assert response.status_code == 400
    assert 'id="token-name-error"' in response.text


def test_revokes_no_token_of_others(mine: Browser, member: Actor, store: Store) -> None:
    number, secret = tokens.create(store, member, "theirs")
    assert mine.post(f"/settings/tokens/{number}/revoke").status_code == 404
    assert mine.post(f"/settings/tokens/{2**64}/revoke").status_code == 404
    assert tokens.actor(store, secret) is not None
