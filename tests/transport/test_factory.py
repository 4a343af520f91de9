"""Flask-SocketIO's own test client goes through the same door."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask_socketio import Namespace
from socketio import exceptions

from chat.config import Settings
from chat.transport.factory import create_socketio
from tests.transport.harness import ROOT
from tests.waiting import DEADLINE


class Fact(msgspec.Struct):
    text: str


class Chat(Namespace):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__("/chat")
        self.left: list[str] = []

    def on_connect(self, auth: Any) -> None:
        if auth == {"refuse": True}:
            raise exceptions.ConnectionRefusedError("Please sign in.", {"code": "unauthenticated"})

    def on_disconnect(self, reason: str) -> None:
        self.left.append(reason)

    def on_say(self, data: Any) -> Fact:
        self.emit("said", Fact(str(data)))
        return Fact("done")


class Legacy(Namespace):  # type: ignore[misc]
    """Handlers without the later arguments, as Flask-SocketIO allows."""

    def on_connect(self) -> None:
        pass

    def on_disconnect(self) -> None:
        raise ValueError("must not keep the client from being forgotten")


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "for tests"
    return app


def test_the_test_client(app: Flask) -> None:
    socketio = create_socketio(app, Settings())
    chat = Chat()
    socketio.on_namespace(chat)
    client = socketio.test_client(app, namespace="/chat")
    assert client.is_connected("/chat")
    assert client.emit("say", {"a": 1}, namespace="/chat", callback=True) == {"text": "done"}
    assert client.get_received("/chat")[0]["args"] == [{"text": "{'a': 1}"}]
    ack = client.emit("disconnect", namespace="/chat", callback=True)
    assert ack["error"]["code"] == "bad_request"
    assert client.emit("say", float("nan"), namespace="/chat", callback=True) == {"text": "done"}
    assert not socketio.test_client(app, namespace="/chat", auth={"refuse": True}).is_connected("/chat")
    assert not socketio.test_client(app, namespace="/").is_connected("/")
    client.disconnect(namespace="/chat")
    assert chat.left == ["client disconnect"]
    assert app.extensions["socketio"] is socketio
    assert socketio.async_mode == "threading"


def test_a_bad_packet_ends_the_test_client_s_connection(app: Flask) -> None:
    socketio = create_socketio(app, Settings())
    chat = Chat()
    socketio.on_namespace(chat)
    client = socketio.test_client(app, namespace="/chat")
    socketio.server._handle_eio_message(client.eio_sid, "42/chat,[]")
    assert chat.left == ["transport error"]
    assert socketio.server.environ == {}


def test_handlers_may_leave_out_arguments_and_fail(app: Flask) -> None:
    socketio = create_socketio(app, Settings())
    manager = socketio.server.manager
    socketio.on_namespace(Legacy("/chat"))
    client = socketio.test_client(app, namespace="/chat")
    client.disconnect(namespace="/chat")
    assert manager.rooms == {}


def test_the_hook_after_the_connection_may_fail(app: Flask) -> None:
    socketio = create_socketio(app, Settings())
    manager = socketio.server.manager
    chat = Chat()
    socketio.on_namespace(chat)

    def fail(sid: str, namespace: str) -> None:
        raise TypeError("on purpose")

    manager.on_connected = fail
    assert not socketio.test_client(app, namespace="/chat").is_connected("/chat")
    assert manager.rooms == {}
    assert chat.left == ["server disconnect"]


def test_function_handlers(app: Flask) -> None:
    socketio = create_socketio(app, Settings())
    socketio.on_event("add", lambda a, b: a + b, namespace="/chat")
    client = socketio.test_client(app, namespace="/chat")
    assert client.emit("add", 1, 2, namespace="/chat", callback=True) == 3
    assert client.emit("take", 1, namespace="/chat", callback=True)["error"]["code"] == "bad_request"


def test_pages_pass_the_guard(app: Flask) -> None:
    create_socketio(app, Settings())
    app.add_url_rule("/", view_func=lambda: "page")
    http = app.test_client()
    assert http.get("/").text == "page"
    assert http.get("/socket.io/?EIO=4&transport=websocket").status_code == 400
    assert http.get("/socket.io/?EIO=3&transport=polling").json == {
        "code": 5,
        "message": "Unsupported protocol version",
    }


def test_without_the_hub_eventlet_is_not_even_imported() -> None:
    code = (
        "import sys; from flask import Flask; from chat.config import Settings\n"
        "from chat.transport.factory import create_socketio\n"
        "create_socketio(Flask('x'), Settings()); assert 'eventlet' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, timeout=DEADLINE, check=True)
