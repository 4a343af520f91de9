"""Engine.IO 4: the server pings, the client answers, on either transport and with less than a second between."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from tests.conformance.processes import Process
from tests.conformance.sessions import OverPolling, OverWebSocket
from tests.transport.harness import ENGINE, WebSocket

INTERVAL, TIMEOUT = 0.2, 1.5
# Pings in which a client that is not heard would have been closed for sure.
ENOUGH = round((INTERVAL + TIMEOUT) / INTERVAL) + 4


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A server with quick heartbeats."""
    process = Process.app(tmp_path_factory.mktemp("quick"), {"ping_interval": INTERVAL, "ping_timeout": TIMEOUT}, {})
    yield process
    process.end()
    assert "Traceback" not in process.errors


@pytest.fixture
def socket(quick: Process) -> Iterator[OverWebSocket]:
    with OverWebSocket(quick.port) as socket:
        socket.connect()
        yield socket


@pytest.fixture
def polling(quick: Process) -> OverPolling:
    polling = OverPolling(quick.port)
    polling.connect()
    return polling


def test_the_handshake_says_so(socket: OverWebSocket, polling: OverPolling) -> None:
    for session in (socket, polling):
        assert session.hello["pingInterval"] == INTERVAL * 1000
        assert session.hello["pingTimeout"] == TIMEOUT * 1000


def test_over_websocket_who_answers_stays(socket: OverWebSocket) -> None:
    for _ in range(ENOUGH):
        assert socket.socket.next_frame() == (1, b"2")
        socket.put("3")
    assert socket.call(1, "echo", 1) == [1]


def test_over_polling_who_answers_stays(polling: OverPolling) -> None:
    for _ in range(ENOUGH):
        answer = polling.client.send("GET", polling.client.path)
        assert (answer.status, answer.text) == (200, "2")
        assert polling.client.post("3").text == "ok"
    assert polling.call(1, "echo", 1) == [1]


def test_over_websocket_who_is_silent_is_closed(socket: OverWebSocket) -> None:
    assert socket.socket.next_frame() == (1, b"2")
    # There is one ping at a time.
    assert socket.close_code() in (1000, 1001)


def test_over_polling_who_is_silent_is_closed(polling: OverPolling) -> None:
    answer = polling.client.send("GET", polling.client.path)
    assert (answer.status, answer.text) == (200, "2")
    polling.check_over()


def test_over_polling_who_does_not_even_poll_is_closed(quick: Process, polling: OverPolling) -> None:
    with OverWebSocket(quick.port) as other:
        for _ in range(ENOUGH):
            assert other.socket.next_frame() == (1, b"2")
            other.put("3")
    answer = polling.client.post("3")
    assert (answer.status, answer.json["code"]) == (400, 1)


def test_the_next_ping_follows_an_answer_by_the_interval(quick: Process, socket: OverWebSocket) -> None:
    """Not by the time-out: while a silent client waits for its end, one that answers is pinged again and again."""
    with OverWebSocket(quick.port) as silent:
        silent.connect()
        assert silent.socket.next_frame() == (1, b"2")
        waiting = threading.Thread(target=silent.close_code)
        waiting.start()
        pings = 0
        while waiting.is_alive():
            assert socket.socket.next_frame() == (1, b"2")
            socket.put("3")
            pings += 1
    assert pings >= TIMEOUT / INTERVAL / 2


def test_an_answer_counts_until_the_next_ping(start: Callable[..., Process]) -> None:
    """Where the time-out of a ping passes before the next one comes."""
    server = start({"ping_interval": 1.8, "ping_timeout": 1.5})
    polling = OverPolling(server.port)
    polling.connect()
    with OverWebSocket(server.port) as socket:
        socket.connect()
        for _ in range(2):
            assert socket.socket.next_frame() == (1, b"2")
            socket.put("3")
            answer = polling.client.send("GET", polling.client.path)
            assert (answer.status, answer.text) == (200, "2")
            assert polling.client.post("3").text == "ok"
        for session in (socket, polling):
            assert session.call(1, "echo", 1) == [1]


def test_events_are_no_answer(socket: OverWebSocket) -> None:
    """Nor are pongs of the WebSocket itself."""
    socket.socket.answer_pings = False
    replies = 0
    while True:
        opcode, payload = socket.socket.next_frame()
        if opcode == 8 or payload == b"1":
            break
        replies += 1
        if payload != b"2":
            assert payload.startswith(b"43/chat,")
        socket.put('42/chat,1["echo"]')
        socket.socket.frame(10, b"")
    assert replies > 1


def test_answers_without_a_ping_harm_nothing(socket: OverWebSocket, polling: OverPolling) -> None:
    for session in (socket, polling):
        session.put("3", "3", "3")
        assert session.call(1, "echo", 1) == [1]


def test_heartbeats_go_on_after_an_upgrade(quick: Process, polling: OverPolling) -> None:
    with WebSocket(quick.port, f"{ENGINE}&transport=websocket&sid={polling.hello['sid']}") as socket:
        socket.put("2probe")
        assert socket.text() == "3probe"
        socket.put("5")
        for _ in range(ENOUGH):
            while (frame := socket.next_frame()) != (1, b"2"):
                assert frame == (1, b"6")
            socket.put("3")
        assert socket.call("echo", 1) == 1
        socket.answer_pings = False
        assert socket.text() == "1"
        assert socket.close_code() in (1000, 1001)
