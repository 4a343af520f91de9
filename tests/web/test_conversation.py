"""The shell of the conversation: what the scripts find in it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
from flask import Flask
from structlog.testing import capture_logs

from chat.actor import Actor
from chat.events.objects import User
from chat.web.assets.shell import join
from tests.web.browser import Browser


def boot(page: Any) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page.text, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_tells_who_and_where(as_user: Callable[..., Browser], owner: Actor) -> None:
    data = boot(as_user(owner).get("/room/7"))
    assert data["server"] == "Sample"
    assert data["room"] == 7
    assert data["language"] == "en"
    assert data["staff"] is True
    assert data["user"]["username"] == "ada"
    assert set(data["user"]) == set(User.__struct_fields__)
    assert data["urls"] == {"settings": "/settings", "invites": "/invites", "signout": "/signout"}


def test_members_are_shown_no_way_to_invitations(as_user: Callable[..., Browser], member: Actor) -> None:
    data = boot(as_user(member).get("/"))
    assert data["room"] is None
    assert data["staff"] is False
    assert data["urls"]["invites"] is None


def test_its_token_signs_out(as_user: Callable[..., Browser], owner: Actor) -> None:
    browser = as_user(owner)
    token = boot(browser.get("/"))["csrf"]
    assert browser.client.post("/signout", headers={"X-CSRFToken": token}).location == "/signin"
    assert not browser.signed_in()


def test_a_visit_prolongs_the_cookie(as_user: Callable[..., Browser], owner: Actor) -> None:
    browser = as_user(owner)
    cookies = browser.get("/").headers.getlist("Set-Cookie")
    assert any(c.startswith("hubbub_session=") and "Max-Age=2592000" in c for c in cookies)


def test_is_a_script_and_a_style_sheet(as_user: Callable[..., Browser], owner: Actor, visitor: Browser) -> None:
    page = as_user(owner).get("/").text
    assert len(re.findall(r'<link rel="stylesheet"', page)) == 2
    folder = re.search(r'"(/static/~\w+/joined/)', page)
    assert folder
    for name, kind in (
        ("page.js", "text/javascript"),
        ("page.js.map", "application/json"),
        ("conversation.css", "text/css"),
    ):
        address = f"{folder[1]}{name}"
        plain = visitor.get(address)
        assert plain.mimetype == kind
        assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        packed = visitor.get(address, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.data) == plain.data
        pressed = visitor.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert pressed.headers["Content-Encoding"] == "br"
        assert brotli.decompress(pressed.data) == plain.data
        assert len(pressed.data) < len(packed.data)
        assert visitor.get(address, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304
        # A page of another version asks, where several processes are updated one after another.
        other = visitor.get(f"/static/~000000000000/joined/{name}")
        assert other.data == plain.data
        assert other.headers["Cache-Control"] == "no-cache"
    assert visitor.get("/static/joined/none.js").status_code == 404


def test_its_import_map_is_allowed_and_leads_to_what_is_loaded(as_user: Callable[..., Browser], owner: Actor) -> None:
    page = as_user(owner).get("/")
    found = re.search(r'<script type="importmap">(.*?)</script>', page.text, re.DOTALL)
    assert found
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page.headers["Content-Security-Policy"]
    imports = json.loads(found[1])["imports"]
    script = re.search(r'<script type="module" src="([^"]+)">', page.text)
    assert script
    assert imports["lit"] == imports[script[1].replace("joined/page.js", "js/lib/i18n.js")] == script[1]


def test_single_files_are_all_named(make_app: Callable[..., Flask]) -> None:
    app = make_app(page_files="single")
    shell = app.extensions["hubbub_assets"].shell()
    assert shell.script == "js/app.js"
    assert "js/elements/hub-app.js" in shell.preloads
    assert "vendor/lit/index.js" in shell.preloads
    assert "css/message.css" in shell.styles
    visitor = Browser(app)
    for name in (*shell.preloads, *shell.styles):
        assert visitor.get(f"/static/{name}").status_code == 200, name


def test_files_that_do_not_join_are_served_as_they_are(tmp_path: Path) -> None:
    static = tmp_path / "static"
    (static / "js").mkdir(parents=True)
    (static / "js" / "app.js").write_text("export var a = 1;")
    with capture_logs() as logs:
        assert join(static, "/static/~x/").script == "js/app.js"
    assert "export var a" in logs[0]["why"]
