"""Language and theme: the account's, the cookie's, the browser's, the server's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from chat.web import agents, said
from tests.web.browser import Browser, text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-TW", "zh-Hans"),
        ("fr,zh;q=0.5,en;q=0.4", "zh-Hans"),
        ("fr;q=0.9", "en"),
        ("zh;q=0", "en"),
        ("*", "en"),
        ("", "en"),
        (";;;,,,\u00e9", "en"),
        ("x" * 5000, "en"),
    ],
)
def test_the_browser_is_asked(visitor: Browser, accepted: str, language: str) -> None:
    page = visitor.get("/signin", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}"' in page.text


def test_the_server_has_a_language_for_all_others(make_app: Callable[..., Flask]) -> None:
    browser = Browser(make_app(language="zh-Hans"))
    assert '<html lang="zh-Hans"' in browser.get("/setup", headers={"Accept-Language": "fr"}).text
    assert '<html lang="en"' in browser.get("/setup", headers={"Accept-Language": "en"}).text


def test_a_choice_is_remembered(visitor: Browser) -> None:
    response = visitor.post("/preferences", {"language": "zh-Hans", "next": "/signin"})
    assert response.location == "/signin"
    visitor.post("/preferences", {"theme": "dark", "next": "/signin"})
    page = visitor.get("/signin", headers={"Accept-Language": "en"})
    assert '<html lang="zh-Hans" data-theme="dark"' in page.text
    assert "登录" in text(page)


@pytest.mark.parametrize("value", ["", ".", "xx.yy", "zh-Hans", '"><script>', "x" * 3000, "..dark"])
def test_a_broken_cookie_is_no_choice(visitor: Browser, value: str) -> None:
    visitor.client.set_cookie("hubbub_preferences", value)
    page = visitor.get("/signin")
    assert page.status_code == 200
    assert 'data-theme="auto"' in page.text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_a_choice_leads_to_local_pages_only(visitor: Browser, target: str) -> None:
    assert visitor.post("/preferences", {"theme": "dark", "next": target}).location == "/"


def test_an_unknown_choice_changes_nothing(visitor: Browser) -> None:
    visitor.post("/preferences", {"language": "xx", "theme": "pink"})
    assert '<html lang="en" data-theme="auto"' in visitor.get("/signin").text


def test_sentences_with_a_number_are_translated(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert said.translated("At least 8 characters, please.") == "至少需要 8 个字符。"
        assert said.translated("This may be at most 1,024 characters long.") == "最多 1,024 个字符。"
        assert said.translated("This name is taken. Please choose another.") == "这个名字已被使用，请换一个。"
        assert said.translated("100% unknown") == "100% unknown"
        assert said.translated("%(oops)s") == "%(oops)s"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("", "Unknown browser"),
        ("curl/8.0", "Unknown browser"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
            "Chrome on Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari on macOS"),
        ("<script>alert(1)</script>", "Unknown browser"),
    ],
)
def test_browsers_are_named_in_words(app: Flask, agent: str, words: str) -> None:
    with app.test_request_context():
        assert agents.named(agent).words == words
