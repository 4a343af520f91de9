"""What other web sites get of live help: a script, and two pages that they and nobody else may frame."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest

from chat.actor import Actor
from chat.events.help import HelpLook
from chat.helpdesk import sites
from chat.helpdesk.sites import Site
from chat.store import Store
from tests.web.browser import Browser

ORIGINS = ["https://shop.example", "http://127.0.0.1:8000"]
FRAMED = ["/help/launcher", "/help/window"]
# What the host page may be made to load, compressed.
MOST_BYTES = 15_000


@pytest.fixture
def site(store: Store, owner: Actor) -> Site:
    return sites.create(store, owner, "Sample <shop>", ORIGINS, HelpLook(hue=20, side="left"))


def boot(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page, re.DOTALL)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


@pytest.mark.parametrize("path", FRAMED)
def test_only_the_sites_own_pages_may_frame_it(visitor: Browser, site: Site, path: str) -> None:
    response = visitor.get(f"{path}?site={site.key}")
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert "frame-ancestors https://shop.example http://127.0.0.1:8000" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in "".join(policy)
    assert "X-Frame-Options" not in response.headers
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<[^>]+\s(style|on\w+)=", response.text)
    assert "Sample &lt;shop&gt;" in response.text
    assert "/help/theme.css?hue=20" in response.text


@pytest.mark.parametrize("path", FRAMED)
def test_it_neither_sets_nor_minds_a_cookie(visitor: Browser, site: Site, owner: Actor, path: str) -> None:
    plain = visitor.get(f"{path}?site={site.key}")
    visitor.client.set_cookie("hubbub_session", "somebody's")
    visitor.client.set_cookie("hubbub_preferences", "zh-Hans.dark")
    assert visitor.get(f"{path}?site={site.key}").text == plain.text
    assert "Set-Cookie" not in plain.headers
    # Nothing of the team's own: its name, its people, its doors.
    for word in ("Sample server", owner.username, owner.name, "/signin", "csrf"):
        assert word not in plain.text
    assert boot(plain.text) == {"site": site.key, "origins": ORIGINS, "language": "en", "side": "left"}


@pytest.mark.parametrize("path", FRAMED)
@pytest.mark.parametrize("key", ["", "nowhere", "x" * 5000, "%00", "'"])
def test_an_unknown_key_opens_nothing(visitor: Browser, site: Site, path: str, key: str) -> None:
    response = visitor.get(f"{path}?site={key}")
    assert response.status_code == 404
    assert response.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in response.headers
    assert response.text == "There is no help window for this web site.\n"


def test_a_closed_site_has_no_window(visitor: Browser, site: Site, store: Store, owner: Actor) -> None:
    sites.close(store, owner, site.id)
    for path in FRAMED:
        assert visitor.get(f"{path}?site={site.key}").status_code == 404


def test_it_speaks_the_sites_language_else_the_visitors(
    visitor: Browser, site: Site, store: Store, owner: Actor
) -> None:
    path, chinese = f"/help/launcher?site={site.key}", {"Accept-Language": "zh-CN,zh;q=0.9"}
    page = visitor.get(path, headers=chinese).text
    assert '<html lang="zh-Hans"' in page
    assert "联系我们" in page
    sites.change(store, owner, site.id, site.name, ORIGINS, HelpLook(language="en"))
    page = visitor.get(path, headers=chinese).text
    assert '<html lang="en"' in page
    assert "Talk to us" in page


def test_the_script_is_for_every_page_and_small(visitor: Browser) -> None:
    response = visitor.get("/help/widget.js", headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert response.mimetype == "text/javascript"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Cache-Control"] == "public, max-age=600"
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Set-Cookie" not in response.headers
    assert len(response.data) < MOST_BYTES
    text = gzip.decompress(response.data).decode()
    assert visitor.get("/help/widget.js").text == text
    # It runs as it is: no module, nothing that it would load beside the frames.
    assert not re.search(r"\b(import|export)\b|https?://(?!chat\.example\.com/help/)", text)
    again = visitor.get(
        "/help/widget.js", headers={"Accept-Encoding": "gzip", "If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code in (200, 304)


@pytest.mark.parametrize(
    ("hue", "status"), [("0", 200), ("360", 200), ("361", 404), ("-1", 404), ("}", 404), ("", 404)]
)
def test_a_sites_colour_is_a_number(visitor: Browser, hue: str, status: int) -> None:
    response = visitor.get(f"/help/theme.css?hue={hue}")
    assert response.status_code == status
    if status == 200:
        assert response.text == f":root {{ --hue: {hue}; }}\n"
        assert response.mimetype == "text/css"
