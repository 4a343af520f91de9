"""What can be done with a message that is there: edits, deletions, reactions, pins, and who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from chat import accounts, messages, pins, reactions
from chat.actor import Actor
from chat.store import Store
from chat.times import now
from tests.clients import Client
from tests.domain.support import together
from tests.sockets.conftest import Talk

GONE = ("text", "html", "cid", "reply_to", "reactions", "mentions", "pinned", "call")


def changed(client: Client) -> list[dict[str, Any]]:
    return [fact["message"] for fact in client.told("message_changed")]


def test_an_edit_is_told_with_the_next_rev(talk: Talk) -> None:
    said = talk.me.send(talk.room, "teh cat")
    edited = talk.me.call("message_edit", message=said["id"], text="the **cat**")["message"]
    assert (edited["text"], edited["html"]) == ("the **cat**", "<p>the <strong>cat</strong></p>")
    assert (edited["seq"], edited["rev"], edited["cid"]) == (said["seq"], said["rev"] + 1, said["cid"])
    assert edited["edited_at"] is not None
    for client in (talk.me, talk.other):
        assert client.told("message_changed") == [{"room": talk.room, "rev": edited["rev"], "message": edited}]
    assert talk.other.call("room_sync", room=talk.room, rev=said["rev"])["messages"] == [edited]
    assert talk.other.call("history", room=talk.room)["messages"] == [edited]
    # A repeated send still finds it.
    again = talk.me.call("message_send", room=talk.room, cid=said["cid"], text="teh cat")
    assert (again["duplicate"], again["message"]) == (True, edited)


def test_the_same_text_again_is_no_change(talk: Talk) -> None:
    said = talk.me.send(talk.room, "as it is")
    assert talk.me.call("message_edit", message=said["id"], text="as it is")["message"] == said
    assert changed(talk.other) == []


def test_only_the_author_edits(talk: Talk) -> None:
    said = talk.other.send(talk.room, "mine")
    assert talk.me.error("message_edit", message=said["id"], text="yours")["code"] == "forbidden"


def test_the_time_to_edit_ends(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app(edit_minutes=5)
    store = app.extensions["hubbub"].store
    accounts.create_owner(store, server_name="Sample", username="ada", name="Ada", password="correct horse")
    client = Client.connect(app, store, accounts.by_username(store, "ada"))
    assert client.told("welcome")[0]["limits"]["edit_seconds"] == 300
    said = client.send(1, "soon fixed")
    began = now()
    monkeypatch.setattr(messages, "now", lambda: began + 4 * 60_000)
    client.call("message_edit", message=said["id"], text="in time")
    monkeypatch.setattr(messages, "now", lambda: began + 6 * 60_000)
    assert client.error("message_edit", message=said["id"], text="too late")["code"] == "forbidden"
    client.call("message_delete", message=said["id"])
    client.close()


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "x" * 10_001, "\x00"])
def test_a_text_that_could_not_be_sent_can_be_no_edit(talk: Talk, text: str) -> None:
    said = talk.me.send(talk.room, "as it is")
    error = talk.me.error("message_edit", message=said["id"], text=text)
    assert (error["code"] in ("bad_request", "too_large"), error["field"]) == (True, "text")
    assert changed(talk.me) == []


def test_a_deleted_message_leaves_its_place_alone(talk: Talk, store: Store) -> None:
    first = talk.me.send(talk.room, "to be answered")
    said = talk.me.send(talk.room, "hello @mira", reply_to=first["id"])
    talk.other.call("reaction_add", message=said["id"], emoji="👍")
    talk.other.call("pin_add", message=said["id"])
    gone = talk.me.call("message_delete", message=said["id"])["message"]
    assert gone["deleted"] is True
    assert [gone[name] for name in GONE] == ["", "", "", None, [], [], False, None]
    assert {name: gone[name] for name in ("id", "seq", "author", "created_at")} == {
        name: said[name] for name in ("id", "seq", "author", "created_at")
    }
    assert changed(talk.other)[-1] == gone
    assert talk.other.call("history", room=talk.room)["messages"][-1] == gone
    assert talk.other.call("pin_list", room=talk.room)["messages"] == []
    with store.read() as conn:
        kept = str(conn.exec_driver_sql("SELECT text, html, mentioned FROM messages").all())
        left = [conn.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in ("reactions", "mentions")]
    assert ("hello" not in kept, left) == (True, [0, 0])
    # Its client may not have heard the ack: it stays one message, and does not come to life again.
    again = talk.me.call("message_send", room=talk.room, cid=said["cid"], text="hello @mira", reply_to=first["id"])
    assert (again["duplicate"], again["message"]["deleted"]) == (True, True)


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        ("message_edit", {"text": "x"}),
        ("message_delete", {}),
        ("reaction_add", {"emoji": "👍"}),
        ("reaction_remove", {"emoji": "👍"}),
        ("pin_add", {}),
        ("pin_remove", {}),
        ("message_readers", {}),
    ],
)
def test_what_is_not_there_and_what_is_none_of_mine_answer_alike(talk: Talk, event: str, fields: Any) -> None:
    room = talk.me.call("room_create", name="secret", kind="private")["room"]["id"]
    hidden = talk.me.send(room, "between us")["id"]
    answers = [talk.other.error(event, message=message, **fields) for message in (hidden, 999, 2**53 - 1)]
    assert answers[0]["code"] == "not_found"
    assert answers[0] == answers[1] == answers[2]


def test_what_was_deleted_can_not_be_changed(talk: Talk) -> None:
    said = talk.me.send(talk.room, "gone soon")["id"]
    talk.me.call("message_delete", message=said)
    for event, fields in (
        ("message_edit", {"text": "back"}),
        ("message_delete", {}),
        ("reaction_add", {"emoji": "👍"}),
        ("pin_add", {}),
    ):
        assert talk.me.error(event, message=said, **fields)["code"] == "not_found"


def test_who_leads_a_room_deletes_what_others_said(talk: Talk, make_member: Callable[..., Actor], app: Flask) -> None:
    theirs, mine = talk.other.send(talk.room, "theirs")["id"], talk.me.send(talk.room, "mine")["id"]
    assert talk.other.error("message_delete", message=mine)["code"] == "forbidden"
    assert talk.me.call("message_delete", message=theirs)["message"]["deleted"] is True


def test_nobody_deletes_what_others_said_in_a_direct_conversation(talk: Talk) -> None:
    """Ada owns the server, and is one of two here."""
    room = talk.me.call("direct_open", users=[talk.mira.user])["room"]["id"]
    theirs = talk.other.send(room, "theirs")["id"]
    assert talk.me.error("message_delete", message=theirs)["code"] == "forbidden"
    assert talk.other.call("message_delete", message=theirs)["message"]["deleted"] is True


def test_reactions_gather_in_the_order_in_which_they_came(talk: Talk) -> None:
    said = talk.me.send(talk.room, "what do you think?")["id"]
    for client, emoji in ((talk.other, "👀"), (talk.me, "❤"), (talk.me, "👀"), (talk.other, "❤️")):
        client.call("reaction_add", message=said, emoji=emoji)
    both = [talk.mira.user, talk.ada.user]
    assert changed(talk.me)[-1]["reactions"] == [
        {"emoji": "👀", "users": both},
        # With its selector or without, it is one emoji, kept as Unicode recommends.
        {"emoji": "❤️", "users": both[::-1]},
    ]
    talk.other.call("reaction_remove", message=said, emoji="👀")
    talk.me.call("reaction_remove", message=said, emoji="👀")
    assert [r["emoji"] for r in changed(talk.other)[-1]["reactions"]] == ["❤️"]
    assert talk.me.call("history", room=talk.room)["messages"][0] == changed(talk.me)[-1]


def test_to_react_twice_is_to_react_once(talk: Talk) -> None:
    said = talk.me.send(talk.room, "hm")["id"]
    for event in ("reaction_add", "reaction_add", "reaction_remove", "reaction_remove"):
        talk.me.call(event, message=said, emoji="👍")
    assert [len(message["reactions"]) for message in changed(talk.me)] == [1, 0]


@pytest.mark.parametrize("emoji", ["a", "1", "👍👍", "👍 ", ":thumbsup:", "<b>", "\u200d", "\ufe0f", "🏽🏽"])
def test_what_is_no_emoji(talk: Talk, emoji: str) -> None:
    said = talk.me.send(talk.room, "hm")["id"]
    error = talk.me.error("reaction_add", message=said, emoji=emoji)
    assert (error["code"], error["field"]) == ("bad_request", "emoji")


@pytest.mark.parametrize("emoji", ["👍🏽", "👨‍👩‍👧‍👦", "🇩🇪", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
def test_what_is_one_emoji(talk: Talk, emoji: str) -> None:
    said = talk.me.send(talk.room, "hm")["id"]
    talk.me.call("reaction_add", message=said, emoji=emoji)
    assert changed(talk.me)[-1]["reactions"] == [{"emoji": emoji, "users": [talk.ada.user]}]


@pytest.mark.parametrize(("name", "value"), [("MOST_KINDS", 2), ("MOST_PEOPLE", 2)])
def test_what_hangs_on_one_message_is_bounded(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, name: str, value: int
) -> None:
    monkeypatch.setattr(reactions, name, value)
    said = talk.me.send(talk.room, "hm")["id"]
    for emoji in ("👍", "👎"):
        talk.me.call("reaction_add", message=said, emoji=emoji)
    assert talk.me.error("reaction_add", message=said, emoji="👀")["code"] == "conflict"


def test_pins(talk: Talk) -> None:
    first, second = (talk.me.send(talk.room, text)["id"] for text in ("first", "second"))
    talk.other.call("pin_add", message=second)
    talk.me.call("pin_add", message=first)
    talk.me.call("pin_add", message=first)
    assert [message["pinned"] for message in changed(talk.other)] == [True, True]
    pinned = talk.other.call("pin_list", room=talk.room)["messages"]
    assert {message["id"] for message in pinned} == {first, second}
    talk.other.call("pin_remove", message=first)
    talk.other.call("pin_remove", message=first)
    assert [message["id"] for message in talk.me.call("pin_list", room=talk.room)["messages"]] == [second]
    assert talk.me.error("pin_list", room=999)["code"] == "not_found"


def test_pins_are_bounded(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "MOST_PINS", 1)
    first, second = (talk.me.send(talk.room, text)["id"] for text in ("first", "second"))
    talk.me.call("pin_add", message=first)
    assert talk.me.error("pin_add", message=second)["code"] == "conflict"


def test_messages_by_their_ids(talk: Talk) -> None:
    room = talk.me.call("room_create", name="secret", kind="private")["room"]["id"]
    hidden = talk.me.send(room, "between us")
    first, second = (talk.me.send(talk.room, text) for text in ("first", "second"))
    asked = [second["id"], hidden["id"], 999, first["id"], second["id"]]
    assert talk.other.call("message_get", messages=asked)["messages"] == [second, first]
    assert talk.me.call("message_get", messages=asked)["messages"] == [second, hidden, first]
    assert talk.me.error("message_get", messages=[])["field"] == "messages"
    assert talk.me.error("message_get", messages=list(range(1, 102)))["code"] == "too_large"


def test_who_has_read(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (talk.me.send(talk.room, text) for text in ("first", "second"))
    talk.other.call("read_mark", room=talk.room, seq=first["seq"])
    assert talk.me.call("message_readers", message=first["id"])["users"] == [talk.mira.user]
    assert talk.me.call("message_readers", message=second["id"])["users"] == []
    monkeypatch.setattr("chat.reads.MOST_MEMBERS_FOR_READERS", 1)
    assert talk.me.error("message_readers", message=first["id"])["code"] == "conflict"


def test_changes_of_one_message_at_once_are_all_there(talk: Talk, store: Store) -> None:
    from chat.events.messages import PinAdd, ReactionAdd

    said = talk.me.send(talk.room, "all at once")
    signs = ["👍", "👎", "👀", "🎉"]
    results = together(
        *(lambda sign=sign: reactions.add(store, talk.ada, ReactionAdd(said["id"], sign)) for sign in signs),
        *(lambda sign=sign: reactions.add(store, talk.mira, ReactionAdd(said["id"], sign)) for sign in signs),
        lambda: pins.add(store, talk.mira, PinAdd(said["id"])),
    )
    assert [result for result in results if result is not None] == []
    (kept,) = talk.me.call("history", room=talk.room)["messages"]
    assert {r["emoji"]: len(r["users"]) for r in kept["reactions"]} == dict.fromkeys(signs, 2)
    assert (kept["pinned"], kept["rev"]) == (True, said["rev"] + 9)
