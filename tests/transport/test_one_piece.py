"""What is told to a client in one turn of the hub reaches it in one piece."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from chat.transport.manager import GATHERED
from tests.servers import Person, Server, serving
from tests.transport.harness import WebSocket

ROOMS = 8


@pytest.fixture
def people(tmp_path: Path) -> Iterator[tuple[Server, list[Person]]]:
    """Three people in the same rooms."""
    with serving(tmp_path, connections_per_user=GATHERED + 1) as server:
        ada = server.owner("ada", "Ada")
        people = [ada, server.add("bo", "Bo"), server.add("cleo", "Cleo")]
        for number in range(ROOMS):
            server.room(ada, f"room-{number}", *people[1:])
        yield server.start(), people


def pieces(websocket: WebSocket, last: bytes, count: int = 1) -> list[bytes]:
    """What the system hands over, each as it comes, until `last` has come so often. Nothing must be buffered yet."""
    found: list[bytes] = []
    while b"".join(found).count(last) < count:
        piece = websocket.sock.recv(1 << 20)
        assert piece, "the server hung up"
        found.append(piece)
    return found


def test_connect_and_welcome(people: tuple[Server, list[Person]]) -> None:
    server, (ada, *_) = people
    # Two writes are sometimes read as one; hardly ten times in a row.
    for _ in range(10):
        with WebSocket.open(server.port) as websocket:
            websocket.put(f'40/chat,{{"token":"{ada.token}"}}')
            (piece,) = pieces(websocket, b'["welcome",')
            assert b'40/chat,{"sid":' in piece


def test_presence_in_all_rooms_at_once(people: tuple[Server, list[Person]]) -> None:
    server, (ada, *others) = people
    # With the first one, which everybody is in.
    rooms = ROOMS + 1
    with ExitStack() as crowd:
        # What is told to few is gathered in any case.
        for _ in range(GATHERED):
            crowd.enter_context(WebSocket.chat(server.port, {"token": others[0].token}))
        watching = crowd.enter_context(WebSocket.open(server.port))
        watching.put(f'40/chat,{{"token":"{ada.token}"}}')
        # Its own arrival is told to it too.
        pieces(watching, b'["presence",', rooms)
        with WebSocket.chat(server.port, {"token": others[1].token}):
            (piece,) = pieces(watching, b'["presence",', rooms)
            assert b"online" in piece
        (piece,) = pieces(watching, b'["presence",', rooms)
        assert b"offline" in piece
