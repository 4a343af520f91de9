"""Two processes of one server, in one: what one does the other's connections hear, and what gets lost is found."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pytest
from flask import Flask

from chat import accounts, members, messages, profiles, sessions, statuses, tokens
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.messages import MessageSend
from chat.events.moderation import UserBan
from chat.events.people import PresenceSet
from chat.events.rooms import RoomInvite, RoomRemove
from chat.hub import Hub
from chat.presence import TYPING_SECONDS
from chat.sanctions import bans
from chat.sockets import asking
from chat.sockets.console import LEASE_SECONDS
from chat.sockets.limits import CONNECT, RATES
from chat.sockets.pulse import CATCH_UP_SECONDS, RECHECK_SECONDS
from tests.clients import Client, Refused
from tests.sockets.conftest import Talk
from tests.web.browser import Browser


@dataclass
class Line:
    """Stands for Redis: what a process says, the others hear at once; nothing while it is `cut`."""

    hubs: dict[str, Hub] = field(default_factory=dict)
    cut: bool = False

    def join(self, name: str, hub: Hub) -> None:
        self.hubs[name] = hub
        hub.sockets.relay.join(End(self, name))

    def mend(self) -> None:
        """As the broker does when it hears of a hole."""
        self.cut = False
        for name, hub in self.hubs.items():
            hub.sockets.relay.missed()
            for other in self.hubs:
                if other != name:
                    hub.sockets.relay.met(other)


@dataclass
class End:
    line: Line
    name: str

    def send(self, payload: bytes) -> None:
        assert b"\n" not in payload
        for name, hub in self.line.hubs.items():
            if name != self.name and not self.line.cut:
                hub.sockets.relay.heard(self.name, payload)


@dataclass
class Two:
    """The two processes; `here` is the one that `talk` and `connect` use."""

    here: Hub
    there: Hub
    here_app: Flask
    there_app: Flask
    line: Line
    passed: float = 0.0

    def beat(self, seconds: float = 2.0) -> None:
        """Both beat, and once more with what each has heard of the other."""
        for _ in range(2):
            self.passed += seconds
            for hub in (self.here, self.there):
                hub.sockets.pulse.beat()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(rate_limits="on", connections_per_user=3)


@pytest.fixture
def two(app: Flask, hub: Hub, make_app: Callable[..., Flask]) -> Two:
    other = make_app(rate_limits="on", connections_per_user=3)
    found = Two(hub, other.extensions["hubbub"], app, other, Line())
    began = time.monotonic()
    for name, one in (("here", found.here), ("there", found.there)):
        found.line.join(name, one)
        one.sockets.pulse._clock = lambda: began + found.passed
    return found


@pytest.fixture
def connect_there(two: Two) -> Iterator[Callable[..., Client]]:
    clients: list[Client] = []

    def make(actor: Actor, namespace: str = "/chat") -> Client:
        clients.append(Client.connect(two.there_app, two.there.store, actor, namespace))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def seen_of(client: Client, user: int) -> list[str]:
    """What the client was told of somebody's presence, without repetitions in other rooms."""
    told = [fact["users"][str(user)] for fact in client.told("presence") if str(user) in fact["users"]]
    return [status for status, _ in groupby(told)]


def test_a_message_is_heard_in_both(two: Two, talk: Talk, connect_there: Callable[[Actor], Client]) -> None:
    away = connect_there(talk.mira)
    away.forget()
    said = talk.me.send(talk.room, "hello")
    (there,), (here,) = away.told("message_new"), talk.other.told("message_new")
    assert there == here
    assert (there["message"]["id"], there["rev"]) == (said["id"], said["rev"])
    answer = away.send(talk.room, "and back")
    assert talk.me.told("message_new")[-1]["message"]["id"] == answer["id"]


def test_the_links_of_a_message_are_looked_at_by_who_committed_it(
    two: Two, talk: Talk, connect_there: Callable[[Actor], Client]
) -> None:
    there = connect_there(talk.mira)
    said = talk.me.send(talk.room, "see https://a.example/")
    talk.me.call("message_edit", message=said["id"], text="see https://b.example/")
    assert [fact["message"]["text"] for fact in there.told("message_changed")] == ["see https://b.example/"]
    assert (two.here.previewer.waiting, two.there.previewer.waiting) == (2, 0)


def test_who_comes_and_goes_hears_what_they_may(
    two: Two, talk: Talk, make_member: Callable[..., Actor], connect_there: Callable[[Actor], Client]
) -> None:
    late = make_member("late")
    client = connect_there(late)
    client.forget()
    talk.me.send(talk.room, "not for late")
    members.invite(two.here.store, talk.ada, RoomInvite(talk.room, [late.user]))
    assert [fact["room"]["id"] for fact in client.told("room_added")] == [talk.room]
    talk.me.send(talk.room, "for late")
    members.remove(two.here.store, talk.ada, RoomRemove(talk.room, late.user))
    assert [fact["reason"] for fact in client.told("room_removed")] == ["removed"]
    talk.me.send(talk.room, "not for late again")
    assert [fact["message"]["text"] for fact in client.told("message_new")] == ["for late"]
    two.beat()
    told = [fact["members"] for fact in talk.other.told("members_changed") if fact["room"] == talk.room]
    assert [(member["user"]["id"], member["gone"]) for member in told[-1]] == [
        (talk.ada.user, False),
        (talk.mira.user, False),
        (late.user, True),
    ]


def test_signing_out_ends_connections_in_both(two: Two, talk: Talk, connect_there: Callable[[Actor], Client]) -> None:
    away = connect_there(talk.mira)
    for token in tokens.listing(two.here.store, talk.mira):
        tokens.revoke(two.here.store, talk.mira, token.id)
    assert [fact["reason"] for fact in away.told("session_ended")] == ["revoked"]
    assert not away.is_connected()
    assert not talk.other.is_connected()


def test_presence_is_of_all_processes(
    two: Two, talk: Talk, make_member: Callable[..., Actor], connect_there: Callable[[Actor], Client]
) -> None:
    late = make_member("late")
    members.invite(two.here.store, talk.ada, RoomInvite(talk.room, [late.user]))
    two.beat()
    client = connect_there(late)
    two.beat()
    assert seen_of(talk.me, late.user) == ["online"]
    assert {user["id"]: user["status"] for user in client.told("welcome")[0]["users"]}[talk.ada.user] == "online"
    statuses.choose(two.there.store, late, PresenceSet("dnd"))
    two.beat()
    assert seen_of(talk.me, late.user) == ["online", "dnd"]
    second = connect_there(late)
    client.close()
    two.beat()
    listed = talk.me.call("room_members", room=talk.room)["members"]
    assert {m["user"]["id"]: m["user"]["status"] for m in listed}[late.user] == "dnd"
    second.close()
    two.beat()
    assert seen_of(talk.me, late.user) == ["online", "dnd", "offline"]


def test_who_was_in_a_process_that_is_gone_is_away(
    two: Two, talk: Talk, make_member: Callable[..., Actor], connect_there: Callable[[Actor], Client]
) -> None:
    late = make_member("late")
    members.invite(two.here.store, talk.ada, RoomInvite(talk.room, [late.user]))
    connect_there(late)
    two.beat()
    two.here.sockets.relay.gone("there")
    two.beat()
    assert seen_of(talk.me, late.user) == ["online", "offline"]


def test_typing_is_seen_there_and_lapses_by_itself(
    two: Two, talk: Talk, connect_there: Callable[[Actor], Client]
) -> None:
    away = connect_there(talk.mira)
    away.forget()
    talk.me.call("typing", room=talk.room, on=True)
    assert [fact["on"] for fact in away.told("typing")] == [True]
    two.line.cut = True
    began = time.monotonic()
    two.there.sockets.chat.typing._clock = lambda: began + TYPING_SECONDS + 1
    two.beat()
    assert [fact["on"] for fact in away.told("typing")] == [True, False]


def test_connections_are_counted_in_all_processes(
    two: Two, talk: Talk, connect: Callable[[Actor], Client], connect_there: Callable[[Actor], Client]
) -> None:
    connect_there(talk.mira), connect_there(talk.mira)
    two.beat()
    assert not connect(talk.mira).is_connected()
    two.here.sockets.relay.gone("there")
    assert connect(talk.mira).is_connected()


def test_a_rate_holds_for_all_processes(two: Two, talk: Talk, connect_there: Callable[[Actor], Client]) -> None:
    away = connect_there(talk.ada)
    two.beat()
    at_once = int(RATES["message"].at_once)
    for number in range(at_once):
        talk.me.send(talk.room, f"here {number}")
    two.beat()
    with pytest.raises(Refused, match="rate_limited"):
        away.send(talk.room, "there")


def test_connections_from_an_address_are_counted_in_all_processes(two: Two) -> None:
    """The clock stands still, so no bucket fills up again."""
    here, there = two.here.sockets.chat.buckets, two.there.sockets.chat.buckets
    here._clock = there._clock = lambda: 0.0
    for number in range(int(CONNECT.at_once)):
        (here if number % 2 else there).take_to_connect(f"2001:db8::{number:x}")
    two.beat()
    for buckets in (here, there):
        with pytest.raises(ChatError) as caught:
            buckets.take_to_connect("2001:db8:0:0:ffff::1")
        assert caught.value.code == "rate_limited"
        # A neighbour's network is another one.
        buckets.take_to_connect("2001:db8:0:1::1")


def test_guessing_a_password_is_counted_in_all_processes(two: Two, owner: Actor) -> None:
    form = {"username": "ada", "password": "wrong password"}
    apps = (two.here_app, two.there_app)
    codes = [
        Browser(apps[number % 2], REMOTE_ADDR=f"192.0.2.{number}").post("/signin", form).status_code
        for number in range(11)
    ]
    assert codes == [401] * 10 + [429]


def test_an_unknown_kind_of_attempt_is_ignored(two: Two) -> None:
    two.there.sockets.relay.tell_tried("something of a later version", "192.0.2.1", "ada")


def test_what_was_missed_is_found(
    two: Two, talk: Talk, make_member: Callable[..., Actor], connect_there: Callable[[Actor], Client]
) -> None:
    away = connect_there(talk.mira)
    late = make_member("late")
    early = make_member("early")
    members.invite(two.here.store, talk.ada, RoomInvite(talk.room, [early.user]))
    came, went = connect_there(late), connect_there(early)
    for client in (away, came, went):
        client.forget()
    two.line.cut = True
    lost = talk.me.send(talk.room, "lost")
    members.invite(two.here.store, talk.ada, RoomInvite(talk.room, [late.user]))
    members.remove(two.here.store, talk.ada, RoomRemove(talk.room, early.user))
    assert [away.told(), came.told(), went.told()] == [[], [], []]
    two.line.mend()
    two.beat(0.5)
    (head,) = [fact["rooms"][str(talk.room)] for fact in away.told("heads") if str(talk.room) in fact["rooms"]]
    assert head["rev"] == lost["rev"]
    assert [fact["room"]["id"] for fact in came.told("room_added")] == [talk.room]
    assert [fact["room"] for fact in went.told("room_removed")] == [talk.room]
    again = talk.me.send(talk.room, "heard")
    for client, hears in ((away, True), (came, True), (went, False)):
        assert [fact["message"]["id"] for fact in client.told("message_new")] == [again["id"]] * hears


def test_while_facts_are_missed_only_news_is_told(
    two: Two, talk: Talk, connect_there: Callable[[Actor], Client]
) -> None:
    away = connect_there(talk.mira)
    two.line.cut = True
    told = []
    for text in ("one", None, "two", None):
        if text:
            talk.me.send(talk.room, text)
        two.there.sockets.relay.missed()
        two.beat(CATCH_UP_SECONDS)
        told.append(sum(str(talk.room) in fact["rooms"] for fact in away.told("heads")))
    assert told == [1, 1, 2, 2]


def test_within_seconds_nobody_hears_what_they_must_not_though_nothing_tells_of_it(
    two: Two, talk: Talk, connect_there: Callable[[Actor], Client]
) -> None:
    away, both = connect_there(talk.mira), connect_there(talk.mira)
    two.line.cut = True
    members.remove(two.here.store, talk.ada, RoomRemove(talk.room, talk.mira.user))
    two.beat(RECHECK_SECONDS)
    messages.send(two.there.store, talk.ada, MessageSend(talk.room, "c", "only for ada"))
    for client in (away, both):
        assert [fact["room"] for fact in client.told("room_removed")] == [talk.room]
        assert client.told("message_new") == []


def test_who_hears_a_room_with_one_of_two_connections_is_put_out_of_it(two: Two, talk: Talk, connect: Any) -> None:
    """As if only one had missed that the account was removed."""
    second = connect(talk.mira)
    members.remove(two.here.store, talk.ada, RoomRemove(talk.room, talk.mira.user))
    sid = two.here.sockets.delivery.connections.of_user(talk.mira.user)[0].sid
    two.here.socketio.server.enter_room(sid, f"room:{talk.room}", namespace="/chat")
    two.beat(RECHECK_SECONDS)
    talk.me.send(talk.room, "only for ada")
    assert talk.other.told("message_new") == second.told("message_new") == []


def test_a_name_that_changes_there_is_the_name_here(
    two: Two, talk: Talk, connect_there: Callable[[Actor], Client]
) -> None:
    away = connect_there(talk.mira)
    profiles.update_own(two.there.store, talk.mira, name="Mira the Second", about="", time_zone=None)
    assert talk.other.send(talk.room, "hello")["author"]["name"] == "Mira the Second"
    assert away.is_connected()


@pytest.mark.parametrize("payload", [b"", b"{}", b"[1]", b'[{"type":"Nothing"}]', b"\xff", b'[{"type":"Enter"}]'])
def test_what_is_no_word_of_ours_is_refused_whole(two: Two, talk: Talk, payload: bytes) -> None:
    with pytest.raises(ValueError):
        two.here.sockets.relay.heard("there", payload)
    assert talk.me.send(talk.room, "still here")


def test_ended_sessions_are_found_without_a_word(
    two: Two, talk: Talk, connect_there: Callable[[Actor], Client], make_member: Callable[..., Actor]
) -> None:
    guest = make_member("guest", role="guest")
    away = connect_there(guest)
    two.line.cut = True
    two.here.store.write(lambda tx: sessions.end_all(tx, guest.user))
    two.beat(RECHECK_SECONDS)
    assert not away.is_connected()


def test_words_that_are_chosen_in_one_process_call_in_the_other(
    two: Two, talk: Talk, connect_there: Callable[[Actor], Client]
) -> None:
    away = connect_there(talk.mira)
    away.call("words_set", words=["deploy"])
    said = talk.me.send(talk.room, "deploy")
    told = [name for name, _ in away.facts if name in ("called", "message_new")] if away.told() else []
    assert (told, away.told("called")[0]["message"]) == (["called", "message_new"], said["id"])
    two.line.cut = True
    away.call("words_set", words=["release"])
    two.line.mend()
    two.beat(CATCH_UP_SECONDS)
    talk.me.send(talk.room, "deploy")
    last = talk.me.send(talk.room, "release")
    assert [fact["message"] for fact in away.told("called")] == [said["id"], last["id"]]


def test_the_console_is_of_all_processes(
    two: Two, talk: Talk, connect: Callable[..., Client], connect_there: Callable[..., Client]
) -> None:
    two.line.mend()
    console, away = connect(talk.ada, "/admin"), connect_there(talk.mira)
    page = console.call("connection_list", sort="user", limit=2)
    rest = console.call("connection_list", sort="user", limit=2, after=page["next"])
    assert (page["count"], "silent" in page, "next" in rest) == (3, False, False)
    names = [one["username"] for one in page["connections"] + rest["connections"]]
    assert names == ["ada", "mira", "mira"]
    (sid,) = [one.sid for one in two.there.sockets.chat.connections]
    console.call("connection_close", id=sid, user=talk.mira.user)
    assert not away.is_connected()
    assert talk.other.is_connected()


def test_figures_of_all_processes(
    two: Two, talk: Talk, connect: Callable[..., Client], connect_there: Callable[..., Client]
) -> None:
    two.line.mend()
    for name, hub in two.line.hubs.items():
        hub.sockets.console._clock = lambda: 1e6 + two.passed
        hub.sockets.console.process = name
        hub.sockets.console._told_at = 0.0
    there, here = connect_there(talk.ada, "/admin"), connect(talk.ada, "/admin")
    assert {one["process"] for one in there.call("stats_watch")["series"]} == {"here", "there"}
    for _ in range(3):
        two.beat()
    assert {fact["process"] for fact in there.told("stats")} == {"here", "there"}
    assert here.told("stats") == []
    there.close()
    two.beat(LEASE_SECONDS)
    here.call("stats_watch")
    here.call("stats_watch", on=False)
    two.beat(LEASE_SECONDS)
    assert two.here.sockets.console._quick is None
    assert two.there.sockets.console._quick is None


def test_who_does_not_answer_is_named(
    two: Two, talk: Talk, connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PATIENCE_SECONDS", 0.01)
    two.line.mend()
    console = connect(talk.ada, "/admin")
    two.line.cut = True
    found = console.call("connection_list")
    assert (found["count"], found["silent"]) == (2, ["there"])
    assert console.call("stats_watch")["silent"] == ["there"]
    two.here.sockets.relay.gone("there")
    assert "silent" not in console.call("connection_list")


def test_a_ban_and_a_lost_role_hold_in_both(
    two: Two, talk: Talk, make_member: Callable[..., Actor], connect_there: Callable[..., Client]
) -> None:
    boss = make_member(role="admin")
    away, console = connect_there(talk.mira), connect_there(boss, "/admin")
    bans.ban(two.here.store, talk.ada, UserBan(talk.mira.user))
    assert away.told("session_ended") == [{"reason": "banned"}]
    accounts.set_role(two.here.store, boss.user, "member")
    assert console.told("session_ended") == [{"reason": "not_staff"}]
    assert not away.is_connected()
    assert not console.is_connected()
