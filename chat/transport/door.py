"""The Socket.IO server: what may pass from a packet to a handler.

Every packet of every client comes through `receive`, the test client's included. What it lets pass goes to
python-socketio's own rooms, namespaces and handlers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from math import inf
from typing import Any

import msgspec
import structlog

from chat.transport import inbox, packets, private
from chat.transport.engine import Engine

log = structlog.get_logger(__name__)

Refusal = dict[str, Any]


class HandlerFailed(Exception):
    """A handler raised TypeError. Under its own name three layers of the libraries would take it for a handler with
    fewer arguments and run it again."""


def refusal(code: str, message: str) -> Refusal:
    """The data of a CONNECT_ERROR: `err.message` and `err.data` in browsers."""
    return {"message": message, "data": {"code": code}}


def failure(code: str, message: str, retryable: bool = False) -> dict[str, Any]:
    """The ack of a command that no handler answered."""
    return {"ok": False, "error": {"code": code, "message": message, "retryable": retryable}}


class Door(private.SocketServer):
    engine_class = Engine
    eio: Engine

    def receive(self, eio_sid: str, data: object) -> None:
        """Carry out one packet. Never raises for what a client sent."""
        try:
            packet = packets.decode(data)
            if packet.kind == packets.EVENT:
                self._event(eio_sid, packet)
            elif packet.kind == packets.ACK:
                self._ack(eio_sid, packet)
            else:
                inbox.begin(overlaps=False)
                if packet.kind == packets.CONNECT:
                    self._connect(eio_sid, packet)
                else:
                    self.disconnect_client(eio_sid, packet.namespace, self.reason.CLIENT_DISCONNECT)
                    self._expect_connect(eio_sid, self.eio.limits.connect_seconds)
        except packets.BadPacket as error:
            self._refuse(eio_sid, error)

    def gone(self, eio_sid: str, reason: str) -> None:
        """Forget a client whose connection has ended, in every namespace."""
        for namespace in list(self.manager.get_namespaces()):
            self.disconnect_client(eio_sid, namespace, reason)
        self.environ.pop(eio_sid, None)

    def disconnect(self, sid: str, namespace: str | None = None, ignore_queue: bool = False) -> None:
        """Put a client out of a namespace. Its connection is closed soon, unless it has another or connects again."""
        eio_sid = self.manager.eio_sid_from_sid(sid, namespace or "/")
        super().disconnect(sid, namespace, ignore_queue)
        if eio_sid is not None:
            self._expect_connect(eio_sid, self.eio.limits.close_seconds)

    def _connect(self, eio_sid: str, packet: packets.Packet) -> None:
        namespace = packet.namespace
        if (refused := self._judge_namespace(namespace)) is not None:
            self.send_packet(eio_sid, packets.CONNECT_ERROR, namespace, refused)
            return
        if self.manager.sid_from_eio_sid(eio_sid, namespace) is not None:
            raise packets.BadPacket("CONNECT twice")
        self._expect_connect(eio_sid, inf)
        try:
            self.connect_client(eio_sid, namespace, packet.data)
        except Exception:  # whatever failed, the client must get an answer
            log.exception("a connect handler failed")
            self._take_back(eio_sid, namespace)
        if eio_sid not in self.environ:
            # It left while it was being let in, when there was no connection yet that could be forgotten.
            self.disconnect_client(eio_sid, namespace, self.reason.TRANSPORT_CLOSE)
        self._expect_connect(eio_sid, self.eio.limits.connect_seconds)

    def _take_back(self, eio_sid: str, namespace: str) -> None:
        """End a connection whose beginning failed, or the client would wait for ever and never be forgotten."""
        sid = self.manager.sid_from_eio_sid(eio_sid, namespace)
        if self.manager.is_connected(sid, namespace):
            self.disconnect(sid, namespace)
        else:
            self.manager.disconnect(sid, namespace)
            data = refusal("internal", "Something went wrong on the server.")
            self.send_packet(eio_sid, packets.CONNECT_ERROR, namespace, data)

    def _judge_namespace(self, namespace: str) -> Refusal | None:
        if namespace == "/":
            return refusal("forbidden", "Nothing is served at /; connect to /chat")
        if namespace not in self.namespace_handlers and namespace not in self.handlers:
            return refusal("not_found", f"There is no namespace {namespace} here; connect to /chat")
        return None

    def _event(self, eio_sid: str, packet: packets.Packet) -> None:
        namespace, (name, *args) = packet.namespace, packet.data
        sid = self.manager.sid_from_eio_sid(eio_sid, namespace)
        if not self.manager.is_connected(sid, namespace):
            data = self._judge_namespace(namespace) or refusal("unauthenticated", f"Connect to {namespace} first.")
            self.send_packet(eio_sid, packets.CONNECT_ERROR, namespace, data)
            return
        if not isinstance(name, str) or not name or name in packets.RESERVED:
            result: Any = failure("bad_request", "This is not the name of a command.")
        else:
            result = self._run(name, namespace, sid, args)
        if packet.id is not None:
            self.send_packet(eio_sid, packets.ACK, namespace, _arguments(result), packet.id)

    def _run(self, name: str, namespace: str, sid: str, args: list[Any]) -> Any:
        handler = self.namespace_handlers.get(namespace)
        try:
            if handler is not None:
                # Where python-socketio ends up too, after three more calls.
                result = handler.trigger_event(name, sid, *args)
            else:
                result = self.trigger(name, namespace, sid, *args)
        except Exception:  # the ack must come, whatever failed
            log.exception("a handler failed")
            return failure("internal", "Something went wrong on the server.", retryable=True)
        return failure("bad_request", "There is no such command.") if result is self.not_handled else result

    def _ack(self, eio_sid: str, packet: packets.Packet) -> None:
        # Under 0 the manager keeps its counter, not a callback.
        if packet.id and self.manager.sid_from_eio_sid(eio_sid, packet.namespace) is not None:
            self.take_ack(eio_sid, packet.namespace, packet.id, packet.data)

    def trigger(self, event: str, namespace: str, *args: Any) -> Any:
        """Run a handler, once. A disconnect handler's failure ends here, or the client would never be forgotten."""
        try:
            return super().trigger(event, namespace, *args)
        except Exception as error:
            if event == "disconnect":
                log.exception("a disconnect handler failed")
                return None
            if isinstance(error, TypeError):
                raise HandlerFailed(str(error)) from error
            raise

    def _expect_connect(self, eio_sid: str, seconds: float) -> None:
        connection = self.eio.sockets.get(eio_sid)
        if connection is not None:
            namespaces = self.manager.get_namespaces()
            connected = any(self.manager.sid_from_eio_sid(eio_sid, namespace) for namespace in namespaces)
            connection.expect_connect(inf if connected else seconds)

    def _refuse(self, eio_sid: str, error: packets.BadPacket) -> None:
        connection = self.eio.sockets.get(eio_sid)
        if connection is not None:
            connection.refuse(error)
        elif eio_sid in self.environ:
            # The test client has no connection that could be closed.
            self.gone(eio_sid, self.reason.TRANSPORT_ERROR)


def _arguments(result: Any) -> Any:
    """A handler's result as the arguments of an ack; JSON that is made already stays as it is."""
    if result is None:
        return []
    if isinstance(result, tuple):
        return list(result)
    return result if isinstance(result, msgspec.Raw) else [result]


class SocketIO(private.FlaskSocketIO):
    """Flask-SocketIO, whose handlers run once."""

    def wrap(self, handler: Callable[..., Any], message: str) -> Callable[..., Any]:
        @wraps(handler)
        def once(*args: Any) -> Any:
            try:
                return handler(*_taken(handler, args) if message in ("connect", "disconnect") else args)
            except TypeError as error:
                raise HandlerFailed(str(error)) from error

        return once


def _taken(handler: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, ...]:
    """As many of `args` as the handler takes: `auth` and `reason` may be left out."""
    try:
        inspect.signature(handler).bind(*args)
    except TypeError:
        return args[:-1]
    return args
