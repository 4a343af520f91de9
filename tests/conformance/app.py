"""The application that the protocol tests speak to: two namespaces on the transport, in a process of its own."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import structlog
from flask import Flask, request
from flask_socketio import Namespace, disconnect
from socketio.exceptions import ConnectionRefusedError as Refusal

from chat.config import Settings
from chat.transport.factory import create_socketio
from chat.transport.server import serve

counts: Counter[str] = Counter()
auths: dict[str, Any] = {}


def _sid() -> str:
    sid: str = request.sid  # type: ignore[attr-defined]
    return sid


class Talk(Namespace):  # type: ignore[misc]
    def on_connect(self, auth: Any = None) -> None:
        """`{"refuse": [message, data]}` refuses with what it holds."""
        if isinstance(auth, dict) and "refuse" in auth:
            raise Refusal(*auth["refuse"])
        counts["connect"] += 1
        auths[_sid()] = auth

    def on_disconnect(self, reason: object) -> None:
        counts["disconnect"] += 1
        # The server's own reasons are texts; what a client sends need not be.
        if not isinstance(reason, str):
            counts["sent-disconnect"] += 1

    def on_auth(self) -> tuple[Any]:
        """What came with CONNECT."""
        return (auths[_sid()],)

    def on_echo(self, *values: Any) -> tuple[Any, ...]:
        return values

    def on_nothing(self) -> None:
        counts["nothing"] += 1

    def on_say(self, *values: Any) -> None:
        """The arguments come back as an event."""
        self.emit("said", values, room=_sid())

    def on_burst(self, first: int, beyond: int) -> None:
        """An event for each number."""
        for number in range(first, beyond):
            self.emit("said", number, room=_sid())
        counts["burst"] += 1

    def on_shout(self, value: Any) -> Any:
        """Tell everybody in the namespace; the ack comes after it."""
        self.emit("shouted", value)
        return value

    def on_ask(self, question: Any) -> None:
        """Ask the client, and tell it how its answer was understood."""
        sid = _sid()

        def answered(*values: Any) -> None:
            counts["answered"] += 1
            self.socketio.emit("answered", (question, *values), to=sid, namespace=self.namespace)

        self.emit("question", question, room=sid, callback=answered)

    def on_leave(self) -> None:
        """Be put out of the namespace."""
        disconnect()


def main() -> None:
    """Serve; `{"settings": {...}, "limits": {...}}` is the argument, and the port is printed once it listens."""
    options = json.loads(sys.argv[1])
    structlog.configure(
        logger_factory=structlog.WriteLoggerFactory(sys.stderr), wrapper_class=structlog.make_filtering_bound_logger(20)
    )
    settings = Settings(port=0, **options["settings"])
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "for tests"
    socketio = create_socketio(app, settings, **options["limits"])
    socketio.on_namespace(Talk("/chat"))
    socketio.on_namespace(Talk("/other"))
    app.get("/counts/<name>")(lambda name: str(counts[name]))

    def say(host: str, port: int) -> None:
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()

    serve(app, socketio, settings, on_ready=say, on_drain=lambda: None)
