"""HTTP under the application: deadlines, limits, and nothing said about the server."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Callable

import pytest

from tests.transport.harness import ENGINE, Http, Server, Tcp, WebSocket
from tests.waiting import DEADLINE, until

Start = Callable[..., Server]


def test_pages_are_served_and_connections_kept(server: Server) -> None:
    with Http(server.port) as http:
        for _ in range(3):
            answer = http.request("GET", "/counts")
            assert answer.status == 200
            assert "server" not in answer.headers
        assert http.request("POST", "/body", b"x" * 1000).json == {"read": 1000}
        assert http.request("POST", "/ignore", b"x" * 1000).text == "ignored"
        assert http.request("GET", "/counts").status == 200


def test_half_a_head_a_byte_at_a_time(start: Start) -> None:
    server = start({"header_timeout": 1.0, "idle_timeout": 30.0})
    with Tcp(server.port) as attacker:
        began = time.monotonic()
        attacker.sock.settimeout(0.05)
        head = iter(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 1000)
        with contextlib.suppress(OSError):
            while not (answer := _received(attacker)):
                attacker.send(bytes((next(head),)))
            assert answer.startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - began < 10
    assert server.get("/counts").status == 200


def _received(attacker: Tcp) -> bytes:
    try:
        return attacker.sock.recv(100)
    except TimeoutError:
        return b""


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHo"])
def test_a_silent_connection_is_closed(start: Start, sent: bytes) -> None:
    server = start({"header_timeout": 0.3, "idle_timeout": 30.0})
    with Tcp(server.port) as attacker:
        attacker.send(sent)
        assert attacker.line() in (b"", b"HTTP/1.1 408 Request Timeout\r\n")


def test_an_unused_connection_is_closed(start: Start) -> None:
    server = start({"header_timeout": 30.0, "idle_timeout": 0.3})
    with Http(server.port) as http:
        assert http.request("GET", "/counts").status == 200
        assert http.is_closed()


def test_an_open_websocket_does_not_idle_out(start: Start) -> None:
    server = start({"header_timeout": 0.8, "idle_timeout": 0.8, "ping_interval": 1.6, "ping_timeout": 5.0})
    with WebSocket.chat(server.port) as client:
        assert client.next_frame() == (1, b"2")
        client.put("3")
        assert client.call("echo", 1) == 1


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 9000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 101 + b"\r\n",
        b"GET / HTTP/1.1\r\n" + (b"X: " + b"y" * 4000 + b"\r\n") * 20 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET\r\n\r\n",
        b"hello\r\n\r\n",
    ],
)
def test_heads_that_are_too_large_or_no_http(server: Server, witness: WebSocket, head: bytes) -> None:
    with Tcp(server.port) as attacker:
        with contextlib.suppress(OSError):
            attacker.send(head)
        answer = b""
        with contextlib.suppress(OSError):
            while data := attacker.sock.recv(4096):
                answer += data
        assert answer.startswith(b"HTTP/1.")
        assert answer.split()[1] in (b"400", b"414", b"431", b"505")
        assert b"Python" not in answer
        assert b"hello" not in answer


def test_a_slow_body_of_a_page_has_a_deadline_too(start: Start) -> None:
    server = start({"header_timeout": 1.0})
    with Http(server.port) as http:
        http.send(b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc")
        assert http.response().status == 400
        assert http.is_closed()
    with Http(server.port) as http:
        http.send(b"POST /ignore HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc")
        assert http.response().status == 200
        assert http.is_closed()


def test_what_a_page_left_unread_is_not_read_for_ever(server: Server, witness: WebSocket) -> None:
    with Http(server.port) as http:
        http.send(b"POST /ignore HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(1000):
                http.send(b"x" * 10_000)
            pytest.fail("the server reads on")


def test_a_crash_tells_the_client_nothing(start: Start) -> None:
    server = start()
    answer = server.get("/crash")
    assert answer.status == 500
    assert b"on purpose" not in answer.body
    assert b"Traceback" not in answer.body


def test_a_client_that_resets_leaves_no_trace(server: Server, witness: WebSocket) -> None:
    for path in ("/counts", f"{ENGINE}&transport=polling"):
        sock = socket.create_connection(("127.0.0.1", server.port), DEADLINE)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        sock.close()


def test_a_thousand_connections_at_once(server: Server) -> None:
    waiting = [Tcp(server.port) for _ in range(1200)]
    try:
        with WebSocket.chat(server.port) as client:
            assert client.call("echo", 1) == 1
    finally:
        for tcp in waiting:
            tcp.close()


def test_more_connections_than_files_are_turned_away(start: Start) -> None:
    server = start(files=250)
    with contextlib.ExitStack() as stack, WebSocket.chat(server.port) as client:
        waiting = [stack.enter_context(Tcp(server.port)) for _ in range(300)]
        assert waiting[-1].line() == b"HTTP/1.1 503 Service Unavailable\r\n"
        assert client.call("echo", 1) == 1
    until(lambda: _is_served(server))
    assert "Traceback" not in server.errors


def _is_served(server: Server) -> bool:
    with contextlib.suppress(OSError, EOFError):
        return server.get("/counts").status == 200
    return False


def test_an_ack_is_not_held_back(server: Server) -> None:
    """Without TCP_NODELAY an event and its ack would take 40 ms: Nagle's algorithm against delayed acknowledgement."""
    with WebSocket.chat(server.port) as client:
        took = []
        for _ in range(20):
            began = time.perf_counter()
            assert client.call("tell") == "second"
            took.append(time.perf_counter() - began)
    # Held back, each would take that long; on a busy machine some of them do anyway.
    assert min(took) < 0.03


def test_work_on_threads_leaves_the_hub_free(server: Server) -> None:
    with WebSocket.chat(server.port) as client, WebSocket.chat(server.port) as other:
        client.put('42/chat,1["blocked"]')
        assert other.call("echo", 1) == 1
        assert not select.select([client.sock], [], [], 0)[0]
        assert client.ack(1) >= 1.0


def test_connections_end_with_their_clients(server: Server) -> None:
    with WebSocket.chat(server.port):
        before = server.counts()
    until(lambda: server.counts().get("disconnect", 0) == before.get("disconnect", 0) + 1)
