"""The Engine.IO server: sessions, requests and the clock that watches them.

Listening, limits on requests and what may pass are settled before (`protocol`, `guard`); Socket.IO comes after
(`door`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import msgspec
import structlog

from chat.transport import answers, packets, private
from chat.transport.answers import Answer, Environ, StartResponse
from chat.transport.connection import Connection, Overlap
from chat.transport.guard import EngineRequest
from chat.transport.limits import Limits
from chat.transport.websocket import WebSocket, is_upgrade

log = structlog.get_logger(__name__)

# What a request leaves in its environment for the HTTP server alone: a session outlives its first request and must
# not keep that request's connection.
_OF_THE_REQUEST = ("eventlet.", "transport.", "wsgi.input", "headers_raw")


class Engine(private.EngineServer):
    def __init__(self, *, limits: Limits, **options: Any) -> None:
        super().__init__(
            ping_interval=limits.ping_interval,
            ping_timeout=limits.ping_timeout,
            max_http_buffer_size=limits.packet_bytes,
            **options,
        )
        self.limits = limits
        self._watching = False
        self._stopped = False

    def handle_request(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        """WSGI, for requests that the guard let pass."""
        request: EngineRequest = environ[EngineRequest.KEY]
        if request.sid is None:
            answer = self._open(request, environ)
        else:
            answer = self._continue(request, self.sockets.get(request.sid), environ)
        # A WebSocket was answered on its own connection.
        return [] if answer is None else answer.send(environ, start_response)

    def _open(self, request: EngineRequest, environ: Environ) -> Answer | None:
        if request.method != "GET":
            return answers.bad_request()
        self._watch()
        connection = Connection(self, self.generate_id())
        self.sockets[connection.sid] = connection
        connection.send(self._open_packet(connection, request.transport))
        self.handlers["connect"](connection.sid, _kept(environ))
        if request.transport == "websocket":
            connection.open_websocket(WebSocket.accept(environ, self.limits.packet_bytes))
            return None
        connection.connected = True
        return _payload(connection.poll())

    def _continue(self, request: EngineRequest, connection: Connection | None, environ: Environ) -> Answer | None:
        if connection is None or connection.closed:
            return answers.unknown_session()
        if request.refusal is not None:
            connection.close(reason=self.reason.TRANSPORT_ERROR, discard=True)
            return request.refusal
        if is_upgrade(environ):
            if not connection.can_upgrade:
                return answers.bad_request()
            connection.upgrade(lambda: WebSocket.accept(environ, self.limits.packet_bytes))
            return None
        if not connection.connected or connection.upgraded or request.transport != "polling":
            return answers.bad_request()
        try:
            if request.method == "GET":
                return _payload(connection.poll())
            for text in request.packets:
                packets.split(text)
            for text in request.packets:
                connection.receive(text)
        except Overlap:
            connection.close(reason=self.reason.TRANSPORT_ERROR, discard=True)
            return answers.bad_request()
        except packets.BadPacket as error:
            connection.refuse(error)
            return answers.bad_request()
        return answers.OK

    def _open_packet(self, connection: Connection, transport: str) -> Any:
        hello = {
            "sid": connection.sid,
            "upgrades": ["websocket"] if transport == "polling" else [],
            # In milliseconds. python-engineio rounds intervals under a second to 0.
            "pingInterval": round(self.limits.ping_interval * 1000),
            "pingTimeout": round(self.limits.ping_timeout * 1000),
            "maxPayload": self.limits.packet_bytes,
        }
        return private.engine_packet(packets.OPEN, msgspec.json.encode(hello).decode())

    # The clock

    def after(self, seconds: float, action: Callable[[], object]) -> None:
        """Call `action` later, once."""

        def wait() -> None:
            self.sleep(seconds)
            action()

        self.start_background_task(wait)

    def shutdown(self) -> None:
        """Stop watching."""
        self._stopped = True

    def _watch(self) -> None:
        if not self._watching:
            self._watching = True
            self.start_background_task(self._watch_all)

    def _watch_all(self) -> None:
        """One walk over everybody a few times per shortest deadline, in place of a sleeping greenlet for each ping."""
        limits = self.limits
        shortest = min(limits.ping_interval, limits.ping_timeout, limits.connect_seconds, limits.upgrade_seconds)
        pause = min(1.0, shortest / 5)
        while not self._stopped:
            self.sleep(pause)
            now = time.monotonic()
            for connection in list(self.sockets.values()):
                try:
                    connection.tick(now)
                except Exception:  # one connection's failure must not end everybody's heartbeat
                    log.exception("watching a connection failed")


def _payload(texts: list[str]) -> Answer:
    return Answer("200 OK", packets.SEPARATOR.join(texts).encode(errors="replace"))


def _kept(environ: Environ) -> Environ:
    kept = {name: value for name, value in environ.items() if not name.startswith(_OF_THE_REQUEST)}
    kept["wsgi.input"] = BytesIO()
    return kept
