"""How long a connection may do what: connecting, heartbeats, upgrading, and not reading."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack

from tests.transport.harness import ENGINE, Http, Polling, Server, WebSocket
from tests.waiting import until

Start = Callable[..., Server]


def test_a_connection_without_a_namespace_is_closed(start: Start) -> None:
    server = start(connect_seconds=1.0)
    with WebSocket.chat(server.port) as other, WebSocket.open(server.port) as idle:
        assert idle.text() == "1"
        assert idle.close_code() == 1008
        assert other.call("echo", 1) == 1
        other.put("41/chat,")
        assert other.text() == "1"
        assert other.close_code() == 1008


def test_a_slow_connect_handler_is_waited_for(start: Start) -> None:
    server = start(connect_seconds=0.7)
    with WebSocket.open(server.port) as client:
        assert client.connect({"wait": 1.5}).startswith("40/chat,")
        assert client.call("echo", 1) == 1


def test_pongs_are_taken_while_a_command_runs(start: Start) -> None:
    server = start({"ping_interval": 0.1, "ping_timeout": 1.0})
    with WebSocket.chat(server.port) as client:
        assert client.call("slow", 2.0) == 2.0


def test_an_upgrade_that_stalls(start: Start) -> None:
    server = start(upgrade_seconds=1.0)
    client = Polling.chat(server.port)
    with WebSocket(server.port, f"{ENGINE}&transport=websocket&sid={client.hello['sid']}") as websocket:
        websocket.put("2probe")
        assert websocket.text() == "3probe"
        polls = 0
        assert client.post('42/chat,1["echo",1]').status == 200
        with Http(server.port) as http:
            while (answer := http.request("GET", client.path)).text == "6":
                polls += 1
        assert answer.text == "43/chat,1[1]"
        assert 1 <= polls <= 15
        assert websocket.is_closed()
    assert client.post('42/chat,2["echo","still polling"]').status == 200
    assert client.poll() == ['43/chat,2["still polling"]']


def test_upgrades_that_fail_leave_the_client_on_polling(server: Server) -> None:
    client = Polling.chat(server.port)
    path = f"{ENGINE}&transport=websocket&sid={client.hello['sid']}"
    for first in ("2", "4probe", "5", "", "x" * 70_000):
        with WebSocket(server.port, path) as websocket:
            websocket.put(first)
            assert websocket.close_code() in (1002, 1009)
    with WebSocket(server.port, path) as one:
        one.put("2probe")
        assert one.text() == "3probe"
        with WebSocket(server.port, path) as two:
            assert two.status == 400
    client.post('42/chat,2["echo",1]')
    assert client.poll() == ["43/chat,2[1]"]


def test_a_client_that_does_not_read_is_dropped(start: Start) -> None:
    server = start(queue_packets=50)
    with WebSocket.chat(server.port) as other, WebSocket.chat(server.port) as deaf:
        # Far more than the buffers of both ends hold, in commands that each stay within the bound.
        for _ in range(400):
            try:
                deaf.emit("flood", 40, 20_000)
            except OSError:
                break
        until(lambda: other.call("echo", 1) == 1 and server.counts().get("disconnect") == 1)


def test_answers_wait_until_the_client_has_read_enough(start: Start) -> None:
    server = start(queue_bytes=100_000)
    client = Polling.chat(server.port)
    for first in (0, 30):
        texts = [f'42/chat,{number}["echo","{"x" * 2_000}"]' for number in range(first, first + 30)]
        assert client.post(*texts).status == 200
    # More than may wait for it, had they all been carried out.
    packets = client.packets()
    assert [next(packets).partition("[")[0] for _ in range(60)] == [f"43/chat,{number}" for number in range(60)]


def test_a_burst_over_the_bound_drops_the_client(start: Start) -> None:
    server = start(queue_bytes=100_000)
    with WebSocket.chat(server.port) as client, WebSocket.chat(server.port) as other:
        # At once far more than the buffers of both ends hold.
        client.emit("flood", 400, 50_000)
        until(lambda: other.call("echo", 1) == 1 and server.counts().get("disconnect") == 1)
        other.emit("flood", 50, 1000)
        for _ in range(50):
            assert other.event()[0] == "flood"


def test_a_failing_connect_handler_runs_once_and_is_answered(start: Start) -> None:
    server = start()
    with WebSocket.open(server.port) as client:
        answer = client.connect({"fail": True})
        assert answer.startswith("44/chat,")
        assert json.loads(answer.removeprefix("44/chat,"))["data"] == {"code": "internal"}
        assert "a handler's own" not in answer
        assert server.counts() == {"connect": 1}
        assert client.connect().startswith("40/chat,")
        assert client.call("echo", 1) == 1


def test_a_failing_handler_runs_once_and_is_answered(start: Start) -> None:
    server = start()
    with WebSocket.chat(server.port) as client:
        ack = client.call("boom")
        assert ack == {
            "ok": False,
            "error": {"code": "internal", "message": "Something went wrong on the server.", "retryable": True},
        }
        assert server.counts()["boom"] == 1


def test_who_leaves_while_being_connected_is_forgotten(start: Start) -> None:
    server = start()
    with WebSocket.open(server.port) as client:
        client.put('40/chat,{"wait": 0.5}')
    until(lambda: server.counts() == {"connect": 1, "disconnect": 1})
    assert server.errors == ""


def test_connections_are_freed_without_the_garbage_collector(start: Start) -> None:
    # The witness must not be taken for a silent one on a busy machine.
    quick = {"ping_interval": 0.3, "ping_timeout": 4.0}
    server = start(quick, no_collector=True, close_seconds=0.2, connect_seconds=0.2)
    with WebSocket.chat(server.port) as witness, ExitStack() as silent:
        alive = witness.call("alive")
        for _ in range(3):
            with WebSocket.chat(server.port) as client:  # hangs up
                client.call("echo", 1)
            with WebSocket.chat(server.port) as client:  # says goodbye
                client.frame(8, b"")
                client.close_code()
            with WebSocket.chat(server.port) as client:  # breaks a rule
                client.frame(1, b"4", masked=False)
                client.close_code()
            with WebSocket.chat(server.port) as client:  # leaves the namespace, and then the session
                client.put("41/chat,")
                client.put("1")
            client = silent.enter_context(WebSocket.chat(server.port))  # is cut off in the middle of a burst
            client.emit("flood", 400, 50_000)
            for packet in ("5", "4"):  # upgrades; breaks off its upgrade, and never polls again
                with _probing(server, Polling.chat(server.port)) as websocket:
                    websocket.put(packet)
            polling = Polling.chat(server.port)  # goes in the middle of an upgrade
            with _probing(server, polling) as websocket:
                polling.post("1")
                assert websocket.close_code() == 1000
            Polling.chat(server.port)  # never polls again
            with WebSocket.open(server.port):  # never connects
                pass
            # It answers the heartbeats by reading.
            witness.call("echo", 1)
        until(lambda: witness.call("alive") == alive)


def _probing(server: Server, polling: Polling) -> WebSocket:
    """A WebSocket that the session might be upgraded to."""
    websocket = WebSocket(server.port, f"{ENGINE}&transport=websocket&sid={polling.hello['sid']}")
    websocket.put("2probe")
    assert websocket.text() == "3probe"
    return websocket
