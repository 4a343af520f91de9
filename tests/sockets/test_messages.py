"""Messages over the socket: order, duplicates, history, sync, reads."""

from __future__ import annotations

import re
from collections.abc import Callable

from chat.actor import Actor
from tests.clients import Client
from tests.sockets.conftest import Talk


def test_everyone_hears_it_and_the_sender_too(talk: Talk) -> None:
    sent = talk.me.send(talk.room, "hello **you**")
    for client in (talk.me, talk.other):
        assert client.told("message_new") == [{"room": talk.room, "rev": 1, "message": sent}]
    assert sent["author"] == {"id": talk.ada.user, "username": "ada", "name": "Ada", "avatar": None}
    assert sent["html"] == "<p>hello <strong>you</strong></p>"
    assert (sent["seq"], sent["rev"], sent["kind"], sent["edited_at"], sent["deleted"]) == (1, 1, "text", None, False)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", sent["created_at"])


def test_order_is_one_and_without_holes(talk: Talk) -> None:
    for number in range(20):
        (talk.me if number % 3 else talk.other).send(talk.room, f"line {number}")
    heard = [fact["message"] for fact in talk.other.told("message_new")]
    assert [m["seq"] for m in heard] == [m["rev"] for m in heard] == list(range(1, 21))
    assert [m["text"] for m in heard] == [f"line {number}" for number in range(20)]


def test_a_repeated_send_is_one_message(talk: Talk) -> None:
    first = talk.me.call("message_send", room=talk.room, cid="mine", text="once")
    again = talk.me.call("message_send", room=talk.room, cid="mine", text="once")
    assert (first["duplicate"], again["duplicate"]) == (False, True)
    assert first["message"] == again["message"]
    assert len(talk.other.told("message_new")) == 1
    assert talk.me.call("history", room=talk.room)["head"] == {"seq": 1, "rev": 1}


def test_a_retry_is_answered_even_after_leaving(talk: Talk) -> None:
    talk.other.call("message_send", room=talk.room, cid="mine", text="once")
    talk.other.call("room_leave", room=talk.room)
    assert talk.other.call("message_send", room=talk.room, cid="mine", text="once")["duplicate"]


def test_a_refused_message_uses_no_number(talk: Talk) -> None:
    talk.me.send(talk.room, "one")
    for fields in ({"text": ""}, {"text": "x", "reply_to": 999}, {"text": "x", "files": [1]}):
        talk.me.error("message_send", room=talk.room, cid="bad", **fields)
    assert talk.me.send(talk.room, "two")["seq"] == 2


def test_replies_stay_in_their_room(talk: Talk) -> None:
    first = talk.me.send(talk.room, "question")
    assert talk.other.send(talk.room, "answer", reply_to=first["id"])["reply_to"] == first["id"]
    elsewhere = talk.me.send(1, "elsewhere")
    error = talk.me.error("message_send", room=talk.room, cid="x", text="x", reply_to=elsewhere["id"])
    assert (error["code"], error["field"]) == ("not_found", "reply_to")


def test_history_in_pages(talk: Talk) -> None:
    for number in range(1, 26):
        talk.me.send(talk.room, str(number))

    def page(**fields: int) -> tuple[list[int], bool, bool]:
        found = talk.other.call("history", room=talk.room, limit=10, **fields)
        assert found["head"] == {"seq": 25, "rev": 25}
        return [m["seq"] for m in found["messages"]], found["more_before"], found["more_after"]

    assert page() == (list(range(16, 26)), True, False)
    assert page(before=16) == (list(range(6, 16)), True, True)
    assert page(before=6) == (list(range(1, 6)), False, True)
    assert page(before=1) == ([], False, True)
    assert page(after=0) == (list(range(1, 11)), False, True)
    assert page(after=20) == (list(range(21, 26)), True, False)
    assert page(after=25) == ([], True, False)
    seqs, before, after = page(around=13)
    assert 13 in seqs
    assert (len(seqs), before, after) == (10, True, True)
    assert page(around=1)[0][0] == 1
    assert page(around=2**53 - 1)[0][-1] == 25


def test_the_history_of_a_new_room_is_empty(talk: Talk) -> None:
    found = talk.me.call("history", room=talk.room)
    nothing = {"messages": [], "more_before": False, "more_after": False, "called": []}
    assert found == {**nothing, "head": {"seq": 0, "rev": 0}}


def test_who_joins_later_reads_what_was_said(
    talk: Talk, make_member: Callable[..., Actor], connect: Callable[[Actor], Client]
) -> None:
    talk.me.send(talk.room, "early")
    late = connect(make_member("late"))
    joined = late.call("room_join", room="launch")["room"]
    assert (joined["unread"], joined["last_read"]) == (0, 1)
    assert late.call("history", room=talk.room)["messages"][0]["text"] == "early"


def test_sync_gives_what_is_missing_in_pages(talk: Talk) -> None:
    for number in range(1, 8):
        talk.me.send(talk.room, str(number))
    first = talk.other.call("room_sync", room=talk.room, rev=2, limit=3)
    assert ([m["rev"] for m in first["messages"]], first["more"]) == ([3, 4, 5], True)
    rest = talk.other.call("room_sync", room=talk.room, rev=5, limit=3)
    assert ([m["rev"] for m in rest["messages"]], rest["more"]) == ([6, 7], False)
    done = talk.other.call("room_sync", room=talk.room, rev=7)
    counts = {"last_read": 0, "unread": 7, "mentions": 0, "replies": 0}
    nothing = {"messages": [], "more": False, "called": []}
    assert done == {**nothing, "head": {"seq": 7, "rev": 7}, "counts": counts}


def test_a_gap_that_is_too_long_resets(talk: Talk, monkeypatch: object) -> None:
    from chat import history

    for number in range(4):
        talk.me.send(talk.room, str(number))
    monkeypatch.setattr(history, "MOST_CHANGES_TO_SYNC", 3)  # type: ignore[attr-defined]
    assert talk.me.call("room_sync", room=talk.room, rev=0)["reset"] is True
    assert len(talk.me.call("room_sync", room=talk.room, rev=1)["messages"]) == 3


def test_reads_and_unread_counts(talk: Talk, connect: Callable[[Actor], Client]) -> None:
    def seen() -> tuple[int, int]:
        device = connect(talk.mira)
        (room,) = [r for r in device.told("welcome")[0]["rooms"] if r["id"] == talk.room]
        device.close()
        return room["last_read"], room["unread"]

    for number in range(5):
        talk.me.send(talk.room, str(number))
    talk.other.send(talk.room, "my own does not count")
    assert seen() == (0, 5)
    talk.other.call("read_mark", room=talk.room, seq=3)
    assert seen() == (3, 2)
    counts = {"unread": 2, "mentions": 0, "replies": 0}
    assert talk.other.told("read") == [{"room": talk.room, "seq": 3, "rev": 6, **counts}]
    assert talk.me.told("read") == []
    talk.other.call("read_mark", room=talk.room, seq=1)
    assert seen() == (3, 2)
    talk.other.call("read_mark", room=talk.room, seq=10_000)
    assert seen() == (6, 0)
    talk.other.call("read_mark", room=talk.room, seq=2, back=True)
    assert seen() == (2, 3)
    assert talk.other.told("read")[-1] == {"room": talk.room, "seq": 2, "rev": 6, **counts, "unread": 3}


def test_heads_come_again_when_a_room_falls_quiet(talk: Talk, beat: Callable[..., None]) -> None:
    talk.me.send(talk.room, "last words")
    beat(1)
    assert talk.other.told("heads") == []
    beat(16)
    assert talk.other.told("heads") == [{"rooms": {str(talk.room): {"seq": 1, "rev": 1}}}]
    beat(16)
    assert len(talk.other.told("heads")) == 1


def test_hostile_markup_becomes_text(talk: Talk) -> None:
    for text in (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![](http://evil.example/a.png)",
    ):
        html = talk.me.send(talk.room, text)["html"]
        assert not re.search(r"<script|<img|href=\"javascript", html), html
