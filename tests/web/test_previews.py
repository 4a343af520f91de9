"""The pictures of previews, which this server shows itself."""

from __future__ import annotations

from chat.hub import Hub
from chat.previews.fetching import small
from chat.previews.reading import Said
from tests.pictures import made
from tests.web.browser import Browser


def test_a_picture_is_shown_by_its_name(visitor: Browser, hub: Hub) -> None:
    kept = hub.previews.keep("https://a.example/", Said("A page", "", "", ""), small(made("PNG")))
    assert kept.shown is not None
    assert kept.shown.picture is not None
    shown = visitor.get(kept.shown.picture)
    assert (shown.status_code, shown.mimetype, shown.data[8:12]) == (200, "image/webp", b"WEBP")
    assert "immutable" in shown.headers["Cache-Control"]
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    for name in ("0" * 32, "x", "0" * 31 + "/", "..%2f" * 3, "é" * 32):
        assert visitor.get(f"/previews/{name}.webp").status_code == 404
