"""A connection follows what happens to its account and its rooms, whatever comes in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from chat import accounts, members, profiles, rooms, sessions, tokens
from chat.actor import Actor
from chat.events.rooms import RoomInvite, RoomRemove
from chat.hub import Hub
from chat.sockets import pulse
from chat.sockets.arrivals import MOST_USERS_IN_WELCOME
from chat.sockets.limits import Rate
from chat.store import Store, Transaction
from chat.store.tables import memberships, users
from tests.clients import Client
from tests.domain.support import counted, counted_compiled
from tests.sockets.conftest import Talk


@pytest.fixture
def database_url(each_database: str) -> str:
    """What is read together is read by one statement."""
    return each_database


def crowd(store: Store, room: int, count: int) -> None:
    """So many more accounts, all in the room."""

    def work(tx: Transaction) -> None:
        names = [f"p{number}" for number in range(count)]
        rows = [
            {"username": n, "username_key": n, "name": n, "name_key": n, "role": "member", "created_at": 0}
            for n in names
        ]
        made = tx.conn.scalars(insert(users).returning(users.c.id), rows).all()
        tx.conn.execute(
            insert(memberships), [{"room_id": room, "user_id": u, "role": "member", "joined_at": 0} for u in made]
        )
        rooms.count_members(tx, room, count)

    store.write(work)


def test_somebody_new_in_a_large_room_is_welcome(
    store: Store, owner: Actor, make_member: Callable[..., Actor], connect: Callable[[Actor], Client]
) -> None:
    crowd(store, 1, MOST_USERS_IN_WELCOME + 10)
    late = make_member("late")
    client = connect(late)
    (welcome,) = client.told("welcome")
    assert (welcome["user"]["id"], welcome["user"]["status"]) == (late.user, "online")
    assert len(welcome["users"]) == MOST_USERS_IN_WELCOME
    assert client.send(1, "hello")["author"]["id"] == late.user


@pytest.mark.parametrize("moment", ["chat.tokens.actor", "chat.rooms.of_user"])
def test_who_leaves_while_being_let_in_leaves_nothing_behind(
    app: Flask, store: Store, owner: Actor, hub: Hub, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The database is asked meanwhile, and a page that is reloaded does not wait for that."""
    server = hub.socketio.server
    module, _, name = moment.rpartition(".")
    real = getattr(__import__(module, fromlist=["x"]), name)

    def leaving(*args: Any) -> Any:
        found = real(*args)
        for eio_sid in list(server.environ):
            server.gone(eio_sid, "transport close")
        return found

    monkeypatch.setattr(moment, leaving)
    Client.connect(app, store, owner).close()
    assert len(hub.sockets.chat.connections) == 0
    assert hub.sockets.chat.presence.status(owner.user) == "offline"
    assert server.manager.rooms == {}


def test_a_new_name_stands_on_the_next_message(talk: Talk, store: Store) -> None:
    profiles.update_own(store, talk.mira, name="Mira M.", about="", time_zone=None)
    assert talk.other.send(talk.room, "hello")["author"]["name"] == "Mira M."
    assert talk.me.told("message_new")[-1]["message"]["author"]["name"] == "Mira M."


def test_a_change_is_told_once_however_many_rooms_are_shared(talk: Talk) -> None:
    for name in ("one", "two", "three"):
        talk.me.call("room_create", name=name, kind="public", members=[talk.mira.user])
    talk.other.call("presence_set", status="dnd", text="busy")
    for client in (talk.me, talk.other):
        assert [fact["user"]["status_text"] for fact in client.told("user_changed")] == ["busy"]


def test_who_becomes_a_member_may_do_what_members_may(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(guests="on", registration="open")
    store = app.extensions["hubbub"].store
    accounts.create_owner(store, server_name="Sample", username="ada", name="Ada", password="correct horse")
    accounts.create_guest(store, "Hatter")
    hatter = accounts.by_username(store, "hatter")
    guest = Client.connect(app, store, hatter)
    assert guest.error("room_create", name="mine", kind="public")["code"] == "forbidden"
    accounts.become_member(store, hatter, password="a long password")
    assert guest.call("room_create", name="mine", kind="public")["room"]["role"] == "owner"
    guest.close()


def test_a_role_that_another_process_takes_away_is_gone_soon(
    talk: Talk, hub: Hub, store: Store, beat: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token outlives a change of role; the command line's changes are told to nobody here."""
    accounts.set_role(store, talk.mira.user, "admin")
    talk.other.call("room_create", name="others", kind="public", members=[talk.ada.user])
    monkeypatch.setattr(store, "publish", lambda effects: None)
    accounts.set_role(store, talk.mira.user, "member")
    beat(16)
    (connection,) = hub.sockets.chat.connections.of_user(talk.mira.user)
    assert connection.actor.role == "member"
    assert talk.other.is_connected()


def test_an_effect_that_fails_takes_no_other_along(
    talk: Talk, hub: Hub, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else somebody who was removed could go on listening."""
    delivery = hub.sockets.delivery
    real = delivery.tell

    def tell(channel: str, event: str, fact: Any) -> None:
        if event == "room_removed":
            raise RuntimeError("made up")
        real(channel, event, fact)

    monkeypatch.setattr(delivery, "tell", tell)

    def work(tx: Transaction) -> None:
        from chat.events.rooms import RoomRemoved
        from chat.store.outbox import Leave, Publish, user_channel

        tx.after_commit(
            Publish(user_channel(talk.mira.user), "room_removed", RoomRemoved(talk.room, "removed")),
            Leave(talk.mira.user, talk.room),
        )

    store.write(work)
    talk.me.send(talk.room, "just us")
    assert talk.other.told("message_new") == []


def test_who_is_being_let_in_holds_up_nobodys_facts(
    talk: Talk,
    app: Flask,
    hub: Hub,
    store: Store,
    make_member: Callable[..., Actor],
    connect: Callable[[Actor], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jun, kim = make_member("jun"), make_member("kim")
    device = connect(kim)
    real = tokens.actor
    invited: list[int] = []

    def meanwhile(*args: Any) -> Any:
        # `jun` has come in as far as the list of connections, and no further.
        found = real(*args)
        if found and found.user == jun.user and not invited:
            from chat.sockets.connections import Connection

            invited.append(1)
            hub.sockets.chat.connections.add(Connection("half-way", found))
            members.invite(store, talk.ada, RoomInvite(talk.room, [jun.user, kim.user]))
            hub.sockets.chat.connections.drop("half-way")
        return found

    monkeypatch.setattr(tokens, "actor", meanwhile)
    late = connect(jun)
    talk.me.send(talk.room, "welcome")
    assert [fact["room"]["id"] for fact in device.told("room_added")] == [talk.room]
    assert device.told("message_new")[-1]["message"]["text"] == "welcome"
    assert talk.room in [room["id"] for room in late.told("welcome")[0]["rooms"]]
    assert late.told("message_new")[-1]["message"]["text"] == "welcome"


def test_everybody_of_a_crowd_is_told(
    talk: Talk,
    store: Store,
    make_member: Callable[..., Actor],
    beat: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pulse, "CHUNK", 3)
    beat()
    talk.me.forget()
    people = [make_member() for _ in range(8)]
    members.invite(store, talk.ada, RoomInvite(talk.room, [person.user for person in people]))
    members.remove(store, talk.ada, RoomRemove(talk.room, people[0].user))
    beat()
    told = [m for fact in talk.me.told("members_changed") if fact["room"] == talk.room for m in fact["members"]]
    assert sorted(member["user"]["id"] for member in told) == [person.user for person in people]
    assert [member["user"]["id"] for member in told if member["gone"]] == [people[0].user]


def test_what_a_connection_asks_of_the_database(talk: Talk, store: Store, app: Flask) -> None:
    """The same for everybody who comes back after a restart; more of it is a decision, not an accident."""
    store.epoch  # noqa: B018 - is read once
    secret = tokens.create(store, talk.mira, "again")[1]
    Client(app, auth={"token": secret}).close()
    with counted(store.readers) as reads, counted(store._writer) as writes, counted_compiled() as compiled:
        client = Client(app, auth={"token": secret})
    client.close()
    # Who it is; its rooms, to enter them; then the rooms with their heads, oneself, the people, one's own choices
    # with what was decided about one.
    assert len(compiled) == 6
    assert ([statement for statement in reads if statement.startswith("SELECT")], writes) == ([], [])


def test_a_room_that_is_left_while_coming_in_is_not_heard(
    talk: Talk, store: Store, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tokens.create(store, talk.mira, "again")[1]
    real = rooms.ids_of_user

    def removed(*args: Any) -> list[int]:
        found = real(*args)
        monkeypatch.undo()
        members.remove(store, talk.ada, RoomRemove(talk.room, talk.mira.user))
        return found

    monkeypatch.setattr(rooms, "ids_of_user", removed)
    late = Client(app, auth={"token": secret})
    talk.me.send(talk.room, "just us")
    assert late.told("message_new") == []
    assert [room["name"] for room in late.told("welcome")[0]["rooms"]] == ["general"]
    late.close()


def test_who_is_dropped_in_between_is_signed_out(talk: Talk, hub: Hub) -> None:
    (connection,) = hub.sockets.chat.connections.of_user(talk.mira.user)
    hub.sockets.chat.connections.drop(connection.sid)
    assert talk.other.error("time")["code"] == "unauthenticated"


def test_two_that_meet_in_the_database_may_try_again(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    def clash(*_: Any) -> None:
        raise IntegrityError("INSERT INTO secrets", {}, Exception("made up"))

    monkeypatch.setattr("chat.sockets.chat.messages.send", clash)
    error = talk.me.error("message_send", room=talk.room, cid="c", text="x")
    assert (error["code"], error["retryable"]) == ("conflict", True)
    assert "INSERT" not in str(error)


def test_a_session_whose_end_nobody_told_is_found(
    store: Store, app: Flask, owner: Actor, beat: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = sessions.open_session(store, owner.user, user_agent="x", address="y")
    client = Client(app, headers={"Cookie": f"{sessions.COOKIE}={secret}"})
    monkeypatch.setattr(store, "publish", lambda effects: None)
    accounts.reset_password(store, owner.user, "another password")
    beat(16)
    assert client.told("session_ended") == [{"reason": "expired"}]
    client.close()


def test_presence_is_not_told_to_a_crowd(
    talk: Talk, beat: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    beat()
    talk.me.forget()
    monkeypatch.setattr(pulse, "MOST_MEMBERS_FOR_PRESENCE", 1)
    talk.other.close()
    beat()
    assert talk.me.told("presence") == []
    (mira,) = [m for m in talk.me.call("room_members", room=talk.room)["members"] if m["user"]["id"] == talk.mira.user]
    assert mira["user"]["status"] == "offline"


def test_an_address_that_connects_too_often_waits(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.sockets.limits.CONNECT", Rate(2, 0.001))
    app = make_app(rate_limits="on")
    store = app.extensions["hubbub"].store
    accounts.create_owner(store, server_name="Sample", username="ada", name="Ada", password="correct horse")
    clients = [Client.connect(app, store, accounts.by_username(store, "ada")) for _ in range(3)]
    assert [client.is_connected() for client in clients] == [True, True, False]
    for client in clients:
        client.close()


def test_what_concerns_everybody_is_read_off_the_hub(
    talk: Talk, store: Store, beat: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def offload(work: Any, *args: Any) -> Any:
        asked.append(work.__name__)
        return work(*args)

    talk.me.send(talk.room, "hello")
    monkeypatch.setattr(store, "offload", offload)
    with counted(store.readers) as reads:
        beat(16)
    assert {"changed", "memberships_of", "living", "load"} <= set(asked)
    assert len([statement for statement in reads if statement.startswith("SELECT")]) >= len(asked)


def test_who_has_not_changed_stays_as_they_are(talk: Talk, hub: Hub, beat: Callable[..., None]) -> None:
    """A copy for each connection at each look would be memory for nothing."""
    (connection,) = hub.sockets.chat.connections.of_user(talk.mira.user)
    actor = connection.actor
    beat(16)
    assert connection.actor is actor


def test_much_that_is_unread_is_counted_off_the_hub(
    talk: Talk, store: Store, connect: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def offload(work: Any, *args: Any) -> Any:
        offloaded.append(work)
        return work(*args)

    offloaded: list[Any] = []
    for number in range(3):
        talk.me.send(talk.room, str(number))
    monkeypatch.setattr(store, "offload", offload)
    for bound, times in ((3, 0), (2, 1)):
        monkeypatch.setattr("chat.unread.MOST_COUNTED_HERE", bound)
        offloaded.clear()
        client = connect(talk.mira)
        unread = {room["id"]: room["unread"] for room in client.told("welcome")[0]["rooms"]}
        reads = [work for work in offloaded if work != store._commit]
        assert (unread[talk.room], len(reads)) == (3, times)
