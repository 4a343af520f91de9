"""Two processes of one server, a database and a Redis, as somebody would run them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import socketio

from tests.brokers import Redis
from tests.databases import KINDS, new_postgres
from tests.servers import Person, Server
from tests.waiting import DEADLINE, until


class Client:
    """A program that is connected to one process, and notes every fact."""

    def __init__(self, server: Server, person: Person) -> None:
        self._socket = socketio.Client(reconnection=False)
        self._facts: list[tuple[str, Any]] = []
        self._welcome = threading.Event()
        self._socket.on("*", self._note, namespace="/chat")
        self._socket.connect(server.url, auth={"token": person.token}, namespaces=["/chat"], transports=["websocket"])
        assert self._welcome.wait(DEADLINE)

    def _note(self, event: str, fact: Any) -> None:
        self._facts.append((event, fact))
        if event == "welcome":
            self._welcome.set()

    def told(self, event: str) -> list[Any]:
        return [fact for name, fact in list(self._facts) if name == event]

    def call(self, command: str, **fields: Any) -> dict[str, Any]:
        ack: dict[str, Any] = self._socket.call(command, fields, namespace="/chat", timeout=DEADLINE)
        assert ack["ok"], ack
        return ack

    def say(self, room: int, text: str) -> int:
        seq: int = self.call("message_send", room=room, cid=f"cid-{text}", text=text)["message"]["seq"]
        return seq

    def texts(self) -> list[str]:
        """By seq: the library hands facts out on a thread each."""
        told = sorted(self.told("message_new"), key=lambda fact: fact["message"]["seq"])
        return [fact["message"]["text"] for fact in told]

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
        made.append(Server(tmp_path / name, **shared))
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
    here.call("room_remove", room=room, user=mira.id)
    until(lambda: [fact["room"] for fact in there.told("room_removed")] == [room])
    here.say(room, "alone")
    second = Client(one, mira)
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
    here, there = Client(one, ada), Client(other, mira)
    here.say(room, "before")
    until(lambda: there.texts() == ["before"])
    redis.kill()
    until(lambda: readiness(other) == (200, {"database": "ok", "files": "ok", "redis": "failed"}))
    seq = here.say(room, "meanwhile")
    assert here.texts()[-1] == "meanwhile"
    # Nobody tells the other process, so it looks into the database.
    until(lambda: told_of(there, room, seq))
    redis.start()
    here.say(room, "after")
    until(lambda: "after" in there.texts() or told_of(there, room, seq + 1))
    until(lambda: here.say(room, f"again {len(here.texts())}") and len(there.texts()) > 2)
    for client in (here, there):
        client.close()
