"""Attacks by HTTP requests: lengths that lie, bodies and heads without an end, and two readings of one request."""

from __future__ import annotations

import contextlib
import time

import pytest

from tests.attacks.support import Scene, answer
from tests.transport.harness import ENGINE, Http, Polling, Tcp

SETTINGS = {"header_timeout": 1.0, "idle_timeout": 30.0}

HOST = "Host: localhost"


def _post(client: Polling, *headers: str) -> bytes:
    return "\r\n".join((f"POST {client.path} HTTP/1.1", HOST, *headers, "", "")).encode()


def test_a_length_over_the_limit_hangs_nothing(scene: Scene) -> None:
    """Each of these held a greenlet of the libraries for ever; as many as the pool had, and nobody was served."""

    def attack() -> None:
        client = Polling(scene.port)
        said = answer(_post(client, "Content-Length: 99999999"), scene.port)
        assert said.startswith(b"HTTP/1.1 413 ")
        assert client.send("GET", client.path).json["code"] == 1

    scene.repeat(attack, 100)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["Content-Length: -1"], b"400"),
        (["Content-Length: " + "9" * 19], b"400"),
        (["Content-Length: " + "9" * 8000], b"400"),
        (["Content-Length: 0x10"], b"400"),
        (["Content-Length: 4", "Content-Length: 5"], b"400"),
        (["Content-Length: 4", "Transfer-Encoding: chunked"], b"400"),
        (["Transfer-Encoding: chunked, chunked"], b"501"),
        (["Transfer-Encoding : chunked"], b"400"),
        (["Content-Length : 4"], b"400"),
        (["Transfer-Encoding:\x0bchunked"], b"400"),
        (["X: y\x00z", "Content-Length: 4"], b"400"),
        (["X: y", " Content-Length: 4"], b"400"),
        (["X: y\rContent-Length: 4"], b"400"),
        (["Host: elsewhere", "Content-Length: 4"], b"400"),
    ],
)
def test_lengths_that_two_readers_would_read_differently(scene: Scene, lines: list[str], status: bytes) -> None:
    client = Polling(scene.port)
    # Whoever read the first request as ending early would answer this one too.
    smuggled = b"0\r\n\r\n" + f"GET /sign-in HTTP/1.1\r\n{HOST}\r\n\r\n".encode()

    def attack() -> None:
        said = answer(_post(client, *lines) + smuggled, scene.port)
        assert said[:13] == b"HTTP/1.1 " + status + b" "
        assert said.count(b"HTTP/1.1 ") == 1

    scene.repeat(attack, 20)


def test_a_body_shorter_than_its_length_has_a_deadline(scene: Scene) -> None:
    with scene.unharmed(), contextlib.ExitStack() as stack:
        attackers = []
        for _ in range(200):
            http = stack.enter_context(Http(scene.port))
            http.send(_post(Polling(scene.port), "Content-Length: 60000") + b"4")
            attackers.append(http)
        scene.bystanders.talk()
        for http in attackers:
            assert http.response().status == 408
            assert http.is_closed()


def test_chunked_bodies_without_an_end(scene: Scene) -> None:
    def attack() -> None:
        with Http(scene.port) as http:
            http.send(_post(Polling(scene.port), "Transfer-Encoding: chunked"))
            with contextlib.suppress(ConnectionError):
                for _ in range(100):
                    http.send(b"4000\r\n" + b"4" * 0x4000 + b"\r\n")
            with contextlib.suppress(ConnectionError):
                assert http.response().status == 413
                assert http.is_closed()

    scene.repeat(attack, 30, leak=100 * 0x4000)


@pytest.mark.parametrize("endless", [b"1" * 1000, b"0\r\n" + b"X: y\r\n" * 200, b"1;" + b"x" * 1000])
def test_chunk_lines_and_trailers_without_an_end(scene: Scene, endless: bytes) -> None:
    with scene.unharmed(), Http(scene.port) as http:
        http.send(_post(Polling(scene.port), "Transfer-Encoding: chunked"))
        with contextlib.suppress(ConnectionError):
            # Far more than the buffers of both ends hold.
            for _ in range(20_000):
                http.send(endless)
            pytest.fail("the server reads on")


@pytest.mark.parametrize("endless", [b"GET /" + b"x" * 60_000, b"GET / HTTP/1.1\r\nX: " + b"y" * 60_000])
def test_lines_of_a_head_without_an_end(scene: Scene, endless: bytes) -> None:
    def attack() -> None:
        with Tcp(scene.port) as attacker, contextlib.suppress(ConnectionError):
            attacker.send(endless)
            assert attacker.line().split()[1] in (b"400", b"414", b"431")
            while attacker.line():
                pass

    scene.repeat(attack, 300, leak=60_000)


def test_header_lines_without_an_end(scene: Scene) -> None:
    def attack() -> None:
        with Tcp(scene.port) as attacker, contextlib.suppress(ConnectionError):
            attacker.send(b"GET / HTTP/1.1\r\n" + b"X-Header: y\r\n" * 5000)
            assert attacker.line().split()[1] in (b"400", b"431")

    scene.repeat(attack, 250, leak=60_000)


def test_slow_heads_are_cut_off(scene: Scene) -> None:
    """Slowloris: a crowd that sends a byte of a header now and then, for ever."""
    with scene.unharmed(), contextlib.ExitStack() as stack:
        crowd = [stack.enter_context(Tcp(scene.port)) for _ in range(300)]
        for attacker in crowd:
            attacker.send(b"GET / HTTP/1.1\r\nX: ")
        held = set(crowd)
        end = time.monotonic() + 30
        while held:
            assert time.monotonic() < end, f"{len(held)} are still held open"
            scene.bystanders.talk(1)
            for attacker in list(held):
                try:
                    attacker.send(b"y")
                except ConnectionError:
                    held.discard(attacker)


def test_slow_heads_get_an_answer(scene: Scene) -> None:
    with Tcp(scene.port) as attacker:
        attacker.send(b"GET / HTTP/1.1\r\nX: ")
        assert attacker.line() == b"HTTP/1.1 408 Request Timeout\r\n"


def test_bodies_that_no_page_wants(scene: Scene) -> None:
    """The page answers without reading; what follows must be neither kept nor read for ever."""

    def attack() -> None:
        with Http(scene.port) as http:
            http.send(f"GET /sign-in HTTP/1.1\r\n{HOST}\r\nContent-Length: 900000000\r\n\r\n".encode())
            with contextlib.suppress(ConnectionError):
                for _ in range(2000):
                    http.send(b"x" * 10_000)
                pytest.fail("the server reads on")

    scene.repeat(attack, 20)


def test_pipelined_requests_wait_for_their_turn(scene: Scene) -> None:
    """Thousands of requests in one go are answered one after another, and do not hold anybody else up."""
    one = f"GET {ENGINE}&transport=flash HTTP/1.1\r\n{HOST}\r\n\r\n".encode()
    with scene.unharmed(), Http(scene.port) as http:
        http.send(one * 1000)
        scene.bystanders.talk()
        for _ in range(1000):
            assert http.response().status == 400
