"""/admin: whom it lets in and for how long, and what its commands do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from flask import Flask

from chat import accounts, audit, messages, sessions, tokens
from chat.actor import Actor
from chat.events.messages import MessageSend
from chat.events.moderation import AuditList
from chat.hub import Hub
from chat.sanctions import cleaning
from chat.sockets import admission
from chat.store import Store
from tests.clients import Client
from tests.sockets.conftest import Talk
from tests.waiting import until

Connect = Callable[..., Client]


@pytest.fixture
def console(talk: Talk, connect: Connect) -> Client:
    """The owner's connection to /admin."""
    client = connect(talk.ada, "/admin")
    (welcome,) = client.told("welcome")
    assert (welcome["user"]["username"], welcome["user"]["status"]) == ("ada", "online")
    client.forget()
    return client


def log(store: Store, owner: Actor) -> list[tuple[str, dict[str, Any]]]:
    """What was done, the first first."""
    found = audit.rows(store, owner, AuditList())
    return [(entry.action, entry.details) for entry in found][::-1]


@pytest.mark.parametrize("role", ["member", "guest", "bot"])
def test_staff_alone_come_in(
    app: Flask, store: Store, make_member: Callable[..., Actor], role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []
    real = admission.refusal

    def refusal(code: str, message: str) -> object:
        refused.append(code)
        return real(code, message)

    monkeypatch.setattr(admission, "refusal", refusal)
    client = Client.connect(app, store, make_member(role=role), "/admin")
    assert not client.is_connected()
    assert refused == ["forbidden"]
    client.close()


def test_who_is_no_longer_staff_has_no_console(
    talk: Talk, store: Store, hub: Hub, connect: Connect, make_member: Callable[..., Actor]
) -> None:
    boss = make_member(role="admin")
    client = connect(boss, "/admin")
    client.call("audit_list")
    accounts.set_role(store, boss.user, "member")
    assert client.told("session_ended") == [{"reason": "not_staff"}]
    assert not client.is_connected()
    assert len(hub.sockets.admin.connections) == 0


def test_a_role_that_was_lost_unheard_is_noticed_within_a_second(
    app: Flask,
    talk: Talk,
    store: Store,
    connect: Connect,
    make_member: Callable[..., Actor],
    beat: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    boss, other = make_member(role="admin"), make_member(role="admin")
    by_token = connect(boss, "/admin")
    secret = sessions.open_session(store, other.user, user_agent="x", address="y")
    by_session = Client(app, "/admin", headers={"Cookie": f"{sessions.COOKIE}={secret}"})
    monkeypatch.setattr(store, "publish", lambda effects: None)
    accounts.set_role(store, boss.user, "member")
    accounts.reset_password(store, other.user, "another password")
    beat(1)
    assert by_token.told("session_ended") == [{"reason": "not_staff"}]
    assert by_session.told("session_ended") == [{"reason": "expired"}]
    assert not by_token.is_connected()
    assert not by_session.is_connected()
    by_session.close()


def test_the_role_is_asked_for_at_every_command(console: Client, hub: Hub, talk: Talk) -> None:
    (connection,) = hub.sockets.admin.connections
    connection.actor = talk.mira
    assert console.error("room_activity")["code"] == "forbidden"
    assert console.error("stats_watch")["code"] == "forbidden"


def test_a_session_that_ends_ends_its_console(talk: Talk, store: Store, app: Flask) -> None:
    secret = sessions.open_session(store, talk.ada.user, user_agent="x", address="y")
    client = Client(app, "/admin", headers={"Cookie": f"{sessions.COOKIE}={secret}"})
    client.call("audit_list")
    accounts.reset_password(store, talk.ada.user, "another password")
    assert client.told("session_ended") == [{"reason": "revoked"}]
    assert not client.is_connected()
    client.close()


def test_a_ban_with_what_was_written_lately(
    talk: Talk, console: Client, store: Store, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "PIECE", 2)
    monkeypatch.setattr(cleaning, "LOOKED_AT", 4)
    direct = talk.other.call("direct_open", users=[talk.ada.user])["room"]["id"]
    talk.me.send(talk.room, "mine")
    for number in range(5):
        talk.other.send(talk.room if number % 3 else direct, f"spam {number}")
    talk.other.call("room_update", room=talk.room, topic="Spam")
    talk.me.forget()
    console.call("user_ban", user=talk.mira.user, reason="Spam", remove=1)
    assert talk.other.told("session_ended") == [{"reason": "banned"}]
    until(lambda: log(store, talk.ada)[-1][0] == "messages_remove")
    assert log(store, talk.ada)[-1][1] == {"user_name": "mira", "hours": 1, "messages": 5}
    left = [m for room in (talk.room, direct) for m in talk.me.call("history", room=room)["messages"]]
    assert [m["text"] for m in left if not m["deleted"] and m["kind"] == "text"] == ["mine"]
    assert len([m for m in talk.me.told("message_changed") if m["message"]["deleted"]]) == 5
    (found,) = console.call("sanction_search", kind="ban")["sanctions"]
    assert (found["user"], found["reason"]) == (talk.mira.user, "Spam")
    console.call("user_unban", user=talk.mira.user)
    assert console.call("sanction_search")["sanctions"] == []
    assert connect(talk.mira).is_connected()


def test_what_was_written_before_stays(talk: Talk, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    talk.other.send(talk.room, "long ago")
    monkeypatch.setattr(cleaning, "HOUR", 0)
    assert cleaning.clean(store, talk.ada, talk.mira.user, 1) == 0


def test_blocked_networks_stand_with_their_ban(talk: Talk, console: Client, store: Store) -> None:
    sessions.open_session(store, talk.mira.user, user_agent="x", address="198.51.100.7")
    console.call("user_ban", user=talk.mira.user, networks=True)
    found = console.call("sanction_search", user=talk.mira.user)
    ((ban,),) = [found["sanctions"]]
    assert found["networks"] == {str(ban["id"]): ["198.51.100.7"]}
    assert [user["username"] for user in found["users"]] == ["mira"]


def test_any_message_can_be_removed(talk: Talk, console: Client, store: Store, connect: Connect) -> None:
    secret = talk.other.call("room_create", name="secret", kind="private")["room"]["id"]
    message = talk.other.send(secret, "Buy this!")["id"]
    console.call("message_remove", message=message)
    assert talk.other.told("message_changed")[-1]["message"]["deleted"] is True
    assert console.error("message_remove", message=message)["code"] == "not_found"
    assert [action for action, _ in log(store, talk.ada)] == ["message_delete"]


def test_any_room_is_archived_and_opened_again(talk: Talk, console: Client, store: Store) -> None:
    secret = talk.other.call("room_create", name="secret", kind="private")["room"]["id"]
    for _ in range(2):
        console.call("room_archive", room=secret)
    assert talk.other.told("room_changed")[-1]["room"]["archived"] is True
    assert talk.other.told("message_new")[-1]["message"]["happening"]["what"] == "archived"
    assert talk.other.error("message_send", room=secret, cid="c1", text="hello")["code"] == "forbidden"
    console.call("room_archive", room=secret, archived=False)
    talk.other.send(secret, "hello")
    # Once each: what is so already is not done again.
    assert [action for action, _ in log(store, talk.ada)] == ["room_archive", "room_reopen"]
    direct = talk.other.call("direct_open", users=[talk.ada.user])["room"]["id"]
    for room in (direct, 999):
        assert console.error("room_archive", room=room)["code"] == "not_found"


def test_everybody_is_told_something(talk: Talk, console: Client) -> None:
    console.call("notice_send", message="Down at six,\nback at seven.")
    (told,) = talk.other.told("announcement")
    assert told["text"] == "Down at six,\nback at seven."
    console.call("notice_send", message="")
    assert talk.other.told("announcement")[-1]["text"] == ""
    assert console.error("notice_send", message="x" * 501)["code"] in ("bad_request", "too_large")


def test_what_is_done_is_told_to_consoles_as_the_log_has_it(talk: Talk, console: Client, store: Store) -> None:
    console.call("user_warn", user=talk.mira.user, reason="Stop it")
    (told,) = console.told("audit")
    (entry,) = audit.listing(store, talk.ada, AuditList()).entries
    assert told == msgspec.to_builtins(entry)
    assert (told["action"], told["details"]["reason"]) == ("user_warn", "Stop it")
    assert talk.me.told("audit") == talk.other.told("audit") == []


def test_reports_of_all_rooms(talk: Talk, console: Client, connect: Connect, make_member: Callable[..., Actor]) -> None:
    eve = make_member("eve")
    theirs = connect(eve)
    secret = talk.other.call("room_create", name="secret", kind="private", members=[eve.user])["room"]["id"]
    message = talk.other.send(secret, "Buy this!")["id"]
    theirs.call("message_report", message=message, reason="spam")
    (told,) = console.told("report_changed")
    assert console.call("report_list")["reports"] == [told["report"]]
    assert [m["id"] for m in console.call("report_context", report=told["report"]["id"])["messages"]] == [message]
    console.call("report_resolve", report=told["report"]["id"], outcome="dismissed")
    assert console.told("report_changed")[-1]["report"]["outcome"] == "dismissed"
    assert console.call("report_list")["reports"] == []


def test_who_is_signed_out_everywhere(talk: Talk, console: Client, app: Flask, store: Store) -> None:
    secret = sessions.open_session(store, talk.mira.user, user_agent="x", address="y")
    browser = Client(app, headers={"Cookie": f"{sessions.COOKIE}={secret}"})
    console.call("user_sign_out", user=talk.mira.user)
    assert browser.told("session_ended") == [{"reason": "revoked"}]
    assert talk.other.is_connected()
    console.call("user_sign_out", user=talk.mira.user, tokens=True)
    assert not talk.other.is_connected()
    assert tokens.listing(store, talk.mira) == []
    assert console.error("user_sign_out", user=talk.ada.user)["code"] == "forbidden"
    assert [details["tokens"] for _, details in log(store, talk.ada)] == [0, 1]
    browser.close()


def test_the_log_in_pages(talk: Talk, console: Client) -> None:
    for number in range(3):
        talk.me.call("user_warn", user=talk.mira.user, reason=str(number))
    first = console.call("audit_list", action="user_warn", limit=2)
    assert [entry["details"]["reason"] for entry in first["entries"]] == ["2", "1"]
    rest = console.call("audit_list", action="user_warn", limit=2, before=first["next"])
    assert [entry["details"]["reason"] for entry in rest["entries"]] == ["0"]
    assert "next" not in rest


def test_who_is_connected(
    talk: Talk, console: Client, app: Flask, store: Store, connect: Connect, make_member: Callable[..., Actor]
) -> None:
    program = tokens.create(store, talk.mira, "bot")[1]
    Client(app, auth={"token": program, "client": "weather\x00 bot"})
    for _ in range(3):
        connect(make_member())
    whole = console.call("connection_list", sort="user")
    names = [one["username"] for one in whole["connections"]]
    assert names == sorted(names)
    assert (whole["count"], len(names), "silent" in whole, "next" in whole) == (6, 6, False, False)
    (bot,) = console.call("connection_list", query="WEATHER")["connections"]
    assert (bot["username"], bot["client"], bot["program"], bot["rooms"]) == ("mira", "weather bot", True, 2)
    assert (bot["transport"], bot["sent"], bot["received"]) == ("polling", None, None)
    assert console.call("connection_list", user=talk.mira.user)["count"] == 2
    assert console.call("connection_list", transport="websocket")["connections"] == []
    for sort in ("since", "user", "address", "rooms", "sent", "received"):
        for descending in (False, True):
            wanted = {"sort": sort, "descending": descending, "limit": 4}
            page = console.call("connection_list", **wanted)
            rest = console.call("connection_list", **wanted, after=page["next"])
            assert (page["count"], rest["count"], "next" in rest) == (6, 6, False)
            ids = [one["id"] for one in page["connections"] + rest["connections"]]
            assert sorted(ids) == sorted(one["id"] for one in whole["connections"]), wanted


@pytest.mark.parametrize("after", ["", "x", "[]", "[1]", '["a","b"]', "[1.5,2]", "null"])
def test_a_place_that_no_answer_gave(console: Client, after: str) -> None:
    assert console.error("connection_list", after=after)["field"] == "after"


def test_a_connection_is_closed(talk: Talk, console: Client, store: Store) -> None:
    (mine,) = console.call("connection_list", user=talk.mira.user)["connections"]
    gone = {"id": mine["id"], "user": talk.ada.user}
    assert console.error("connection_close", gone)["code"] == "forbidden"
    assert console.error("connection_close", id="nobody", user=talk.mira.user)["code"] == "not_found"
    console.call("connection_close", id=mine["id"], user=talk.mira.user)
    assert not talk.other.is_connected()
    assert [(action, details["connection"]) for action, details in log(store, talk.ada)] == [
        ("connection_close", mine["id"])
    ]


def test_figures_come_while_somebody_looks(
    talk: Talk, console: Client, hub: Hub, beat: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = 0.0
    monkeypatch.setattr(hub.sockets.console, "_clock", lambda: 1e6 + passed)

    def two_seconds() -> None:
        nonlocal passed
        passed += 2
        hub.sockets.console.beat()

    hub.sockets.console._kept_at = hub.sockets.console._told_at = 1e6
    for _ in range(6):
        two_seconds()
    assert console.told("stats") == []
    (series,) = console.call("stats_watch")["series"]
    assert {len(values) for values in series["values"].values()} == {1}
    two_seconds()
    talk.me.send(talk.room, "hello")
    two_seconds()
    (stats,) = console.told("stats")
    assert stats["process"] == series["process"]
    assert (stats["users"], stats["messages"] > 0, stats["deliveries"] >= 0) == (2, True, True)
    assert stats["memory"] > 1_000_000
    assert set(stats) == {*series["values"], "process"}
    console.call("stats_watch", on=False)
    two_seconds()
    assert len(console.told("stats")) == 1


def test_rooms_by_activity(talk: Talk, console: Client, store: Store) -> None:
    talk.me.send(1, "hello")
    for number in range(2):
        talk.other.send(talk.room, str(number))
    talk.me.send(talk.room, "answer")
    direct = talk.other.call("direct_open", users=[talk.ada.user])["room"]["id"]
    messages.send(store, talk.mira, MessageSend(direct, "c", "between us"))
    talk.me.call("room_update", room=1, topic="No message")
    found = console.call("room_activity")["rooms"]
    shown = [(room["name"], room["messages"], room["authors"], room["members"]) for room in found]
    assert shown == [("launch", 3, 2, 2), ("general", 1, 1, 2)]
    assert len(console.call("room_activity", limit=1)["rooms"]) == 1


def test_people_are_found_by_their_numbers(talk: Talk, console: Client) -> None:
    users = console.call("user_list", ids=[talk.mira.user])["users"]
    assert [(user["username"], user["status"]) for user in users] == [("mira", "online")]


def test_accounts_by_name(talk: Talk, console: Client, store: Store, make_member: Callable[..., Actor]) -> None:
    for name in ("zoe", "bob"):
        make_member(name)
    make_member("robot", role="bot")
    sessions.open_session(store, talk.mira.user, user_agent="x", address="y")
    page = console.call("account_list", limit=3)
    rest = console.call("account_list", limit=3, after=page["next"])
    found = page["accounts"] + rest["accounts"]
    assert [one["user"]["username"] for one in found] == ["ada", "bob", "mira", "robot", "zoe"]
    assert "next" not in rest
    mira = found[2]
    assert (mira["user"]["status"], mira["banned"], mira["deactivated_at"]) == ("online", False, None)
    assert mira["seen_at"] >= mira["created_at"]
    assert found[4]["seen_at"] is None
    console.call("user_ban", user=talk.mira.user)
    console.call("user_deactivate", user=found[4]["user"]["id"])
    for wanted, names in [
        ({"state": "banned"}, ["mira"]),
        ({"state": "deactivated"}, ["zoe"]),
        ({"state": "active"}, ["ada", "bob", "robot"]),
        ({"role": "bot"}, ["robot"]),
        ({"query": "O"}, ["bob", "robot", "zoe"]),
    ]:
        accounts_found = console.call("account_list", **wanted)["accounts"]
        assert [one["user"]["username"] for one in accounts_found] == names, wanted


def test_roles_on_the_server(talk: Talk, console: Client, connect: Connect, make_member: Callable[..., Actor]) -> None:
    console.call("user_role", user=talk.mira.user, role="admin")
    assert talk.other.told("user_changed")[-1]["user"]["role"] == "admin"
    theirs = connect(talk.mira, "/admin")
    assert theirs.error("user_role", user=talk.ada.user, role="member")["code"] == "forbidden"
    assert console.error("user_role", user=talk.ada.user, role="member")["code"] == "forbidden"
    bot = make_member(role="bot")
    assert console.error("user_role", user=bot.user, role="admin")["code"] == "forbidden"
    console.call("user_role", user=talk.mira.user, role="member")
    assert theirs.told("session_ended") == [{"reason": "not_staff"}]
    assert talk.other.is_connected()


def test_an_account_is_closed_and_opened(
    talk: Talk, console: Client, app: Flask, store: Store, connect: Connect, make_member: Callable[..., Actor]
) -> None:
    said = talk.other.send(talk.room, "stays")
    console.call("user_deactivate", user=talk.mira.user)
    assert talk.other.told("session_ended") == [{"reason": "deactivated"}]
    assert not connect(talk.mira).is_connected()
    assert console.error("user_deactivate", user=talk.mira.user)["code"] == "conflict"
    assert talk.me.call("message_get", messages=[said["id"]])["messages"][0]["text"] == "stays"
    console.call("user_reactivate", user=talk.mira.user)
    assert console.error("user_reactivate", user=talk.mira.user)["code"] == "conflict"
    assert connect(talk.mira).is_connected()
    boss, second = make_member(role="admin"), make_member(role="owner")
    theirs = connect(boss, "/admin")
    assert theirs.error("user_deactivate", user=talk.ada.user)["code"] == "forbidden"
    console.call("user_deactivate", user=second.user)
    console.call("user_deactivate", user=boss.user)
    assert theirs.told("session_ended") == [{"reason": "deactivated"}]
    assert [action for action, _ in log(store, talk.ada)] == [
        "user_deactivate",
        "user_reactivate",
        "user_deactivate",
        "user_deactivate",
    ]
