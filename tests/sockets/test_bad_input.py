"""Whatever a client sends, it gets a typed error: never a traceback, a hang or silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from chat.events import ADMIN_COMMANDS, CHAT_COMMANDS
from tests.clients import Client
from tests.sockets.conftest import Talk
from tests.sockets.samples import good, good_for_staff

COMMANDS = sorted(CHAT_COMMANDS)
ADMIN_ONLY = sorted(ADMIN_COMMANDS.keys() - CHAT_COMMANDS.keys())
WRONG = [
    float("nan"),
    2**63,
    -1,
    0,
    "\ud800",
    "\x00",
    [[]],
    {"a": 1},
    True,
    None,
    "",
    " \t\n",
    1.5,
    [None],
    ["x"],
    10**400,
]


def payload(talk: Talk, event: str) -> dict[str, Any]:
    return dict(good(talk.room, talk.ada, talk.mira)[event])


def test_every_command_has_a_sample(talk: Talk) -> None:
    assert sorted(good(talk.room, talk.ada, talk.mira)) == COMMANDS
    staff = good_for_staff(talk.room, talk.ada, talk.mira)
    assert sorted(staff) == sorted(ADMIN_COMMANDS)
    for event in ADMIN_ONLY:
        assert set(staff[event]) == set(ADMIN_COMMANDS[event].command.__struct_fields__), event


# A server for each command and not for each of its fields: starting one takes longer than all that is tried on it.
@pytest.mark.parametrize("event", COMMANDS)
def test_bad_payloads_get_a_typed_error(talk: Talk, event: str) -> None:
    kind, sample = CHAT_COMMANDS[event].command, payload(talk, event)
    try_bad_payloads(talk.me, kind, sample, event)
    for whole in ([], "text", 5, True, [1, 2], "\ud800"):
        assert talk.me.error(event, whole)["code"] == "bad_request", whole


@pytest.mark.parametrize("event", ADMIN_ONLY)
def test_bad_payloads_on_admin(talk: Talk, connect: Callable[..., Client], event: str) -> None:
    """What /chat has too needs not be tried twice."""
    sample = good_for_staff(talk.room, talk.ada, talk.mira)[event]
    try_bad_payloads(connect(talk.ada, "/admin"), ADMIN_COMMANDS[event].command, sample, event)


def try_bad_payloads(client: Client, kind: type[msgspec.Struct], sample: dict[str, Any], event: str) -> None:
    """A field too many, one too few, and one of a wrong type or size: each is named."""
    error = client.error(event, sample | {"surplus": 1})
    assert (error["code"], error["field"], error["retryable"]) == ("bad_request", "surplus", False)
    for field in msgspec.structs.fields(kind):
        if field.required:
            error = client.error(event, {name: value for name, value in sample.items() if name != field.name})
            assert (error["code"], error["field"]) == ("bad_request", field.name)
    for field in msgspec.structs.fields(kind):
        try_wrong_values(client, kind, sample, event, field.name)


def try_wrong_values(
    client: Client, kind: type[msgspec.Struct], sample: dict[str, Any], event: str, field: str
) -> None:
    """Each hostile value in each field, against the struct's verdict; where it fits the type, any typed ack will do."""
    for wrong in WRONG:
        sent = sample | {field: wrong}
        try:
            msgspec.convert(sent, kind)
            fits = True
        except (msgspec.ValidationError, UnicodeEncodeError):
            fits = False
        ack = client.ack(event, sent)
        assert isinstance(ack, dict), (wrong, ack)
        if not fits:
            assert ack["ok"] is False, (wrong, ack)
            assert ack["error"]["code"] in ("bad_request", "too_large"), (wrong, ack)
            assert ack["error"].get("field") == field, (wrong, ack)
        elif not ack["ok"]:
            assert ack["error"]["code"] in ("bad_request", "not_found", "conflict", "forbidden"), (wrong, ack)


def test_two_payloads_are_refused(talk: Talk) -> None:
    assert talk.me.error("time", {}, {})["code"] == "bad_request"


@pytest.mark.parametrize("event", ["no_such_command", "__init__", "obey", "message_send ", "on_time", "emit", "消息"])
def test_an_unknown_event(talk: Talk, event: str) -> None:
    assert talk.me.error(event, {})["code"] == "bad_request"


@pytest.mark.parametrize("event", ["connect", "disconnect"])
def test_reserved_events_do_not_reach_the_handlers(talk: Talk, event: str) -> None:
    assert talk.me.error(event, {})["code"] == "bad_request"
    assert talk.me.call("time")["time"].endswith("Z")


@pytest.mark.parametrize("text", [" ", "\n\n", "\u200b\u200d", "\u00a0\u3000", "\u0301"])
def test_a_text_that_shows_nothing(talk: Talk, text: str) -> None:
    error = talk.me.error("message_send", room=talk.room, cid="c", text=text)
    assert (error["code"], error["field"]) == ("bad_request", "text")


def test_texts_at_and_over_the_limit(talk: Talk) -> None:
    assert talk.me.send(talk.room, "x" * 10_000)["text"] == "x" * 10_000
    error = talk.me.error("message_send", room=talk.room, cid="c", text="x" * 10_001)
    assert (error["code"], error["field"]) == ("too_large", "text")


def test_a_hundred_thousand_combining_marks(talk: Talk) -> None:
    error = talk.me.error("message_send", room=talk.room, cid="c", text="a" + "\u0301\u0316" * 50_000)
    assert (error["code"], error["field"]) == ("too_large", "text")


def test_a_tower_of_combining_marks_within_the_limit(talk: Talk) -> None:
    error = talk.me.error("message_send", room=talk.room, cid="c", text="a" + "\u0301\u0316" * 4_000)
    assert (error["code"], error["field"]) == ("bad_request", "text")


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\x1b[31m", "\x7f", "\x85", "\ufffe"])
def test_control_characters(talk: Talk, text: str) -> None:
    error = talk.me.error("message_send", room=talk.room, cid="c", text=f"before{text}after")
    assert (error["code"], error["field"]) == ("bad_request", "text")


def test_a_text_is_kept_in_nfc(talk: Talk) -> None:
    assert talk.me.send(talk.room, "cafe\u0301\r\nzwei")["text"] == "café\nzwei"


@pytest.mark.parametrize(
    "name", ["'; DROP TABLE rooms; --", "a b", "..", "#", "-", "a/b", "<b>", "%", "a\tb", "\u202eabc", "a" * 81]
)
def test_names_that_cannot_be(talk: Talk, name: str) -> None:
    error = talk.me.error("room_create", name=name, kind="public")
    assert (error["code"], error["field"]) in (("bad_request", "name"), ("too_large", "name"))
    assert {room["name"] for room in talk.me.call("room_list")["rooms"]} == {"general", "launch"}


def test_sql_in_searches_is_text(talk: Talk) -> None:
    for query in ("' OR 1=1 --", "%", "_", "\\", '"'):
        assert talk.me.call("room_list", query=query)["rooms"] == []
        assert talk.me.call("user_list", query=query)["users"] == []


@pytest.mark.parametrize("name", ["LAUNCH", "#launch", "ｌａｕｎｃｈ", "Launch", "ʟaunch".replace("ʟ", "L")])
def test_names_that_differ_only_in_case_or_unicode_form(talk: Talk, name: str) -> None:
    error = talk.me.error("room_create", name=name, kind="public")
    assert (error["code"], error["field"]) == ("conflict", "name")
    assert talk.me.call("room_join", room=name)["room"]["id"] == talk.room


def test_a_cid_reused_with_another_text_or_room(talk: Talk) -> None:
    talk.me.send(talk.room, "one", cid="same")
    for fields in ({"room": talk.room, "text": "two"}, {"room": 1, "text": "one"}):
        assert talk.me.error("message_send", cid="same", **fields)["code"] == "conflict"
    assert talk.other.send(talk.room, "two", cid="same")["seq"] == 2


def test_a_rev_beyond_the_head_resets(talk: Talk) -> None:
    talk.me.send(talk.room, "one")
    found = talk.me.call("room_sync", room=talk.room, rev=2**53 - 1)
    counts = {"last_read": 0, "unread": 0, "mentions": 0, "replies": 0}
    assert found == {"reset": True, "head": {"seq": 1, "rev": 1}, "counts": counts}


def test_two_places_in_the_history_are_refused(talk: Talk) -> None:
    assert talk.me.error("history", room=talk.room, before=5, after=1)["code"] == "bad_request"


def test_a_list_cannot_be_entered_at_a_place_that_no_answer_gave(talk: Talk) -> None:
    for after in ("x", "-1", "1e3", "9" * 300, "\x00", "１"):
        assert talk.me.error("room_list", after=after)["field"] == "after"


def test_a_deep_object_is_no_way_in(talk: Talk) -> None:
    deep: Any = {}
    for _ in range(100):
        deep = {"room": deep}
    assert talk.me.error("room_join", deep)["code"] == "bad_request"


def test_a_failing_handler_tells_a_number_and_nothing_else(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("secret path /etc/hubbub")

    monkeypatch.setattr("chat.sockets.chat.history.page", fail)
    error = talk.me.error("history", room=talk.room)
    assert error["code"] == "internal"
    assert "secret" not in str(error)
    assert talk.me.call("time")
