"""The Engine.IO server: sessions, requests and the clock that watches them.

Listening, limits on requests and what may pass are settled before (`protocol`, `guard`); Socket.IO comes after
(`door`).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

import msgspec

from chat.transport import answers, packets, private, takeover
from chat.transport.answers import Answer, Environ, StartResponse
from chat.transport.concurrency.turns import Turns
from chat.transport.concurrency.wheel import Wheel
from chat.transport.concurrency.workers import Workers
from chat.transport.connection import Connection, Overlap
from chat.transport.figures import Figures
from chat.transport.http.guard import EngineRequest
from chat.transport.limits import Limits
from chat.transport.websocket import acceptance, is_upgrade

# What a session keeps of its first request: who it is, where it comes from and where to. It outlives that request by
# hours, so the rest, the request's connection first of all, is let go.
_SHARED = ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "HTTP_USER_AGENT")
_OWN = ("REMOTE_ADDR", "QUERY_STRING", "HTTP_ORIGIN", "HTTP_COOKIE", "wsgi.url_scheme", "wsgi.errors", "flask.app")
_SEPARATOR = packets.SEPARATOR.encode()


class Engine(private.EngineServer):
    def __init__(self, *, limits: Limits, **options: Any) -> None:
        super().__init__(
            ping_interval=limits.ping_interval,
            ping_timeout=limits.ping_timeout,
            max_http_buffer_size=limits.packet_bytes,
            **options,
        )
        self.limits = limits
        self.figures = Figures()
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
        connection = Connection(self, self.generate_id())
        self.sockets[connection.sid] = connection
        connection.send(self._open_packet(connection, request.transport))
        self.handlers["connect"](connection.sid, _kept(environ))
        if request.transport == "websocket":
            connection.open_websocket(takeover.take(environ), acceptance(environ))
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
            connection.upgrade(takeover.take(environ), acceptance(environ))
            return None
        if not connection.connected or connection.upgraded or request.transport != "polling":
            return answers.bad_request()
        try:
            if request.method == "GET":
                return _payload(connection.poll())
            connection.take_post(request.packets)
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

    # The clock and the workers

    @cached_property
    def start(self) -> Callable[[Callable[[], None]], object]:
        """Runs a function beside the caller."""
        return Workers().run if self.async_mode == "eventlet" else self.start_background_task

    @cached_property
    def turns(self) -> Turns:
        """What gathers until the end of a turn of the hub. Who waited for the store goes on before: acks come along."""
        from eventlet import hubs

        from chat.transport.concurrency import hub_gates

        return Turns(hubs.get_hub().schedule_call_global, hub_gates.go)

    @cached_property
    def wheel(self) -> Wheel:
        """The deadlines of all connections, watched from the first one on."""
        limits = self.limits
        shortest = min(
            limits.ping_interval,
            limits.ping_timeout,
            limits.connect_seconds,
            limits.upgrade_seconds,
            limits.close_seconds,
        )
        resolution = min(1.0, shortest / 5)
        wheel = Wheel(resolution, time.monotonic())

        def turn() -> None:
            while not self._stopped:
                self.sleep(resolution)
                wheel.turn(time.monotonic())

        self.start_background_task(turn)
        return wheel

    def shutdown(self) -> None:
        """Stop watching."""
        self._stopped = True


def _payload(texts: list[bytes]) -> Answer:
    return Answer("200 OK", _SEPARATOR.join(texts))


def _kept(environ: Environ) -> Environ:
    kept = {name: environ[name] for name in (*_SHARED, *_OWN) if name in environ}
    for name in _SHARED:
        if name in kept:
            kept[name] = sys.intern(kept[name])
    return kept
