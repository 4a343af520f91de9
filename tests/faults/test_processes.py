"""Two processes of one server, a database and a Redis, as somebody would run them."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import uuid4

import pytest
import socketio

from chat.due import BEAT_SECONDS
from chat.times import now, stamp
from tests.brokers import Redis
from tests.databases import KINDS, new_postgres
from tests.servers import Person, Server
from tests.waiting import DEADLINE, until
from tests.web_site import web_site


class Client:
    """A program that is connected to one process, and notes every fact."""

    def __init__(self, server: Server, person: Person, namespace: str = "/chat") -> None:
        self._namespace = namespace
        self._socket = socketio.Client(reconnection=False)
        self._facts: list[tuple[str, Any]] = []
        self._welcome = threading.Event()
        self._socket.on("*", self._note, namespace=namespace)
        self._socket.connect(server.url, auth={"token": person.token}, namespaces=[namespace], transports=["websocket"])
        assert self._welcome.wait(DEADLINE)

    def _note(self, event: str, fact: Any) -> None:
        self._facts.append((event, fact))
        if event == "welcome":
            self._welcome.set()

    def told(self, event: str) -> list[Any]:
        return [fact for name, fact in list(self._facts) if name == event]

    def call(self, command: str, **fields: Any) -> dict[str, Any]:
        ack: dict[str, Any] = self._socket.call(command, fields, namespace=self._namespace, timeout=DEADLINE)
        assert ack["ok"], ack
        return ack

    def refused(self, command: str, **fields: Any) -> bool:
        """Whether it is forbidden."""
        ack = self._socket.call(command, fields, namespace=self._namespace, timeout=DEADLINE)
        return not ack["ok"] and ack["error"]["code"] == "forbidden"

    def say(self, room: int, text: str) -> int:
        seq: int = self.call("message_send", room=room, cid=f"cid-{text}", text=text)["message"]["seq"]
        return seq

    def add(self, room: int, text: str, at: str) -> int:
        """Schedule a message; returns its number in the list."""
        number: int = self.call("scheduled_add", room=room, cid=f"cid-{text}", text=text, at=at)["scheduled"]["id"]
        return number

    def texts(self) -> list[str]:
        """By seq: the library hands facts out on a thread each."""
        told = sorted(self.told("message_new"), key=lambda fact: fact["message"]["seq"])
        return [fact["message"]["text"] for fact in told]

    def cards(self) -> list[tuple[str, list[str]]]:
        """Of each change of a message: what it says, and the titles of what it shows."""
        changed = [fact["message"] for fact in self.told("message_changed")]
        return sorted((message["text"], [one["title"] for one in message["previews"]]) for message in changed)

    def calls(self) -> list[int]:
        """The messages whose time to be reminded of had come."""
        return sorted(fact["message"]["id"] for fact in self.told("reminders_changed") if "message" in fact)

    def sent(self) -> list[int]:
        """What has left the list of scheduled messages."""
        return sorted(fact["removed"] for fact in self.told("scheduled_changed") if "removed" in fact)

    @property
    def is_connected(self) -> bool:
        return bool(self._socket.connected)

    def close(self) -> None:
        self._socket.disconnect()


JOINED = (200, {"database": "ok", "files": "ok", "redis": "ok"})


def readiness(server: Server) -> tuple[int, dict[str, str]]:
    with urlopen(f"{server.url}/readyz", timeout=DEADLINE) as answer:
        return answer.status, json.load(answer)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
    else:
        with new_postgres() as url:
            yield url


@pytest.fixture
def processes(tmp_path: Path, database_url: str, redis: Redis) -> Iterator[tuple[Server, Server]]:
    made = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        shared = {"data_dir": tmp_path / "data", "database_url": database_url, "redis_url": redis.url}
        made.append(Server(tmp_path / name, link_previews="on", link_previews_local="on", **shared))
    one, other = made
    one.start()
    other.start()
    until(lambda: readiness(one) == readiness(other) == JOINED)
    yield one, other
    for server in made:
        server.close()


def told_of(client: Client, room: int, seq: int) -> bool:
    """Whether the client knows by now that the room is so far."""
    return any(fact["rooms"].get(str(room), {}).get("seq") == seq for fact in client.told("heads"))


def test_two_processes_are_one_server(processes: tuple[Server, Server]) -> None:
    one, other = processes
    ada = one.owner("ada", "Ada")
    mira = one.add("mira", "Mira")
    room = one.room(ada, "launch", mira)
    here, there = Client(one, ada), Client(other, mira)
    for number in range(20):
        here.say(room, f"here {number}")
        there.say(room, f"there {number}")
    until(lambda: len(here.texts()) == len(there.texts()) == 40)
    assert here.texts() == there.texts() == [f"{who} {n}" for n in range(20) for who in ("here", "there")]
    until(lambda: any(fact["users"].get(str(mira.id)) == "online" for fact in here.told("presence")))
    # What is one's own is told to all of one's own.
    second = Client(one, mira)
    sections = [{"name": "Work", "rooms": [room]}]
    there.call("sections_set", sections=sections)
    until(lambda: second.told("sections_changed"))
    assert second.told("sections_changed") == there.told("sections_changed") == [{"sections": sections}]
    here.call("room_remove", room=room, user=mira.id)
    until(lambda: [fact["room"] for fact in there.told("room_removed")] == [room])
    here.say(room, "alone")
    there.close()
    second.close()
    until(lambda: any(fact["users"].get(str(mira.id)) == "offline" for fact in here.told("presence")))
    here.close()
    assert [server.complaints for server in processes] == [[], []]


def test_without_redis_each_process_serves_on_and_what_was_missed_is_told_soon(
    processes: tuple[Server, Server], redis: Redis
) -> None:
    one, other = processes
    ada = one.owner("ada", "Ada")
    mira = one.add("mira", "Mira")
    room = one.room(ada, "launch", mira)
    here, there, console = Client(one, ada), Client(other, mira), Client(one, ada, "/admin")
    here.say(room, "before")
    until(lambda: there.texts() == ["before"])
    redis.kill()
    until(lambda: readiness(other) == (200, {"database": "ok", "files": "ok", "redis": "failed"}))
    seq = here.say(room, "meanwhile")
    assert here.texts()[-1] == "meanwhile"
    console.call("user_mute", user=mira.id)
    # Nobody tells the other process, so it looks into the database.
    until(lambda: told_of(there, room, seq))
    # What was taken before stays taken, so each is another one.
    until(lambda: there.refused("message_send", room=room, cid=uuid4().hex, text="x"))
    console.call("user_unmute", user=mira.id)
    redis.start()
    after = here.say(room, "after")
    until(lambda: "after" in there.texts() or told_of(there, room, after))
    until(lambda: here.say(room, f"again {len(here.texts())}") and len(there.texts()) > 2)
    for client in (here, there, console):
        client.close()


def test_a_page_is_looked_at_by_one_and_shown_by_all(processes: tuple[Server, Server]) -> None:
    one, other = processes
    ada, mira = one.owner("ada", "Ada"), one.add("mira", "Mira")
    room = one.room(ada, "harbour", mira)
    here, there = Client(one, ada), Client(other, mira)
    with web_site() as site:
        boat, pier = site.page("/boat", "A boat"), site.page("/pier", "A pier")
        # Whoever looks at it too, though it was said elsewhere, does so by the time that what comes later has its card.
        with site.held("/boat"):
            here.say(room, boat)
            until(lambda: site.came)
            there.say(room, pier)
            until(lambda: here.cards() == there.cards() == [(pier, ["A pier"])])
        both = sorted([(boat, ["A boat"]), (pier, ["A pier"])])
        until(lambda: here.cards() == there.cards() == both)
        # What one has fetched, the others know.
        there.say(room, f"again {boat}")
        until(lambda: here.cards() == there.cards() == sorted([*both, (f"again {boat}", ["A boat"])]))
        assert site.came == ["/boat", "/pier"]
    here.close()
    there.close()
    assert [server.complaints for server in processes] == [[], []]


def test_staff_see_and_reach_both_processes(processes: tuple[Server, Server]) -> None:
    one, other = processes
    ada, mira, boss = one.owner("ada", "Ada"), one.add("mira", "Mira"), one.add("boss", "Boss", "admin")
    room = one.room(ada, "harbour", mira)
    here, there, further = Client(one, mira), Client(other, mira), Client(other, ada)
    console, second = Client(one, ada, "/admin"), Client(other, boss, "/admin")
    assert len(console.call("stats_watch")["series"]) == 2
    until(lambda: len({line["process"] for line in console.told("stats")}) == 2)
    said = there.say(room, "Buy this!")
    until(lambda: sum(line["messages"] for line in console.told("stats")) > 0)
    found = console.call("connection_list", sort="received", descending=True)
    assert (found["count"], "silent" in found) == (3, False)
    assert len({row["process"] for row in found["connections"]}) == 2
    assert all(row["sent"] > 0 and row["transport"] == "websocket" for row in found["connections"])
    # The one in the other process is the one that has said something.
    console.call("connection_close", id=found["connections"][0]["id"], user=mira.id)
    until(lambda: not there.is_connected)
    assert here.is_connected
    console.call("user_mute", user=mira.id, room=room)
    until(lambda: here.told("sanctions_changed"))
    second.call("user_ban", user=mira.id, remove=1)
    until(lambda: here.told("session_ended") == [{"reason": "banned"}])
    until(lambda: [fact["message"]["seq"] for fact in further.told("message_changed")] == [said])
    # The command line tells nobody.
    one.command("user", "role", "boss", "member")
    began = now()
    until(lambda: second.told("session_ended"))
    assert now() - began < 5_000
    assert [entry["action"] for entry in console.call("audit_list", limit=2)["entries"]] == [
        "user_role",
        "messages_remove",
    ]
    for client in (here, there, further, console, second):
        client.close()
    assert [server.complaints for server in processes] == [[], []]


@contextmanager
def standing_still(*servers: Server) -> Iterator[None]:
    for server in servers:
        os.kill(server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for server in servers:
            os.kill(server.pid, signal.SIGCONT)


def test_what_is_due_happens_once_whoever_is_left(processes: tuple[Server, Server]) -> None:
    one, other = processes
    ada, mira = one.owner("ada", "Ada"), one.add("mira", "Mira")
    room = one.room(ada, "harbour", mira)
    here, there, reader = Client(one, ada), Client(other, ada), Client(other, mira)
    reader.say(room, "said")
    until(here.texts)
    said = here.told("message_new")[0]["message"]["id"]
    # So far ahead that both have something to look for when they go on, and look at the same time; and that on a busy
    # machine all of it is said by then.
    due = now() + round(1_000 * (BEAT_SECONDS + 3))
    here.call("reminder_set", message=said, at=stamp(due))
    texts = [f"later {number}" for number in range(10)]
    numbers = [client.add(room, text, stamp(due)) for client, text in zip((here, there) * 5, texts, strict=True)]
    # Whoever stands still for longer is taken for gone, and misses facts.
    until(lambda: now() >= due - 2_000)
    with standing_still(one, other):
        until(lambda: now() >= due)
    until(lambda: all(len(client.texts()) > 10 for client in (here, there, reader)))
    until(lambda: len(here.sent()) == len(there.sent()) == 10)
    until(lambda: here.calls() and there.calls())
    # The process that was told of it is gone when its time comes.
    numbers.append(here.add(room, "last", stamp(now() + 3_000)))
    one.kill()
    until(lambda: len(there.sent()) > 10 and len(reader.texts()) > 11)
    assert sorted(there.texts()) == sorted(reader.texts()) == sorted(["said", *texts, "last"])
    assert reader.told("scheduled_changed") == reader.told("reminders_changed") == []
    assert here.calls() == there.calls() == [said]
    assert here.sent() == numbers[:-1]
    assert there.sent() == numbers
    for client in (here, there, reader):
        client.close()
    assert [server.complaints for server in processes] == [[], []]
