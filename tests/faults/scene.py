"""A server of one process or several, people in rooms, and clients of both kinds that talk while something breaks."""

from __future__ import annotations

import contextlib
import itertools
import json
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chat import members
from chat.events.rooms import RoomRemove
from tests.brokers import Redis
from tests.faults.checker import Removal, Report, judge, truth
from tests.faults.driver import Driver, Journal, NodeDriver, PythonDriver
from tests.figures import parsed
from tests.servers import Person, Server
from tests.waiting import DEADLINE, until

QUICK: dict[str, Any] = {"backoff": (0.05, 0.5), "ack_timeout": 3}
TOKEN = "only-the-tests-read-these-figures"


@dataclass
class Client:
    name: str
    driver: Driver
    person: Person
    rooms: set[int]


@dataclass
class Scene:
    """`servers` share a database; everybody's clients are spread over them, and over `urls` where lines lie between."""

    servers: list[Server]
    journal: Journal
    drivers: tuple[Driver, ...]
    redis: Redis | None = None
    clients: list[Client] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    _since: int = 0
    _texts: Iterator[int] = field(default_factory=itertools.count)
    _cids: list[str] = field(default_factory=list)

    @property
    def server(self) -> Server:
        return self.servers[0]

    def start(self) -> None:
        """All at once, as one would start them."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(Server.start, self.servers))
        self.joined()

    def notice_soon(self) -> None:
        """Have servers that find within seconds that a line is dead: of that only heartbeats tell."""
        for server in self.servers:
            server.settings |= {"ping_interval": 0.5, "ping_timeout": 1.0}

    def everybody_is_off(self) -> bool:
        state = {record.client: record.state for record in self.journal.all(kind="state")}
        return set(state.values()) == {"disconnected"}

    def joined(self) -> None:
        """Wait until all processes hear each other."""
        if self.redis is not None:
            until(lambda: all(readiness(server).get("redis") == "ok" for server in self.servers))

    def people(self, count: int, rooms: int = 2) -> None:
        """So many accounts, each in all of so many rooms, each with a client; the first account owns the server."""
        everybody = [self.server.owner("p0", "P0"), *(self.server.add(f"p{n}", f"P{n}") for n in range(1, count))]
        made = {self.server.room(everybody[0], f"room{number}", *everybody[1:]) for number in range(rooms)}
        for number, person in enumerate(everybody):
            driver = self.drivers[number % len(self.drivers)]
            self.clients.append(Client(person.name.lower(), driver, person, set(made)))

    def connect(self, **options: Any) -> None:
        """All of them, each with another server and transport than the one before; returns when all are in."""
        transports = itertools.cycle([["websocket"], ["polling"], ["polling", "websocket"]])
        urls = self.urls or [server.url for server in self.servers]
        for client, url in zip(self.clients, itertools.cycle(urls), strict=False):
            wanted = {"transports": next(transports), **QUICK, **options}
            client.driver.connect(client.name, url, client.person.token, **wanted)
        for client in self.clients:
            self.journal.until(lambda client=client: self._is_in(client))  # type: ignore[misc]

    def _is_in(self, client: Client) -> bool:
        return {record.room for record in self.journal.all(client.name, kind="room", state="added")} >= client.rooms

    def say(self, each: int, word: str = "", by: Sequence[Client] = ()) -> list[str]:
        """Each client, or each of these, puts so many messages into its outbox, turning from room to room.

        Returns at once.
        """
        said = []
        for number in range(each):
            for client in by or self.clients:
                room = sorted(client.rooms)[number % len(client.rooms)]
                said.append(client.driver.send(client.name, room, f"{client.name} {next(self._texts)} {word}"))
        self._cids += said
        return said

    def acknowledged(self, count: int) -> None:
        """Wait until so many messages of all have been settled."""
        self.journal.until(lambda: len(self.journal.all(kind="settled")) >= count, deadline=2 * DEADLINE)

    def remove(self, client: Client, room: int, patience: float) -> None:
        """Put somebody out of a room, past the server; in so many seconds it must have been noticed."""
        owner = self.clients[0].person
        members.remove(self.server.store, owner.actor, RoomRemove(room, client.person.id))
        client.rooms.discard(room)
        self.removals.append(Removal(client.name, room, time.time() + patience))

    def finish(self) -> Report:
        """Wait until all is said, acknowledged and seen by everybody; then judge."""
        self.acknowledged(len(self._cids))
        self.level(self.clients)
        for client in self.clients:
            for room in client.rooms:
                client.driver.view(client.name, room)
        report = self.judged()
        report.stall = max(map(longest_stall, self.servers))
        report.memory = max(map(peak_memory, self.servers))
        # For who runs `make faults`.
        sys.stdout.write(f"\n    {report}\n")
        return report

    def level(self, clients: Sequence[Client]) -> None:
        """Wait until these have seen everything that there is."""
        for client in clients:
            for room in client.rooms:
                self.journal.until(lambda c=client, r=room: self._is_level(c, r), deadline=2 * DEADLINE)  # type: ignore[misc]

    def judged(self) -> Report:
        """What can be said now, whether or not all have come to see everything."""
        rooms = {room for client in self.clients for room in client.rooms} | {one.room for one in self.removals}
        truths = {room: truth(self.server.store, room) for room in rooms}
        inside = {client.name: client.rooms for client in self.clients}
        return judge(self.journal.all()[self._since :], truths, inside, self.removals)

    def begin_anew(self) -> None:
        """From here on is judged: what was before belongs to another history."""
        self._since = len(self.journal.all())

    def _is_level(self, client: Client, room: int) -> bool:
        """Whether the client has applied as many changes as the database has."""
        told = (record for record in self.journal.all()[self._since :] if record.kind in ("applied", "read"))
        seen = max((one.rev or 0 for one in told if (one.client, one.room) == (client.name, room)), default=0)
        return seen >= truth(self.server.store, room).rev


def readiness(server: Server) -> dict[str, str]:
    """{part: how it is}; empty while the server does not answer."""
    try:
        with urllib.request.urlopen(f"{server.url}/readyz", timeout=DEADLINE) as answer:
            return dict(json.load(answer))
    except OSError:
        return {}


def longest_stall(server: Server) -> float:
    """The longest that the server's hub stood still since this was asked last, in seconds."""
    request = urllib.request.Request(f"{server.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
        return parsed(answer.read().decode())["hubbub_hub_lag_max_seconds"]


def peak_memory(server: Server) -> float:
    """The most that a server's process had in memory, in MB."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@contextlib.contextmanager
def scene(folder: Path, processes: int = 1, database_url: str = "", redis: Redis | None = None) -> Iterator[Scene]:
    """Servers that are not started yet. All that is left at the end is ended."""
    servers = []
    for number in range(processes):
        own = folder / f"process{number}"
        own.mkdir()
        shared = {"data_dir": folder / "data", "database_url": database_url, "metrics_token": TOKEN}
        servers.append(Server(own, **shared, **({"redis_url": redis.url} if redis else {})))
    journal = Journal()
    try:
        with PythonDriver(journal) as python, NodeDriver(journal) as node:
            yield Scene(servers, journal, (python, node), redis)
    finally:
        for server in servers:
            server.close()
