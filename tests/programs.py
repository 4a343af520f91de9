"""How a program of a test connects with the Socket.IO client that people's programs use."""

from __future__ import annotations

import threading
from typing import Any

import socketio

from tests.servers import Person
from tests.waiting import DEADLINE


def enter(client: socketio.Client, url: str, person: Person, **options: Any) -> dict[str, Any]:
    """Connect to /chat and return the server's `welcome`.

    Accepted alone, a client does not hear its rooms yet: whoever waits for a message must have been welcomed first.
    """
    here = threading.Event()
    welcome: dict[str, Any] = {}

    def welcomed(fact: dict[str, Any]) -> None:
        welcome.update(fact)
        here.set()

    client.on("welcome", welcomed, namespace="/chat")
    auth = {"token": person.token, "protocol": 1}
    client.connect(url, auth=auth, namespaces=["/chat"], wait_timeout=DEADLINE, **options)
    assert here.wait(DEADLINE), "no welcome"
    return welcome
