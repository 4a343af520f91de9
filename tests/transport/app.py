"""A small server for the tests: an echo namespace on the transport. `harness.RUN` runs it in a process of its own."""

from __future__ import annotations

import gc
import json
import sys
import time
from typing import Any

import structlog
from eventlet import wsgi
from eventlet.event import Event
from flask import Flask, request
from flask_socketio import Namespace

from chat.config import Settings
from chat.transport import garbage
from chat.transport.concurrency.threads import offload
from chat.transport.connection import Connection
from chat.transport.factory import create_socketio
from chat.transport.server import Listener, listen, serve
from chat.transport.streams import HubStream
from chat.transport.websocket import WebSocket

counts: dict[str, int] = {}


def count(name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


class Echo(Namespace):  # type: ignore[misc]
    def on_connect(self, auth: dict[str, Any] | None = None) -> None:
        count("connect")
        if auth and auth.get("wait"):
            time.sleep(auth["wait"])
        if auth and auth.get("fail"):
            raise TypeError("a handler's own")
        if auth and auth.get("big_hello"):
            self.emit("hello", "x" * auth["big_hello"], room=request.sid)  # type: ignore[attr-defined]

    def on_disconnect(self, reason: str) -> None:
        count("disconnect")
        if counts.get("fail_disconnects"):
            raise TypeError("a handler's own")

    def on_echo(self, *data: Any) -> Any:
        count("echo")
        return data[0] if data else None

    def on_say(self, data: Any) -> None:
        self.emit("said", data)

    def on_tell(self) -> str:
        """A fact and then the ack, in two writes."""
        self.emit("told", "first", room=request.sid)  # type: ignore[attr-defined]
        time.sleep(0.002)
        return "second"

    def on_slow(self, seconds: float) -> float:
        time.sleep(seconds)
        return seconds

    def on_flood(self, number: int, size: int) -> None:
        for _ in range(number):
            self.emit("flood", "x" * size, room=request.sid)  # type: ignore[attr-defined]

    def on_blocked(self) -> float:
        """How long a thread slept."""
        began = time.monotonic()
        offload(_sleep_for_real, 1.0)
        return time.monotonic() - began

    def on_left(self) -> int:
        """How many have gone."""
        return counts.get("disconnect", 0)

    def on_boom(self) -> None:
        count("boom")
        raise TypeError("a handler's own")


class Bare(Namespace):  # type: ignore[misc]
    """Without a Flask request for each event, which leaves circles behind, as the application's own namespaces are."""

    def trigger_event(self, event: str, sid: str, *args: Any) -> Any:
        match event:
            case "echo":
                return args[0]
            case "flood":
                for _ in range(args[0]):
                    self.emit("flood", "x" * args[1], room=sid)
            case "alive":
                # How many connections there are in memory, closed ones that are not freed included.
                return sum(type(one) in (Connection, WebSocket, HubStream) for one in gc.get_objects())
        return None


def _sleep_for_real(seconds: float) -> None:
    from eventlet import patcher

    patcher.original("time").sleep(seconds)


def say(text: object) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Serve; `{"settings": {...}, "limits": {...}}` is the argument, and the port is printed once it listens."""
    options = json.loads(sys.argv[1])
    structlog.configure(
        logger_factory=structlog.WriteLoggerFactory(sys.stderr), wrapper_class=structlog.make_filtering_bound_logger(20)
    )
    settings = Settings(**{"port": 0, **options.get("settings", {})})
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "for tests"
    socketio = create_socketio(app, settings, **options.get("limits", {}))
    socketio.on_namespace(Bare("/chat") if options.get("no_collector") else Echo("/chat"))

    @app.get("/counts")
    def show_counts() -> dict[str, int]:
        return counts

    @app.post("/body")
    def read_body() -> dict[str, int]:
        return {"read": len(request.get_data())}

    @app.post("/ignore")
    def ignore_body() -> str:
        return "ignored"

    @app.get("/slow/<float:seconds>")
    def slow(seconds: float) -> str:
        time.sleep(seconds)
        return "done"

    @app.get("/crash")
    def crash() -> str:
        raise RuntimeError("on purpose")

    def drain() -> None:
        socketio.emit("notice", {"code": "restart"}, namespace="/chat")
        time.sleep(options.get("drain_sleep", 0))

    if options.get("no_collector"):
        garbage.settle = gc.disable
    match options.get("behind"):
        case "tls":
            serve_tls(app, settings, options["certificate"])
        case "another server":
            serve_by_another(app)
        case _:
            serve(app, socketio, settings, on_ready=lambda host, port: say(port), on_drain=drain)
            say("ended")


def serve_tls(app: Flask, settings: Settings, certificate: str) -> None:
    from eventlet.green import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = Listener(context.wrap_socket(listen("127.0.0.1", 0), server_side=True), app, settings, most=100)
    listener.start()
    say(listener.socket.getsockname()[1])
    Event().wait()


def serve_by_another(app: Flask) -> None:
    sock = listen("127.0.0.1", 0)
    say(sock.getsockname()[1])
    wsgi.server(sock, app, log_output=False)
