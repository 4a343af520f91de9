"""Requests to servers that strangers have chosen: never to an address at home."""

from __future__ import annotations

import socket
import threading

import pytest

from chat.transport import outgoing
from tests.push_service import push_service


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    ],
)  # fmt: skip
def test_addresses_at_home(address: str) -> None:
    assert not outgoing.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.74.14", "2a00:1450:4001:80b::200a", "::ffff:8.8.8.8"])
def test_addresses_of_others(address: str) -> None:
    assert outgoing.is_public(address)


@pytest.mark.parametrize(
    "url", ["https://localhost/a", "https://127.0.0.1/a", "http://8.8.8.8/", "https:///", "ftp://a/"]
)
def test_it_goes_nowhere_else(url: str) -> None:
    with pytest.raises(outgoing.NotAllowed):
        outgoing.post(url, {}, b"", seconds=2)


def test_an_answer_comes_with_its_headers() -> None:
    with push_service() as service:
        service.answers = [(429, {"Retry-After": "7"})]
        answer = outgoing.post(f"{service.url}/push/a?b=1", {"TTL": "5"}, b"body", seconds=5, local=True)
        assert (answer.status, answer.headers["retry-after"]) == (429, "7")
        (came,) = service.came
        assert (came.path, came.headers["ttl"], came.body) == ("/push/a?b=1", "5", b"body")


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"a" * 100_000])
def test_a_server_that_talks_nonsense(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            wire, _ = server.accept()
            with wire:
                wire.recv(65536)
                wire.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(outgoing.Unreachable):
            outgoing.post(f"http://127.0.0.1:{server.getsockname()[1]}/", {}, b"", seconds=5, local=True)
        thread.join()


def test_a_server_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(outgoing.Unreachable):
        outgoing.post(f"http://127.0.0.1:{server.getsockname()[1]}/", {}, b"", seconds=0.2, local=True)
