"""The same conversation where the hub can't drive the socket, and on the libraries' own transport."""

from __future__ import annotations

import os
import signal
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.transport.harness import ENGINE, Polling, Server, WebSocket
from tests.waiting import until

Start = Callable[..., Server]


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(params=["tls", "another server"])
def behind(
    request: pytest.FixtureRequest, start: Start, tmp_path: Path, authority: trustme.CA
) -> Callable[[], WebSocket]:
    """Opens connections to a server whose sockets only greenlets can use."""
    kind: str = request.param
    certificate = tmp_path / "certificate.pem"
    issued = authority.issue_cert("localhost")
    certificate.write_bytes(issued.private_key_pem.bytes() + b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    server = start(queue_bytes=200_000, behind=kind, certificate=str(certificate))
    wrap = tls(authority) if kind == "tls" else None

    def connect() -> WebSocket:
        client = WebSocket(server.port, wrap=wrap)
        assert client.text()[0] == "0"
        assert client.connect().startswith("40/chat,")
        return client

    return connect


def tls(authority: trustme.CA) -> Callable[[Any], Any]:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return lambda sock: context.wrap_socket(sock, server_hostname="localhost")


def test_a_conversation(behind: Callable[[], WebSocket]) -> None:
    with behind() as one, behind() as two:
        assert one.call("echo", "x" * 60_000) == "x" * 60_000
        one.emit("say", "hello")
        assert one.event() == two.event() == ["said", "hello"]
        # Many packets in one piece, and a burst in the other direction.
        for number in range(50):
            one.emit("echo", number)
        two.emit("flood", 50, 1000)
        for _ in range(50):
            assert two.event()[0] == "flood"
        assert one.call("echo", "still there") == "still there"
        one.frame(9, b"are you there?")
        assert one.next_frame() == (10, b"are you there?")
        one.frame(8, b"\x03\xe8")
        assert one.next_frame() == (8, b"\x03\xe8")
        two.frame(1, b"4", reserved=0x40)
        assert two.close_code() == 1002


def test_who_does_not_read_is_dropped(behind: Callable[[], WebSocket]) -> None:
    with behind() as other, behind() as deaf:
        # At once far more than the buffers of both ends hold.
        deaf.emit("flood", 400, 50_000)
        until(lambda: other.call("left") == 1)


def test_on_the_libraries_own_transport(start: Start) -> None:
    server = start({"transport": "stock"})
    with WebSocket.chat(server.port) as one:
        polling = Polling.chat(server.port)
        assert one.call("echo", "hello") == "hello"
        one.emit("say", "to all")
        assert one.event() == ["said", "to all"]
        assert polling.poll() == ['42/chat,["said","to all"]']
        with WebSocket(server.port, f"{ENGINE}&transport=websocket&sid={polling.hello['sid']}") as upgraded:
            upgraded.put("2probe")
            assert upgraded.text() == "3probe"
            upgraded.put("5")
            one.emit("say", "again")
            while (text := upgraded.text()) == "6":
                continue
            assert text == '42/chat,["said","again"]'
    server.signal(signal.SIGTERM)
    assert server.wait() == os.EX_OK
