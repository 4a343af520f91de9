"""Whole servers for tests, as people run them: `python -m chat run` in a process and a data folder of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Timer
from typing import Any, Self

from sqlalchemy import select

from chat import accounts, folders, members, messages, rooms, sessions, tokens
from chat.actor import Actor
from chat.config import Settings
from chat.errors import ChatError
from chat.events.messages import MessageSend
from chat.events.rooms import RoomCreate, RoomJoin, RoomLeave
from chat.events.values import Role
from chat.store import Store, schema, tables
from tests import databases, forked
from tests.waiting import DEADLINE

ROOT = Path(__file__).parents[1]
PASSWORD = "correct horse battery"
_READY = re.compile(r"Hubbub is at https?://[^:\s]+:(\d+)")


@dataclass(frozen=True)
class Person:
    """An account of the server, with a browser's cookie and a program's token."""

    actor: Actor
    cookie: str
    token: str

    @property
    def id(self) -> int:
        return self.actor.user

    @property
    def name(self) -> str:
        return self.actor.name


class Server:
    """A server that can be started, killed and started again, on one port and with one database.

    `settings` are CHAT_* names without the prefix, of which `data_dir` and `database_url` make it a process of a server
    that has several. Nobody's own settings or `.env` reach it.
    """

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        # Tests link to addresses of nobody, which need not be looked for.
        self.settings: dict[str, Any] = {"rate_limits": "off", "drain_seconds": 1, "link_previews": "off", **settings}
        self.port = 0
        self.program: tuple[str, ...] = ("chat", "run")
        self._log = folder / "log"
        self._process: forked.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None, "it does not run"
        return self._process.pid

    @property
    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    @property
    def complaints(self) -> list[str]:
        """What the log has of errors, which no test means to cause."""
        return re.findall(r".*\[(?:warning|error|critical) *\].*|Traceback.*", self.log)

    @property
    def environment(self) -> dict[str, str]:
        """What a `hubbub` command of this server runs with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CHAT_")}
        ours = {f"CHAT_{name.upper()}": str(value) for name, value in self.settings.items()}
        return {**kept, "CHAT_DATA_DIR": str(self.data), **ours, "PYTHONPATH": str(ROOT)}

    @property
    def data(self) -> Path:
        return Path(self.settings.get("data_dir", self.folder / "data"))

    def start(self) -> Self:
        """Returns when it listens; after `kill` and `stop`, on the port that it had."""
        assert self._process is None, "it runs already"
        with self._log.open("a") as log:
            env = {**self.environment, "CHAT_PORT": str(self.port)}
            self._process = forked.start(["-m", *self.program], cwd=self.folder, stderr=log, env=env)
        found = _READY.search(self._first_line(self._process))
        assert found, f"the server did not start:\n{self.log}"
        self.port = int(found[1])
        return self

    @staticmethod
    def _first_line(process: forked.Process) -> str:
        assert process.stdout is not None
        timer = Timer(DEADLINE, process.kill)
        timer.start()
        try:
            return process.stdout.readline()
        finally:
            timer.cancel()

    def kill(self) -> None:
        """SIGKILL: no chance to finish anything."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, and a clean end."""
        code = self._end(signal.SIGTERM)
        assert code == 0, f"the server ended with {code}:\n{self.log}"

    def _end(self, number: signal.Signals) -> int:
        process, self._process = self._process, None
        assert process is not None, "it does not run"
        process.send_signal(number)
        code = process.wait(DEADLINE)
        assert process.stdout is not None
        process.stdout.close()
        return code

    def close(self) -> None:
        """End whatever is left."""
        if self._process is not None:
            self.kill()
        self.let_go()

    def let_go(self) -> None:
        """Close the test's own way into the database; it opens again when it is used."""
        if "store" in self.__dict__:
            self.store.close()
            del self.store

    def command(self, *words: str, given: str = "") -> str:
        """Run `hubbub WORDS` and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "chat", *words],
            cwd=self.folder,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    # What is in the database. The test's process and the server's share it as two processes of one machine may.

    @cached_property
    def store(self) -> Store:
        url = str(self.settings.get("database_url", ""))
        settings = Settings(data_dir=self.data, database_url=url, rate_limits="off")
        if not url and not self.data.exists():
            databases.copy_migrated(self.data)
        folders.prepare(settings)
        store = Store(settings)
        schema.prepare(store)
        return store

    def owner(self, username: str, name: str) -> Person:
        """The first account; with it come the server's name and the first room, `general`."""
        accounts.create_owner(self.store, server_name="Sample", username=username, name=name, password=PASSWORD)
        return self.person(username)

    def add(self, username: str, name: str, role: Role = "member") -> Person:
        """An account without a password, which only its cookie and its token open."""
        accounts.create(self.store, username, name=name, role=role, password=None)
        return self.person(username)

    def person(self, username: str) -> Person:
        """Somebody who has an account, with a new session and a new token."""
        actor = accounts.by_username(self.store, username)
        cookie = sessions.open_session(self.store, actor.user, user_agent="test", address="127.0.0.1")
        return Person(actor, cookie, tokens.create(self.store, actor, "test")[1])

    def room(self, by: Person, name: str, *others: Person, kind: Any = "public", topic: str = "") -> int:
        """Make a room with these people in it; returns its id."""
        wanted = RoomCreate(name=name, kind=kind, topic=topic, members=[person.id for person in others])
        return rooms.create(self.store, by.actor, wanted).room.id

    def rooms(self) -> dict[str, int]:
        """The ids of all rooms by name."""
        with self.store.read() as conn:
            return {row.name: row.id for row in conn.execute(select(tables.rooms.c.name, tables.rooms.c.id))}

    def join(self, person: Person, room: int) -> None:
        """Make somebody a member of a public room; a running server does not hear of it."""
        members.join(self.store, person.actor, RoomJoin(room=room))

    def leave(self, person: Person, room: int) -> None:
        """Who is no member any more stays none; a running server does not hear of it."""
        with suppress(ChatError):
            members.leave(self.store, person.actor, RoomLeave(room=room))

    def say(self, by: Person, room: int, *texts: str) -> None:
        """Put messages into the database; a running server does not hear of it."""
        for text in texts:
            messages.send(self.store, by.actor, MessageSend(room=room, cid=str(uuid.uuid4()), text=text))


@contextmanager
def serving(folder: Path, **settings: Any) -> Iterator[Server]:
    """A server that is not started yet; it is ended in any case."""
    server = Server(folder, **settings)
    try:
        yield server
    finally:
        server.close()
