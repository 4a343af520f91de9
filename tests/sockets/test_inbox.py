"""What calls and answers somebody, in all their rooms; which of it is unread, `tests/domain/test_counts.py` tells."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients import Client
from tests.sockets.conftest import Talk


def texts(client: Client, **fields: Any) -> list[str]:
    return [message["text"] for message in client.call("inbox_list", **fields)["messages"]]


def test_the_newest_call_or_answer_of_all_rooms_is_first(talk: Talk) -> None:
    elsewhere = talk.me.call("room_create", name="elsewhere", kind="private", members=[talk.mira.user])["room"]["id"]
    mine = talk.other.send(talk.room, "what now?")
    talk.me.send(talk.room, "@mira one")
    answer = talk.me.send(elsewhere, "@mira two") and talk.me.send(talk.room, "three", reply_to=mine["id"])
    talk.me.send(talk.room, "@room four", reply_to=mine["id"])
    talk.other.send(talk.room, "my own, @mira", reply_to=mine["id"])
    talk.me.send(talk.room, "nobody's")
    assert texts(talk.other) == ["@room four", "three", "@mira two", "@mira one"]
    assert texts(talk.other, kind="mentions") == ["@room four", "@mira two", "@mira one"]
    assert texts(talk.other, kind="replies") == ["@room four", "three"]
    assert answer["reply_author"] == talk.mira.user
    assert texts(talk.me) == []
    first = talk.other.call("inbox_list", limit=3)
    assert texts(talk.other, limit=3, before=first["next"]) == ["@mira one"]
    assert "next" not in talk.other.call("inbox_list", limit=4)


def test_what_is_deleted_edited_or_out_of_reach_is_not_in_it(talk: Talk) -> None:
    mine = talk.other.send(talk.room, "what now?")
    call, answer = talk.me.send(talk.room, "@mira"), talk.me.send(talk.room, "this", reply_to=mine["id"])
    talk.me.call("message_edit", message=call["id"], text="nobody")
    assert texts(talk.other) == ["this"]
    talk.me.call("message_edit", message=answer["id"], text="this, @mira")
    assert texts(talk.other, kind="mentions") == ["this, @mira"]
    talk.other.call("room_leave", room=talk.room)
    assert texts(talk.other) == []
    talk.other.call("room_join", room=talk.room)
    assert texts(talk.other) == ["this, @mira"]
    talk.me.call("message_delete", message=answer["id"])
    assert texts(talk.other) == []


def test_rooms_that_were_left_cost_a_bounded_look(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.inbox.MOST_LOOKED_AT", 2)
    left = talk.me.call("room_create", name="left", kind="public", members=[talk.mira.user])["room"]["id"]
    talk.me.send(talk.room, "@mira here")
    for number in range(3):
        talk.me.send(left, f"@mira {number}")
    talk.other.call("room_leave", room=left)
    first = talk.other.call("inbox_list")
    assert first["messages"] == []
    assert texts(talk.other, before=first["next"]) == ["@mira here"]
