"""What a room is called and about, who leads it, and what each member keeps of it for themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from chat import accounts, members
from chat.actor import Actor
from chat.events.rooms import RoomJoin
from chat.store import Store
from chat.store.tables import users
from tests.clients import Client
from tests.domain.support import together
from tests.sockets.conftest import Talk


def happened(client: Client) -> list[dict[str, Any]]:
    return [fact["message"]["happening"] for fact in client.told("message_new") if fact["message"]["happening"]]


def test_a_new_name_is_told_and_said(talk: Talk) -> None:
    room = talk.me.call("room_update", room=talk.room, name="#Landing")["room"]
    assert (room["name"], room["head"]) == ("Landing", {"seq": 1, "rev": 2})
    (fact,) = talk.other.told("room_changed")
    assert (fact["room"]["id"], fact["room"]["name"], fact["rev"]) == (talk.room, "Landing", 1)
    (said,) = talk.other.told("message_new")
    assert (said["rev"], said["message"]["kind"]) == (2, "system")
    assert (said["message"]["author"]["id"], said["message"]["text"]) == (talk.ada.user, "")
    assert happened(talk.me) == [{"what": "renamed", "value": "Landing"}]
    found = talk.other.call("room_sync", room=talk.room, rev=0)
    assert (found["room"]["name"], found["messages"]) == ("Landing", [said["message"]])
    # What everybody sees in passing is nobody's unread message.
    assert found["counts"] == {"last_read": 0, "unread": 0, "mentions": 0, "replies": 0}
    assert talk.other.call("room_join", room="landing")["room"]["id"] == talk.room


def test_several_changes_at_once_are_one_change(talk: Talk) -> None:
    talk.me.call("room_update", room=talk.room, topic="Ships soon", slow_mode=30)
    (fact,) = talk.other.told("room_changed")
    assert (fact["room"]["topic"], fact["room"]["slow_mode"]) == ("Ships soon", 30)
    assert happened(talk.other) == [{"what": "topic", "value": "Ships soon"}]


def test_what_is_so_already_is_no_change(talk: Talk) -> None:
    talk.me.call("room_update", room=talk.room, name="launch", topic="", slow_mode=0, archived=False)
    assert talk.other.told("room_changed") == []
    assert talk.me.error("room_update", room=talk.room)["code"] == "bad_request"


def test_a_name_that_is_taken(talk: Talk) -> None:
    for name in ("general", "GENERAL"):
        error = talk.me.error("room_update", room=talk.room, name=name)
        assert (error["code"], error["field"]) == ("conflict", "name")
    talk.me.call("room_update", room=talk.room, name="LAUNCH")
    assert talk.me.error("room_update", room=talk.room, name="a b")["field"] == "name"


def test_private_rooms_may_share_a_name(talk: Talk) -> None:
    room = talk.me.call("room_create", name="secret", kind="private")["room"]["id"]
    assert talk.me.call("room_update", room=room, name="general")["room"]["name"] == "general"
    assert talk.me.call("room_join", room="general")["room"]["id"] == 1


def test_a_public_room_is_kept_to_its_members(
    talk: Talk, connect: Callable[[Actor], Client], make_member: Callable[[str], Actor]
) -> None:
    changed = talk.me.call("room_update", room=talk.room, kind="private", name="Landing")["room"]
    assert (changed["kind"], changed["name"]) == ("private", "Landing")
    (fact,) = talk.other.told("room_changed")
    assert fact["room"]["kind"] == "private"
    assert happened(talk.other) == [{"what": "private", "value": ""}, {"what": "renamed", "value": "Landing"}]
    # Whoever is in it stays, and nobody else finds it, neither by its name nor by its id.
    talk.other.send(talk.room, "still here")
    stranger = connect(make_member("jun"))
    assert talk.room not in [room["id"] for room in stranger.call("room_list")["rooms"]]
    for named in ("Landing", "launch", talk.room):
        assert stranger.error("room_join", room=named)["code"] == "not_found"
    # The name is free for a public one.
    assert stranger.call("room_create", name="landing", kind="public")["room"]["id"] != talk.room
    assert talk.other.call("room_join", room="landing")["room"]["id"] != talk.room


def test_what_was_private_stays_so(talk: Talk) -> None:
    room = talk.me.call("room_create", name="secret", kind="private")["room"]["id"]
    talk.me.call("room_update", room=room, kind="private")
    assert happened(talk.me) == []
    for kind in ("public", "direct", "help", "", 1):
        assert talk.me.error("room_update", room=room, kind=kind)["code"] == "bad_request"
    direct = talk.me.call("direct_open", users=[talk.mira.user])["room"]["id"]
    # Nor is the room that everybody is put into kept from anybody.
    for room in (direct, 1):
        assert talk.me.error("room_update", room=room, kind="private")["code"] == "forbidden"


def test_everybody_may_set_the_topic_and_who_leads_the_rest(talk: Talk) -> None:
    assert talk.other.call("room_update", room=talk.room, topic="mine")["room"]["topic"] == "mine"
    leading = ({"name": "x"}, {"slow_mode": 5}, {"archived": True}, {"kind": "private"}, {"topic": "y", "name": "x"})
    for fields in leading:
        assert talk.other.error("room_update", room=talk.room, **fields)["code"] == "forbidden"
    talk.me.call("room_role", room=talk.room, user=talk.mira.user, role="moderator")
    assert talk.other.call("room_update", room=talk.room, name="x")["room"]["name"] == "x"


def test_an_archived_room_can_be_read_and_opened_again(talk: Talk) -> None:
    said = talk.me.send(talk.room, "before")["id"]
    talk.me.call("room_update", room=talk.room, archived=True)
    refused = [
        ("message_send", {"room": talk.room, "cid": "c", "text": "after"}),
        ("message_edit", {"message": said, "text": "after"}),
        ("reaction_add", {"message": said, "emoji": "👍"}),
        ("pin_add", {"message": said}),
        ("room_update", {"room": talk.room, "topic": "after"}),
    ]
    for event, fields in refused:
        assert talk.me.error(event, **fields)["code"] == "forbidden", event
    assert talk.other.call("history", room=talk.room)["messages"][0]["text"] == "before"
    assert talk.room not in [room["id"] for room in talk.me.call("room_list")["rooms"]]
    (listed,) = talk.me.call("room_list", archived=True)["rooms"]
    assert (listed["id"], listed["archived"]) == (talk.room, True)
    assert talk.me.call("message_delete", message=said)["message"]["deleted"] is True
    talk.me.call("room_update", room=talk.room, archived=False)
    for event, fields in refused[:1]:
        talk.me.call(event, **fields)
    assert [h["what"] for h in happened(talk.other)] == ["archived", "reopened"]


def test_slow_mode_holds_members_and_not_who_leads(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    talk.me.call("room_update", room=talk.room, slow_mode=60)
    first = talk.other.send(talk.room, "one", cid="one")
    error = talk.other.error("message_send", room=talk.room, cid="two", text="two")
    assert (error["code"], error["field"], error["retryable"]) == ("rate_limited", "room", True)
    assert 55 < error["retry_after"] <= 60
    # What was kept is found, however often it is sent again.
    assert talk.other.call("message_send", room=talk.room, cid="one", text="one")["message"] == first
    for number in range(3):
        talk.me.send(talk.room, f"leader {number}")
    began = first["created_at"]
    monkeypatch.setattr("chat.messages.now", lambda: _milliseconds(began) + 60_001)
    talk.other.send(talk.room, "a minute later")


def _milliseconds(moment: str) -> int:
    from datetime import datetime

    return int(datetime.fromisoformat(moment).timestamp() * 1000)


def test_roles(talk: Talk, beat: Callable[..., None]) -> None:
    beat()
    talk.other.forget()
    assert talk.other.error("room_role", room=talk.room, user=talk.mira.user, role="owner")["code"] == "forbidden"
    talk.me.call("room_role", room=talk.room, user=talk.mira.user, role="owner")
    beat()
    (member,) = [m for fact in talk.other.told("members_changed") for m in fact["members"]]
    assert (member["user"]["id"], member["role"], member["gone"]) == (talk.mira.user, "owner", False)
    talk.other.call("room_role", room=talk.room, user=talk.ada.user, role="member")
    error = talk.other.error("room_role", room=talk.room, user=talk.mira.user, role="member")
    assert (error["code"], error["field"]) == ("conflict", "role")
    assert talk.other.error("room_role", room=talk.room, user=999, role="member")["code"] == "not_found"
    # The server's staff may put it right.
    talk.me.call("room_role", room=talk.room, user=talk.ada.user, role="owner")


def test_two_owners_who_step_down_at_once_leave_one(talk: Talk, store: Store) -> None:
    from chat.events.rooms import RoomRole

    talk.me.call("room_role", room=talk.room, user=talk.mira.user, role="owner")
    results = together(
        lambda: members.appoint(store, talk.ada, RoomRole(talk.room, talk.mira.user, "member")),
        lambda: members.appoint(store, talk.mira, RoomRole(talk.room, talk.ada.user, "member")),
    )
    roles = [m["role"] for m in talk.me.call("room_members", room=talk.room)["members"]]
    assert roles.count("owner") >= 1, results


def test_what_is_mine_is_told_to_my_own_devices(talk: Talk, connect: Callable[[Actor], Client]) -> None:
    phone = connect(talk.mira)
    talk.other.call("involvement_set", room=talk.room, level="nothing")
    talk.other.call("room_star", room=talk.room, on=True)
    for client in (talk.other, phone):
        assert client.told("room_own") == [
            {"room": talk.room, "involvement": "nothing", "starred": False},
            {"room": talk.room, "involvement": "nothing", "starred": True},
        ]
    assert talk.me.told("room_own") == []
    (room,) = [r for r in connect(talk.mira).told("welcome")[0]["rooms"] if r["id"] == talk.room]
    assert (room["involvement"], room["starred"]) == ("nothing", True)
    for event, fields in (("involvement_set", {"level": "mentions"}), ("room_star", {"on": True})):
        assert talk.other.error(event, room=999, **fields)["code"] == "not_found"
    assert talk.other.error("involvement_set", room=talk.room, level="loud")["field"] == "level"


def test_a_direct_conversation_is_one(talk: Talk) -> None:
    room = talk.me.call("direct_open", users=[talk.mira.user])["room"]
    assert (room["kind"], room["name"], room["users"]) == ("direct", "", [talk.ada.user, talk.mira.user])
    (added,) = talk.other.told("room_added")
    assert (added["room"]["id"], added["room"]["users"]) == (room["id"], room["users"])
    assert talk.other.call("direct_open", users=[talk.ada.user, talk.mira.user])["room"]["id"] == room["id"]
    talk.other.send(room["id"], "hello")
    assert talk.me.told("message_new")[-1]["message"]["text"] == "hello"
    alone = talk.me.call("direct_open", users=[])["room"]
    assert (alone["users"], alone["member_count"]) == ([talk.ada.user], 1)
    assert alone["id"] != room["id"]


def test_a_direct_conversation_stays_what_it_is(talk: Talk, make_member: Callable[..., Actor]) -> None:
    room = talk.me.call("direct_open", users=[talk.mira.user])["room"]["id"]
    jun = make_member("jun")
    for event, fields in (
        ("room_leave", {}),
        ("room_invite", {"users": [jun.user]}),
        ("room_remove", {"user": talk.mira.user}),
        ("room_role", {"user": talk.mira.user, "role": "owner"}),
        ("room_update", {"name": "x"}),
        ("room_link", {}),
    ):
        assert talk.me.error(event, room=room, **fields)["code"] == "forbidden", event
    assert room not in [r["id"] for r in talk.me.call("room_list")["rooms"]]


def test_a_direct_conversation_is_nobody_elses(talk: Talk, make_member: Any, connect: Any) -> None:
    room = talk.me.call("direct_open", users=[talk.mira.user])["room"]["id"]
    stranger = connect(make_member("jun"))
    for event in ("room_join", "room_members", "history"):
        assert stranger.error(event, room=room)["code"] == "not_found"


def test_with_whom_there_can_be_no_conversation(talk: Talk, store: Store, make_member: Any) -> None:
    gone = make_member("gone")
    store.write(lambda tx: tx.conn.execute(update(users).where(users.c.id == gone.user).values(deactivated_at=1)))
    for others in ([999], [gone.user]):
        assert talk.me.error("direct_open", users=others)["code"] == "not_found"
    assert talk.me.error("direct_open", users=list(range(1, 10)))["code"] == "too_large"


def test_a_link_into_a_room(talk: Talk, make_member: Any, store: Store) -> None:
    from chat import invites

    room = talk.other.call("room_create", name="secret", kind="private")["room"]["id"]
    made = talk.other.call("room_link", room=room, uses=1)
    secret = made["url"].rpartition("/invite/")[2]
    assert made["expires_at"].endswith("Z")
    jun, kim = make_member("jun"), make_member("kim")
    assert invites.look(store, secret).opens_accounts is False
    assert invites.enter(store, jun, secret) == room
    # Who is in already uses nothing up.
    with pytest.raises(Exception, match="not valid"):
        invites.enter(store, kim, secret)
    for days, uses in ((0, 1), (366, 1), (1, 0), (1, 1001)):
        assert talk.other.error("room_link", room=room, days=days, uses=uses)["code"] in ("bad_request", "too_large")
    assert talk.me.error("room_link", room=room)["code"] == "not_found"


def test_a_members_link_makes_no_accounts(talk: Talk, store: Store) -> None:
    room = talk.other.call("room_create", name="secret", kind="private")["room"]["id"]
    secret = talk.other.call("room_link", room=room)["url"].rpartition("/")[2]
    with pytest.raises(Exception, match="not valid"):
        accounts.register(store, username="new", name="New", password="correct horse", invite=secret)
    theirs = talk.me.call("room_link", room=talk.room)["url"].rpartition("/")[2]
    made = accounts.register(store, username="new", name="New", password="correct horse", invite=theirs)
    members.join(store, accounts.by_username(store, "new"), RoomJoin(talk.room))
    assert made.role == "member"
