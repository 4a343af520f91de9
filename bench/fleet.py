"""Several processes of one Hubbub on PostgreSQL and Redis, and how much of the machine each part of it uses."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench import house, processes
from bench.house import Plan
from bench.processes import Process
from bench.servers import HUBBUB_ITSELF, Running
from tools import services

T = TypeVar("T")


@dataclass(frozen=True)
class Shape:
    """A server of `count` processes. `together`: how many clients that follow each other share a process.

    With 1 the processes take turns, and each pair has its first client at another one than the pair before.
    """

    title: str
    count: int = 1
    postgres: bool = True
    redis: bool = True
    together: int = 1
    # Clients use these processes only; the others just listen to them.
    used: int = 0

    def port(self, number: int, ports: list[int]) -> int:
        turn = number // self.together + (number // 2 if self.together == 1 else 0)
        return ports[turn % (self.used or self.count)]


class Fleet(Process):
    """The processes of one server, watched as one."""

    def __init__(self, members: list[Process], postgres: int, redis: int) -> None:
        """`postgres` and `redis` are the numbers of their processes, or 0."""
        self._members = members
        self._postgres = postgres
        self._redis = redis
        self.pid = members[0].pid
        self.port = members[0].port

    @property
    def log(self) -> str:
        return "\n".join(member.log for member in self._members)

    @property
    def is_running(self) -> bool:
        return all(member.is_running for member in self._members)

    def cpu_seconds(self) -> float:
        return sum(member.cpu_seconds() for member in self._members)

    def parts(self) -> dict[str, float]:
        found = {f"process {number}": member.cpu_seconds() for number, member in enumerate(self._members, 1)}
        if self._postgres:
            # The time of connections that have ended is its own by then.
            backends = sum(map(processes.cpu_seconds, processes.children(self._postgres)))
            found["PostgreSQL"] = backends + processes.cpu_seconds(self._postgres, ended_children=True)
        if self._redis:
            found["Redis"] = processes.cpu_seconds(self._redis)
        return found


@contextlib.contextmanager
def running(shape: Shape, plan: Plan) -> Iterator[Running]:
    """A new server with new data. Raises `RuntimeError` where PostgreSQL or Redis is missing."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(processes.folder())
        environment = {"CHAT_DATA_DIR": str(folder / "data"), **_SETTINGS}
        postgres = redis = 0
        if shape.postgres:
            database = stack.enter_context(services.postgres(_found(services.postgres_programs()), durable=True))
            environment["CHAT_DATABASE_URL"], postgres = database.url, database.pid
        if shape.redis:
            broker = services.Redis(_found(services.redis_program()), folder).start()
            stack.callback(broker.kill)
            environment["CHAT_REDIS_URL"], redis = broker.url, broker.pid
        seats = house.build(folder / "data", plan, environment.get("CHAT_DATABASE_URL", ""))
        members = [
            stack.enter_context(_started(environment, _made(folder / f"process-{number}")))
            for number in range(shape.count)
        ]
        ports = [member.port for member in members]
        yield Running(HUBBUB_ITSELF, Fleet(members, postgres, redis), seats, lambda number: shape.port(number, ports))


_SETTINGS = {
    "CHAT_PORT": "0",
    "CHAT_RATE_LIMITS": "off",
    "CHAT_LOG_LEVEL": "warning",
    "CHAT_CONNECTIONS_PER_USER": "10000",
    "CHAT_DRAIN_SECONDS": "1",
}


def _started(environment: dict[str, str], folder: Path) -> contextlib.AbstractContextManager[Process]:
    command = [sys.executable, "-m", "chat", "run"]
    return processes.started(command, r" at https?://[^:\s]+:(\d+)", environment, folder, pinned=False)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _found(program: T | None) -> T:
    if program is None:
        raise RuntimeError("PostgreSQL and Redis are needed; docs/hosting.md says how to install them")
    return program
