"""Talks in one room of a Hubbub server; hubbub.py beside it does the work.

    HUBBUB_URL=http://localhost:5000 HUBBUB_TOKEN=hub_... python client.py ROOM [TEXT ...]

With TEXT it says that and ends. Without, it prints what is said in the room and says each line of its standard input,
until that ends. Lost connections and restarts of the server lose nothing and repeat nothing.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any, NoReturn

from hubbub import Client, HubbubError, Room


def show(room: Room, message: dict[str, Any]) -> None:
    text = "(deleted)" if message["deleted"] else message["text"]
    print(f"[{message['seq']}] {message['author']['name']}: {text}", flush=True)


def fail(text: str) -> NoReturn:
    """End the program from whatever thread this is."""
    print(f"client.py: {text}", file=sys.stderr, flush=True)
    os._exit(1)


def gone(error: HubbubError) -> None:
    if error.code != "closed":
        fail(f"refused ({error.code}): {error.message}")


def enter(client: Client, name: str) -> int:
    """Ask to be let in until there is an answer."""
    while True:
        client.wait()
        try:
            return client.join(name, create=True)
        except HubbubError as error:
            if not error.retryable:
                fail(f"room_join: {error.message}")
            time.sleep(error.retry_after or 0.2)


def say(client: Client, room: int, text: str) -> None:
    """Returns when the server has it."""
    try:
        client.send(room, text).outcome.result()
    except HubbubError as error:
        fail(f"message_send: {error.message}")


def main() -> None:
    token = os.environ.get("HUBBUB_TOKEN")
    if not token or len(sys.argv) < 2:
        sys.exit("usage: HUBBUB_TOKEN=... python client.py ROOM [TEXT ...]")
    _, name, *words = sys.argv
    url = os.environ.get("HUBBUB_URL", "http://localhost:5000")
    with Client(url, token) as client:
        # The account may be in other rooms too.
        wanted: list[int] = []
        client.on("message", lambda room, message: show(room, message) if room.id in wanted else None)
        client.on("changed", lambda room, message: show(room, message) if room.id in wanted else None)
        client.on(
            "room_removed", lambda room, reason: fail(f"out of the room: {reason}") if room.id in wanted else None
        )
        client.on(
            "retrying", lambda reason, wait: print(f"client.py: no connection to {url} ({reason})", file=sys.stderr)
        )
        client.on("gone", gone)
        client.start()
        wanted.append(enter(client, name))
        print(f"client.py: in #{name}", file=sys.stderr, flush=True)
        for line in [" ".join(words)] if words else sys.stdin:
            if line.strip():
                say(client, wanted[0], line.rstrip("\n"))


if __name__ == "__main__":
    main()
