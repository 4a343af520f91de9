"""A snapshot and all facts since are the same as a fresh snapshot, after any commands in any order.

Each account has a connection that was there all the time, with a mirror that knows nothing but its `welcome` and the
facts; who comes into a room asks who is in it, since people in other rooms are none of its business until then. After
every few commands another connection of the account asks for a new `welcome`, and the two are compared. A command that
is neither drawn here nor known to change nothing fails the test, and so does a fact that the mirror does not
understand.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from chat.actor import Actor
from chat.events import CHAT_COMMANDS, CHAT_FACTS
from tests.clients import Client

STEPS = 60
COMPARED_EVERY = 6

# Answers only, and what is told and not kept.
CHANGES_NOTHING = {"room_list", "room_members", "history", "room_sync", "user_list", "time", "typing"}


class Mirror:
    """What a client knows that only listens."""

    def __init__(self, welcome: dict[str, Any]) -> None:
        self.me = welcome["user"]
        self.users = {user["id"]: user for user in welcome["users"]}
        self.rooms = {room["id"]: room for room in welcome["rooms"]}
        self.entered: set[int] = set()
        self._authors: dict[int, list[tuple[int, int]]] = {room: [] for room in self.rooms}

    def hear(self, event: str, fact: dict[str, Any]) -> None:
        getattr(self, f"_{event}")(fact)

    def _message_new(self, fact: dict[str, Any]) -> None:
        room, message = self.rooms[fact["room"]], fact["message"]
        assert (message["seq"], fact["rev"]) == (room["head"]["seq"] + 1, room["head"]["rev"] + 1)
        room["head"] = {"seq": message["seq"], "rev": fact["rev"]}
        self._authors[room["id"]].append((message["seq"], message["author"]["id"]))
        self._count(room)

    def _count(self, room: dict[str, Any]) -> None:
        said = self._authors[room["id"]]
        room["unread"] = sum(seq > room["last_read"] and author != self.me["id"] for seq, author in said)

    def _room_added(self, fact: dict[str, Any]) -> None:
        room = fact["room"]
        self.rooms[room["id"]] = room
        self.entered.add(room["id"])
        self._authors[room["id"]] = []

    def _room_changed(self, fact: dict[str, Any]) -> None:
        self.rooms[fact["room"]["id"]] |= fact["room"]

    def _room_removed(self, fact: dict[str, Any]) -> None:
        del self.rooms[fact["room"]]

    def _members_changed(self, fact: dict[str, Any]) -> None:
        room = self.rooms.get(fact["room"])
        if room is None:
            return
        room["member_count"] = fact["member_count"]
        for member in fact["members"]:
            self._user_changed(member)
            if member["user"]["id"] == self.me["id"]:
                room["role"] = member["role"]

    def _user_changed(self, fact: dict[str, Any]) -> None:
        user = fact["user"]
        self.users[user["id"]] = user
        if user["id"] == self.me["id"]:
            self.me = user

    def _presence(self, fact: dict[str, Any]) -> None:
        for user, status in fact["users"].items():
            for known in (self.users.get(int(user)), self.me if int(user) == self.me["id"] else None):
                if known is not None:
                    known["status"] = status

    def _read(self, fact: dict[str, Any]) -> None:
        room = self.rooms[fact["room"]]
        room["last_read"] = fact["seq"]
        self._count(room)

    def _heads(self, fact: dict[str, Any]) -> None:
        for room, head in fact["rooms"].items():
            assert self.rooms[int(room)]["head"] == head

    def _nothing(self, fact: dict[str, Any]) -> None:
        """Not about what a `welcome` has."""

    _typing = _session_ended = _notice = _nothing

    def assert_same(self, welcome: dict[str, Any]) -> None:
        assert self.me == welcome["user"]
        assert self.rooms == {room["id"]: room for room in welcome["rooms"]}
        # A welcome brings those who share a room; of others a client keeps what it knew.
        fresh = {user["id"]: user for user in welcome["users"]}
        assert {user: self.users.get(user) for user in fresh} == fresh


class Town:
    """Accounts, their mirrors, and commands drawn by chance."""

    def __init__(self, actors: list[Actor], connect: Callable[[Actor], Client], chance: random.Random) -> None:
        self._connect = connect
        self._chance = chance
        self.actors = actors
        self.clients = [connect(actor) for actor in actors]
        self.mirrors: list[Mirror] = []
        for client in self.clients:
            (welcome,) = client.told("welcome")
            self.mirrors.append(Mirror(welcome))
            client.facts = [(name, fact) for name, fact in client.facts if name != "welcome"]
        self.drawn: set[str] = set()
        self._number = 0

    def settle(self, beat: Callable[..., None]) -> None:
        """What is gathered goes out; the mirrors hear all there is."""
        beat()
        for client, mirror in zip(self.clients, self.mirrors, strict=True):
            client.told()
            for name, fact in client.facts:
                mirror.hear(name, fact)
            client.forget()
            for room in mirror.entered & set(mirror.rooms):
                for member in client.call("room_members", room=room)["members"]:
                    mirror.hear("user_changed", member)
            mirror.entered.clear()

    def compare(self) -> None:
        for actor, mirror in zip(self.actors, self.mirrors, strict=True):
            fresh = self._connect(actor)
            (welcome,) = fresh.told("welcome")
            mirror.assert_same(welcome)
            fresh.close()

    def step(self) -> None:
        """One command of one account; that it is refused is as good as that it is obeyed."""
        name = self._chance.choice(sorted(COMMANDS))
        at = self._chance.randrange(len(self.clients))
        self._number += 1
        fields = COMMANDS[name](self, self.mirrors[at])
        if fields is not None:
            ack = self.clients[at].ack(name, fields)
            assert ack["ok"] or ack["error"]["code"] in {"forbidden", "not_found", "conflict", "bad_request"}, ack
            if ack["ok"]:
                self.drawn.add(name)

    # What a command is given, or None where it can't be given now.

    def room(self, mirror: Mirror) -> int | None:
        return self._chance.choice(sorted(mirror.rooms)) if mirror.rooms else None

    def account(self) -> int:
        return self._chance.choice(self.actors).user

    def any_room(self) -> int:
        rooms: list[int] = sorted({room for mirror in self.mirrors for room in mirror.rooms})
        return self._chance.choice(rooms or [1])

    def new(self, word: str) -> str:
        return f"{word}{self._number}"

    def one_of(self, *words: str) -> str:
        return self._chance.choice(words)

    def number(self, most: int) -> int:
        return self._chance.randint(0, most)


def _in_room(give: Callable[[Town, int], dict[str, Any]]) -> Callable[[Town, Mirror], dict[str, Any] | None]:
    def fields(town: Town, mirror: Mirror) -> dict[str, Any] | None:
        room = town.room(mirror)
        return None if room is None else {"room": room, **give(town, room)}

    return fields


COMMANDS: dict[str, Callable[[Town, Mirror], dict[str, Any] | None]] = {
    "room_create": lambda town, mirror: {
        "name": town.new("room"),
        "kind": town.one_of("public", "private"),
        "members": [town.account()],
    },
    "room_join": lambda town, mirror: {"room": town.any_room()},
    "room_leave": _in_room(lambda town, room: {}),
    "room_invite": _in_room(lambda town, room: {"users": [town.account()]}),
    "room_remove": _in_room(lambda town, room: {"user": town.account()}),
    "message_send": _in_room(lambda town, room: {"cid": town.new("cid"), "text": town.new("text")}),
    "read_mark": _in_room(lambda town, room: {"seq": town.number(20)}),
    "presence_set": lambda town, mirror: {"status": town.one_of("online", "away", "dnd"), "text": town.new("text")},
}


def test_every_command_and_every_fact_is_thought_of() -> None:
    assert set(COMMANDS) | CHANGES_NOTHING == set(CHAT_COMMANDS)
    understood = {name.removeprefix("_") for name in dir(Mirror) if not name.startswith("__")}
    assert set(CHAT_FACTS) - {"welcome"} <= understood


@pytest.mark.parametrize("seed", range(6))
def test_facts_lead_to_the_same_as_a_fresh_snapshot(
    owner: Actor,
    make_member: Callable[..., Actor],
    connect: Callable[[Actor], Client],
    beat: Callable[..., None],
    seed: int,
) -> None:
    town = Town([owner, make_member("mira"), make_member("late")], connect, random.Random(seed))
    town.settle(beat)
    for number in range(1, STEPS + 1):
        town.step()
        if number % COMPARED_EVERY == 0:
            town.settle(beat)
            town.compare()
    assert len(town.drawn) >= len(COMMANDS) - 2
