"""The id of a request and its line in the log."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from flask import Flask
from structlog.testing import capture_logs

from chat import accounts, logs
from chat.actor import Actor
from chat.web.access import shown_path
from tests.web.browser import Browser

OURS = re.compile(r"[0-9a-f]{16}")


def lines(act: Callable[[], object]) -> list[dict[str, Any]]:
    """The access log's lines of what is done."""
    with capture_logs() as found:
        act()
    return [dict(line) for line in found if line["event"] == "request"]


def test_every_answer_has_an_id_of_its_own(visitor: Browser) -> None:
    found = [visitor.get(path).headers["X-Request-ID"] for path in ("/signin", "/nope", "/healthz", "/static/none")]
    assert all(OURS.fullmatch(one) for one in found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("level", ["debug", "info"])
def test_the_socket_endpoint_has_one_where_it_has_lines(make_app: Callable[..., Flask], level: str) -> None:
    answer = make_app(log_level=level).test_client().get("/socket.io/?EIO=3&transport=polling")
    assert answer.status_code == 400
    assert bool(OURS.fullmatch(answer.headers.get("X-Request-ID", ""))) == (level == "debug")


@pytest.mark.parametrize("given", ["abcdefgh", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "x" * 64, "Root_1.2-3"])
def test_a_trusted_proxy_may_name_it(make_app: Callable[..., Flask], given: str) -> None:
    headers = {"X-Request-ID": given}
    assert make_app(trusted_proxies=1).test_client().get("/healthz", headers=headers).headers["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "two words here", "a\x1b[2Jbcdefgh", "schönschön", "a;b=cdefg"]
)
def test_what_is_no_id_is_not_taken(make_app: Callable[..., Flask], given: str) -> None:
    client = make_app(trusted_proxies=1).test_client()
    answer = client.get("/healthz", environ_overrides={"HTTP_X_REQUEST_ID": given})
    assert OURS.fullmatch(answer.headers["X-Request-ID"])


def test_nobody_else_may_name_it(visitor: Browser) -> None:
    answer = visitor.get("/healthz", headers={"X-Request-ID": "abcdefgh"})
    assert OURS.fullmatch(answer.headers["X-Request-ID"])


def test_a_line_tells_what_was_asked_and_answered(visitor: Browser) -> None:
    (line,) = lines(lambda: visitor.get("/signin?next=/secret", headers={"Cookie": "hubbub_session=secret"}))
    assert line["log_level"] == "info"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/signin", 200)
    assert line["address"] == "127.0.0.1"
    assert line["bytes"] > 100
    assert line["ms"] > 0
    assert "secret" not in repr(line)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/static/css/base.css", "/socket.io/?EIO=4"])
def test_what_comes_often_is_for_debugging(make_app: Callable[..., Flask], path: str) -> None:
    client = make_app(log_level="debug").test_client()
    (line,) = lines(lambda: client.get(path, buffered=True))
    assert line["log_level"] == "debug"


def test_the_address_is_the_visitor_s_behind_a_trusted_proxy(make_app: Callable[..., Flask]) -> None:
    headers = {"X-Forwarded-For": "192.0.2.7"}
    for hops, seen in ((1, "192.0.2.7"), (0, "127.0.0.1")):
        client = make_app(trusted_proxies=hops).test_client()
        (line,) = lines(lambda client=client: client.get("/nope", headers=headers))  # type: ignore[misc]
        assert line["address"] == seen


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", "/"),
        ("/room/5", "/room/5"),
        ("/invite/abc", "/invite/[hidden]"),
        ("/invite/" + "x" * 43, "/invite/[hidden]"),
        ("/INVITE/abc", "/INVITE/[hidden]"),
        ("//invite/abc/more", "//invite/[hidden]/more"),
        ("/typo/" + "x" * 43, "/typo/[hidden]"),
        ("/" + "-_aZ" * 11, "/[hidden]"),
        ("/é".encode().decode("latin-1"), "/é"),
        ("/\xff", "/\ufffd"),
    ],
)
def test_links_are_hidden(path: str, shown: str) -> None:
    assert shown_path(path) == shown


def test_a_path_takes_no_more_than_a_line() -> None:
    assert len(shown_path("/a b" * 2000)) <= 200


def test_the_page_of_a_fault_shows_the_id_that_all_lines_have(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch, make_settings: Callable[..., Any], capsys: Any
) -> None:
    def fail(store: Any) -> bool:
        raise RuntimeError(secret)

    secret = "the inner " + "secret"
    monkeypatch.setattr(accounts, "is_empty", fail)
    before = structlog.get_config()
    try:
        logs.configure(make_settings(log_format="json"))
        answer = visitor.get("/signin")
        visitor.get("/nope")
    finally:
        structlog.configure(**before)
    number = answer.headers["X-Request-ID"]
    assert f"<code>{number}</code>" in answer.text
    found = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    # The page's header was made after a request of its own.
    failed, asked, other = found
    assert (failed["event"], asked["event"]) == ("request failed", "request")
    assert failed["id"] == asked["id"] == number
    assert secret not in failed["exception"]
    assert other["id"] != number


def test_nothing_stays_bound(visitor: Browser, as_user: Callable[..., Browser], owner: Actor) -> None:
    visitor.get("/signin")
    as_user(owner).get("/")
    assert structlog.contextvars.get_contextvars() == {}
