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
from functools import partial
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from chat import custom_emoji, files
from chat.actor import Actor
from chat.events import CHAT_COMMANDS, CHAT_FACTS
from chat.files.intake import AREA
from chat.hub import Hub
from chat.storage.backend import key_of
from chat.store import Store
from chat.store.tables import sanctions
from chat.store.threads import call_here
from chat.times import now, stamp
from chat.transport import outgoing
from tests.clients import Client
from tests.sockets.own_emoji import picture
from tests.web_site import web_site

T = TypeVar("T")

STEPS = 150
# What can't be given now is not what a step is for.
TRIES = 5
COMPARED_EVERY = 6
# Saying something is drawn as often as so many other commands, and so is what others need before they can be drawn.
WEIGHTS = {"message_send": 5, "scheduled_add": 3}
WORDS = ["Deploy", "发布"]

# Answers only, and what is told and not kept.
CHANGES_NOTHING = {
    "room_list",
    "room_members",
    "room_link",
    "message_get",
    "message_readers",
    "pin_list",
    "room_files",
    "history",
    "room_sync",
    "search",
    "inbox_list",
    "saved_list",
    "saved_ids",
    "scheduled_list",
    "user_list",
    "user_profile",
    "time",
    "typing",
    "emoji_list",
    "sanction_list",
    # Told to few, and in no `welcome`.
    "message_report",
    "report_list",
    "report_context",
    "report_resolve",
    # Of visitors, who are in no `welcome`: `test_help.py`.
    "help_list",
    "help_look_at",
    "help_earlier",
    "help_assign",
    "help_resolve",
    "help_note",
    "help_agents",
    "help_answers",
    "help_answer_set",
    "help_answer_remove",
    "help_figures",
}


REFUSALS = {"forbidden", "not_found", "conflict", "bad_request", "rate_limited"}


@pytest.fixture
def database_url(each_database: str) -> str:
    """Every command is carried out by the database after all."""
    return each_database


class Mirror:
    """What a client knows that only listens."""

    def __init__(self, welcome: dict[str, Any]) -> None:
        self.me = welcome["user"]
        self.quiet_hours = welcome["quiet_hours"]
        self.density = welcome["density"]
        self.sections = welcome["sections"]
        self.words = welcome["words"]
        self.sanctions = welcome["sanctions"]
        self.announcement = welcome["announcement"]
        # Which messages call me by a word, as far as was told.
        self.called: set[int] = set()
        self.emoji = welcome["emoji"]
        self.saved = welcome["saved"]
        # What was saved, the last at the end; nothing is at first.
        self.kept: list[int] = []
        self.reminders: dict[int, dict[str, Any]] = {}
        self.scheduled_rev = welcome["scheduled"]
        self.scheduled: dict[int, dict[str, Any]] = {}
        self.users = {user["id"]: user for user in welcome["users"]}
        self.rooms = {room["id"]: room for room in welcome["rooms"]}
        self.entered: set[int] = set(self.rooms)
        self.unsure: set[int] = set()
        self.messages: dict[int, dict[int, dict[str, Any]]] = {}

    def hear(self, event: str, fact: dict[str, Any]) -> None:
        getattr(self, f"_{event}")(fact)

    def _message_new(self, fact: dict[str, Any]) -> None:
        room, message = self.rooms[fact["room"]], fact["message"]
        assert (message["seq"], fact["rev"]) == (room["head"]["seq"] + 1, room["head"]["rev"] + 1)
        room["head"] = {"seq": message["seq"], "rev": fact["rev"]}
        message = self._marked(message)
        self._count(room, message, 1)
        self.messages.setdefault(room["id"], {})[message["seq"]] = message

    def _message_changed(self, fact: dict[str, Any]) -> None:
        room, message = self.rooms[fact["room"]], fact["message"]
        assert fact["rev"] == message["rev"] == room["head"]["rev"] + 1
        room["head"] = room["head"] | {"rev": fact["rev"]}
        known = self.messages.setdefault(room["id"], {})
        before = known.get(message["seq"])
        message = self._marked(message)
        if before is None or before["call"] or message["call"]:
            # Who was here when it was called is known to the server alone.
            self.unsure.add(room["id"])
        else:
            self._count(room, before, -1)
            self._count(room, message, 1)
        known[message["seq"]] = message

    def _called(self, fact: dict[str, Any]) -> None:
        assert fact["rev"] == self.rooms[fact["room"]]["head"]["rev"] + 1
        assert (fact["message"] in self.called) != fact["on"]
        self.called ^= {fact["message"]}

    def _marked(self, message: dict[str, Any]) -> dict[str, Any]:
        return message | {"called": True} if message["id"] in self.called and not message["deleted"] else message

    def _count(self, room: dict[str, Any], message: dict[str, Any], by: int) -> None:
        """What of a message is unread for me, `by` being whether it comes or goes."""
        mine = message["author"]["id"] == self.me["id"]
        if mine or message["seq"] <= room["last_read"] or message["deleted"] or message["kind"] == "system":
            return
        room["unread"] += by
        if message["call"] or self.me["id"] in message["mentions"] or message.get("called"):
            room["mentions"] += by
        elif message["reply_author"] == self.me["id"]:
            room["replies"] += by

    def _room_added(self, fact: dict[str, Any]) -> None:
        room = fact["room"]
        self.rooms[room["id"]] = room
        self.messages.pop(room["id"], None)
        self.entered.add(room["id"])

    def _room_changed(self, fact: dict[str, Any]) -> None:
        room = self.rooms[fact["room"]["id"]]
        assert fact["rev"] == room["head"]["rev"] + 1
        room |= fact["room"]

    def _room_own(self, fact: dict[str, Any]) -> None:
        self.rooms[fact["room"]] |= {"involvement": fact["involvement"], "starred": fact["starred"]}

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

    def _emoji_changed(self, fact: dict[str, Any]) -> None:
        assert fact["rev"] == self.emoji + 1
        self.emoji = fact["rev"]

    def _saved_changed(self, fact: dict[str, Any]) -> None:
        assert fact["rev"] == self.saved + 1
        self.saved = fact["rev"]
        if fact["added"] is not None:
            assert fact["added"]["id"] not in self.kept
            self.kept.append(fact["added"]["id"])
        else:
            self.kept.remove(fact["removed"])
            self.reminders.pop(fact["removed"], None)

    def _reminders_changed(self, fact: dict[str, Any]) -> None:
        assert fact["rev"] == self.saved + 1
        self.saved = fact["rev"]
        self.reminders |= {one["message"]: one for one in fact.get("changed", [])}
        self.reminders.pop(fact.get("removed", 0), None)

    def _scheduled_changed(self, fact: dict[str, Any]) -> None:
        assert fact["rev"] == self.scheduled_rev + 1
        self.scheduled_rev = fact["rev"]
        if "changed" in fact:
            self.scheduled[fact["changed"]["id"]] = fact["changed"]
        else:
            del self.scheduled[fact["removed"]]

    def _density_changed(self, fact: dict[str, Any]) -> None:
        self.density = fact["density"]

    def _sections_changed(self, fact: dict[str, Any]) -> None:
        self.sections = fact["sections"]

    def _quiet_changed(self, fact: dict[str, Any]) -> None:
        self.quiet_hours = fact["hours"]

    def _words_changed(self, fact: dict[str, Any]) -> None:
        self.words = fact["words"]

    def _sanctions_changed(self, fact: dict[str, Any]) -> None:
        self.sanctions = fact["sanctions"]

    def _announcement(self, fact: dict[str, Any]) -> None:
        self.announcement = fact

    def _presence(self, fact: dict[str, Any]) -> None:
        for user, status in fact["users"].items():
            for known in (self.users.get(int(user)), self.me if int(user) == self.me["id"] else None):
                if known is not None:
                    known["status"] = status

    def _read(self, fact: dict[str, Any]) -> None:
        room = self.rooms[fact["room"]]
        assert fact["rev"] <= room["head"]["rev"]
        if fact["rev"] == room["head"]["rev"]:
            room |= {"last_read": fact["seq"]} | {name: fact[name] for name in ("unread", "mentions", "replies")}
        else:
            room["last_read"] = fact["seq"]
            self.unsure.add(room["id"])

    def _heads(self, fact: dict[str, Any]) -> None:
        for room, head in fact["rooms"].items():
            assert self.rooms[int(room)]["head"] == head

    def _nothing(self, fact: dict[str, Any]) -> None:
        """Not about what a `welcome` has."""

    _typing = _session_ended = _notice = _report_changed = _room_sanctions_changed = _help_queue_changed = _nothing

    def assert_same(self, welcome: dict[str, Any]) -> None:
        assert self.me == welcome["user"]
        for name in ("quiet_hours", "density", "sections", "emoji", "saved", "words", "sanctions", "announcement"):
            assert getattr(self, name) == welcome[name]
        assert self.rooms == {room["id"]: room for room in welcome["rooms"]}
        # A welcome brings those who share a room; of others a client keeps what it knew.
        fresh = {user["id"]: user for user in welcome["users"]}
        assert {user: self.users.get(user) for user in fresh} == fresh


class Town:
    """Accounts, their mirrors, and commands drawn by chance."""

    def __init__(
        self,
        store: Store,
        actors: list[Actor],
        connect: Callable[[Actor], Client],
        chance: random.Random,
        links: list[str],
        look: Callable[[], None],
    ) -> None:
        self.store = store
        self.links = links
        self._look = look
        self.uploaded = 0
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
        """What is gathered goes out, and links are looked at; the mirrors hear all there is."""
        self._look()
        beat()
        for client, mirror in zip(self.clients, self.mirrors, strict=True):
            client.told()
            for name, fact in client.facts:
                mirror.hear(name, fact)
            client.forget()
            for room in mirror.entered & set(mirror.rooms):
                for member in client.call("room_members", room=room)["members"]:
                    mirror.hear("user_changed", member)
                mirror.messages[room] = _messages(client, room)
                for message in mirror.messages[room].values():
                    (mirror.called.add if message.get("called") else mirror.called.discard)(message["id"])
            for room in mirror.unsure & set(mirror.rooms):
                head = mirror.rooms[room]["head"]
                found = client.call("room_sync", room=room, rev=head["rev"])
                assert (found["head"], found["messages"]) == (head, [])
                mirror.rooms[room] |= found["counts"]
            mirror.entered.clear()
            mirror.unsure.clear()

    def compare(self) -> None:
        for actor, mirror in zip(self.actors, self.mirrors, strict=True):
            fresh = self._connect(actor)
            (welcome,) = fresh.told("welcome")
            mirror.assert_same(welcome)
            there: set[int] = set()
            for room in mirror.rooms:
                assert mirror.messages[room] == _messages(fresh, room)
                there |= {message["id"] for message in mirror.messages[room].values() if not message["deleted"]}
            listed = fresh.call("saved_list", limit=100)["messages"]
            assert [message["id"] for message in listed] == [id_ for id_ in reversed(mirror.kept) if id_ in there]
            ids = fresh.call("saved_ids")
            assert set(ids["messages"]) <= set(mirror.kept)
            assert {one["message"]: one for one in ids.get("reminders", [])} == mirror.reminders
            found = fresh.call("scheduled_list")
            assert found["rev"] == welcome["scheduled"] == mirror.scheduled_rev
            assert {one["id"]: one for one in found["scheduled"]} == mirror.scheduled
            fresh.close()

    def step(self) -> None:
        """One command of one account; that it is refused is as good as that it is obeyed.

        Every third is one that was not obeyed yet, so that in the end few are missing.
        """
        more = [name for name, weight in WEIGHTS.items() for _ in range(weight)]
        missing = sorted(COMMANDS.keys() - self.drawn)
        is_for_them = self._number % 3 == 0 and missing
        self._number += 1
        given = self._given(missing if is_for_them else [*sorted(COMMANDS), *more])
        if given is not None:
            at, name, fields = given
            ack = self.clients[at].ack(name, fields)
            assert ack["ok"] or ack["error"]["code"] in REFUSALS, ack
            if ack["ok"]:
                self.drawn.add(name)

    def _given(self, names: list[str]) -> tuple[int, str, dict[str, Any]] | None:
        """By whom one of these commands can be given now, and how."""
        for _ in range(TRIES):
            name, at = self._chance.choice(names), self._chance.randrange(len(self.clients))
            fields = COMMANDS[name](self, self.mirrors[at])
            if fields is not None:
                return at, name, fields
        return None

    # What a command is given, or None where it can't be given now.

    def room(self, mirror: Mirror) -> int | None:
        return self._chance.choice(sorted(mirror.rooms)) if mirror.rooms else None

    def message(self, mirror: Mirror) -> int | None:
        said = [message["id"] for room in mirror.rooms for message in mirror.messages.get(room, {}).values()]
        return self._chance.choice(said) if said else None

    def moment(self) -> str:
        """Some come before the next comparison."""
        return stamp(now() + self.one_of(20, 3_600_000, 3_600_000))

    def text(self) -> str:
        """Every third calls somebody, every third links to something, and every third has somebody's word."""
        calls = [f"@{actor.username}" for actor in self.actors] + ["@room", "@here"]
        more = [self._chance.choice(one) for one in (calls, self.links, WORDS) if self._chance.random() < 1 / 3]
        return " ".join((self.new("text"), *more))

    def files(self, mirror: Mirror) -> list[int]:
        """None mostly; else a new one, or one that was passed on from wherever it was."""
        if self._chance.random() < 3 / 4:
            return []
        self.uploaded += 1
        actor = next(actor for actor in self.actors if actor.user == mirror.me["id"])
        new = files.New(key_of(AREA, f"{self.uploaded:032x}"), "a.txt", "text/plain", 5)
        return [files.keep(self.store, actor, new).id, self._chance.randint(1, self.uploaded)]

    def answer(self, room: int) -> dict[str, int]:
        """Every third answers something, if anything was said."""
        said = {message["id"] for mirror in self.mirrors for message in mirror.messages.get(room, {}).values()}
        return {"reply_to": self._chance.choice(sorted(said))} if said and self._chance.random() < 1 / 3 else {}

    def own_emoji(self) -> str:
        """A new one of the server's own."""
        return custom_emoji.add(self.store, self.actors[0], self.new("own"), picture()).name

    def account(self) -> int:
        return self._chance.choice(self.actors).user

    def other_in_room(self, mirror: Mirror) -> dict[str, int] | None:
        room, others = self.room(mirror), [actor.user for actor in self.actors if actor.user != mirror.me["id"]]
        return None if room is None else {"room": room, "user": self._chance.choice(others)}

    def is_any(self, kind: str) -> bool:
        query = select(sanctions.c.id).where(sanctions.c.kind == kind, sanctions.c.lifted_at.is_(None))
        with self.store.read() as conn:
            return conn.scalar(query.limit(1)) is not None

    def muted(self) -> dict[str, int] | None:
        found = [one for mirror in self.mirrors for one in mirror.sanctions if one["kind"] == "mute"]
        return {name: found[0][name] for name in ("user", "room")} if found else None

    def banned(self, mirror: Mirror) -> dict[str, int] | None:
        """Somebody who is banned from a room that this one leads."""
        client = self.clients[self.mirrors.index(mirror)]
        acks = [client.ack("sanction_list", {"room": room}) for room in mirror.rooms]
        found = [one for ack in acks for one in ack.get("sanctions", []) if one["kind"] == "room_ban"]
        return {name: found[0][name] for name in ("user", "room")} if found else None

    def any_room(self) -> int:
        rooms: list[int] = sorted({room for mirror in self.mirrors for room in mirror.rooms})
        return self._chance.choice(rooms or [1])

    def new(self, word: str) -> str:
        return f"{word}{self._number}"

    def one_of(self, *choices: T) -> T:
        return self._chance.choice(choices)

    def number(self, most: int) -> int:
        return self._chance.randint(0, most)


def _in_room(give: Callable[[Town, int], dict[str, Any]]) -> Callable[[Town, Mirror], dict[str, Any] | None]:
    def fields(town: Town, mirror: Mirror) -> dict[str, Any] | None:
        room = town.room(mirror)
        return None if room is None else {"room": room, **give(town, room)}

    return fields


def _on_message(give: Callable[[Town], dict[str, Any]]) -> Callable[[Town, Mirror], dict[str, Any] | None]:
    def fields(town: Town, mirror: Mirror) -> dict[str, Any] | None:
        message = town.message(mirror)
        return None if message is None else {"message": message, **give(town)}

    return fields


def _scheduled(give: Callable[[Town], dict[str, Any]]) -> Callable[[Town, Mirror], dict[str, Any] | None]:
    def fields(town: Town, mirror: Mirror) -> dict[str, Any] | None:
        return {"id": town.one_of(*mirror.scheduled), **give(town)} if mirror.scheduled else None

    return fields


def _messages(client: Client, room: int) -> dict[int, dict[str, Any]]:
    """All that was ever said in a room."""
    found: dict[int, dict[str, Any]] = {}
    more = True
    while more:
        page = client.call("history", room=room, after=max(found, default=0), limit=100)
        for message in page["messages"]:
            found[message["seq"]] = message | ({"called": True} if message["id"] in page["called"] else {})
        more = page["more_after"]
    return found


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
    "room_update": _in_room(
        lambda town, room: town.one_of(
            {"topic": town.new("topic")},
            {"name": town.new("name"), "slow_mode": 0},
            {"archived": True},
            {"archived": False},
            {"slow_mode": town.number(1) * 3600},
        )
    ),
    "room_role": _in_room(
        lambda town, room: {"user": town.account(), "role": town.one_of("owner", "moderator", "member")}
    ),
    "room_star": _in_room(lambda town, room: {"on": town.one_of(True, False)}),
    "involvement_set": _in_room(lambda town, room: {"level": town.one_of("everything", "mentions", "nothing")}),
    "direct_open": lambda town, mirror: {"users": [town.account() for _ in range(town.number(2))]},
    "message_send": lambda town, mirror: (
        None
        if (room := town.room(mirror)) is None
        else {
            "room": room,
            "cid": town.new("cid"),
            "text": town.text(),
            "files": town.files(mirror),
            **town.answer(room),
        }
    ),
    "message_edit": _on_message(lambda town: {"text": town.text()}),
    "message_delete": _on_message(lambda town: {}),
    "reaction_add": _on_message(lambda town: {"emoji": town.one_of("👍", "❤", "❤️")}),
    "reaction_remove": _on_message(lambda town: {"emoji": town.one_of("👍", "❤️")}),
    "pin_add": _on_message(lambda town: {}),
    "pin_remove": _on_message(lambda town: {}),
    "saved_set": _on_message(lambda town: {"on": town.one_of(True, True, False)}),
    "reminder_set": _on_message(lambda town: {"at": town.one_of(None, town.moment())}),
    "reminders_seen": lambda town, mirror: {},
    "scheduled_add": lambda town, mirror: (
        None
        if (room := town.room(mirror)) is None
        else {"room": room, "cid": town.new("cid"), "text": town.text(), "at": town.moment()}
    ),
    "scheduled_change": _scheduled(lambda town: {"text": town.text(), "at": town.one_of(None, town.moment())}),
    "scheduled_remove": _scheduled(lambda town: {}),
    "scheduled_send": _scheduled(lambda town: {}),
    "preview_remove": _on_message(lambda town: {"url": town.one_of(*town.links)}),
    "read_mark": _in_room(lambda town, room: {"seq": town.number(20), "back": town.one_of(True, False)}),
    # Some of it ends before the next comparison.
    "presence_set": lambda town, mirror: {
        "status": town.one_of("online", "away", "dnd"),
        "text": town.new("text"),
        "emoji": town.one_of("", "🎧"),
        "until": town.moment(),
    },
    "emoji_remove": lambda town, mirror: {"name": town.one_of("nobody", town.own_emoji())},
    "density_set": lambda town, mirror: {"density": town.one_of("comfortable", "compact")},
    "sections_set": lambda town, mirror: {"sections": [{"name": town.new("section"), "rooms": [town.number(6) + 1]}]},
    # One of each at a time, or soon nobody would be left who may say something.
    "user_mute": lambda town, mirror: None if town.is_any("mute") else town.other_in_room(mirror),
    "user_unmute": lambda town, mirror: town.muted(),
    "user_warn": lambda town, mirror: (other := town.other_in_room(mirror)) and {"reason": town.text(), **other},
    "warning_seen": lambda town, mirror: (
        {"id": warnings[0]}
        if (warnings := [one["id"] for one in mirror.sanctions if one["kind"] == "warning"])
        else None
    ),
    "room_ban": lambda town, mirror: None if town.is_any("room_ban") else town.other_in_room(mirror),
    "room_unban": lambda town, mirror: town.banned(mirror),
    "words_set": lambda town, mirror: {"words": WORDS[: town.number(2)]},
    "quiet_set": lambda town, mirror: {
        "hours": town.one_of(None, {"start": "22:00", "end": "07:00", "days": [town.number(6) + 1], "zone": "UTC"})
    },
}


def test_every_command_and_every_fact_is_thought_of() -> None:
    assert set(COMMANDS) | CHANGES_NOTHING == set(CHAT_COMMANDS)
    understood = {name.removeprefix("_") for name in dir(Mirror) if not name.startswith("__")}
    assert set(CHAT_FACTS) - {"welcome"} <= understood


@pytest.mark.parametrize("seed", range(3))
def test_facts_lead_to_the_same_as_a_fresh_snapshot(
    store: Store,
    hub: Hub,
    owner: Actor,
    make_member: Callable[..., Actor],
    connect: Callable[[Actor], Client],
    beat: Callable[..., None],
    seed: int,
) -> None:
    hub.previewer._get = partial(outgoing.get, allowed=outgoing.anybody)
    people = [owner, make_member("mira"), make_member("late")]
    with web_site() as site:
        links = [site.page(f"/{number}", f"Page {number}") for number in range(3)]

        def look() -> None:
            hub.due.beat()
            hub.previewer.work(call_here)

        town = Town(store, people, connect, random.Random(seed), links, look)
        town.settle(beat)
        for number in range(1, STEPS + 1):
            town.step()
            if number % COMPARED_EVERY == 0:
                town.settle(beat)
                town.compare()
    assert len(town.drawn) >= len(COMMANDS) - 4, COMMANDS.keys() - town.drawn
