"""Attacks by HTTP requests: lengths that lie, bodies and heads without an end, and two readings of one request."""

from __future__ import annotations

import contextlib
import time

import pytest

from tests.attacks.support import OF_A_CONNECTION, Scene, answer
from tests.transport.harness import ENGINE, Http, Polling, Tcp
from tests.waiting import DEADLINE

SETTINGS = {"header_timeout": 1.0, "idle_timeout": 30.0}

HOST = "Host: localhost"

AMBIGUOUS = [
    (["Content-Length: -1"], b"400"),
    (["Content-Length: " + "9" * 19], b"400"),
    (["Content-Length: " + "9" * 8000], b"400"),
    (["Content-Length: 0x10"], b"400"),
    (["Content-Length: 4", "Content-Length: 5"], b"400"),
    (["Content-Length: 4", "Content-Length: 4"], b"400"),
    (["Content-Length: 4", "Transfer-Encoding: chunked"], b"400"),
    (["Transfer-Encoding: chunked, chunked"], b"501"),
    (["Transfer-Encoding: gzip"], b"501"),
    (["Transfer-Encoding : chunked"], b"400"),
    (["Content-Length : 4"], b"400"),
    (["Transfer-Encoding:\x0bchunked"], b"400"),
    (["X: y\x00z", "Content-Length: 4"], b"400"),
    (["X: y", " Content-Length: 4"], b"400"),
    (["X: y\rContent-Length: 4"], b"400"),
    (["X: y\nContent-Length: 4"], b"400"),
    (["Host: elsewhere", "Content-Length: 4"], b"400"),
]


def _post(client: Polling, *headers: str) -> bytes:
    return "\r\n".join((f"POST {client.path} HTTP/1.1", HOST, *headers, "", "")).encode()


def test_a_length_over_the_limit_hangs_nothing(scene: Scene) -> None:
    """Each of these held a greenlet of the libraries for ever; as many as the pool had, and nobody was served."""

    def attack() -> None:
        client = Polling(scene.port)
        assert answer(_post(client, "Content-Length: 99999999"), scene.port).startswith(b"HTTP/1.1 413 ")
        assert client.send("GET", client.path).json["code"] == 1

    scene.repeat(attack)


def test_a_post_without_a_length(scene: Scene) -> None:
    def attack() -> None:
        client = Polling(scene.port)
        with Http(scene.port) as http:
            http.send(_post(client))
            assert http.response().status == 411
            # Without a length there is no body, so the connection goes on.
            assert http.request("GET", client.path).json["code"] == 1

    scene.repeat(attack)


def test_requests_that_two_readers_would_read_differently(scene: Scene) -> None:
    client = Polling(scene.port)
    # Whoever read the first request as ending early would answer this one too.
    smuggled = b"0\r\n\r\n" + f"GET /signin HTTP/1.1\r\n{HOST}\r\n\r\n".encode()

    def attack() -> None:
        for lines, status in AMBIGUOUS:
            said = answer(_post(client, *lines) + smuggled, scene.port)
            assert said[:13] == b"HTTP/1.1 " + status + b" ", lines
            assert said.count(b"HTTP/1.1 ") == 1, lines

    scene.repeat(attack, len(AMBIGUOUS) * OF_A_CONNECTION)


def test_a_body_shorter_than_its_length_has_a_deadline(scene: Scene) -> None:
    def attack() -> None:
        with contextlib.ExitStack() as stack:
            attackers = [stack.enter_context(Http(scene.port)) for _ in range(200)]
            client = Polling(scene.port)
            for http in attackers:
                http.send(_post(client, "Content-Length: 60000") + b"4")
            scene.bystanders.talk()
            # The first one ends the session, so to the others it is unknown.
            assert sorted(http.response().status for http in attackers) == [400] * 199 + [408]
            assert all(http.is_closed() for http in attackers)

    scene.repeat(attack, 200 * OF_A_CONNECTION)


def test_chunked_bodies_without_an_end(scene: Scene) -> None:
    def attack() -> None:
        with Http(scene.port) as http, contextlib.suppress(ConnectionError):
            http.send(_post(Polling(scene.port), "Transfer-Encoding: chunked"))
            for _ in range(100):
                http.send(b"4000\r\n" + b"4" * 0x4000 + b"\r\n")
            assert http.response().status == 413
            assert http.is_closed()

    scene.repeat(attack, 100 * 0x4000)


@pytest.mark.parametrize("endless", [b"1" * 1000, b"0\r\n" + b"X: y\r\n" * 200, b"1;" + b"x" * 1000])
def test_chunk_lines_and_trailers_without_an_end(scene: Scene, endless: bytes) -> None:
    with Http(scene.port) as http, contextlib.suppress(ConnectionError):
        http.send(_post(Polling(scene.port), "Transfer-Encoding: chunked"))
        # Far more than the buffers of both ends hold.
        for _ in range(20_000):
            http.send(endless)
        pytest.fail("the server reads on")


def test_heads_without_an_end(scene: Scene) -> None:
    heads = [
        (b"GET /" + b"x" * 60_000, b"414"),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 60_000, b"431"),
        (b"GET / HTTP/1.1\r\n" + b"X-Header: y\r\n" * 5000, b"431"),
        (f"GET / HTTP/1.1\r\n{HOST}\r\n".encode() + b"X: y\r\n" * 200 + b"\r\n", b"431"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
        (b"\r\n" * 10_000, b"400"),
    ]

    def attack() -> None:
        for head, status in heads:
            assert answer(head, scene.port)[:13] == b"HTTP/1.1 " + status + b" ", head[:20]

    scene.repeat(attack, 3 * 60_000)


def test_slow_heads_are_cut_off(scene: Scene) -> None:
    """Slowloris: a crowd that sends a byte of a header now and then, for ever."""
    files = scene.process.files
    with contextlib.ExitStack() as stack:
        crowd = [stack.enter_context(Tcp(scene.port)) for _ in range(300)]
        for attacker in crowd:
            attacker.send(b"GET / HTTP/1.1\r\nX: ")
        held, end = set(crowd), time.monotonic() + DEADLINE
        while held:
            assert time.monotonic() < end, f"{len(held)} are still held open"
            scene.bystanders.talk(1)
            for attacker in list(held):
                try:
                    attacker.send(b"y")
                except ConnectionError:
                    held.discard(attacker)
    scene.settle(files)


def test_slow_heads_get_an_answer(scene: Scene) -> None:
    with Tcp(scene.port) as attacker:
        attacker.send(b"GET / HTTP/1.1\r\nX: ")
        assert attacker.line() == b"HTTP/1.1 408 Request Timeout\r\n"


def test_bodies_that_no_page_wants(scene: Scene) -> None:
    """The page answers without reading; what follows must be neither kept nor read for ever."""

    def attack() -> None:
        with Http(scene.port) as http, contextlib.suppress(ConnectionError):
            http.send(f"GET /signin HTTP/1.1\r\n{HOST}\r\nContent-Length: 900000000\r\n\r\n".encode())
            for _ in range(2000):
                http.send(b"x" * 10_000)
            pytest.fail("the server reads on")

    # What the server takes before it hangs up is far less than this, and none of it stays.
    scene.repeat(attack, 1_000_000)


def test_pipelined_requests_wait_for_their_turn(scene: Scene) -> None:
    """A thousand requests in one go are answered one after another, and hold nobody else up."""
    one = f"GET {ENGINE}&transport=flash HTTP/1.1\r\n{HOST}\r\n\r\n".encode()
    with Http(scene.port) as http:
        http.send(one * 1000)
        scene.bystanders.talk()
        for _ in range(1000):
            assert http.response().status == 400
