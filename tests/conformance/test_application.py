"""The whole application, as people run it, speaks the same protocol: credentials, commands, heartbeats, settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.sessions import OverPolling, OverWebSocket, Session
from tests.servers import Person, Server, serving
from tests.transport.harness import ENGINE, WebSocket


@pytest.fixture(scope="module")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Person]]:
    folder = tmp_path_factory.mktemp("application")
    with serving(folder, ping_interval=0.25, ping_timeout=2.5, packet_bytes=50_000) as server:
        person = server.owner("mira", "Mira")
        yield server.start(), person
        assert not server.complaints


@pytest.fixture
def server(_served: tuple[Server, Person]) -> Server:
    return _served[0]


@pytest.fixture
def mira(_served: tuple[Server, Person]) -> Person:
    return _served[1]


@pytest.fixture(params=[OverWebSocket, OverPolling])
def session(request: pytest.FixtureRequest, server: Server) -> Iterator[Session]:
    with request.param(server.port) as session:
        yield session


def test_the_handshake_tells_the_settings(session: Session) -> None:
    del session.hello["sid"], session.hello["upgrades"]
    assert session.hello == {"pingInterval": 250, "pingTimeout": 2500, "maxPayload": 50_000}


def test_without_credentials(session: Session) -> None:
    refusal = session.refused("40/chat,", "/chat")
    assert refusal["data"] == {"code": "unauthenticated"}
    assert isinstance(refusal["message"], str)


def test_with_a_token(session: Session, mira: Person) -> None:
    """CONNECT is answered before the first fact comes, and a command is acknowledged."""
    session.connect(auth={"token": mira.token, "protocol": 1})
    name, welcome = session.event()
    assert name == "welcome"
    assert welcome["user"]["name"] == "Mira"
    assert session.command(1, "time")["ok"] is True
    ack = session.command(2, "no_such_command")
    assert (ack["ok"], ack["error"]["code"]) == (False, "bad_request")


def test_heartbeats_and_an_upgrade(server: Server, mira: Person) -> None:
    polling = OverPolling(server.port)
    polling.connect(auth={"token": mira.token, "protocol": 1})
    assert polling.event()[0] == "welcome"
    with WebSocket(server.port, f"{ENGINE}&transport=websocket&sid={polling.hello['sid']}") as socket:
        socket.put("2probe")
        assert socket.text() == "3probe"
        socket.put("5")
        for _ in range(3):
            while socket.next_frame() != (1, b"2"):
                pass
            socket.put("3")
        assert socket.call("time")["ok"] is True


def test_messages_sent_in_a_row_keep_their_order_and_whatever_follows_sees_them(server: Server, mira: Person) -> None:
    """Also long ones, whose text is rendered beside the others; and one that fails keeps no place."""
    with WebSocket.chat(server.port, {"token": mira.token, "protocol": 1}) as socket:
        name, welcome = socket.event()
        assert name == "welcome"
        room, before = welcome["rooms"][0]["id"], welcome["rooms"][0]["head"]["seq"]
        texts = [f"{number} " + ("*long* " * 800 if number % 7 == 3 else "") for number in range(40)]
        commands: list[tuple[str, dict[str, object]]] = [
            *(("message_send", {"room": room, "text": text, "cid": f"in-a-row-{n}"}) for n, text in enumerate(texts)),
            ("message_send", {"room": room, "text": " ", "cid": "nothing-to-see"}),
            ("message_send", {"room": room, "text": texts[0], "cid": "in-a-row-0"}),
            ("history", {"room": room, "limit": 100}),
        ]
        for number, command in enumerate(commands):
            socket.put(f"42/chat,{number}{json.dumps(command)}")
        acks: dict[int, Any] = {}
        told: list[Any] = []
        while len(acks) < len(commands):
            answered, packet = decoded(socket.text())
            if answered is not None:
                (acks[answered],) = packet
            elif packet[0] == "message_new":
                told.append(packet[1]["message"])
    assert all(acks[number]["ok"] for number in range(40))
    assert [acks[number]["message"]["seq"] - before for number in range(40)] == list(range(1, 41))
    assert acks[40]["error"]["code"] == "bad_request"
    assert (acks[41]["ok"], acks[41]["duplicate"]) == (True, True)
    # A page has room for so much text only.
    page = [message["text"].strip() for message in acks[42]["messages"]]
    assert page == [text.strip() for text in texts][-len(page) :]
    assert len(page) > 20
    assert [message["seq"] - before for message in told] == list(range(1, 41))


def decoded(text: str) -> tuple[int | None, list[Any]]:
    """The number of an ack, None for an event; and the arguments."""
    head, _, rest = text.partition("[")
    number = head.removeprefix("43/chat,")
    return int(number) if number != head else None, json.loads(f"[{rest}")
