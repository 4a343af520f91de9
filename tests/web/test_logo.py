"""The place's own picture: chosen by staff, seen by everybody."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from chat import server_settings
from chat.actor import Actor
from chat.hub import Hub
from chat.store import Store
from tests.pictures import made
from tests.web.browser import Browser
from tests.web.test_avatars import send


@pytest.fixture
def staff(as_user: Callable[..., Browser], owner: Actor) -> Browser:
    return as_user(owner)


def name(store: Store) -> str:
    with store.read() as conn:
        return server_settings.read(conn).logo


def kept(hub: Hub) -> list[str]:
    return sorted(path.name for path in (hub.settings.data_dir / "files" / "logos").rglob("*.webp"))


def test_everybody_sees_it(staff: Browser, visitor: Browser, store: Store, hub: Hub) -> None:
    assert "/logos/" not in visitor.get("/signin").text
    assert send(staff, made("PNG"), "/server/logo").status_code == 303
    shown = re.search(r'src="(/logos/\w+-128.webp)"', visitor.get("/signin").text)
    assert shown
    picture = visitor.get(shown[1])
    assert picture.mimetype == "image/webp"
    assert "immutable" in picture.headers["Cache-Control"]
    assert f'"logo": "{name(store)}"' in staff.get("/").text
    # Another takes its place, and nothing of the first stays.
    first = name(store)
    send(staff, made("JPEG"), "/server/logo")
    assert name(store) != first
    assert kept(hub) == sorted(f"{name(store)}-{size}.webp" for size in (64, 128, 256))
    assert hub.logo.sweep() == 0
    assert staff.post("/server/logo/remove").status_code == 303
    assert (name(store), kept(hub)) == ("", [])
    assert "/logos/" not in visitor.get("/signin").text


@pytest.mark.parametrize("data", [b"", b"no picture", b"<svg/>"])
def test_what_is_no_picture_is_refused(staff: Browser, store: Store, data: bytes) -> None:
    page = send(staff, data, "/server/logo")
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert name(store) == ""


def test_members_have_no_say_in_it(as_user: Callable[..., Browser], member: Actor, store: Store) -> None:
    theirs = as_user(member)
    assert send(theirs, made("PNG"), "/server/logo").status_code == 403
    assert theirs.post("/server/logo/remove").status_code == 403
    assert name(store) == ""


def test_a_form_of_another_page_is_refused(staff: Browser, store: Store) -> None:
    assert send(staff, made("PNG"), "/server/logo", token=b"made up").status_code == 400
    assert name(store) == ""


@pytest.mark.parametrize("path", ["x-64.webp", "../logos-64.webp", "0123456789abcdef0123456789abcdef-64.webp"])
def test_no_such_picture(visitor: Browser, path: str) -> None:
    assert visitor.get(f"/logos/{path}").status_code == 404
