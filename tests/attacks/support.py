"""What an attack is held against: two people who go on talking, and what the server's process holds.

The attackers themselves are the raw clients of `tests.transport.harness`; `frame` builds what they send in bulk.
"""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import socketio

from tests.programs import enter
from tests.servers import Person, Server
from tests.transport.harness import Http, Response, Tcp, WebSocket
from tests.waiting import DEADLINE

__all__ = ["ROUNDS", "Bystanders", "Process", "Scene", "frame", "get", "signed_in"]

MEGABYTE = 1 << 20
# What a process gains and loses without any leak, once it has done the same thing before.
MARGIN = 2 * MEGABYTE
# Until it has: arenas, tables that double, caches that fill.
MOST_BATCHES = 5
PATIENCE = 4.0
# The least that is left behind where a connection is not forgotten.
OF_A_CONNECTION = 20_000
# Exchanges that must happen while an attack holds.
ROUNDS = 3
# Between two lines, so that the two leave some of the processor to the attack.
_BREATH_SECONDS = 0.01


class Talker:
    """One of the two, on the Socket.IO client that people's programs use."""

    def __init__(self, server: Server, person: Person, transport: str) -> None:
        self.heard: list[str] = []
        self.troubles: list[str] = []
        self._closing = False
        self._changed = threading.Condition()
        self._client = socketio.Client(reconnection=False, handle_sigint=False)
        self._client.on("message_new", self._hear, namespace="/chat")
        self._client.on("disconnect", self._gone, namespace="/chat")
        enter(self._client, server.url, person, transports=[transport])

    def say(self, room: int, text: str) -> None:
        """Raises `AssertionError` for a message that is refused, TimeoutError for one that is not acknowledged."""
        said = {"room": room, "cid": str(uuid.uuid4()), "text": text}
        ack = self._client.call("message_send", said, namespace="/chat", timeout=DEADLINE)
        assert ack["ok"], ack

    def wait_for(self, text: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.heard[-1:] == [text], DEADLINE), f"never heard {text!r}"

    def close(self) -> None:
        self._closing = True
        self._client.disconnect()

    def _hear(self, fact: dict[str, Any]) -> None:
        with self._changed:
            self.heard.append(fact["message"]["text"])
            self._changed.notify_all()

    def _gone(self, *why: object) -> None:
        if not self._closing:
            self.troubles.append(f"disconnected: {why}")


class Bystanders:
    """Two people in a room of their own, one on a WebSocket, one on long-polling, who answer each other all the time.

    A line is said when the other has heard the one before. Use it as a context; `check` at any time, and the end, raise
    `AssertionError` when a line was refused, lost, doubled or out of order, or when one of them was disconnected.
    """

    def __init__(self, server: Server, room: int, first: Person, second: Person) -> None:
        self._room = room
        self._two = (Talker(server, first, "websocket"), Talker(server, second, "polling"))
        self._said: list[str] = []
        self._trouble: BaseException | None = None
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._talk, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(2 * DEADLINE)
        for talker in self._two:
            talker.close()
        self.check()
        assert all(talker.heard == self._said for talker in self._two), "lost, doubled or out of order"

    def talk(self, rounds: int = ROUNDS) -> None:
        """Wait until so many more lines have been said and heard, from now on."""
        with self._changed:
            # The line under way may have been said before.
            wanted = len(self._said) + rounds + 1
            self._changed.wait_for(lambda: self._trouble is not None or len(self._said) >= wanted, DEADLINE)
            self.check()
            assert len(self._said) >= wanted, "they fell silent"

    def check(self) -> None:
        assert self._trouble is None, f"they could not talk: {self._trouble!r}"
        for talker in self._two:
            assert not talker.troubles, talker.troubles

    def _talk(self) -> None:
        try:
            for number, speaker in enumerate(itertools.cycle(self._two)):
                if self._stopping.wait(_BREATH_SECONDS):
                    return
                text = f"line {number}"
                speaker.say(self._room, text)
                for talker in self._two:
                    talker.wait_for(text)
                with self._changed:
                    self._said.append(text)
                    self._changed.notify_all()
        except (AssertionError, OSError, socketio.exceptions.SocketIOError) as error:
            with self._changed:
                self._trouble = error
                self._changed.notify_all()


def _where(link: Path) -> str:
    """The name of what an open file is; empty when it was closed meanwhile."""
    try:
        return link.readlink().name
    except OSError:
        return ""


class Process:
    """What a server's process holds, as the system counts it."""

    def __init__(self, server: Server) -> None:
        assert server._process is not None, "it does not run"
        self._folder = Path(f"/proc/{server._process.pid}")

    @property
    def memory(self) -> int:
        """Resident bytes."""
        for line in (self._folder / "status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("the process has ended")

    @property
    def files(self) -> int:
        """Open files, sockets among them, but for those of the database: its readers open when they are needed."""
        return sum(not _where(link).startswith("hubbub.db") for link in (self._folder / "fd").iterdir())

    @property
    def seconds(self) -> float:
        """What it has used of the processor."""
        fields = (self._folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100


class Scene:
    """A running server, the two bystanders, and an attacker who has an account and is in the room `square`."""

    def __init__(self, server: Server) -> None:
        self.server = server
        owner = server.owner("ada", "Ada")
        first, second = server.add("mira", "Mira"), server.add("noor", "Noor")
        self.attacker = server.add("vex", "Vex")
        self.other = server.add("sam", "Sam")
        self.corner = server.room(owner, "corner", first, second)
        self.square = server.room(owner, "square", self.attacker, self.other)
        server.start()
        self.process = Process(server)
        self.bystanders = Bystanders(server, self.corner, first, second)

    @property
    def port(self) -> int:
        return self.server.port

    def sign_in(self) -> WebSocket:
        return signed_in(self.server, self.attacker)

    def repeat(self, attack: Callable[[], object], leak: int = OF_A_CONNECTION) -> None:
        """Attack again and again, while the two talk, and check that nothing of it stays.

        `leak` is what one attack would leave behind if the server kept what it got, in bytes. The attack is repeated so
        often that a batch would leave twice the margin. Memory may grow while the process sees it for the first time; a
        leak grows in every batch.
        """
        times = -(-2 * MARGIN // leak)
        grown: list[int] = []
        files = self.process.files
        while not grown or grown[-1] >= MARGIN:
            assert len(grown) < MOST_BATCHES, f"memory grew and grew: {[size >> 10 for size in grown]} KB"
            before = self.process.memory
            for _ in range(times):
                attack()
            self.settle(files)
            grown.append(self._grown(before))

    def _grown(self, before: int) -> int:
        """By how much memory has grown; what a closed connection held may be given back some seconds later."""
        end = time.monotonic() + PATIENCE
        while (grown := self.process.memory - before) >= MARGIN and time.monotonic() < end:
            self.bystanders.talk(1)
        return grown

    def settle(self, files: int) -> None:
        """Wait until the server has no more files open than before, while the two talk."""
        self.bystanders.talk()
        # The two may each have a connection for a poll or a post, at either look.
        wait_until(lambda: self.process.files <= files + 4, lambda: f"{self.process.files} files, {files} before")
        assert "Traceback" not in self.server.log


def wait_until(holds: Callable[[], object], otherwise: Callable[[], str]) -> None:
    end = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < end, otherwise()
        # Asking takes processor time that the server needs for it to come true.
        threading.Event().wait(0.01)


def signed_in(server: Server, person: Person) -> WebSocket:
    """A raw WebSocket that has got its `welcome`."""
    websocket = WebSocket.chat(server.port, {"token": person.token})
    assert websocket.event()[0] == "welcome"
    return websocket


def heard(websocket: WebSocket) -> tuple[int, str]:
    """The next frame that is no news of who is here, and its text; for a close frame, its code."""
    while True:
        opcode, payload = websocket.next_frame()
        if opcode == 8:
            return opcode, str(int.from_bytes(payload[:2], "big"))
        if payload != b"2" and not payload.startswith(b'42/chat,["presence"'):
            return opcode, payload.decode()


def frame(opcode: int, payload: bytes = b"", *, final: bool = True) -> bytes:
    """A frame as a client sends it. Its mask is zero, which is allowed and spares the work."""
    size = len(payload)
    head = bytes(((0x80 if final else 0) | opcode,))
    if size < 126:
        head += bytes((0x80 | size,))
    elif size < 65_536:
        head += b"\xfe" + size.to_bytes(2, "big")
    else:
        head += b"\xff" + size.to_bytes(8, "big")
    return head + bytes(4) + payload


def get(port: int, path: str, **headers: str) -> Response:
    with Http(port) as http:
        return http.request("GET", path, **headers)


def answer(sent: bytes, port: int) -> bytes:
    """All that the server says to these bytes until it hangs up; b"" when it resets the connection."""
    with Tcp(port) as attacker:
        try:
            attacker.send(sent)
            return b"".join(iter(lambda: attacker.sock.recv(65_536), b""))
        except ConnectionError:
            return b""
