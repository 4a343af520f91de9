"""Uploading and reading files over HTTP: what comes, what goes, and who may."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from chat import sessions, tokens
from chat.actor import Actor
from chat.files import sweeping
from chat.hub import Hub
from chat.web import downloads, limits, uploads
from tests.clients import Client
from tests.pictures import SECRET, drawn, made, moving, png
from tests.web.browser import Browser

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


class Program:
    """Speaks for an account by a token."""

    def __init__(self, app: Flask, actor: Actor) -> None:
        store = app.extensions["hubbub"].store
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {tokens.create(store, actor, 'test')[1]}"}

    def post(self, data: bytes, name: str = "a.txt", **headers: str) -> TestResponse:
        return self.client.post("/files", query_string={"name": name}, data=data, headers={**self.headers, **headers})

    def upload(self, data: bytes, name: str = "a.txt") -> dict[str, Any]:
        answer = self.post(data, name)
        assert answer.status_code == 201, answer.text
        file: dict[str, Any] = answer.get_json()["file"]
        return file

    def get(self, file: int | str, path: str = "x", **headers: str) -> TestResponse:
        given = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.get(f"/files/{file}/{path}", headers=given)


def error(answer: TestResponse) -> tuple[int, str, str | None]:
    assert answer.get_json()["ok"] is False
    found = answer.get_json()["error"]
    assert found["message"]
    assert isinstance(found["retryable"], bool)
    return answer.status_code, found["code"], found.get("field")


@pytest.fixture
def ada(app: Flask, owner: Actor) -> Program:
    return Program(app, owner)


@pytest.fixture
def mira(app: Flask, member: Actor) -> Program:
    return Program(app, member)


@pytest.fixture
def say(connect: Callable[[Actor], Client], owner: Actor) -> Callable[..., dict[str, Any]]:
    """The owner says something with files in a room of their own, or in one that everybody is in."""
    me = connect(owner)
    own = me.call("room_create", name="own", kind="private")["room"]["id"]
    return lambda *files, to_all=False: me.send(1 if to_all else own, "", files=list(files))


def spool(hub: Hub) -> list[Path]:
    folder = hub.settings.data_dir / "uploads"
    return list(folder.iterdir()) if folder.exists() else []


class TestUpload:
    def test_what_comes_back(self, ada: Program, hub: Hub) -> None:
        file = ada.upload(made("JPEG", drawn(1600, 900), orientation=6), "../Beach \u202e.jpg")
        assert file == {
            "id": 1,
            "name": "Beach .jpg",
            "type": "image/jpeg",
            "size": file["size"],
            "width": 900,
            "height": 1600,
            "thumb": "/files/1/thumb",
        }
        data = ada.get(1).data
        assert (len(data), SECRET in data) == (file["size"], False)
        assert (hub.counters.uploads, hub.counters.upload_bytes) == (1, file["size"])
        assert hub.counters.download_bytes == file["size"]
        assert spool(hub) == []

    def test_a_page_needs_its_token(self, app: Flask, owner: Actor, as_user: Callable[..., Browser]) -> None:
        browser = as_user(owner)
        send = browser.client.post
        for headers in ({}, {"X-CSRFToken": "wrong"}):
            assert error(send("/files?name=a", data=b"x", headers=headers))[:2] == (400, "bad_request")
        token = {"X-CSRFToken": browser.token()}
        answer = send("/files?name=a", data=b"x", headers=token)
        assert answer.status_code == 201
        assert error(browser.client.delete("/files/1"))[:2] == (400, "bad_request")
        assert browser.client.delete("/files/1", headers=token).status_code == 204
        assert browser.client.delete("/files/1", headers=token).status_code == 404

    def test_nobody_uploads_unknown(self, app: Flask, owner: Actor) -> None:
        client = app.test_client()
        assert error(client.post("/files", data=b"x"))[:2] == (401, "unauthenticated")
        for value in ("Bearer", "Bearer wrong", "Basic eDp5", ""):
            answer = client.post("/files", data=b"x", headers={"Authorization": value})
            assert error(answer)[:2] == (401, "unauthenticated")
        assert client.get("/files/1/x").status_code == 401

    def test_guests_may(self, app: Flask, owner: Actor, make_member: Callable[..., Actor]) -> None:
        store = app.extensions["hubbub"].store
        guest = make_member("visitor", role="guest")
        browser = Browser(app)
        browser.client.set_cookie(
            "hubbub_session", sessions.open_session(store, guest.user, user_agent="", address="192.0.2.1")
        )
        assert browser.client.post("/files", data=b"x", headers={"X-CSRFToken": browser.token()}).status_code == 201

    def test_no_length(self, ada: Program) -> None:
        answer = ada.client.post("/files", headers=ada.headers)
        assert error(answer)[:2] == (411, "bad_request")

    @pytest.mark.parametrize("length", ["5", "9999"])
    def test_a_length_that_is_a_lie(self, ada: Program, hub: Hub, length: str) -> None:
        said = {"CONTENT_LENGTH": length}
        answer = ada.client.post("/files?name=a", data=b"x", headers=ada.headers, environ_overrides=said)
        assert error(answer) == (400, "bad_request", "file")
        assert spool(hub) == []

    def test_nothing_in_it(self, ada: Program) -> None:
        answer = ada.client.post("/files", headers=ada.headers, environ_overrides={"CONTENT_LENGTH": "0"})
        assert error(answer) == (400, "bad_request", "file")

    @pytest.mark.parametrize(
        "data",
        [
            made("PNG")[:-20],
            b"\xff\xd8\xff\xe0 nothing of a picture",
            png(30_000, 30_000),
            b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + b";",
            moving("WEBP")[:60],
        ],
    )
    def test_pictures_that_are_broken_or_bombs(self, ada: Program, hub: Hub, data: bytes) -> None:
        assert error(ada.post(data, "a.png")) == (400, "bad_request", "file")
        assert spool(hub) == []
        assert not list((hub.settings.data_dir / "files").rglob("*.*"))

    def test_too_large(self, make_app: Callable[..., Flask]) -> None:
        app = make_app(files_largest_mb=1, files_account_mb=2)
        ada = Program(app, _owner(app))
        assert error(ada.post(bytes((1 << 20) + 1))) == (413, "too_large", "file")
        for _ in range(2):
            ada.upload(bytes(1 << 20))
        assert error(ada.post(b"x")) == (413, "too_large", "quota")
        assert ada.client.delete("/files/1", headers=ada.headers).status_code == 204
        hub = app.extensions["hubbub"]
        sweeping.collect(hub.store, hub.storage)
        ada.upload(b"x")

    def test_the_owner_takes_none(self, make_app: Callable[..., Flask]) -> None:
        app = make_app(files="off")
        assert error(Program(app, _owner(app)).post(b"x"))[:2] == (403, "forbidden")

    def test_too_often(self, make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
        from limits import parse

        monkeypatch.setitem(limits.BY_ACCOUNT, "upload", (parse("2 per 1 minute"),))
        app = make_app(rate_limits="on")
        ada = Program(app, _owner(app))
        for _ in range(2):
            ada.upload(b"x")
        answer = ada.post(b"x")
        assert error(answer)[:2] == (429, "rate_limited")
        assert 0 < answer.get_json()["error"]["retry_after"] <= 60

    def test_too_many_at_once(self, ada: Program, owner: Actor, app: Flask) -> None:
        growing = app.extensions["hubbub_uploads"]
        growing._of[owner.user] = uploads.MOST_OF_ACCOUNT
        assert error(ada.post(b"x"))[:2] == (429, "rate_limited")
        growing._of[owner.user] -= 1
        ada.upload(b"x")
        assert growing._of[owner.user] == uploads.MOST_OF_ACCOUNT - 1

    def test_a_full_disk(self, ada: Program, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("chat.files.intake.SPARE", 1 << 60)
        answer = ada.post(b"x")
        assert error(answer)[:2] == (503, "unavailable")
        assert answer.get_json()["error"]["retryable"]
        monkeypatch.undo()
        hub.storage._backend._folder = Path("/dev/null/files")  # type: ignore[attr-defined]
        assert error(ada.post(b"x"))[:2] == (503, "unavailable")
        assert spool(hub) == []

    def test_a_form_is_a_file_like_any_other(self, ada: Program) -> None:
        """Its parts are not taken apart, whatever it calls itself."""
        data = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--\r\n"
        answer = ada.post(data, **{"Content-Type": "multipart/form-data; boundary=x"})
        assert answer.get_json()["file"]["size"] == len(data)


class TestDownload:
    def test_headers(self, ada: Program) -> None:
        ada.upload(made("PNG"), "报告.png")
        answer = ada.get(1)
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Content-Disposition"] == (
            "inline; filename=\"__.png\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A.png"
        )
        assert answer.headers["Content-Security-Policy"] == downloads.SANDBOX
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert ada.get("1", "x?download=1").headers["Content-Disposition"].startswith("attachment; ")
        tag = answer.headers["ETag"]
        again = ada.get(1, If_None_Match=tag)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag

    @pytest.mark.parametrize(
        ("data", "kind", "shown"),
        [
            (b"hello", "text/plain; charset=utf-8", True),
            (SVG, "application/octet-stream", False),
            (b"<html><script>alert(1)</script>", "application/octet-stream", False),
            (b"%PDF-1.7 <script>", "application/pdf", False),
            (b"GIF89a" + b"\1\0\1\0\0\0\0" + b"=1;alert(1);/*", None, False),
            (b"\0\0\0\x18ftypisom", "video/mp4", True),
            (b"MZ\0\0", "application/vnd.microsoft.portable-executable", False),
        ],
    )
    def test_what_is_shown_and_what_is_only_saved(
        self, ada: Program, data: bytes, kind: str | None, shown: bool
    ) -> None:
        answer = ada.post(data, "a.png")
        if kind is None:
            # A picture and a script at once is no picture.
            assert error(answer) == (400, "bad_request", "file")
            return
        found = ada.get(answer.get_json()["file"]["id"])
        assert found.headers["Content-Type"] == kind
        assert found.headers["Content-Disposition"].startswith("inline" if shown else "attachment")

    @pytest.mark.parametrize(
        ("asked", "status", "data", "content_range"),
        [
            ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
            ("bytes=7-", 206, b"789", "bytes 7-9/10"),
            ("bytes=-3", 206, b"789", "bytes 7-9/10"),
            ("bytes=8-999", 206, b"89", "bytes 8-9/10"),
            ("bytes=10-", 416, b"", "bytes */10"),
            ("bytes=99999999999999999999999-", 416, b"", "bytes */10"),
            ("bytes=0-1,4-5", 200, b"0123456789", None),
            ("bytes=5-2", 200, b"0123456789", None),
            ("bytes=" + "1" * 5000 + "-", 200, b"0123456789", None),
            ("lines=1-2", 200, b"0123456789", None),
            ("nonsense", 200, b"0123456789", None),
        ],
    )
    def test_parts(self, ada: Program, asked: str, status: int, data: bytes, content_range: str | None) -> None:
        ada.upload(b"0123456789")
        answer = ada.get(1, Range=asked)
        assert (answer.status_code, answer.data) == (status, data)
        assert answer.headers.get("Content-Range") == content_range
        assert answer.headers["Accept-Ranges"] == "bytes"

    def test_parts_of_the_same(self, ada: Program) -> None:
        ada.upload(b"0123456789")
        tag = ada.get(1).headers["ETag"]
        assert ada.get(1, Range="bytes=1-2", If_Range=tag).status_code == 206
        for other in ('"other"', f"W/{tag}", "Sun, 22 Nov 2026 00:00:00 GMT", "x"):
            assert ada.get(1, Range="bytes=1-2", If_Range=other).status_code == 200

    def test_only_the_head(self, ada: Program) -> None:
        ada.upload(b"0123456789")
        answer = ada.client.head("/files/1/x", headers=ada.headers)
        assert (answer.status_code, answer.data, answer.headers["Content-Length"]) == (200, b"", "10")

    def test_who_may_read_it(
        self, ada: Program, mira: Program, owner: Actor, member: Actor, say: Callable[..., dict[str, Any]]
    ) -> None:
        file = ada.upload(made("PNG", drawn(900, 900)))["id"]
        for path in ("x", "thumb"):
            assert ada.get(file, path).status_code == 200
            assert mira.get(file, path).status_code == 404
        say(file)
        assert mira.get(file).status_code == 404
        say(file, to_all=True)
        for path in ("x", "thumb"):
            assert mira.get(file, path).status_code == 200
            assert mira.get(file, path, If_None_Match="*").status_code in (200, 304)

    def test_who_leaves_reads_no_more(
        self, ada: Program, mira: Program, member: Actor, say: Callable[..., Any], connect: Callable[[Actor], Client]
    ) -> None:
        file = ada.upload(b"x")["id"]
        say(file, to_all=True)
        tag = mira.get(file).headers["ETag"]
        connect(member).call("room_leave", room=1)
        assert mira.get(file).status_code == 404
        # What the browser has kept is not shown again either.
        assert mira.get(file, If_None_Match=tag).status_code == 404

    def test_a_message_that_goes_takes_it_along(
        self, ada: Program, owner: Actor, say: Callable[..., Any], connect: Callable[[Actor], Client]
    ) -> None:
        file = ada.upload(b"x")["id"]
        message = say(file)
        connect(owner).call("message_delete", message=message["id"])
        assert ada.get(file).status_code == 404
        assert error(ada.client.delete(f"/files/{file}", headers=ada.headers))[0] == 404

    def test_bytes_that_somebody_took_away(self, ada: Program, hub: Hub) -> None:
        file = ada.upload(b"x")["id"]
        for path in (hub.settings.data_dir / "files").rglob("*"):
            if path.is_file():
                path.unlink()
        assert ada.get(file).status_code == 404
        assert ada.client.head(f"/files/{file}/x", headers=ada.headers).status_code == 404

    @pytest.mark.parametrize("path", ["0/x", "9007199254740992/x", "99999999999999999999/x", "-1/x", "1.5/x", "x/x"])
    def test_ids_that_are_none(self, ada: Program, path: str) -> None:
        assert ada.client.get(f"/files/{path}", headers=ada.headers).status_code == 404

    def test_small_pictures_have_no_smaller_one(self, ada: Program) -> None:
        ada.upload(made("PNG"))
        assert ada.get(1, "thumb").status_code == 404
        # This one is called like the path of a small one.
        ada.upload(b"hello", "thumb")
        assert ada.get(2, "thumb").data == b"hello"

    def test_names_are_not_in_the_log(self, ada: Program, capsys: pytest.CaptureFixture[str]) -> None:
        ada.upload(b"x", "private-name.txt")
        ada.get(1, "private-name.txt")
        assert "private-name" not in capsys.readouterr().err


def _owner(app: Flask) -> Actor:
    from chat import accounts

    store = app.extensions["hubbub"].store
    accounts.create_owner(store, server_name="S", username="ada", name="Ada", password="correct horse battery")
    return accounts.by_username(store, "ada")
