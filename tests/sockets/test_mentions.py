"""Whom a message calls, and what each one's count of it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chat.actor import Actor
from tests.clients import Client
from tests.sockets.conftest import Talk


def counts(client: Client, room: int) -> tuple[int, int]:
    head = client.call("history", room=room, limit=1)["head"]
    found = client.call("room_sync", room=room, rev=head["rev"])["counts"]
    return found["unread"], found["mentions"]


def test_a_name_calls_who_is_in_the_room(talk: Talk, make_member: Callable[..., Actor]) -> None:
    make_member("jun")
    said = talk.me.send(talk.room, "@mira and @Mira, @jun, @nobody, and me, @ada; not a@mira.example")
    assert (said["mentions"], said["call"]) == ([talk.mira.user, talk.ada.user], None)
    assert talk.other.told("message_new")[-1]["message"] == said
    assert talk.other.call("history", room=talk.room)["messages"] == [said]
    assert counts(talk.other, talk.room) == (1, 1)
    assert counts(talk.me, talk.room) == (0, 0)


def test_the_whole_room_is_called(talk: Talk, make_member: Callable[..., Actor], connect: Any) -> None:
    jun = make_member("jun")
    talk.me.call("room_invite", room=talk.room, users=[jun.user])
    said = talk.me.send(talk.room, "@room lunch")
    assert (said["mentions"], said["call"]) == ([], "room")
    assert counts(talk.other, talk.room) == (1, 1)
    assert counts(connect(jun), talk.room) == (1, 1)


def test_here_calls_who_is_connected(talk: Talk, make_member: Callable[..., Actor], connect: Any) -> None:
    jun = make_member("jun")
    talk.me.call("room_invite", room=talk.room, users=[jun.user])
    assert talk.me.send(talk.room, "@here lunch")["call"] == "here"
    assert counts(talk.other, talk.room) == (1, 1)
    assert counts(connect(jun), talk.room) == (1, 0)


def test_who_comes_later_was_not_called(talk: Talk, make_member: Callable[..., Actor], connect: Any) -> None:
    talk.me.send(talk.room, "@room @mira lunch")
    jun = connect(make_member("jun"))
    jun.call("room_join", room=talk.room)
    jun.call("read_mark", room=talk.room, seq=0, back=True)
    assert counts(jun, talk.room) == (1, 0)


def test_an_edit_calls_anew(talk: Talk) -> None:
    said = talk.me.send(talk.room, "hello")["id"]
    seen = []
    for text in ("hello @mira", "hello", "hello @room", "hello, @room", "hello @mira @here", "bye"):
        talk.me.call("message_edit", message=said, text=text)
        seen.append(counts(talk.other, talk.room))
    assert [mentions for _, mentions in seen] == [1, 0, 1, 1, 1, 0]


def test_reading_and_deleting_take_mentions_away(talk: Talk) -> None:
    first, second, third = (talk.me.send(talk.room, f"@mira {n}") for n in range(3))
    talk.other.call("read_mark", room=talk.room, seq=first["seq"])
    assert talk.other.told("read")[-1]["mentions"] == 2
    talk.me.call("message_delete", message=second["id"])
    assert counts(talk.other, talk.room) == (1, 1)
    talk.other.call("read_mark", room=talk.room, seq=0, back=True)
    assert counts(talk.other, talk.room) == (2, 2)
    talk.other.call("read_mark", room=talk.room, seq=third["seq"])
    assert counts(talk.other, talk.room) == (0, 0)


def test_counts_stop_where_the_welcome_says(
    talk: Talk, connect: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.unread.MOST_UNREAD", 3)
    seen = [counts(talk.other, talk.room)]
    for text in ("nobody", "@mira 1", "@mira 2", "@mira 3", "@mira 4"):
        talk.me.send(talk.room, text)
        seen.append(counts(talk.other, talk.room))
    assert seen == [(0, 0), (1, 0), (2, 1), (3, 2), (3, 3), (3, 3)]
    welcome = connect(talk.mira).told("welcome")[0]
    (room,) = [each for each in welcome["rooms"] if each["id"] == talk.room]
    assert (room["unread"], room["mentions"], welcome["limits"]["unread"]) == (3, 3, 3)
    for seq in range(room["head"]["seq"] - 4, room["head"]["seq"]):
        talk.other.call("read_mark", room=talk.room, seq=seq)
    told = [(fact["unread"], fact["mentions"]) for fact in talk.other.told("read")]
    assert told == [(3, 3), (3, 3), (2, 2), (1, 1)]


def test_whoever_is_far_behind_for_what_is_deleted_has_little_unread(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.unread.MOST_UNREAD", 3)
    for message in [talk.me.send(talk.room, f"@mira {n}") for n in range(5)][:4]:
        talk.me.call("message_delete", message=message["id"])
    assert counts(talk.other, talk.room) == (1, 1)


def test_names_are_said_once_however_often(talk: Talk) -> None:
    assert talk.me.send(talk.room, "@mira " * 500)["mentions"] == [talk.mira.user]
