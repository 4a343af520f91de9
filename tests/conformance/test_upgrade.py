"""Engine.IO 4: moving a session from long-polling to WebSocket, and failing to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest

from tests.conformance.processes import Process
from tests.conformance.sessions import OverPolling, OverWebSocket
from tests.transport.harness import ENGINE, Http, WebSocket
from tests.waiting import until

BAD_REQUEST = (400, {"code": 3, "message": "Bad request"})


def _path(session: OverPolling | OverWebSocket) -> str:
    return f"{ENGINE}&transport=websocket&sid={session.hello['sid']}"


def _beside(server: Process, session: OverPolling) -> WebSocket:
    """A WebSocket for a session that is on long-polling."""
    socket = WebSocket(server.port, _path(session))
    assert socket.status == 101
    return socket


def _get(session: OverPolling) -> bytes:
    return f"GET {session.client.path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def _upgraded(server: Process, session: OverPolling) -> WebSocket:
    socket = _beside(server, session)
    socket.put("2probe")
    assert socket.text() == "3probe"
    socket.put("5")
    return socket


def test_an_upgrade_ends_the_poll_under_way(server: Process, polling: OverPolling) -> None:
    sid = polling.connect()
    with Http(server.port) as poll:
        poll.send(_get(polling))
        # A round trip, so that the poll has reached the server before the probe.
        OverPolling(server.port).connect()
        with _beside(server, polling) as socket:
            socket.put("2probe")
            assert socket.text() == "3probe"
            answer = poll.response()
            assert (answer.status, answer.text) == (200, "6")
            socket.put("5")
            # The namespaces stay connected, under the same sid.
            assert socket.call("echo", sid) == sid


def test_a_poll_that_comes_after_the_probe_gets_a_noop(server: Process, polling: OverPolling) -> None:
    polling.connect()
    with _beside(server, polling) as socket:
        socket.put("2probe")
        assert socket.text() == "3probe"
        answer = polling.client.send("GET", polling.client.path)
        assert (answer.status, answer.text) == (200, "6")
        socket.put("5")
        assert socket.call("echo", 1) == 1


def test_before_the_namespace_is_connected(server: Process, polling: OverPolling) -> None:
    with _upgraded(server, polling) as socket:
        assert socket.connect().startswith("40/chat,")
        assert socket.call("echo", 1) == 1


def test_packets_right_behind_the_upgrade(server: Process, polling: OverPolling) -> None:
    polling.connect()
    with _beside(server, polling) as socket:
        socket.put("2probe")
        socket.put("5")
        socket.put('42/chat,["say",1]')
        socket.put('42/chat,["say",2]')
        assert socket.text() == "3probe"
        assert [socket.event(), socket.event()] == [["said", 1], ["said", 2]]


def test_what_gathered_meanwhile_arrives_once_and_in_order(server: Process, polling: OverPolling) -> None:
    polling.connect()
    bursts = server.count("burst")

    def burst(number: int) -> None:
        polling.put(f'42/chat,["burst",{number * 10},{number * 10 + 10}]')
        until(lambda: server.count("burst") == bursts + number + 1)

    burst(0)
    with _beside(server, polling) as socket:
        burst(1)
        socket.put("2probe")
        assert socket.text() == "3probe"
        burst(2)
        socket.put("5")
        socket.put('42/chat,["burst",30,40]')
        assert [socket.event() for _ in range(40)] == [["said", number] for number in range(40)]
        assert socket.call("echo", "nothing after it") == "nothing after it"


def test_nothing_is_lost_or_doubled_while_others_talk(server: Process, polling: OverPolling) -> None:
    """Somebody shouts numbers all the time; some arrive by long-polling, the others by WebSocket."""
    polling.connect()
    with OverWebSocket(server.port) as shouter:
        shouter.connect()
        stop = threading.Event()
        shouted: list[int] = []
        heard: list[int] = []

        def shout() -> None:
            while not stop.is_set():
                number = len(shouted)
                shouter.put(f'42/chat,{number}["shout",{number}]')
                assert shouter.event() == ["shouted", number]
                assert shouter.ack(number) == [number]
                shouted.append(number)

        thread = threading.Thread(target=shout)
        thread.start()
        try:
            while len(heard) < 20:
                heard += _numbers(polling.client.poll())
            with Http(server.port) as poll:
                poll.send(_get(polling))
                with _beside(server, polling) as socket:
                    socket.put("2probe")
                    assert socket.text() == "3probe"
                    last = poll.response()
                    heard += _numbers([packet for packet in last.text.split("\x1e") if packet != "6"])
                    during = len(shouted)
                    until(lambda: len(shouted) > during + 5)
                    socket.put("5")
                    after = len(shouted)
                    until(lambda: len(shouted) > after + 20)
                    stop.set()
                    thread.join()
                    while len(heard) < len(shouted):
                        heard.append(socket.event()[1])
                    assert socket.call("echo", "the end") == "the end"
        finally:
            stop.set()
            thread.join()
    assert heard == shouted


def _numbers(packets: list[str]) -> list[int]:
    events = [json.loads(packet.removeprefix("42/chat,")) for packet in packets]
    assert all(name == "shouted" for name, _ in events)
    return [number for _, number in events]


def test_after_an_upgrade_polling_is_refused_and_harms_nothing(server: Process, polling: OverPolling) -> None:
    polling.connect()
    with _upgraded(server, polling) as socket:
        assert socket.call("echo", 1) == 1
        for answer in (polling.client.send("GET", polling.client.path), polling.client.post('42/chat,["say",0]')):
            assert (answer.status, answer.json) == BAD_REQUEST
        with WebSocket(server.port, _path(polling)) as second:
            assert second.status == 400
        assert socket.call("echo", 2) == 2


def test_a_session_that_began_on_websocket_is_not_upgraded(server: Process, socket: OverWebSocket) -> None:
    socket.connect()
    with WebSocket(server.port, _path(socket)) as second:
        assert second.status == 400
    assert socket.call(1, "echo", 1) == [1]


@pytest.mark.parametrize(
    "packets", [["2"], ["2other"], ["3probe"], ["5"], ["4probe"], ["1"], [""], ["2probe", "2probe"], ["2probe", "4"]]
)
def test_a_wrong_step_leaves_the_session_on_polling(server: Process, polling: OverPolling, packets: list[str]) -> None:
    polling.connect()
    with _beside(server, polling) as socket:
        for packet in packets:
            socket.put(packet)
        if packets[0] == "2probe":
            assert socket.text() == "3probe"
        assert socket.close_code() == 1002
    assert polling.call(1, "echo", "still polling") == ["still polling"]


def test_a_socket_lost_halfway_leaves_the_session_on_polling(server: Process, polling: OverPolling) -> None:
    polling.connect()
    with _beside(server, polling) as socket:
        socket.put("2probe")
        assert socket.text() == "3probe"
        polling.put('42/chat,["say","meanwhile"]')
    assert polling.event() == ["said", "meanwhile"]
    # And it may try again.
    with _upgraded(server, polling) as socket:
        assert socket.call("echo", 1) == 1


def test_only_one_upgrade_at_a_time(server: Process, polling: OverPolling) -> None:
    polling.connect()
    with _beside(server, polling) as socket:
        with WebSocket(server.port, _path(polling)) as second:
            assert second.status == 400
        socket.put("2probe")
        assert socket.text() == "3probe"
        socket.put("5")
        assert socket.call("echo", 1) == 1


@pytest.mark.parametrize("packets", [[], ["2probe"]])
def test_an_upgrade_that_stalls_falls_back_to_polling(start: Callable[..., Process], packets: list[str]) -> None:
    server = start(upgrade_seconds=0.5)
    polling = OverPolling(server.port)
    polling.connect()
    with _beside(server, polling) as socket:
        for packet in packets:
            socket.put(packet)
            assert socket.text() == "3probe"
        polling.put('42/chat,["say","meanwhile"]')
        assert polling.event() == ["said", "meanwhile"]
        # Cut off, or closed by a frame.
        assert socket.is_closed() or socket.sock.recv(100)
    assert polling.call(1, "echo", "still polling") == ["still polling"]
