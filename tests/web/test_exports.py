"""A room to take along."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from chat import audit, exporting, members, messages, rooms
from chat.actor import Actor
from chat.events.messages import MessageDelete, MessageSend
from chat.events.moderation import AuditList
from chat.events.rooms import RoomCreate, RoomJoin
from chat.hub import Hub
from chat.store import Store
from chat.store.tables import files
from tests.web.browser import Browser
from tests.web.test_files import Program


def say(store: Store, actor: Actor, room: int, *texts: str, files: list[int] | None = None) -> int:
    commands = [MessageSend(room, f"{room}-{text[:40]}", text, files=files or []) for text in texts]
    return [messages.send(store, actor, command).message.id for command in commands][-1]


def archive(browser: Browser, room: int) -> zipfile.ZipFile:
    answer = browser.get(f"/room/{room}/export.zip")
    assert answer.status_code == 200
    found = zipfile.ZipFile(io.BytesIO(answer.get_data()))
    assert found.testzip() is None
    return found


@pytest.fixture
def room(store: Store, owner: Actor) -> int:
    return rooms.create(store, owner, RoomCreate("launch", "private")).room.id


def test_all_of_it_comes_along(
    app: Flask,
    store: Store,
    owner: Actor,
    room: int,
    as_user: Callable[..., Browser],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 2)
    say(store, owner, room, "one", "**two** <b>", "发布 🚀")
    gone = say(store, owner, room, "a secret")
    messages.remove(store, owner, MessageDelete(gone))
    program = Program(app, owner)
    names = ["a.txt", "../../etc/passwd", "a.txt"]
    sent = [program.upload(b"content %d" % number, name) for number, name in enumerate(names)]
    say(store, owner, room, "files", files=[one["id"] for one in sent])
    found = archive(as_user(owner), room)
    whole = json.loads(found.read("messages.json"))
    assert whole["room"] == "launch"
    assert [message["text"] for message in whole["messages"]] == ["one", "**two** <b>", "发布 🚀", "", "files"]
    page = found.read("index.html").decode()
    assert "<strong>two</strong> &lt;b&gt;" in page
    assert "a secret" not in page
    assert "发布 🚀" in page
    held = [name for name in found.namelist() if name.startswith("files/")]
    assert [found.read(name) for name in held] == [b"content 0", b"content 1", b"content 2"]
    # Each is where the page says, below its own number, whatever it is called.
    assert all(name in page and ".." not in name.split("/") for name in held)
    assert audit.listing(store, owner, AuditList(action="room_export")).entries[0].room == room


def test_who_may(
    store: Store, owner: Actor, make_member: Callable[..., Actor], as_user: Callable[..., Browser], visitor: Browser
) -> None:
    room = rooms.create(store, owner, RoomCreate("open", "public")).room.id
    member, admin = make_member("mia"), make_member("adm", role="admin")
    members.join(store, member, RoomJoin(room))
    path = f"/room/{room}/export.zip"
    assert as_user(member).get(path).status_code == 403
    # Staff must be in the room: what is said in a private one is not theirs.
    assert as_user(admin).get(path).status_code == 404
    members.join(store, admin, RoomJoin(room))
    assert as_user(admin).get(path).status_code == 200
    assert visitor.get(path).status_code in (303, 401)
    for wrong in ("999999", str(2**60)):
        assert as_user(owner).get(f"/room/{wrong}/export.zip").status_code == 404


def test_a_file_whose_bytes_are_gone(
    hub: Hub, app: Flask, store: Store, owner: Actor, room: int, as_user: Callable[..., Browser]
) -> None:
    program = Program(app, owner)
    lost, kept = program.upload(b"lost", "lost.txt"), program.upload(b"kept", "kept.txt")
    say(store, owner, room, "files", files=[lost["id"], kept["id"]])
    with store.read() as conn:
        key = conn.scalar(select(files.c.key).where(files.c.id == lost["id"]))
    hub.storage.delete([key or ""])
    found = archive(as_user(owner), room)
    assert found.read(f"files/{kept['id']}/kept.txt") == b"kept"
    assert found.read(f"files/{lost['id']}/lost.txt") == b""
