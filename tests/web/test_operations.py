"""/healthz, /readyz and /metrics: what they say, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from chat.config import Settings
from chat.hub import Hub
from chat.metrics.declared import DECLARED
from chat.store import Store
from chat.web.operations import may_read
from tests.conftest import PASSWORD
from tests.figures import gained, parsed
from tests.web.browser import Browser

TOKEN = "a-token-of-many-letters"


def figures(app: Flask) -> dict[str, float]:
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    return parsed(answer.text)


def test_health_and_readiness(visitor: Browser) -> None:
    alive, ready = visitor.get("/healthz"), visitor.get("/readyz")
    assert (alive.status_code, alive.text) == (200, "ok\n")
    assert (ready.status_code, ready.get_json()) == (200, {"database": "ok", "files": "ok"})
    for answer in (alive, ready):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


def test_a_database_that_fails_is_not_ready(visitor: Browser, hub: Hub) -> None:
    def fail() -> None:
        raise OSError("a secret")

    hub.health.add("database", fail)
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (503, {"database": "failed", "files": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert visitor.get("/healthz").status_code == 200
    assert figures(visitor.app)["hubbub_ready"] == 0
    assert figures(visitor.app)["hubbub_part_ready{part=database}"] == 0


def test_a_server_that_stops_is_not_ready(visitor: Browser, hub: Hub) -> None:
    hub.health.draining = True
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json() == {"database": "ok", "files": "ok", "server": "draining"}


def test_being_asked_often_is_one_question_to_the_database(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch, hub: Hub
) -> None:
    asked = []
    hub.health.add("database", lambda: asked.append(1))
    monkeypatch.setattr(hub.health, "_clock", lambda: 100.0)
    for _ in range(50):
        assert visitor.get("/readyz").status_code == 200
    assert len(asked) == 1


def test_the_database_is_really_asked(store: Store) -> None:
    store.ping()
    store.write(lambda tx: tx.conn.exec_driver_sql("DELETE FROM meta WHERE key = 'epoch'"))
    with pytest.raises(Exception, match="No row"):
        store.ping()


def test_every_figure_is_there(app: Flask) -> None:
    text = app.test_client().get("/metrics").text
    for metric in DECLARED:
        name = f"{metric.name}_total" if metric.kind == "counter" else metric.name
        assert f"# HELP {name} {metric.help}\n" in text
        assert f"# TYPE {name} {metric.kind}\n" in text
    for name in ("process_resident_memory_bytes", "process_open_fds", "python_gc_collections_total", "python_info"):
        assert f"\n{name}" in text


def test_it_says_how_it_is_kept_and_read(app: Flask) -> None:
    answer = app.test_client().get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"


def test_pages_are_counted(visitor: Browser) -> None:
    before = figures(visitor.app)
    for path in ("/signin", "/signin", "/room/1", "/room/2", "/nope", "/other", "/signout"):
        visitor.get(path)
    found = gained(before, figures(visitor.app), "hubbub_http_requests_total")
    assert found == {
        "hubbub_http_requests_total{endpoint=web.signin,status=200}": 2,
        "hubbub_http_requests_total{endpoint=web.room,status=303}": 2,
        # A wrong method is no page either.
        "hubbub_http_requests_total{endpoint=none,status=404}": 2,
        "hubbub_http_requests_total{endpoint=none,status=405}": 1,
        "hubbub_http_requests_total{endpoint=web.metrics,status=200}": 1,
    }
    timed = gained(before, figures(visitor.app), "hubbub_http_request_seconds_count")
    assert timed == {"hubbub_http_request_seconds_count": 9}


def test_refused_forms_and_failures_are_counted_under_their_page(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(store: Any) -> bool:
        raise RuntimeError

    before = figures(visitor.app)
    visitor.post("/signin", token="wrong")
    monkeypatch.setattr("chat.accounts.is_empty", fail)
    visitor.get("/signin")
    found = gained(before, figures(visitor.app), "hubbub_http_requests_total{endpoint=web.signin")
    assert found == {
        "hubbub_http_requests_total{endpoint=web.signin,status=400}": 1,
        "hubbub_http_requests_total{endpoint=web.signin,status=500}": 1,
    }


def test_refused_sign_ins_are_counted(visitor: Browser) -> None:
    for password in ("wrong one here", "wrong two here", PASSWORD):
        visitor.post("/signin", {"username": "ada", "password": password})
    found = {name: value for name, value in figures(visitor.app).items() if "sign_ins" in name}
    assert list(found.values()) == [2]


def test_two_applications_count_apart(make_app: Callable[..., Flask], tmp_path: Any) -> None:
    first, second = make_app(), make_app(data_dir=tmp_path / "second", database_url="")
    first.test_client().get("/signin")
    assert "hubbub_http_requests_total{endpoint=web.signin,status=303}" in figures(first)
    assert "hubbub_http_requests_total{endpoint=web.signin,status=303}" not in figures(second)


def environ(address: str, host: str = "localhost:5000", **headers: str) -> dict[str, str]:
    return {"REMOTE_ADDR": address, "HTTP_HOST": host, **{f"HTTP_{name}": text for name, text in headers.items()}}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000"])
def test_a_program_on_this_machine_may_read(address: str, host: str) -> None:
    assert may_read(environ(address, host), "")
    assert may_read(environ(address, host), TOKEN)


@pytest.mark.parametrize(
    "asked",
    [
        environ("192.0.2.1"),
        environ("::ffff:192.0.2.1"),
        environ("10.0.0.1"),
        environ(""),
        environ("unix:"),
        # What a proxy on this machine passes on, whatever it says, and whether or not it is believed.
        environ("127.0.0.1", X_FORWARDED_FOR="192.0.2.1"),
        environ("127.0.0.1", X_FORWARDED_FOR=""),
        environ("127.0.0.1", X_FORWARDED_FOR="127.0.0.1"),
        environ("127.0.0.1", X_FORWARDED_PROTO="https"),
        environ("127.0.0.1", X_FORWARDED_HOST="localhost"),
        environ("127.0.0.1", X_REAL_IP="127.0.0.1"),
        environ("127.0.0.1", FORWARDED="for=127.0.0.1"),
        environ("127.0.0.1", VIA="1.1 proxy"),
        # A proxy that says nothing, and a page whose name was made to lead here.
        environ("127.0.0.1", "chat.example.org"),
        environ("127.0.0.1", ""),
        environ("127.0.0.1", "127.0.0.1.example.org"),
        environ("127.0.0.1", "[::1"[:1]),
    ],
)
def test_nobody_else_may(asked: dict[str, str]) -> None:
    assert not may_read(asked, "")
    assert not may_read(asked, TOKEN)
    assert may_read({**asked, "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, TOKEN)


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", "Bearer é\udcff"],
)
def test_a_wrong_token_opens_nothing(given: str) -> None:
    asked = environ("192.0.2.1", AUTHORIZATION=given.encode("utf-8", "replace").decode("latin-1"))
    assert not may_read(asked, TOKEN)
    assert not may_read(asked, "")


def test_a_wrong_token_is_wrong_on_this_machine_too() -> None:
    """Whoever sets up a scraper beside the server must see that its token is wrong."""
    assert not may_read(environ("127.0.0.1", AUTHORIZATION="Bearer wrong"), TOKEN)


def test_behind_a_proxy_on_this_machine(make_app: Callable[..., Flask]) -> None:
    """The proxy's own address is this machine's, and a visitor may claim anything."""
    app = make_app(trusted_proxies=1, metrics_token=TOKEN)
    client = app.test_client()
    for claimed in ("192.0.2.1", "127.0.0.1", "127.0.0.1, 192.0.2.1"):
        assert client.get("/metrics", headers={"X-Forwarded-For": claimed}).status_code == 404
    passed_on = {"X-Forwarded-For": "192.0.2.1", "Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", headers=passed_on).status_code == 200
    assert client.get("/metrics").status_code == 200


def test_refusals_look_like_no_page(visitor: Browser) -> None:
    away = {"REMOTE_ADDR": "192.0.2.1"}
    refused = visitor.client.get("/metrics", environ_overrides=away, headers={"Accept": "application/json"})
    nothing = visitor.client.get("/nothing", environ_overrides=away, headers={"Accept": "application/json"})
    assert refused.status_code == nothing.status_code == 404
    assert refused.data == nothing.data


def test_the_token_is_no_part_of_what_settings_show() -> None:
    field = Settings.__dataclass_fields__["metrics_token"]
    assert field.metadata["secret"]
