"""Requests to servers that strangers have chosen: never to an address at home."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import trustme

from chat.transport import dialing, outgoing
from tests.push_service import push_service
from tests.waiting import DEADLINE
from tests.web_site import Answer, web_site

HTML = ("text/html",)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "127.255.255.254", "172.31.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.1",
        "192.88.99.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "0.1.2.3",
        "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1",
        "64:ff9b:1::808:808", "2002:808:808::1", "2002:c0a8:101::", "2001::1", "2001:10::1", "2001:db8::1", "3fff::1",
        "100::1", "fec0::1", "5f00::1", "ff0e::1", "2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:127.0.0.1",
    ],
)  # fmt: skip
def test_addresses_at_home(address: str) -> None:
    assert not outgoing.is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "172.32.0.1",
        "2a00:1450:4001:80b::200a",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2606:4700::5efe:8.8.8.8",
    ],
)
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


@contextmanager
def talking(serve: Callable[[socket.socket], object]) -> Iterator[str]:
    """A server that does this with the one connection that comes; the address of it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            wire, _ = server.accept()
            with wire:
                serve(wire)

        thread = threading.Thread(target=run)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join(DEADLINE)
        assert not thread.is_alive()


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"a" * 100_000])
def test_a_server_that_talks_nonsense(answer: bytes) -> None:
    def serve(wire: socket.socket) -> None:
        wire.recv(65536)
        wire.sendall(answer)

    with talking(serve) as place, pytest.raises(outgoing.Unreachable):
        outgoing.post(f"http://{place}/", {}, b"", seconds=5, local=True)


def test_a_server_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(outgoing.Unreachable):
        outgoing.post(f"http://127.0.0.1:{server.getsockname()[1]}/", {}, b"", seconds=0.2, local=True)


def drip(wire: socket.socket) -> None:
    """A byte now and then, for as long as somebody listens."""
    wire.recv(65536)
    goes_on = threading.Event()
    try:
        for byte in b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 10_000:
            wire.sendall(bytes((byte,)))
            goes_on.wait(0.02)
    except ConnectionError:
        return


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_goes_on_and_on_has_one_deadline(scheme: str) -> None:
    began = time.monotonic()
    with talking(drip) as place, pytest.raises(outgoing.Unreachable):
        outgoing.get(f"{scheme}://{place}/", {}, seconds=0.5, most=1000, takes=HTML, allowed=outgoing.anybody)
    assert time.monotonic() - began < DEADLINE


def test_a_name_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    resolved = threading.Event()

    def resolve(*_: object, **__: object) -> list[object]:
        resolved.wait(DEADLINE)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(outgoing.Unreachable, match="too long"):
        outgoing.get("http://slow.example/", {}, seconds=0.1, most=1000, takes=HTML)
    resolved.set()


def fetched(url: str, most: int = 1000) -> outgoing.Page:
    return outgoing.get(url, {"X-Mine": "1"}, seconds=5, most=most, takes=HTML, allowed=outgoing.anybody)


def test_a_page_is_read_so_far_and_nothing_else_is() -> None:
    with web_site() as site:
        site.pages["/page?a=b%20c"] = Answer(b"a" * 5000)
        found = fetched(f"{site.url}/page?a=b c")
        assert (found.status, found.body, found.whole) == (200, b"a" * 1000, False)
        assert site.headers["x-mine"] == "1"
        assert site.headers["host"] == site.url.removeprefix("http://")
        assert fetched(f"{site.url}/page?a=b%20c", most=5000)[2:] == (b"a" * 5000, True)
        site.pages["/movie"] = Answer(b"a" * 5000, type="video/mp4")
        moved = site.redirect("/moved", "http://127.0.0.1:1/")
        assert [fetched(url)[2:] for url in (f"{site.url}/movie", moved, f"{site.url}/no")] == [(b"", True)] * 3
        assert fetched(moved).headers["location"] == "http://127.0.0.1:1/"


def test_pieces_without_an_end_are_cut_off() -> None:
    def serve(wire: socket.socket) -> None:
        wire.recv(65536)
        try:
            wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
            while True:
                wire.sendall(b"1\r\na\r\n" * 1000)
        except ConnectionError:
            return

    with talking(serve) as place:
        assert fetched(f"http://{place}/", most=2000)[2:] == (b"a" * 2000, False)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0/", "http://2130706433/", "http://0x7f.1/",
        "http://[::ffff:127.0.0.1]/", "http://[fe80::1]/", "http://169.254.169.254/latest/meta-data/", "http://[::]/",
        "http://8.8.8.8:22/", "https://8.8.8.8:8443/", "http://8.8.8.8:0/", "ftp://8.8.8.8/", "file:///etc/passwd",
        "gopher://8.8.8.8/", "http:///", "//8.8.8.8/", "8.8.8.8", "",
        "http://user:secret@8.8.8.8/", "http://user@8.8.8.8/", "http://@8.8.8.8/",
    ],
)  # fmt: skip
def test_pages_at_home_and_ports_of_others_are_not_asked_for(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialing, "_connected", lambda *_: pytest.fail("it was connected to"))
    with pytest.raises(outgoing.NotAllowed):
        outgoing.get(url, {}, seconds=5, most=1000, takes=HTML)


@pytest.mark.parametrize(
    "url", ["http://[::1/", "http://a.example:99999/", "http://a.example:x/", f"http://{'ü' * 70}.example/"]
)
def test_what_is_no_address_is_said_to_be_none(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialing, "_resolved", lambda *_: pytest.fail("it was looked for"))
    with pytest.raises(outgoing.Unreachable):
        outgoing.get(url, {}, seconds=5, most=1000, takes=HTML)


def test_the_address_that_was_looked_at_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is somebody else's at the first look and ours at the second leads nowhere."""
    asked: list[str] = []
    tried: list[list[str]] = []
    answers = [["127.0.0.1", "93.184.216.34"], ["127.0.0.1"]]

    def resolve(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in answers[len(asked) - 1]]

    def connect(addresses: list[tuple[object, ...]], deadline: float) -> None:
        tried.append([one[4][0] for one in addresses])  # type: ignore[index]
        raise OSError("nobody is there")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(dialing, "_connected", connect)
    with pytest.raises(outgoing.Unreachable, match="nobody is there"):
        outgoing.get("http://rebinding.example/", {}, seconds=5, most=1000, takes=HTML)
    assert (asked, tried) == (["rebinding.example"], [["93.184.216.34"]])


@pytest.mark.parametrize(("name", "trusted"), [("localhost", True), ("other.example", False)])
def test_a_certificate_is_checked_for_the_name(name: str, trusted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    made = ssl.create_default_context()
    authority.configure_trust(made)
    monkeypatch.setattr(ssl, "create_default_context", lambda: made)

    def serve(wire: socket.socket) -> None:
        try:
            with context.wrap_socket(wire, server_side=True) as secure:
                secure.recv(65536)
                secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello")
        except OSError:
            assert not trusted

    with talking(serve) as place:
        url = f"https://localhost:{place.rpartition(':')[2]}/"
        if trusted:
            assert fetched(url).body == b"hello"
        else:
            with pytest.raises(outgoing.Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
                fetched(url)
