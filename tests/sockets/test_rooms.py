"""Rooms over the socket: who may see, enter and change what."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chat.actor import Actor
from chat.hub import Hub
from tests.clients import Client
from tests.sockets.conftest import Talk


def names(found: dict[str, list[dict[str, str]]]) -> list[str]:
    return [room["name"] for room in found["rooms"]]


def test_joining_by_name_creates_only_when_asked(talk: Talk) -> None:
    assert talk.other.error("room_join", room="plans")["code"] == "not_found"
    made = talk.other.call("room_join", room="#plans", create=True)["room"]
    assert (made["name"], made["kind"], made["role"], made["member_count"]) == ("plans", "public", "owner", 1)
    joined = talk.me.call("room_join", room="PLANS", create=True)["room"]
    assert (joined["id"], joined["role"], joined["member_count"]) == (made["id"], "member", 2)


def test_joining_twice_is_one_membership(talk: Talk) -> None:
    for _ in range(2):
        assert talk.other.call("room_join", room=talk.room)["room"]["member_count"] == 2
    assert talk.other.told("room_added") == []


def test_joining_tells_all_connections_of_the_one_who_joins(talk: Talk, connect: Callable[[Actor], Client]) -> None:
    phone = connect(talk.mira)
    room = talk.me.call("room_create", name="plans", kind="public")["room"]["id"]
    talk.other.call("room_join", room=room)
    for device in (talk.other, phone):
        (added,) = device.told("room_added")
        assert (added["room"]["id"], added["room"]["role"]) == (room, "member")
    talk.me.send(room, "hello")
    assert phone.told("message_new")[-1]["message"]["text"] == "hello"


def test_leaving_ends_hearing(talk: Talk) -> None:
    talk.other.call("room_leave", room=talk.room)
    assert talk.other.told("room_removed") == [{"room": talk.room, "reason": "left"}]
    talk.me.send(talk.room, "are you there?")
    assert talk.other.told("message_new") == []
    for event in ("room_leave", "history", "room_sync", "message_send"):
        fields = {"rev": 0} if event == "room_sync" else {"cid": "x", "text": "x"} if event == "message_send" else {}
        assert talk.other.error(event, room=talk.room, **fields)["code"] == "not_found"


def test_a_room_passes_on_when_its_owner_leaves(talk: Talk) -> None:
    talk.me.call("room_leave", room=talk.room)
    (heir,) = talk.other.call("room_members", room=talk.room)["members"]
    assert (heir["user"]["username"], heir["role"]) == ("mira", "owner")


def test_a_private_room_does_not_exist_for_others(
    talk: Talk, make_member: Callable[..., Actor], connect: Callable[[Actor], Client]
) -> None:
    room = talk.me.call("room_create", name="payroll", kind="private")["room"]["id"]
    stranger = connect(make_member("stranger"))
    nothing: dict[str, dict[str, object]] = {
        "room_join": {},
        "room_leave": {},
        "room_members": {},
        "history": {},
        "read_mark": {"seq": 1},
    }
    nothing |= {"room_sync": {"rev": 0}, "typing": {"on": True}, "message_send": {"cid": "c", "text": "x"}}
    nothing |= {"room_invite": {"users": [1]}, "room_remove": {"user": 1}}
    for event, fields in nothing.items():
        real = stranger.error(event, room=room, **fields)
        made_up = stranger.error(event, room=999_999, **fields)
        assert real == made_up, event
        assert real["code"] == "not_found"
    assert stranger.error("room_join", room="payroll")["code"] == "not_found"
    assert "payroll" not in names(stranger.call("room_list"))
    assert names(talk.me.call("room_list", query="pay")) == ["payroll"]
    # Not even by its name being taken.
    assert stranger.call("room_create", name="payroll", kind="public")["room"]["id"] != room


def test_inviting_and_removing(
    talk: Talk, make_member: Callable[..., Actor], connect: Callable[[Actor], Client]
) -> None:
    room = talk.me.call("room_create", name="payroll", kind="private")["room"]["id"]
    jun = make_member("jun")
    device = connect(jun)
    talk.me.call("room_invite", room=room, users=[jun.user, jun.user])
    assert device.told("room_added")[0]["room"]["kind"] == "private"
    assert device.error("room_remove", room=room, user=talk.ada.user)["code"] == "forbidden"
    talk.me.call("room_remove", room=room, user=jun.user)
    assert device.told("room_removed") == [{"room": room, "reason": "removed"}]
    talk.me.send(room, "just us")
    assert device.told("message_new") == []
    assert talk.me.error("room_remove", room=room, user=jun.user)["code"] == "not_found"
    assert talk.me.error("room_invite", room=room, users=[999])["code"] == "not_found"


def test_an_invitation_of_many_is_all_or_nothing(talk: Talk, make_member: Callable[..., Actor]) -> None:
    jun = make_member("jun")
    assert talk.me.error("room_invite", room=talk.room, users=[jun.user, 999])["field"] == "users"
    assert len(talk.me.call("room_members", room=talk.room)["members"]) == 2


def test_an_owner_is_not_removed_by_a_member(talk: Talk) -> None:
    room = talk.other.call("room_create", name="plans", kind="public", members=[talk.ada.user])["room"]["id"]
    # Staff in the room act as if they led it.
    talk.me.call("room_remove", room=room, user=talk.mira.user)
    assert talk.other.told("room_removed")[0]["room"] == room


def test_guests_talk_but_do_not_lead(
    talk: Talk, make_member: Callable[..., Actor], connect: Callable[[Actor], Client]
) -> None:
    guest = connect(make_member("visitor", role="guest"))
    assert guest.call("room_join", room="launch")["room"]["role"] == "member"
    assert guest.send(talk.room, "hi")["seq"] == 1
    assert guest.error("room_create", name="mine", kind="public")["code"] == "forbidden"
    assert guest.error("room_join", room="mine", create=True)["code"] == "not_found"
    assert guest.error("room_invite", room=talk.room, users=[talk.ada.user])["code"] == "forbidden"
    assert guest.error("room_remove", room=talk.room, user=talk.mira.user)["code"] == "forbidden"


def test_the_directory_in_pages(talk: Talk) -> None:
    for number in range(7):
        talk.me.call("room_create", name=f"room-{number}", kind="public", topic=f"About {number}")
    seen, after = [], None
    while True:
        page = talk.me.call("room_list", limit=3, **({"after": after} if after else {}))
        seen += names(page)
        after = page.get("next")
        if after is None:
            break
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 9
    assert names(talk.me.call("room_list", query="ABOUT 5")) == ["room-5"]


def test_members_in_pages(talk: Talk, make_member: Callable[..., Actor]) -> None:
    people = [make_member(f"p{number}").user for number in range(5)]
    talk.me.call("room_invite", room=talk.room, users=people)
    first = talk.me.call("room_members", room=talk.room, limit=4)
    rest = talk.me.call("room_members", room=talk.room, limit=4, after=first["next"])
    everyone = [member["user"]["username"] for member in first["members"] + rest["members"]]
    assert sorted(everyone) == ["ada", "mira", "p0", "p1", "p2", "p3", "p4"]
    assert "next" not in rest


def test_members_changed_is_gathered(
    talk: Talk, hub: Hub, make_member: Callable[..., Actor], beat: Callable[..., None]
) -> None:
    beat()
    talk.me.forget()
    people = [make_member(f"p{number}") for number in range(3)]
    talk.me.call("room_invite", room=talk.room, users=[p.user for p in people])
    talk.me.call("room_remove", room=talk.room, user=people[0].user)
    beat()
    facts = [fact for fact in talk.me.told("members_changed") if fact["room"] == talk.room]
    assert len(facts) == 1
    gone = {member["user"]["username"]: member["gone"] for member in facts[0]["members"]}
    assert gone == {"p0": True, "p1": False, "p2": False}
    assert facts[0]["member_count"] == 4


def test_too_many_rooms(make_app: Callable[..., object]) -> None:
    from chat import accounts

    app = make_app(rooms_per_user=2)
    store = app.extensions["hubbub"].store  # type: ignore[attr-defined]
    accounts.create_owner(store, server_name="Sample", username="ada", name="Ada", password="correct horse")
    client = Client.connect(app, store, accounts.by_username(store, "ada"))  # type: ignore[arg-type]
    client.call("room_create", name="two", kind="public")
    assert client.error("room_create", name="three", kind="public")["code"] == "conflict"
    assert names(client.call("room_list")) == ["general", "two"]
    client.close()


@pytest.mark.parametrize("kind", ["direct", "help", "PUBLIC", ""])
def test_other_kinds_cannot_be_made(talk: Talk, kind: str) -> None:
    assert talk.me.error("room_create", name="x", kind=kind)["field"] == "kind"
