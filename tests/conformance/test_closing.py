"""Engine.IO 4: how a session ends, from either side. Frames that break RFC 6455 are in `test_autobahn.py`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.processes import Process
from tests.conformance.sessions import UNKNOWN_SESSION, OverPolling, OverWebSocket, Session
from tests.transport.harness import Http
from tests.waiting import until


def test_a_close_packet_ends_the_session(server: Process, client: Session) -> None:
    before = server.count("disconnect")
    client.put("1")
    client.check_over()
    until(lambda: server.count("disconnect") == before + 1)


def test_a_close_packet_ends_the_poll_under_way(server: Process, polling: OverPolling) -> None:
    polling.connect()
    with Http(server.port) as poll:
        poll.send(f"GET {polling.client.path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        # A round trip, so that the poll comes first.
        OverPolling(server.port).connect()
        answer = polling.client.post("1")
        assert (answer.status, answer.text) == (200, "ok")
        answer = poll.response()
        assert (answer.status, answer.text) == (200, "6")
    for answer in (polling.client.send("GET", polling.client.path), polling.client.post("3")):
        assert (answer.status, answer.json) == (400, UNKNOWN_SESSION)


def test_packets_before_a_close_packet_count(server: Process, client: Session) -> None:
    before = server.count("nothing")
    client.put('42/chat,["nothing"]', '42/chat,["nothing"]', "1")
    client.check_over()
    until(lambda: server.count("nothing") == before + 2)


@pytest.mark.parametrize("code", [1000, 1001, 3000, 4999])
def test_a_close_frame_is_answered_with_its_code(server: Process, socket: OverWebSocket, code: int) -> None:
    before = server.count("disconnect")
    socket.connect()
    socket.socket.frame(8, code.to_bytes(2, "big") + b"bye")
    assert socket.close_code() == code
    until(lambda: server.count("disconnect") == before + 1)


def test_a_lost_connection_ends_the_session(server: Process, socket: OverWebSocket) -> None:
    before = server.count("disconnect")
    socket.connect()
    socket.close()
    until(lambda: server.count("disconnect") == before + 1)


@pytest.mark.parametrize("transport", [OverWebSocket, OverPolling])
def test_the_server_ends_a_session_without_namespaces(
    start: Callable[..., Process], transport: type[OverWebSocket | OverPolling]
) -> None:
    """It says CLOSE, then closes."""
    server = start(connect_seconds=0.5)
    with transport(server.port) as session:
        assert session.take() == "1"
        if isinstance(session, OverWebSocket):
            assert session.close_code() == 1008
        else:
            session.check_over()


@pytest.mark.parametrize("packet", ["", "x", "7", "abc", '0{"sid":"x"}', "2", "2probe", "5"])
def test_bad_packets_over_websocket(server: Process, socket: OverWebSocket, packet: str) -> None:
    """The same as over long-polling, where `test_long_polling.py` has them."""
    before = server.count("disconnect")
    socket.connect()
    socket.put(packet)
    assert socket.close_code() == 1008
    until(lambda: server.count("disconnect") == before + 1)


@pytest.mark.parametrize("packet", ["bAQIDBA==", "b"])
def test_binary_packets_are_refused(socket: OverWebSocket, packet: str) -> None:
    socket.connect()
    socket.put(packet)
    assert socket.close_code() == 1003


@pytest.mark.parametrize("payload", [b"", b"\x04\x01\x02", b"4hello"])
def test_binary_frames_are_refused(socket: OverWebSocket, payload: bytes) -> None:
    socket.connect()
    socket.socket.frame(2, payload)
    assert socket.close_code() == 1003


def test_a_noop_is_taken(client: Session) -> None:
    client.put("6", "6")
    assert client.call(1, "echo", 1) == [1]
