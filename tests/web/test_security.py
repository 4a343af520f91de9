"""Headers, errors, sizes, hosts and static files."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from structlog.testing import capture_logs

from chat import accounts
from chat.actor import Actor
from chat.errors import ChatError
from chat.store import Store
from tests.web.browser import Browser, text

EVERYWHERE = ["/", "/signin", "/no-such-page", "/healthz", "/readyz", "/theme.css", "/manifest.webmanifest"]
EVERYWHERE += ["/static/css/base.css", "/static/none.css", "/settings", "/room/1", "/invite/x", "/signout"]


def test_every_answer_carries_the_headers(visitor: Browser) -> None:
    for path in EVERYWHERE:
        response = visitor.get(path)
        headers = response.headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; "), path
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        if response.mimetype == "text/html":
            assert "; script-src 'self' 'sha256-" in policy
            for part in ("style-src 'self'", "form-action 'self'", "base-uri 'none'"):
                assert part in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "microphone=(self)" in headers["Permissions-Policy"]


def test_the_policy_allows_exactly_the_import_map(visitor: Browser) -> None:
    response = visitor.get("/signin")
    found = re.search(r'<script type="importmap">(.*?)</script>', response.text, re.DOTALL)
    assert found
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response.headers["Content-Security-Policy"]
    assert json.loads(found[1])["imports"]["lit"].endswith("/vendor/lit/index.js")


def test_nothing_is_inline(visitor: Browser, as_user: Callable[..., Browser], owner: Actor) -> None:
    mine = as_user(owner)
    pages = [visitor.get("/signin"), visitor.get("/nope"), *(mine.get(p) for p in ("/", "/settings", "/invites"))]
    for page in pages:
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page.text)
        assert "<style" not in page.text
        for attributes in re.findall(r"<script([^>]*)>", page.text):
            assert "src=" in attributes or 'type="importmap"' in attributes or 'type="application/json"' in attributes


@pytest.mark.parametrize(
    ("host", "sockets"),
    [
        ("chat.example.org", "ws://chat.example.org wss://chat.example.org"),
        ("127.0.0.1:5000", "ws://127.0.0.1:5000 wss://127.0.0.1:5000"),
        ("[::1]:5000", "ws://[::1]:5000 wss://[::1]:5000"),
    ],
)
def test_sockets_may_go_to_our_own_host(visitor: Browser, host: str, sockets: str) -> None:
    policy = visitor.get("/signin", headers={"Host": host}).headers["Content-Security-Policy"]
    assert f"connect-src 'self' {sockets};" in policy


@pytest.mark.parametrize("host", ["evil.example; script-src *", "a b", "x'", "", "*", "a,b"])
def test_a_hostile_host_writes_no_policy(visitor: Browser, host: str) -> None:
    response = visitor.get("/signin", headers={"Host": host})
    assert response.headers["Content-Security-Policy"].count("script-src") == 1
    assert "*" not in response.headers["Content-Security-Policy"]


def test_pages_are_not_kept(visitor: Browser, as_user: Callable[..., Browser], owner: Actor) -> None:
    mine = as_user(owner)
    for response in (visitor.get("/signin"), visitor.get("/nope"), mine.get("/"), mine.get("/settings")):
        assert response.headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_by_their_version(visitor: Browser) -> None:
    address = re.search(r'href="(/static/~\w+/css/base\.css)"', visitor.get("/signin").text)
    assert address
    response = visitor.get(address[1])
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in response.headers


def test_static_texts_are_compressed_for_who_can_read_it(visitor: Browser) -> None:
    address = re.search(r'href="(/static/~\w+/css/base\.css)"', visitor.get("/signin").text)
    assert address
    plain = visitor.get(address[1])
    packed = visitor.get(address[1], headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert gzip.decompress(packed.data) == plain.data
    assert packed.content_length == len(packed.data) < len(plain.data)
    refused = visitor.get(address[1], headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers
    head = visitor.client.head(address[1], headers={"Accept-Encoding": "gzip"})
    assert head.data == b""


@pytest.mark.parametrize("path", ["/static/css/base.css", "/static/~000000000000/css/base.css"])
def test_other_addresses_of_static_files_are_asked_for_again(visitor: Browser, path: str) -> None:
    response = visitor.get(path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"
    again = visitor.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/static/../chat/config.py",
        "/static/%2e%2e/chat/config.py",
        "/static/~x/../../chat/config.py",
        "/static/~x//etc/passwd",
        "/static/~x/",
        "/static/",
        "/static/.hidden",
        "/static/css/",
        "/static/css/base.css%00",
        "/static/..%5cchat%5cconfig.py",
    ],
)
def test_nothing_but_static_files_is_served(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code in (404, 308)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/no-such-page", 404, "There is nothing here"), ("/signout", 405, "can't be opened like this")],
)
def test_errors_are_pages_for_people_and_json_for_programs(
    visitor: Browser, path: str, status: int, words: str
) -> None:
    page = visitor.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == status
    assert words in text(page)
    answer = visitor.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert answer.get_json()["ok"] is False
    assert set(answer.get_json()["error"]) == {"code", "message", "retryable"}
    if status == 405:
        assert "POST" in page.headers["Allow"]


def test_a_program_gets_json_under_api_whatever_it_accepts(visitor: Browser) -> None:
    assert visitor.get("/api/none", headers={"Accept": "text/html"}).get_json()["error"]["code"] == "not_found"


def test_a_program_that_is_not_signed_in_is_told_so(visitor: Browser) -> None:
    answer = visitor.get("/settings", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.get_json()["error"]["code"] == "unauthenticated"


def test_a_fault_shows_an_id_and_nothing_else(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(store: Any) -> bool:
        raise RuntimeError("the inner secret")

    monkeypatch.setattr(accounts, "is_empty", fail)
    with capture_logs() as logs:
        page = visitor.get("/signin")
    assert page.status_code == 500
    assert "Traceback" not in page.text
    assert "the inner secret" not in page.text
    assert f"<code>{page.headers['X-Request-ID']}</code>" in page.text
    assert [line["event"] for line in logs] == ["request failed", "request"]
    assert isinstance(logs[0]["exc_info"], RuntimeError)
    answer = visitor.get("/signin", headers={"Accept": "application/json"})
    assert answer.get_json()["error"]["id"] == answer.headers["X-Request-ID"]


def test_a_database_that_is_away_is_said_kindly(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(store: Store) -> Any:
        raise ChatError("unavailable", "The database can't be reached just now. Please try again.", retryable=True)

    monkeypatch.setattr(Store, "read", away)
    visitor.client.set_cookie("hubbub_session", "anything")
    page = visitor.get("/")
    assert page.status_code == 503
    assert "The database can't be reached just now." in text(page)
    assert visitor.get("/healthz").status_code == 200


def test_bodies_are_bounded(visitor: Browser) -> None:
    token = visitor.token()
    big = visitor.post("/signin", {"username": "x" * (2 << 20), "password": "y"}, token=token)
    assert big.status_code == 413
    assert "too large" in text(big)
    parts = {f"field{n}": "x" for n in range(200)}
    many = visitor.client.post("/signin", data={"csrf_token": token, **parts}, content_type="multipart/form-data")
    assert many.status_code == 413


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"%ff%fe=%00", b"a=b&" * 5000, b"{", b""])
@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/json",
        "\u00e9",
    ],
)
def test_any_body_gets_an_answer(visitor: Browser, body: bytes, kind: str) -> None:
    headers = {"X-CSRFToken": visitor.token()}
    response = visitor.client.post("/signin", data=body, content_type=kind, headers=headers)
    assert response.status_code in (400, 401, 413)


def test_json_is_no_form(visitor: Browser) -> None:
    headers = {"X-CSRFToken": visitor.token()}
    response = visitor.client.post("/signin", json={"username": 5, "password": ["x"]}, headers=headers)
    assert response.status_code == 400


@pytest.mark.parametrize("room", ["0", "-1", str(2**53), str(2**70), "abc", "1.5"])
def test_a_room_has_a_sane_number(as_user: Callable[..., Browser], owner: Actor, room: str) -> None:
    assert as_user(owner).get(f"/room/{room}").status_code == 404


def test_methods_that_nobody_expects(visitor: Browser) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "FOO"):
        assert visitor.client.open("/signin", method=method).status_code in (400, 405)


def test_the_app_can_be_embedded_twice(make_app: Callable[..., Flask], tmp_path: Any) -> None:
    first, second = make_app(), make_app(data_dir=tmp_path / "second", database_url="", accent_hue=20)
    assert "--hue: 195" in Browser(first).get("/theme.css").text
    assert "--hue: 20" in Browser(second).get("/theme.css").text
