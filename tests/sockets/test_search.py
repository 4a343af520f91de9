"""`search` over a connection: what a client sees of it."""

from __future__ import annotations

from typing import Any

import pytest

from chat.hub import Hub
from tests.sockets.conftest import Talk


@pytest.fixture
def database_url(each_database: str) -> str:
    """Each of them has a search of its own."""
    return each_database


def texts(found: dict[str, Any]) -> list[str]:
    return [hit["message"]["text"] for hit in found["hits"]]


def test_a_hit_is_a_message_and_an_excerpt(talk: Talk, hub: Hub) -> None:
    sent = talk.me.send(talk.room, "We were running 写代码")
    hub.follower.beat()
    assert talk.other.call("search", query="runs") == {
        "hits": [{"message": sent, "excerpt": ["We were ", "running", " 写代码"]}]
    }


def test_page_by_page(talk: Talk, hub: Hub) -> None:
    for number in range(5):
        talk.me.send(talk.room, f"word {number}")
    hub.follower.beat()
    first = talk.other.call("search", query="word", limit=3)
    assert texts(first) == ["word 4", "word 3", "word 2"]
    second = talk.other.call("search", query="word", limit=3, before=first["next"])
    assert texts(second) == ["word 1", "word 0"]
    assert "next" not in second


def test_nothing_of_rooms_that_are_not_mine(talk: Talk, hub: Hub) -> None:
    room = talk.me.call("room_create", name="workshop", kind="public")["room"]["id"]
    talk.me.send(room, "a secret")
    hub.follower.beat()
    asked: list[dict[str, Any]] = [
        {"query": "secret"},
        {"query": "in:workshop secret"},
        {"query": "secret", "room": room},
        {"query": "from:ada", "room": room},
    ]
    for fields in asked:
        assert talk.other.call("search", **fields) == {"hits": []}
    # As where there is no such room, and nobody of that name.
    assert talk.other.call("search", query="secret", room=2**53 - 1) == {"hits": []}
    assert talk.other.call("search", query="from:nobody in:nowhere secret", author=2**53 - 1) == {"hits": []}
    talk.other.call("room_join", room=room)
    for fields in asked:
        assert texts(talk.other.call("search", **fields)) == ["a secret"]
    talk.other.call("room_leave", room=room)
    for fields in asked:
        assert talk.other.call("search", **fields) == {"hits": []}


@pytest.mark.parametrize(
    "query",
    [
        "before:tomorrow",
        "after:2026-02-30",
        "has:cheese",
        "from:",
        "in: x",
        "",
        "🎉",
        '"',
        "* ( ) : ^ -",
        "\x00",
        "a\nb",
    ],
)
def test_what_cannot_be_searched_names_the_query(talk: Talk, query: str) -> None:
    error = talk.me.error("search", query=query)
    assert (error["code"], error["field"]) == ("bad_request", "query")


@pytest.mark.parametrize(
    "query",
    [
        *(
            "'; DROP TABLE messages; --",
            'a" OR "b',
            "a AND",
            "NEAR(a b)",
            "a*",
            "tokens:a",
            "{a}: b",
            "^a",
            "a:*",
            "a & !b",
        ),
        *(
            "a <-> b",
            "\\",
            "a\\'b",
            "%_%",
            '"a',
            "$1 %s :wanted ?",
            "x" * 200,
            "a " * 100,
            "好" * 200,
            "_r1 _u1",
            "a|b",
        ),
    ],
)
def test_what_means_something_to_a_database_is_words(talk: Talk, hub: Hub, query: str) -> None:
    talk.me.send(talk.room, "something else")
    hub.follower.beat()
    ack = talk.me.ack("search", {"query": query})
    assert ack["ok"] or ack["error"]["code"] == "bad_request"
    assert ack.get("hits", []) == []
    assert texts(talk.me.call("search", query="something")) == ["something else"]


def test_what_is_too_long(talk: Talk) -> None:
    error = talk.me.error("search", query="x" * 201)
    assert (error["code"], error["field"]) == ("too_large", "query")


def test_a_page_fits_into_an_answer(talk: Talk, hub: Hub) -> None:
    for _ in range(12):
        talk.me.send(talk.room, "word " * 2000)
    hub.follower.beat()
    seen: list[int] = []
    before: dict[str, int] = {}
    while True:
        page = talk.me.call("search", query="word", limit=50, **before)
        assert 0 < sum(len(hit["message"]["text"]) for hit in page["hits"]) <= 100_000
        seen += [hit["message"]["seq"] for hit in page["hits"]]
        if "next" not in page:
            break
        before = {"before": page["next"]}
    assert seen == list(range(12, 0, -1))


def test_what_is_edited_and_deleted_is_so_in_what_is_found(talk: Talk, hub: Hub) -> None:
    first, second = talk.me.send(talk.room, "an apple"), talk.me.send(talk.room, "a banana 香蕉")
    hub.follower.beat()
    talk.me.call("message_edit", message=first["id"], text="a cherry")
    talk.me.call("message_delete", message=second["id"])
    # At once, without the follower.
    assert texts(talk.other.call("search", query="cherry")) == ["a cherry"]
    for gone in ("apple", "banana", "香蕉", "香"):
        assert talk.other.call("search", query=gone) == {"hits": []}
    talk.other.call("reaction_add", message=first["id"], emoji="👍")
    (hit,) = talk.other.call("search", query="from:ada")["hits"]
    assert hit["message"]["reactions"] == [{"emoji": "👍", "users": [talk.mira.user]}]


def test_in_a_direct_conversation(talk: Talk, hub: Hub) -> None:
    room = talk.me.call("direct_open", users=[talk.mira.user])["room"]["id"]
    talk.me.send(room, "between us")
    hub.follower.beat()
    for client in (talk.me, talk.other):
        assert texts(client.call("search", query="between", room=room)) == ["between us"]
