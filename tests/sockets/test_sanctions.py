"""What somebody hears of what was decided about them, and what they can't do any more."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from flask import Flask
from sqlalchemy import update

from chat import sessions, tokens
from chat.actor import Actor
from chat.events.moderation import UserBan, UserMute, UserUnban
from chat.hub import Hub
from chat.sanctions import bans, mutes
from chat.sockets import admission
from chat.store import Store
from chat.store.outbox import Muted, Unmuted
from chat.store.tables import sanctions
from chat.times import now
from tests.clients import Client
from tests.sockets.conftest import Talk


def test_who_is_muted_reads_and_says_nothing(talk: Talk, connect: Callable[[Actor], Client]) -> None:
    said = talk.other.send(talk.room, "before", cid="kept")
    elsewhere = talk.other.call("room_create", name="mine", kind="private")["room"]["id"]
    talk.me.call("user_mute", user=talk.mira.user, room=talk.room, reason="Calm down")
    ((mute,),) = [fact["sanctions"] for fact in talk.other.told("sanctions_changed")]
    assert (mute["kind"], mute["room"], mute["reason"], mute["until"]) == ("mute", talk.room, "Calm down", None)
    assert connect(talk.mira).told("welcome")[0]["sanctions"] == [mute]
    for command, fields in {
        "message_send": {"room": talk.room, "cid": "new", "text": "x"},
        "message_edit": {"message": said["id"], "text": "x"},
        "reaction_add": {"message": said["id"], "emoji": "👍"},
        "typing": {"room": talk.room, "on": True},
        "room_update": {"room": talk.room, "topic": "x"},
        "pin_add": {"message": said["id"]},
    }.items():
        error = talk.other.error(command, **fields)
        assert (error["code"], error["field"], error["retryable"]) == ("forbidden", "room", False)
    # What was said before is not lost, and is told to nobody else.
    again = talk.other.call("message_send", room=talk.room, cid="kept", text="before")
    assert again["duplicate"] is True
    assert len(talk.other.call("history", room=talk.room)["messages"]) == 1
    assert talk.me.told("sanctions_changed") == []
    talk.other.send(elsewhere, "here I may")
    talk.me.call("user_unmute", user=talk.mira.user, room=talk.room)
    assert talk.other.told("sanctions_changed")[-1] == {"sanctions": []}
    talk.other.send(talk.room, "after")


def test_a_mute_anywhere_holds_in_every_room(talk: Talk) -> None:
    direct = talk.other.call("direct_open", users=[talk.ada.user])["room"]["id"]
    talk.me.call("user_mute", user=talk.mira.user)
    for room in (talk.room, direct):
        assert talk.other.error("message_send", room=room, cid=f"x{room}", text="x")["field"] == "room"
    assert talk.other.error("room_create", name="speech", kind="public")["code"] == "forbidden"


def test_mutes_are_asked_in_memory(hub: Hub, talk: Talk) -> None:
    """Another process tells of one that the database of this test has never seen."""
    relay = hub.sockets.relay
    relay.heard("other", msgspec.json.encode([Muted(5, talk.mira.user, talk.room, None)]))
    assert talk.other.error("message_send", room=talk.room, cid="a", text="x")["code"] == "forbidden"
    relay.heard("other", msgspec.json.encode([Unmuted((5,))]))
    talk.other.send(talk.room, "x")


def test_a_mute_that_got_lost_is_found(
    hub: Hub, store: Store, talk: Talk, beat: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(store, "publish", lambda effects: None)
        mutes.mute(store, talk.ada, UserMute(talk.mira.user, talk.room))
    talk.other.send(talk.room, "not known yet")
    beat(20)
    assert talk.other.error("message_send", room=talk.room, cid="a", text="x")["code"] == "forbidden"
    store.write(lambda tx: tx.conn.execute(update(sanctions).values(lifted_at=now())))
    beat(20)
    talk.other.send(talk.room, "free")


def test_a_ban_that_got_lost_is_found(
    hub: Hub, store: Store, talk: Talk, beat: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions.open_session(store, talk.mira.user, user_agent="x", address="198.51.100.7")
    monkeypatch.setattr(store, "publish", lambda effects: None)
    bans.ban(store, talk.ada, UserBan(talk.mira.user, networks=True))
    assert not store.is_blocked("198.51.100.7")
    beat(16)
    assert talk.other.told("session_ended") == [{"reason": "expired"}]
    assert store.is_blocked("198.51.100.7")
    bans.unban(store, talk.ada, UserUnban(talk.mira.user))
    beat(16)
    assert not store.is_blocked("198.51.100.7")


def test_a_process_that_starts_knows_the_mutes_and_the_blocks(
    talk: Talk, make_app: Callable[..., Flask], make_member: Callable[..., Actor], store: Store
) -> None:
    mutes.mute(store, talk.ada, UserMute(talk.mira.user, talk.room))
    cara = make_member()
    sessions.open_session(store, cara.user, user_agent="x", address="198.51.100.7")
    bans.ban(store, talk.ada, UserBan(cara.user, networks=True))
    app = make_app()
    assert app.extensions["hubbub"].store.is_blocked("198.51.100.7")
    other = Client.connect(app, store, talk.mira)
    assert other.error("message_send", room=talk.room, cid="a", text="x")["code"] == "forbidden"
    other.close()


def test_a_ban_closes_all_connections_and_says_so(app: Flask, store: Store, talk: Talk) -> None:
    secret = sessions.open_session(store, talk.mira.user, user_agent="x", address="y")
    browser = Client(app, headers={"Cookie": f"hubbub_session={secret}"})
    bans.ban(store, talk.ada, UserBan(talk.mira.user))
    for client in (browser, talk.other):
        # Why, before the line is gone.
        assert [fact["sanctions"][0]["kind"] for fact in client.told("sanctions_changed")] == ["ban"]
        assert client.told("session_ended") == [{"reason": "banned"}]
        assert not client.is_connected()
    assert talk.me.is_connected()
    browser.close()


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Whom the door has refused, and with which words."""
    found: list[tuple[str, str]] = []
    real = admission.refusal

    def refusal(code: str, message: str) -> object:
        found.append((code, message))
        return real(code, message)

    monkeypatch.setattr(admission, "refusal", refusal)
    return found


def test_a_banned_program_learns_why(app: Flask, store: Store, talk: Talk, refused: list[tuple[str, str]]) -> None:
    token = tokens.create(store, talk.mira, "bot")[1]
    bans.ban(store, talk.ada, UserBan(talk.mira.user, reason="Spam"))
    for secret in (token, "hub_unknown"):
        Client(app, auth={"token": secret}).close()
    assert refused == [("banned", "This account is banned. The reason: Spam"), ("unauthenticated", "Please sign in.")]
    asked = app.test_client().post("/files", headers={"Authorization": f"Bearer {token}"})
    assert (asked.status_code, asked.json["error"]["message"]) == (403, refused[0][1])  # type: ignore[index]


def test_nobody_but_staff_comes_from_a_blocked_network(
    app: Flask,
    store: Store,
    talk: Talk,
    make_member: Callable[..., Actor],
    monkeypatch: pytest.MonkeyPatch,
    refused: list[tuple[str, str]],
) -> None:
    sessions.open_session(store, talk.mira.user, user_agent="x", address="198.51.100.7")
    bans.ban(store, talk.ada, UserBan(talk.mira.user, networks=True))
    eve = make_member("eve")
    for address, actor, connected in [
        ("198.51.100.7", eve, False),
        ("198.51.100.8", eve, True),
        ("198.51.100.7", talk.ada, True),
    ]:
        monkeypatch.setattr(admission, "address", lambda environ, address=address: address)
        client = Client.connect(app, store, actor)
        assert client.is_connected() is connected
        client.close()
        secret = tokens.create(store, actor, "http")[1]
        asked = app.test_client().post(
            "/files", headers={"Authorization": f"Bearer {secret}"}, environ_base={"REMOTE_ADDR": address}
        )
        assert (asked.status_code == 403) is not connected
    assert [code for code, _ in refused] == ["banned"]


def test_a_room_is_closed_to_who_is_banned(talk: Talk) -> None:
    talk.me.call("room_ban", room=talk.room, user=talk.mira.user, reason="Enough")
    ((ban,),) = [fact["sanctions"] for fact in talk.other.told("sanctions_changed")]
    assert (ban["kind"], ban["room"], ban["reason"]) == ("room_ban", talk.room, "Enough")
    assert talk.me.told("room_sanctions_changed") == [{"room": talk.room}]
    assert talk.other.told("room_removed") == [{"room": talk.room, "reason": "removed"}]
    assert talk.other.error("room_join", room=talk.room)["code"] == "forbidden"
    assert [one["user"] for one in talk.me.call("sanction_list", room=talk.room)["sanctions"]] == [talk.mira.user]
    talk.me.call("room_unban", room=talk.room, user=talk.mira.user)
    assert talk.other.told("sanctions_changed")[-1] == {"sanctions": []}
    assert len(talk.me.told("room_sanctions_changed")) == 2
    talk.other.call("room_join", room=talk.room)


def test_a_warning_is_shown_until_it_is_seen(talk: Talk, connect: Callable[[Actor], Client]) -> None:
    talk.me.call("user_warn", user=talk.mira.user, reason="Please read the rules.")
    second = connect(talk.mira)
    ((warning,),) = [fact["sanctions"] for fact in talk.other.told("sanctions_changed")]
    assert (warning["kind"], warning["reason"]) == ("warning", "Please read the rules.")
    second.call("warning_seen", id=warning["id"])
    assert talk.other.told("sanctions_changed")[-1] == second.told("sanctions_changed")[-1] == {"sanctions": []}


def test_a_report_is_told_to_who_leads_and_settled_there(talk: Talk) -> None:
    message = talk.me.send(talk.room, "hello")["id"]
    assert talk.me.error("message_report", message=message, reason="spam")["code"] == "bad_request"
    theirs = talk.other.send(talk.room, "Buy this!")["id"]
    talk.me.call("message_report", message=theirs, reason="spam")
    ((report,),) = [talk.me.call("report_list", room=talk.room)["reports"]]
    assert talk.me.told("report_changed") == [{"report": report}]
    found = talk.me.call("report_context", report=report["id"])["messages"]
    assert [one["id"] for one in found] == [message, theirs]
    talk.me.call("report_resolve", report=report["id"], outcome="removed")
    assert talk.me.told("report_changed")[-1]["report"]["outcome"] == "removed"
    assert talk.other.told("report_changed") == []
    assert talk.other.error("report_list", room=talk.room)["code"] == "forbidden"
