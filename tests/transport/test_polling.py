"""Long-polling: what a POST may be, and what a session does when its rules are broken."""

from __future__ import annotations

import contextlib
import gzip
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from chat.transport.limits import Limits
from tests.transport.harness import ENGINE, Http, Polling, Server, WebSocket
from tests.waiting import DEADLINE

MOST_IN_A_POST = Limits.post_packets

UNKNOWN_SESSION = {"code": 1, "message": "Session ID unknown"}
BAD_REQUEST = {"code": 3, "message": "Bad request"}


def test_large_answers_are_compressed_for_who_takes_it(server: Server) -> None:
    client = Polling.chat(server.port)
    client.post('42/chat,["say","' + "x" * 5000 + '"]')
    answer = client.send("GET", client.path, Accept_Encoding="br, gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body).startswith(b'42/chat,["said","xxx')


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Content-Length: " + "9" * 19, 400),
        ("Content-Length: -5", 400),
        ("Content-Length: +5", 400),
        ("Content-Length: 1_0", 400),
        ("Content-Length: five", 400),
        ("Content-Length: 5\r\nContent-Length: 6", 400),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked", 400),
        ("Transfer-Encoding: chunked, chunked", 501),
        ("Transfer-Encoding: gzip", 501),
    ],
)
def test_lengths_that_are_refused_before_anything_is_read(
    server: Server, witness: WebSocket, header: str, status: int
) -> None:
    client = Polling.chat(server.port)
    with Http(server.port) as http:
        http.send(f"POST {client.path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n".encode())
        assert http.response().status == status
    assert client.post('42/chat,1["echo",1]').status == 200
    assert next(client.packets()) == "43/chat,1[1]"


@pytest.mark.parametrize(
    ("header", "status"), [("Content-Length: 99999999999", 413), ("Content-Length: 65537", 413), ("X-Nothing: 1", 411)]
)
def test_a_post_that_is_not_taken_ends_its_session(
    server: Server, witness: WebSocket, header: str, status: int
) -> None:
    client = Polling.chat(server.port)
    with Http(server.port) as http:
        http.send(f"POST {client.path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n".encode())
        assert http.response().status == status
    assert client.send("GET", client.path).json == UNKNOWN_SESSION


def test_a_body_that_never_comes_does_not_hold_the_server_up(start: Callable[..., Server]) -> None:
    server = start({"header_timeout": 1.0})
    client, slow = Polling.chat(server.port), Polling.chat(server.port)
    with contextlib.ExitStack() as stack:
        attackers = [stack.enter_context(Http(server.port)) for _ in range(20)]
        for http in attackers:
            http.send(f"POST {slow.path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n4".encode())
        assert client.post('42/chat,1["echo",1]').status == 200
        assert next(client.packets()) == "43/chat,1[1]"
        # The first one ends the session, so to the others it is unknown.
        assert sorted(http.response().status for http in attackers) == [400] * 19 + [408]
        assert all(http.is_closed() for http in attackers)
    assert "Traceback" not in server.errors


def test_a_body_that_ends_early_is_refused(server: Server) -> None:
    client = Polling.chat(server.port)
    with Http(server.port) as http:
        http.send(f"POST {client.path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n4".encode())
        http.sock.shutdown(1)
        assert http.response().status == 400


def test_chunked_bodies(server: Server, witness: WebSocket) -> None:
    first = Polling.chat(server.port)
    head = f"POST {first.path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    with Http(server.port) as http:
        http.send(head + b'8\r\n42/chat,\r\nb\r\n1["echo",1]\r\n0\r\n\r\n')
        assert http.response().status == 200
        assert next(first.packets()) == "43/chat,1[1]"
        http.send(head + b"11000\r\n" + b"x" * 0x11000 + b"\r\n0\r\n\r\n")
        assert http.response().status == 413
    for body in (b"zz\r\n", b"5" * 5000, b"0\r\n" + b"X: y\r\n" * 100):
        client = Polling.chat(server.port)
        with Http(server.port) as http:
            http.send(head.replace(first.path.encode(), client.path.encode()) + body)
            assert http.response().status == 400


def test_so_many_packets_in_a_post(server: Server, witness: WebSocket) -> None:
    client = Polling.chat(server.port)
    before = server.counts().get("echo", 0)
    assert client.post(*['42/chat,["echo",1]'] * (MOST_IN_A_POST + 1)).json == BAD_REQUEST
    assert server.counts().get("echo", 0) == before
    assert client.send("GET", client.path).json == UNKNOWN_SESSION
    client = Polling.chat(server.port)
    said = [f'42/chat,{number}["echo",{number}]' for number in range(MOST_IN_A_POST)]
    with ThreadPoolExecutor() as pool:
        # Its answer waits for the commands, and those for their answers to be read.
        posting = pool.submit(client.post, *said)
        packets = client.packets()
        assert [next(packets) for _ in said] == [f"43/chat,{number}[{number}]" for number in range(MOST_IN_A_POST)]
        assert posting.result(DEADLINE).status == 200


@pytest.mark.parametrize("body", [b"\xff\xfe", b'42/chat,["echo","\xed\xa0\x80"]', b"", b"d=4hello"])
def test_bodies_that_are_no_packets(server: Server, body: bytes) -> None:
    client = Polling.chat(server.port)
    assert client.send("POST", client.path, body).status == 400


def test_concurrent_posts_are_carried_out_one_at_a_time(server: Server) -> None:
    client = Polling.chat(server.port)
    client.post('42/chat,1["slow",0.3]')
    posts = [threading.Thread(target=client.post, args=(f'42/chat,{number}["echo",{number}]',)) for number in (2, 3, 4)]
    for post in posts:
        post.start()
    packets = client.packets()
    assert next(packets) == "43/chat,1[0.3]"
    assert {next(packets) for _ in posts} == {f"43/chat,{number}[{number}]" for number in (2, 3, 4)}
    for post in posts:
        post.join()


@pytest.mark.parametrize(
    ("method", "query", "status", "answer"),
    [
        ("GET", "EIO=4&transport=polling&sid=<script>", 400, UNKNOWN_SESSION),
        ("GET", "EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", 400, UNKNOWN_SESSION),
        ("POST", "EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", 400, UNKNOWN_SESSION),
        ("GET", "EIO=4&transport=flash", 400, {"code": 0, "message": "Transport unknown"}),
        ("GET", "EIO=3&transport=polling", 400, {"code": 5, "message": "Unsupported protocol version"}),
        ("GET", "EIO=4&transport=polling&j=0", 400, BAD_REQUEST),
        ("GET", "EIO=4&transport=websocket", 400, BAD_REQUEST),
        ("POST", "EIO=4&transport=polling", 400, BAD_REQUEST),
        ("GET", "&".join(["EIO=4"] * 30), 400, BAD_REQUEST),
        ("PUT", "EIO=4&transport=polling", 405, {"code": 2, "message": "Bad handshake method"}),
    ],
)
def test_errors_are_small_and_repeat_nothing(
    server: Server, method: str, query: str, status: int, answer: dict[str, object]
) -> None:
    with Http(server.port) as http:
        got = http.request(method, f"/socket.io/?{query}", b"4" if method == "POST" else b"")
    assert (got.status, got.json, got.headers["content-type"]) == (status, answer, "application/json")


def test_nothing_is_said_about_other_origins(server: Server) -> None:
    evil = {"Origin": "https://evil.example", "Access_Control_Request_Method": "POST"}
    with Http(server.port) as http:
        for method in ("OPTIONS", "GET"):
            answer = http.request(method, ENGINE + "&transport=polling", **evil)
            assert not [name for name in answer.headers if name.startswith("access-control")]
            assert answer.status == (204 if method == "OPTIONS" else 200)


def test_forwarded_headers_mean_nothing_here(server: Server) -> None:
    forged = {"X_Forwarded_Host": "evil.example", "X_Forwarded_For": "10.0.0.1", "X_Forwarded_Proto": "https"}
    with Http(server.port) as http:
        answer = http.request("GET", ENGINE + "&transport=polling", **forged)
    assert json.loads(answer.body[1:])["upgrades"] == ["websocket"]
