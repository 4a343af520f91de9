"""Searching in a running server, on its hub and its threads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import socketio

from tests import databases
from tests.servers import Person, Server, serving
from tests.waiting import DEADLINE, until


@pytest.fixture(params=databases.KINDS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    with ExitStack() as stack:
        url = "" if request.param == "sqlite" else stack.enter_context(databases.new_postgres())
        yield stack.enter_context(serving(tmp_path, database_url=url))


class Client:
    def __init__(self, server: Server, person: Person) -> None:
        self._socket = socketio.SimpleClient()
        self._socket.connect(server.url, namespace="/chat", auth={"token": person.token}, transports=["websocket"])

    def call(self, event: str, **fields: Any) -> dict[str, Any]:
        ack: dict[str, Any] = self._socket.call(event, fields, timeout=DEADLINE)
        assert ack["ok"], ack
        return ack

    def found(self, query: str) -> list[str]:
        return [hit["message"]["text"] for hit in self.call("search", query=query)["hits"]]

    def close(self) -> None:
        self._socket.disconnect()


def test_what_was_said_is_found_soon_by_many_at_once(server: Server) -> None:
    people = [server.owner("ada", "Ada"), *(server.add(f"person{number}", f"P{number}") for number in range(5))]
    # From before the server was started, as after an update.
    server.say(people[0], 1, *(f"an old word {number}" for number in range(150)))
    server.start()
    clients = [Client(server, person) for person in people]
    try:
        clients[0].call("message_send", room=1, cid="c1", text="a new word 新的")
        until(lambda: clients[1].found("新的") == ["a new word 新的"])
        until(lambda: clients[1].found('"word 0"') == ["an old word 0"])

        def search(client: Client) -> list[list[str]]:
            return [client.found("words") for _ in range(10)]

        with ThreadPoolExecutor(len(clients)) as pool:
            answers = [answer for found in pool.map(search, clients) for answer in found]
        assert len(answers) == 60
        assert all(answer == answers[0] and len(answer) == 20 for answer in answers)
        # One after another, a sender is not kept waiting by what is indexed and searched.
        for number in range(20):
            clients[0].call("message_send", room=1, cid=f"d{number}", text=f"fresh {number}")
        until(lambda: clients[2].found("fresh 19") == ["fresh 19"])
    finally:
        for client in clients:
            client.close()
    server.stop()
    assert server.complaints == []
