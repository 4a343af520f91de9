"""People's pictures: made small, shown to all, replaced and removed, and whatever else somebody may send."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from chat import people
from chat.actor import Actor
from chat.files import shelf, squares
from chat.hub import Hub
from chat.store import Store
from tests.clients import Client
from tests.web.browser import Browser, text


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), **more: Any) -> bytes:
    """Red in its left half, blue in its right one."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    target = io.BytesIO()
    image.save(target, kind, **more)
    return target.getvalue()


def send(browser: Browser, data: bytes, path: str = "/settings/avatar", token: bytes | None = None) -> TestResponse:
    """As a form; put together here, since the test client would leave a file open for a large one."""
    mark = b"--picture"
    token = browser.token().encode() if token is None else token
    body = b"".join(
        (
            mark + b'\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token + b"\r\n",
            mark + b'\r\nContent-Disposition: form-data; name="picture"; filename="me.png"\r\n\r\n' + data + b"\r\n",
            mark + b"--\r\n",
        )
    )
    return browser.client.post(path, data=body, content_type="multipart/form-data; boundary=picture")


def named(store: Store, actor: Actor) -> str | None:
    with store.read() as conn:
        return people.one(conn, actor.user).avatar


def kept(hub: Hub) -> list[str]:
    return sorted(path.name for path in (hub.settings.data_dir / "files" / "avatars").rglob("*.webp"))


@pytest.fixture
def mine(as_user: Callable[..., Browser], owner: Actor) -> Browser:
    return as_user(owner)


def test_a_picture_is_made_small_and_shown_to_all(
    mine: Browser, visitor: Browser, hub: Hub, store: Store, owner: Actor
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    assert send(mine, picture("JPEG", exif=exif)).status_code == 303
    name = named(store, owner)
    assert kept(hub) == sorted(f"{name}-{size}.webp" for size in (64, 128, 256))
    for size in (64, 128, 256):
        found = visitor.client.get(f"/avatars/{name}-{size}.webp")
        assert (found.status_code, found.mimetype) == (200, "image/webp")
        assert "immutable" in found.headers["Cache-Control"]
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        assert b"CameraMaker" not in found.data
        image = Image.open(io.BytesIO(found.data))
        assert image.size == (size, size)
        # The middle of the picture, not all of it squeezed.
        reds: Any = image.convert("RGB").getchannel("R")
        assert reds.crop((0, 0, 4, size)).getextrema()[0] > 200 > reds.crop((size - 4, 0, size, size)).getextrema()[1]
    assert f"{name}-256.webp" in mine.client.get("/settings").text


def test_a_picture_as_cameras_make_them(mine: Browser, store: Store, owner: Actor) -> None:
    noise = Image.frombytes("RGB", (1500, 1500), os.urandom(3 * 1500 * 1500))
    target = io.BytesIO()
    noise.save(target, "PNG")
    assert squares.MOST_BYTES > len(target.getvalue()) > 6_000_000
    assert send(mine, target.getvalue()).status_code == 303
    assert named(store, owner) is not None


def test_everybody_is_told_at_once_and_the_old_one_is_gone(
    mine: Browser, hub: Hub, store: Store, owner: Actor, member: Actor, connect: Callable[[Actor], Client]
) -> None:
    mira = connect(member)
    me = connect(owner)
    send(mine, picture())
    first = named(store, owner)
    send(mine, picture("GIF"))
    second = named(store, owner)
    assert first != second
    assert [fact["user"]["avatar"] for fact in mira.told("user_changed")] == [first, second]
    assert kept(hub) == sorted(f"{second}-{size}.webp" for size in (64, 128, 256))
    room = me.told("welcome")[0]["rooms"][0]["id"]
    assert me.send(room, "hello")["author"]["avatar"] == second
    assert mine.post("/settings/avatar/remove").status_code == 303
    assert (named(store, owner), kept(hub)) == (None, [])
    assert mira.told("user_changed")[-1]["user"]["avatar"] is None


@cache
def _bomb() -> bytes:
    return picture("PNG", (9000, 9000), compress_level=1)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(lambda: b"", id="nothing"),
        pytest.param(lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", id="svg"),
        pytest.param(lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), id="broken"),
        pytest.param(lambda: picture()[:-200], id="cut"),
        pytest.param(lambda: b"%PDF-1.7 " + picture(), id="pdf"),
        pytest.param(_bomb, id="bomb"),
        pytest.param(lambda: picture() + bytes(squares.MOST_BYTES), id="large"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(
    mine: Browser, hub: Hub, store: Store, owner: Actor, data: Callable[[], bytes]
) -> None:
    response = send(mine, data())
    assert response.status_code in (400, 413)
    assert "picture" in text(response)
    assert (named(store, owner), kept(hub)) == (None, [])
    assert not list((hub.settings.data_dir / "uploads").glob("*"))


def test_a_form_beyond_all_measure_is_not_read(mine: Browser) -> None:
    assert send(mine, bytes(squares.MOST_BYTES + (1 << 20))).status_code == 413


@pytest.mark.parametrize("path", ["x-64.webp", f"{'0' * 32}-64.webp", f"{'0' * 32}-65.webp", "..%2f..%2fx-64.webp"])
def test_what_is_not_there_is_not_found(visitor: Browser, path: str) -> None:
    assert visitor.client.get(f"/avatars/{path}").status_code == 404


def test_staff_may_remove_what_others_show(
    as_user: Callable[..., Browser], mine: Browser, store: Store, owner: Actor, member: Actor
) -> None:
    mira = as_user(member)
    for browser in (mine, mira):
        send(browser, picture())
    headers = {"X-CSRFToken": mira.token()}
    assert mira.client.delete(f"/avatars/{owner.user}", headers=headers).status_code == 403
    assert mine.client.delete(f"/avatars/{member.user}").status_code == 400
    assert named(store, member) is not None
    assert mine.client.delete(f"/avatars/{member.user}", headers={"X-CSRFToken": mine.token()}).status_code == 204
    assert named(store, member) is None
    assert named(store, owner) is not None
    gone = mine.client.delete(f"/avatars/{2**50}", headers={"X-CSRFToken": mine.token()})
    assert gone.status_code == 404


def test_what_no_account_has_is_swept_after_a_day(mine: Browser, hub: Hub, store: Store, owner: Actor) -> None:
    send(mine, picture())
    folder = next((hub.settings.data_dir / "files" / "avatars").iterdir())
    stray = folder / f"{folder.name}{'0' * 30}-64.webp"
    stray.write_bytes(b"x")
    assert hub.avatars.sweep() == 0
    for path in Path(folder).iterdir():
        os.utime(path, (time.time() - 2 * shelf.UNKNOWN_SECONDS,) * 2)
    assert hub.avatars.sweep() == 1
    assert len(kept(hub)) == 3


def test_a_form_of_another_kind_is_not_even_taken_apart(mine: Browser, hub: Hub) -> None:
    fields = {"csrf_token": mine.token(), "picture": "x"}
    assert mine.client.post("/settings/avatar", data=fields).status_code == 400
    assert not list((hub.settings.data_dir / "uploads").glob("*"))


def test_why_it_is_refused_is_said_in_the_reader_s_language(mine: Browser) -> None:
    mine.post("/settings/preferences", {"language": "zh-Hans", "theme": "dark"})
    assert "图片最大 8 MB。" in text(send(mine, picture() + bytes(squares.MOST_BYTES - 100)))
