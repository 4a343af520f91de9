"""Files in messages, over the socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from chat import files
from chat.actor import Actor
from chat.files import types as filetypes
from chat.files.intake import AREA
from chat.hub import Hub
from chat.storage.backend import key_of
from tests.clients import Client
from tests.sockets.conftest import Talk

Give = Callable[..., dict[str, Any]]


@pytest.fixture
def give(hub: Hub) -> Give:
    """Make an account a file, whose bytes are nowhere."""
    number = 0

    def make(actor: Actor, name: str = "plan.txt") -> dict[str, Any]:
        nonlocal number
        number += 1
        new = files.New(key_of(AREA, f"{number:032x}"), name, filetypes.TEXT, 5)
        kept = files.keep(hub.store, actor, new)
        return {
            "id": kept.id,
            "name": name,
            "type": "text/plain",
            "size": 5,
            "width": None,
            "height": None,
            "thumb": None,
        }

    return make


def test_everybody_is_told_and_finds_it_later(talk: Talk, give: Give, hub: Hub) -> None:
    file = give(talk.ada, "quarterly-plan.txt")
    sent = talk.me.send(talk.room, "", files=[file["id"]], reply_to=None)
    assert sent["files"] == [file]
    assert [fact["message"] for fact in talk.other.told("message_new")] == [sent]
    for found in (
        talk.other.call("history", room=talk.room)["messages"],
        talk.other.call("room_sync", room=talk.room, rev=0)["messages"],
        talk.other.call("message_get", messages=[sent["id"]])["messages"],
    ):
        assert found == [sent]
    talk.me.call("pin_add", message=sent["id"])
    (pinned,) = talk.other.call("pin_list", room=talk.room)["messages"]
    assert pinned["files"] == [file]
    hub.follower.beat()
    for query in ("has:file", "quarterly", "plan has:file"):
        (hit,) = talk.other.call("search", query=query)["hits"]
        assert hit["message"]["files"] == [file]
    (hit,) = talk.other.call("search", query="quarterly")["hits"]
    assert hit["excerpt"] == ["", "quarterly", "-plan.txt"]


def test_a_room_lists_its_files_until_they_go(talk: Talk, give: Give) -> None:
    mine, theirs = give(talk.ada), give(talk.mira, "b.txt")
    first = talk.me.send(talk.room, "one", files=[mine["id"]])
    second = talk.other.send(talk.room, "two", files=[theirs["id"], mine["id"]])
    listed = talk.me.call("room_files", room=talk.room)["files"]
    assert [(one["file"], one["message"], one["seq"], one["author"]) for one in listed] == [
        (mine, second["id"], 2, talk.mira.user),
        (theirs, second["id"], 2, talk.mira.user),
        (mine, first["id"], 1, talk.ada.user),
    ]
    page = talk.me.call("room_files", room=talk.room, limit=1)
    assert [one["id"] for one in page["files"]] == [page["next"]]
    talk.me.call("message_delete", message=second["id"])
    assert [one["message"] for one in talk.other.call("room_files", room=talk.room)["files"]] == [first["id"]]
    (changed,) = talk.other.told("message_changed")
    assert changed["message"]["files"] == []
    assert talk.me.error("room_files", room=999)["code"] == "not_found"


def test_an_edit_keeps_them(talk: Talk, give: Give) -> None:
    file = give(talk.ada)
    sent = talk.me.send(talk.room, "one", files=[file["id"]])
    assert talk.me.call("message_edit", message=sent["id"], text="")["message"]["files"] == [file]
    talk.other.call("reaction_add", message=sent["id"], emoji="👍")
    assert [fact["message"]["files"] for fact in talk.other.told("message_changed")] == [[file], [file]]


@pytest.mark.parametrize("ids", [[999], [2**53 - 1], [1, 999]])
def test_files_of_others_are_not_there(talk: Talk, give: Give, ids: list[int]) -> None:
    give(talk.mira)
    for wanted in (ids, [1]):
        error = talk.me.error("message_send", room=talk.room, cid="x", text="x", files=wanted)
        assert (error["code"], error["field"]) == ("not_found", "files")
    assert talk.other.told("message_new") == []


def test_more_than_a_message_can_have(talk: Talk) -> None:
    error = talk.me.error("message_send", room=talk.room, cid="x", text="x", files=list(range(1, 12)))
    assert (error["code"], error["field"]) == ("too_large", "files")


def test_a_page_of_many_files_stays_within_bounds(talk: Talk, give: Give) -> None:
    ids = [give(talk.ada, f"{'x' * 140}{number}.txt")["id"] for number in range(10)]
    for _ in range(60):
        talk.me.send(talk.room, "", files=ids)
    page = talk.me.call("history", room=talk.room, limit=100)
    assert 0 < len(page["messages"]) < 60
    assert page["more_before"]


def test_what_a_client_must_know(make_app: Callable[..., Flask]) -> None:
    from chat import accounts

    for setting, told in (("on", True), ("off", False)):
        app = make_app(files=setting, files_largest_mb=7)
        store = app.extensions["hubbub"].store
        if told:
            accounts.create_owner(store, server_name="S", username="ada", name="Ada", password="correct horse battery")
        client = Client.connect(app, store, accounts.by_username(store, "ada"))
        (welcome,) = client.told("welcome")
        assert ("files" in welcome["features"]) is told
        assert (welcome["limits"]["file_size"], welcome["limits"]["files"]) == (7 << 20, 10)
        client.close()


def test_messages_without_files_ask_nothing_more(talk: Talk, hub: Hub, give: Give) -> None:
    """Reading what was said asks the same of the database, whether files are in it or not."""
    from sqlalchemy import event

    asked: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    talk.me.send(talk.room, "plain")
    event.listen(hub.store.readers, "before_cursor_execute", note)
    talk.me.call("history", room=talk.room)
    before = len(asked)
    talk.me.send(talk.room, "", files=[give(talk.ada)["id"]])
    asked.clear()
    talk.me.call("history", room=talk.room)
    event.remove(hub.store.readers, "before_cursor_execute", note)
    assert len(asked) == before
