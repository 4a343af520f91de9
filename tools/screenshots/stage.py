"""The servers that are photographed, and the people on them who are programs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import socketio

from tools.screenshots.scenes import Scene

ROOT = Path(__file__).resolve().parents[2]
HUBBUB = [sys.executable, "-m", "chat"]
# Who is here while the pictures are taken; the first three of them talk.
PRESENT = ("mira", "chen", "tomas")


class Stage:
    """A running server and the people on it who are programs."""

    def __init__(self, scene: Scene, house: _House, password: str = "") -> None:
        self.scene = scene
        self.url = house.run()
        self.password = password
        self._house = house
        self._people: dict[str, socketio.Client] = {}

    def begin(self) -> None:
        """The server is there again, at another address, with its people."""
        self.url = self._house.run()
        for username in PRESENT:
            self.enter(username)

    def enter(self, username: str) -> None:
        client = socketio.Client(reconnection=False)
        client.connect(
            self.url, auth={"token": self._house.token(username), "protocol": 1}, namespaces=["/chat"], wait_timeout=10
        )
        self._people[username] = client

    def ask(self, username: str, command: str, **fields: Any) -> dict[str, Any]:
        ack: dict[str, Any] = self._people[username].call(command, fields, namespace="/chat", timeout=10)
        assert ack["ok"], ack
        return ack

    def decide(self, command: str, **fields: Any) -> None:
        """As the server's owner, in the console."""
        client = socketio.Client(reconnection=False)
        auth = {"token": self._house.token("ada"), "protocol": 1}
        client.connect(self.url, auth=auth, namespaces=["/admin"], wait_timeout=10)
        ack = client.call(command, fields, namespace="/admin", timeout=10)
        client.disconnect()
        assert ack["ok"], ack

    def id(self, username: str) -> int:
        found: int = self.ask(username, "user_list", query=username)["users"][0]["id"]
        return found

    def say(self, username: str, room: str, text: str) -> None:
        there = self.ask(username, "room_join", room=room)["room"]["id"]
        self.ask(username, "message_send", room=there, cid=str(uuid.uuid4()), text=text)

    def read(self, username: str, room: str) -> None:
        """Everything that was said in it."""
        there = self.ask(username, "room_join", room=room)["room"]
        self.ask(username, "read_mark", room=there["id"], seq=there["head"]["seq"])

    def crowd(self, names: list[str]) -> None:
        """Rooms with nothing but the owner in them."""
        owner = self.ask("mira", "user_list", query="ada")["users"][0]["id"]
        for name in names:
            self.ask("mira", "room_create", name=name, kind="public", members=[owner])

    def type(self) -> None:
        there = self.ask("tomas", "room_join", room=self.scene.room)["room"]["id"]
        self.ask("tomas", "typing", room=there, on=True)

    def end(self) -> None:
        """The people leave, and the server stops."""
        self.leave()
        self._house.stop()

    def leave(self) -> None:
        for client in self._people.values():
            client.shutdown()
        self._people.clear()


@contextmanager
def empty(scene: Scene) -> Iterator[Stage]:
    """A server that nobody has an account on yet."""
    with _house() as house:
        yield Stage(scene, house)


@contextmanager
def staged(scene: Scene, *, visitors: bool = False) -> Iterator[Stage]:
    """A server with a language's demo, some of its people online, and something unread for the owner."""
    with _house(CHAT_REGISTRATION="open", CHAT_GUESTS="on") as house:
        said = house.command("demo", "--language", scene.language, "--visitors" if visitors else "--no-visitors")
        sign_in = re.search(r"Sign in as \S+, password (\S+)", said)
        assert sign_in, "the demo tells no password"
        stage = Stage(scene, house, sign_in[1])
        try:
            _set_up(stage)
            yield stage
        finally:
            stage.leave()


class _House:
    """A folder for a server, and the `hubbub` command in it."""

    def __init__(self, folder: str, settings: dict[str, str]) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CHAT_")},
            "CHAT_DATA_DIR": f"{folder}/data",
            "CHAT_PORT": "0",
            "CHAT_RATE_LIMITS": "off",
            # Links lead to this machine alone.
            "CHAT_LINK_PREVIEWS_LOCAL": "on",
            "CHAT_LOG_LEVEL": "error",
            "PYTHONPATH": str(ROOT),
            **settings,
        }

    def command(self, *words: str) -> str:
        done = subprocess.run(
            [*HUBBUB, *words], cwd=self._folder, env=self._environ, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def token(self, username: str) -> str:
        return self.command("token", "add", username)

    def run(self) -> str:
        """Start the server; returns its address."""
        self._process = subprocess.Popen(
            [*HUBBUB, "run"], cwd=self._folder, env=self._environ, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        address = re.search(r"http://\S+", self._process.stdout.readline())
        assert address, "the server did not start"
        return address[0]

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(30)
            self._process = None


@contextmanager
def _house(**settings: str) -> Iterator[_House]:
    with tempfile.TemporaryDirectory(prefix="hubbub-pictures-") as folder:
        house = _House(folder, settings)
        try:
            yield house
        finally:
            house.stop()


def _set_up(stage: Stage) -> None:
    scene = stage.scene
    for username in PRESENT:
        stage.enter(username)
    stage.ask("tomas", "presence_set", status="away", text="")
    for name, topic in scene.others.items():
        stage.ask("mira", "room_create", name=name, kind="public", topic=topic)
        stage.ask("chen", "room_join", room=name)
    for room, text in scene.elsewhere.items():
        stage.say("mira", room, text)
    stage.say("mira", next(iter(scene.elsewhere)), scene.called)
