"""Talks in one room of a Hubbub server with python-socketio.

    HUBBUB_URL=http://localhost:5000 HUBBUB_TOKEN=hub_... python client.py ROOM [TEXT ...]

With TEXT it says that and ends. Without, it prints what is said in the room and says each line of its standard input,
until that ends. Lost connections and restarts of the server lose nothing and repeat nothing.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import uuid
from typing import Any

import socketio

NAMESPACE = "/chat"


class Room:
    """One room, as one account sees it.

    python-socketio runs every handler in a thread of its own, so the lock lets one fact in at a time. Should two of
    them change places on the way, `rev` tells.
    """

    def __init__(self, url: str, token: str, name: str) -> None:
        self.url = url
        self.token = token
        self.name = name
        self.id = 0
        # The one number that tells what has been seen of the room: the `rev` of the last change applied.
        self.rev: int | None = None
        self.epoch = ""
        self.lock = threading.Lock()
        self.joined = threading.Event()
        self.socket = socketio.Client(reconnection_delay_max=5)
        handlers = {
            "connect_error": self.on_connect_error,
            "welcome": self.on_welcome,
            "message_new": self.on_message,
            "message_changed": self.on_message,
            "room_changed": self.on_room_changed,
            "heads": self.on_heads,
            "room_removed": self.on_room_removed,
            "session_ended": self.on_session_ended,
        }
        for event, handler in handlers.items():
            self.socket.on(event, handler, namespace=NAMESPACE)

    def enter(self) -> None:
        """Connect and join; python-socketio connects again by itself whenever the line is lost."""
        auth = {"token": self.token, "client": "python-client", "protocol": 1}
        self.socket.connect(self.url, auth=auth, namespaces=[NAMESPACE], wait_timeout=10, retry=True)
        self.joined.wait()

    def say(self, text: str) -> None:
        """Returns when the server has it."""
        self.ask("message_send", {"room": self.id, "cid": str(uuid.uuid4()), "text": text})

    def leave(self) -> None:
        self.socket.shutdown()

    def ask(self, command: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Ask until there is an answer. Every command here may be repeated: a `cid` that comes twice is one message."""
        while True:
            try:
                ack: dict[str, Any] = self.socket.call(command, fields, namespace=NAMESPACE, timeout=5)
            except socketio.exceptions.SocketIOError:
                # No connection, or no answer in time.
                time.sleep(0.2)
                continue
            if ack["ok"]:
                return ack
            error = ack["error"]
            if not error["retryable"]:
                fail(f"{command}: {error['message']}")
            time.sleep(error.get("retry_after", 1))

    def on_welcome(self, welcome: dict[str, Any]) -> None:
        """The first fact on every connection: come in, and catch up with what was said while the line was down."""
        room = self.ask("room_join", {"room": self.name, "create": True})["room"]
        with self.lock:
            if self.rev is None or welcome["epoch"] != self.epoch:
                self.id, self.epoch, self.rev = room["id"], welcome["epoch"], room["head"]["rev"]
                self.joined.set()
            self.catch_up(room["head"]["rev"])

    def on_message(self, fact: dict[str, Any]) -> None:
        with self.lock:
            self.changed(fact["room"], fact["rev"], fact["message"])

    def on_room_changed(self, fact: dict[str, Any]) -> None:
        with self.lock:
            self.changed(fact["room"]["id"], fact["rev"])

    def on_heads(self, fact: dict[str, Any]) -> None:
        with self.lock:
            head = fact["rooms"].get(str(self.id))
            if head:
                self.catch_up(head["rev"])

    def changed(self, room: int, rev: int, message: dict[str, Any] | None = None) -> None:
        """One change: the next one is shown, one seen before is dropped, and one too far ahead proves a gap."""
        if room != self.id or self.rev is None or rev <= self.rev:
            return
        if rev > self.rev + 1:
            self.catch_up(rev)
            return
        self.rev = rev
        if message:
            show(message)

    def catch_up(self, known: int) -> None:
        """Read what has changed since `self.rev`, where the room is `known` to be further."""
        while self.rev is not None and self.rev < known:
            page = self.ask("room_sync", {"room": self.id, "rev": self.rev})
            for message in page.get("messages", ()):
                self.rev = message["rev"]
                show(message)
            # After the last page, and where there is too much to catch up with, the room stands at its head.
            if not page.get("more"):
                self.rev = page["head"]["rev"]
                return

    def on_room_removed(self, fact: dict[str, Any]) -> None:
        if fact["room"] == self.id:
            fail(f"out of the room: {fact['reason']}")

    def on_session_ended(self, fact: dict[str, Any]) -> None:
        fail(f"the session has ended: {fact['reason']}")

    def on_connect_error(self, error: Any = None) -> None:
        """A refusal is final; anything else is the network's, and python-socketio tries again."""
        if isinstance(error, dict) and error.get("data"):
            fail(f"refused ({error['data']['code']}): {error['message']}")
        print(f"client.py: no connection to {self.url} yet ({error})", file=sys.stderr, flush=True)


def show(message: dict[str, Any]) -> None:
    text = "(deleted)" if message["deleted"] else message["text"]
    print(f"[{message['seq']}] {message['author']['name']}: {text}", flush=True)


def fail(text: str) -> None:
    """End the program from whatever thread this is."""
    print(f"client.py: {text}", file=sys.stderr, flush=True)
    os._exit(1)


def main() -> None:
    token = os.environ.get("HUBBUB_TOKEN")
    if not token or len(sys.argv) < 2:
        sys.exit("usage: HUBBUB_TOKEN=... python client.py ROOM [TEXT ...]")
    room = Room(os.environ.get("HUBBUB_URL", "http://localhost:5000"), token, sys.argv[1])
    room.enter()
    print(f"client.py: in #{room.name}", file=sys.stderr, flush=True)
    for line in [" ".join(sys.argv[2:])] if sys.argv[2:] else sys.stdin:
        if line.strip():
            room.say(line.rstrip("\n"))
    room.leave()


if __name__ == "__main__":
    main()
