"""Words that call somebody beside their name, of which nobody else learns."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from chat.actor import Actor
from chat.hub import Hub
from chat.store import Store
from tests.clients import Client
from tests.sockets.conftest import Talk
from tests.sockets.test_mentions import counts


@pytest.fixture
def worded(talk: Talk) -> Talk:
    """Mira has words."""
    talk.other.call("words_set", words=["Deploy", "release train", "发布"])
    talk.other.forget()
    return talk


def called(client: Client) -> list[tuple[int, bool]]:
    return [(fact["message"], fact["on"]) for fact in client.told("called")]


def test_words_are_told_to_all_my_devices_and_to_nobody_else(talk: Talk, connect: Callable[[Actor], Client]) -> None:
    second = connect(talk.ada)
    talk.me.call("words_set", words=[" Deploy ", "release\u3000 train", "DEPLOY", "ｄｅｐｌｏｙ"])
    kept = ["Deploy", "release train"]
    assert talk.me.told("words_changed") == second.told("words_changed") == [{"words": kept}]
    assert connect(talk.ada).told("welcome")[0]["words"] == kept
    assert talk.other.told() == []
    talk.me.call("words_set", words=[])
    assert connect(talk.ada).told("welcome")[0]["words"] == []


@pytest.mark.parametrize(
    "wrong", [["x" * 41], [""], [" "], ["!?"], ["🔥"], ["a\u0000b"], ["\ud800"], ["a"] * 21, "deploy", [1]]
)
def test_what_is_no_word_is_refused(talk: Talk, wrong: Any) -> None:
    assert talk.me.error("words_set", words=wrong)["field"] == "words"


def test_a_word_calls_who_is_in_the_room(worded: Talk) -> None:
    talk = worded
    said = talk.me.send(talk.room, "Let's deploy it")
    assert (said["mentions"], said["call"]) == ([], None)
    facts = [(name, fact.get("on")) for name, fact in _told(talk.other) if name in ("called", "message_new")]
    assert facts == [("called", True), ("message_new", None)]
    assert talk.other.told("called") == [{"room": talk.room, "message": said["id"], "rev": said["rev"], "on": True}]
    assert counts(talk.other, talk.room) == (1, 1)
    (page, sync) = (
        talk.other.call("history", room=talk.room),
        talk.other.call("room_sync", room=talk.room, rev=said["rev"] - 1),
    )
    assert page["called"] == sync["called"] == [said["id"]]
    found = talk.other.call("inbox_list", kind="mentions")
    assert ([message["id"] for message in found["messages"]], found["called"]) == ([said["id"]], [said["id"]])
    talk.me.send(talk.room, "undeployed `deploy`")
    assert counts(talk.other, talk.room) == (2, 1)


def test_nobody_else_sees_it(worded: Talk) -> None:
    talk = worded
    plain, calling = talk.me.send(talk.room, "nothing"), talk.me.send(talk.room, "deploy")
    assert talk.me.told("called") == []
    differs = {name for name in plain if plain[name] != calling[name]}
    assert differs == {"id", "seq", "rev", "cid", "text", "html", "created_at"}
    assert talk.me.told("message_new")[-1]["message"] == calling
    page = talk.me.call("history", room=talk.room)
    assert page["called"] == []
    assert json.dumps(calling) == json.dumps(talk.other.told("message_new")[-1]["message"])
    assert talk.me.call("inbox_list")["messages"] == []


def test_my_own_words_and_names_call_once(worded: Talk) -> None:
    talk = worded
    talk.other.send(talk.room, "I deploy")
    assert called(talk.other) == []
    said = talk.me.send(talk.room, "@mira deploy, deploy, @room")
    assert called(talk.other) == []
    assert counts(talk.other, talk.room) == (1, 1)
    assert talk.other.call("history", room=talk.room)["called"] == []
    talk.me.call("message_edit", message=said["id"], text="deploy")
    assert called(talk.other) == [(said["id"], True)]
    assert counts(talk.other, talk.room) == (1, 1)


def test_an_edit_calls_anew(worded: Talk) -> None:
    talk = worded
    said = talk.me.send(talk.room, "hello")["id"]
    seen = []
    for text in ("deploy", "the deploy", "hello again", "今天发布", "@here deploy", "bye"):
        talk.me.call("message_edit", message=said, text=text)
        seen.append(counts(talk.other, talk.room)[1])
    assert seen == [1, 1, 0, 1, 1, 0]
    assert called(talk.other) == [(said, True), (said, False), (said, True), (said, False)]
    talk.me.call("message_edit", message=said, text="release train")
    talk.me.call("message_delete", message=said)
    assert counts(talk.other, talk.room) == (0, 0)
    assert talk.other.call("history", room=talk.room)["called"] == []


def test_who_is_not_in_the_room_learns_nothing(worded: Talk) -> None:
    talk = worded
    said = talk.me.send(talk.room, "deploy")
    talk.other.call("room_leave", room=talk.room)
    talk.other.forget()
    talk.me.call("message_edit", message=said["id"], text="nothing")
    talk.me.send(talk.room, "deploy again")
    assert called(talk.other) == []
    assert talk.other.call("inbox_list")["messages"] == []


def test_words_of_today_call_from_today_on(talk: Talk) -> None:
    talk.me.send(talk.room, "deploy one")
    talk.other.call("words_set", words=["deploy"])
    talk.me.send(talk.room, "deploy two")
    talk.other.call("words_set", words=[])
    talk.me.send(talk.room, "deploy three")
    assert counts(talk.other, talk.room) == (3, 1)
    found = talk.other.call("inbox_list")
    assert [message["text"] for message in found["messages"]] == ["deploy two"]
    assert found["called"] == [found["messages"][0]["id"]]


def test_many_who_are_called_are_found_among_all_members(worded: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.mentions.MOST_LOOKED_UP", 0)
    worded.me.send(worded.room, "deploy")
    assert counts(worded.other, worded.room) == (1, 1)


def test_without_words_a_message_asks_the_database_for_nothing_more(talk: Talk, store: Store) -> None:
    asked: list[str] = []
    for engine in (store.readers, store._writer):
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    talk.me.send(talk.room, "deploy")
    without = len(asked)
    talk.other.call("words_set", words=["nobody says this"])
    asked.clear()
    talk.me.send(talk.room, "deploy")
    assert len(asked) == without


def test_a_change_that_got_lost_is_found(talk: Talk, hub: Hub, beat: Callable[..., None]) -> None:
    hear, hub.sockets.delivery.known.words.hear = hub.sockets.delivery.known.words.hear, lambda chosen: None  # type: ignore[method-assign]
    talk.other.call("words_set", words=["deploy"])
    hub.sockets.delivery.known.words.hear = hear  # type: ignore[method-assign]
    talk.me.send(talk.room, "deploy")
    assert counts(talk.other, talk.room) == (1, 0)
    beat(20)
    talk.me.send(talk.room, "deploy")
    assert counts(talk.other, talk.room) == (2, 1)


def _told(client: Client) -> list[tuple[str, dict[str, Any]]]:
    client.told()
    return client.facts
