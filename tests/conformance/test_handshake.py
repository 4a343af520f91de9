"""Engine.IO 4: how a session begins, and requests that begin none."""

from __future__ import annotations

import json

import pytest

from tests.conformance.conftest import SETTINGS
from tests.conformance.processes import Process
from tests.conformance.sessions import UNKNOWN_SESSION, OverPolling, OverWebSocket
from tests.transport.harness import ENGINE, Http, WebSocket

HELLO = {
    "pingInterval": SETTINGS["ping_interval"] * 1000,
    "pingTimeout": SETTINGS["ping_timeout"] * 1000,
    "maxPayload": SETTINGS["packet_bytes"],
}
TRANSPORT_UNKNOWN = (400, {"code": 0, "message": "Transport unknown"})
BAD_REQUEST = (400, {"code": 3, "message": "Bad request"})
BAD_VERSION = (400, {"code": 5, "message": "Unsupported protocol version"})


def test_over_polling(server: Process) -> None:
    with Http(server.port) as http:
        answer = http.request("GET", f"{ENGINE}&transport=polling")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; charset=UTF-8")
    assert answer.text[0] == "0"
    hello = json.loads(answer.text[1:])
    assert isinstance(hello.pop("sid"), str)
    assert hello == {**HELLO, "upgrades": ["websocket"]}
    # JavaScript clients read whole numbers of milliseconds.
    assert all(isinstance(hello[name], int) for name in HELLO)


def test_over_websocket(socket: OverWebSocket) -> None:
    assert isinstance(socket.hello.pop("sid"), str)
    assert socket.hello == {**HELLO, "upgrades": []}


def test_the_answer_to_an_upgrade(server: Process) -> None:
    """RFC 6455, with the key of its example; what else is offered is declined by not being named."""
    head = (
        f"GET {ENGINE}&transport=websocket HTTP/1.1\r\nHost: localhost\r\nupgrade: WebSocket\r\n"
        "connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"
        "Sec-WebSocket-Protocol: chat, superchat\r\n\r\n"
    )
    with Http(server.port) as http:
        http.send(head.encode())
        answer = http.response()
    assert answer.status == 101
    assert answer.headers["upgrade"].lower() == "websocket"
    assert answer.headers["connection"].lower() == "upgrade"
    assert answer.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert not {"sec-websocket-extensions", "sec-websocket-protocol"} & answer.headers.keys()


def test_every_session_has_an_id_of_its_own(server: Process) -> None:
    sids = {OverPolling(server.port).hello["sid"] for _ in range(20)}
    assert len(sids) == 20
    assert all(len(sid) >= 20 for sid in sids)


def test_further_words_of_the_query_mean_nothing(server: Process) -> None:
    with Http(server.port) as http:
        assert http.request("GET", f"{ENGINE}&transport=polling&t=abc123&b64=1&other=").status == 200
    with WebSocket(server.port, f"{ENGINE}&transport=websocket&t=abc123") as socket:
        assert socket.text()[0] == "0"


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("transport=polling", BAD_VERSION),
        ("EIO=&transport=polling", BAD_VERSION),
        ("EIO=abc&transport=polling", BAD_VERSION),
        ("EIO=3&transport=polling", BAD_VERSION),
        ("EIO=5&transport=polling", BAD_VERSION),
        ("EIO=4", TRANSPORT_UNKNOWN),
        ("EIO=4&transport=", TRANSPORT_UNKNOWN),
        ("EIO=4&transport=abc", TRANSPORT_UNKNOWN),
        ("EIO=4&transport=webtransport", TRANSPORT_UNKNOWN),
        ("EIO=4&transport=websocket", BAD_REQUEST),
        ("EIO=4&transport=polling&sid=unknown", (400, UNKNOWN_SESSION)),
        ("", TRANSPORT_UNKNOWN),
    ],
)
def test_wrong_queries(server: Process, query: str, refusal: tuple[int, object]) -> None:
    with Http(server.port) as http:
        answer = http.request("GET", f"/socket.io/?{query}")
    assert (answer.status, answer.json) == refusal
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "query",
    [
        "transport=websocket",
        "EIO=3&transport=websocket",
        "EIO=4",
        "EIO=4&transport=abc",
        "EIO=4&transport=polling",
        "EIO=4&transport=websocket&sid=unknown",
    ],
)
def test_wrong_queries_with_an_upgrade(server: Process, query: str) -> None:
    """The handshake of RFC 6455 fails, rather than that a WebSocket opens and closes."""
    with WebSocket(server.port, f"/socket.io/?{query}") as socket:
        assert socket.status == 400


@pytest.mark.parametrize("transport", ["polling", "websocket"])
def test_a_post_begins_no_session(server: Process, transport: str) -> None:
    with Http(server.port) as http:
        answer = http.request("POST", f"{ENGINE}&transport={transport}", b"40/chat,")
    assert answer.status == 400
    assert set(answer.json) == {"code", "message"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(server: Process, polling: OverPolling, method: str) -> None:
    """Neither begin a session nor touch one."""
    with Http(server.port) as http:
        for path in (f"{ENGINE}&transport=polling", polling.client.path):
            answer = http.request(method, path)
            assert (answer.status, answer.json) == (405, {"code": 2, "message": "Bad handshake method"})
    polling.connect()
    assert polling.call(1, "echo", method) == [method]
