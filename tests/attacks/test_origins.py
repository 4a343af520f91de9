"""Attacks by other web sites, with the browser of somebody who is signed in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.support import Scene, get
from tests.transport.harness import ENGINE, Http, WebSocket


def test_jsonp_is_off(scene: Scene) -> None:
    """A script element of any page would read along."""
    for query in ("&transport=polling&j=0", "&transport=polling&j=0&b64=1", "&transport=websocket&j=1"):
        answer = get(scene.port, ENGINE + query)
        assert answer.status == 400
        assert b"___eio" not in answer.body
    with Http(scene.port) as http:
        answer = http.request("POST", f"{ENGINE}&transport=polling&j=0&sid=AAAA", b"d=40")
        assert answer.status == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": ""},
        {"Origin": "https://evil.example", "X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "https"},
        {"Origin": "https://evil.example", "Forwarded": "host=evil.example;proto=https"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
    ],
)
def test_other_sites_are_refused(scene: Scene, headers: dict[str, Any]) -> None:
    """The cookie comes along, as a browser sends it."""
    cookie: dict[str, Any] = {"Cookie": f"hubbub_session={scene.attacker.cookie}"}
    with WebSocket(scene.port, **headers, **cookie) as attacker:
        assert attacker.status == 101
        assert attacker.text()[0] == "0"
        attacker.put("40/chat,")
        answer = attacker.text()
        assert answer.startswith("44/chat,")
        assert '"forbidden_origin"' in answer
    answer_of_http = get(scene.port, ENGINE + "&transport=polling", **headers)
    assert not [name for name in answer_of_http.headers if name.startswith("access-control")]


def test_our_own_pages_are_let_in(scene: Scene) -> None:
    cookie: dict[str, Any] = {"Cookie": f"hubbub_session={scene.attacker.cookie}"}
    with WebSocket(scene.port, Origin="http://localhost", **cookie) as browser:
        assert browser.text()[0] == "0"
        browser.put("40/chat,")
        assert browser.text().startswith("40/chat,")


def test_forwarded_addresses_mean_nothing(scene: Scene) -> None:
    """Without a configured proxy a client can't choose under which host its page and its links are."""
    forged = {"X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "https", "X_Forwarded_For": "203.0.113.7"}
    answer = get(scene.port, "/signin", **forged)
    assert answer.status == 200
    assert b"evil.example" not in answer.body
    assert "evil.example" not in "".join(answer.headers.values())
