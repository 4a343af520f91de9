"""Listening and stopping."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from tests.transport.harness import ROOT, RUN, Http, Polling, Server, Tcp, WebSocket
from tests.waiting import DEADLINE

Start = Callable[..., Server]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_clean_stop(start: Start, number: signal.Signals) -> None:
    server = start()
    polling = Polling.chat(server.port)
    with WebSocket.chat(server.port) as client, Http(server.port) as poll, Tcp(server.port) as idle:
        poll.send(f"GET {polling.path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert client.call("echo", 1) == 1
        server.signal(number)
        assert client.event() == ["notice", {"code": "restart"}]
        assert client.text() == "1"
        assert client.close_code() == 1001
        assert "42/chat" in poll.response().text
        assert idle.is_closed()
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", server.port), DEADLINE)
    assert server.wait() == 0
    assert server.rest() == "ended\n"
    assert "Traceback" not in server.errors


def test_a_stop_with_nobody_there_is_quick(start: Start) -> None:
    server = start({"drain_seconds": 60.0})
    server.signal()
    assert server.wait() == 0


def test_requests_under_way_are_finished(start: Start) -> None:
    server = start()
    with Http(server.port) as http, WebSocket.chat(server.port) as client:
        http.send(b"GET /slow/1.5 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.put('42/chat,7["slow",1.5]')
        assert server.get("/counts").status == 200
        server.signal()
        answer = http.response()
        assert (answer.text, answer.headers["connection"]) == ("done", "close")
        assert client.event()[0] == "notice"
    assert server.wait() == 0


def test_clients_are_closed_spread_over_time(start: Start) -> None:
    server = start()
    clients = [WebSocket.chat(server.port) for _ in range(200)]
    everybody = threading.Barrier(len(clients) + 1)
    closed: list[float] = []

    def watch(client: WebSocket) -> None:
        everybody.wait(DEADLINE)
        client.event()
        assert client.text() == "1"
        closed.append(time.monotonic())
        assert client.close_code() == 1001
        client.close()

    watching = [threading.Thread(target=watch, args=(client,)) for client in clients]
    for thread in watching:
        thread.start()
    everybody.wait(DEADLINE)
    server.signal()
    for thread in watching:
        thread.join(DEADLINE)
    assert len(closed) == 200
    # Half a second is what they are given.
    assert max(closed) - min(closed) > 0.1
    assert server.wait() == 0


def test_clients_that_do_not_answer_hold_nothing_up(start: Start) -> None:
    server = start({"drain_seconds": 1.0})
    with WebSocket.chat(server.port), Http(server.port) as http:
        http.send(b"GET /slow/60.0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert server.get("/counts").status == 200
        began = time.monotonic()
        server.signal()
        assert server.wait() == 0
        assert time.monotonic() - began < 10


def test_an_application_that_says_goodbye_for_ever_holds_nothing_up(start: Start) -> None:
    server = start({"drain_seconds": 1.0}, drain_sleep=60)
    with WebSocket.chat(server.port) as client:
        server.signal()
        assert client.event()[0] == "notice"
        assert client.text() == "1"
        assert client.close_code() == 1001
    assert server.wait() == 0


def test_a_second_signal_ends_it_at_once(start: Start) -> None:
    server = start({"drain_seconds": 60.0}, drain_sleep=60)
    with WebSocket.chat(server.port) as client:
        server.signal()
        assert client.event()[0] == "notice"
        server.signal()
        assert server.wait() == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('{"port": %d}', ("Port ", " is taken", "CHAT_PORT")),
        ('{"host": "192.0.2.1"}', ("192.0.2.1", "CHAT_HOST")),
        ('{"host": "no.such.host.invalid"}', ("no.such.host.invalid", "CHAT_HOST")),
    ],
)
def test_addresses_that_cannot_be_listened_on(settings: str, words: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        options = settings % other.getsockname()[1] if "%d" in settings else settings
        done = subprocess.run(
            [sys.executable, "-c", RUN, f'{{"settings": {options}}}'],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=False,
        )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert all(word in done.stderr for word in words)


def test_ipv6(start: Start) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    server = start({"host": "::1"})
    with socket.create_connection(("::1", server.port), DEADLINE) as client:
        client.sendall(b"GET /counts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 200 OK")


def test_eventlet_is_imported_without_its_banner_and_hides_nothing_else() -> None:
    code = (
        "from chat.transport.patch import patch, patched; assert not patched(); patch(); assert patched()\n"
        "import warnings; warnings.warn('mine'); warnings.warn('old', DeprecationWarning)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0
    assert "ventlet" not in done.stderr
    assert "UserWarning: mine" in done.stderr
    assert "DeprecationWarning: old" in done.stderr
