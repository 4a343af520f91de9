"""The one place that names what python-engineio, python-socketio, Flask-SocketIO and eventlet keep private.

The classes here give private names public ones for the rest of the transport. `PRIVATE` lists every name that we use
or replace, here and in `http/protocol.py` (eventlet's HTTP server, which tests without the hub must not import), with a
digest of its source: when a new version of a library changes one, `tests/transport/test_private.py` names it, and the
code that relies on it must be read again.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import engineio
import engineio.packet
import flask_socketio
import msgspec
import socketio
import socketio.packet

from chat.transport import packets, wire
from chat.transport.queues import Outgoing


class _Failures(logging.Filter):
    """Lets errors that were raised pass, under a sentence that repeats nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = "the Socket.IO libraries failed", ()
        return bool(record.exc_info)


# Both libraries log refused clients as errors, add a handler that writes to the terminal, and repeat what the client
# sent. Our own lines say what matters, so only real failures come through, to the application's own handlers.
library_log = logging.getLogger("chat.transport.libraries")
library_log.setLevel(logging.ERROR)
library_log.addFilter(_Failures())


class WirePacket(socketio.packet.Packet):
    """How Socket.IO packets for clients are written: our JSON, and no search for bytes in what has none."""

    json = wire
    uses_binary_events = False


def engine_packet(kind: str, data: str) -> Any:
    """A packet for `Connection.send`."""
    return engineio.packet.Packet(int(kind), data=data)


def send_to_test_client(server: Any, eio_sid: str, told: list[bytes]) -> None:
    """Send Engine.IO packets as Flask-SocketIO's test client, which has no connection, wants them."""
    for packet in told:
        server._send_eio_packet(eio_sid, engine_packet(chr(packet[0]), packet[1:].decode()))  # noqa: SLF001


class EngineServer(engineio.Server):
    """The sessions (`sockets`), handlers and background tasks of python-engineio, without its requests and sockets:
    `handle_request` is all ours."""

    def __init__(self, **options: Any) -> None:
        # With [] python-engineio neither checks origins nor adds CORS headers.
        super().__init__(**{"cors_allowed_origins": [], "cookie": None, "logger": library_log, **options})


class SocketServer(socketio.Server, ABC):
    """python-socketio's server with the steps between a packet and a handler under names that can be replaced."""

    engine_class: type[EngineServer]

    def __init__(self, **options: Any) -> None:
        super().__init__(serializer=WirePacket, logger=library_log, async_handlers=False, **options)
        # One call less for each packet than by way of the private name.
        self.eio.on("message", self.receive)

    def _engineio_server_class(self) -> type[EngineServer]:
        return self.engine_class

    # Replaced: python-engineio and the test client call these.

    def _handle_eio_message(self, eio_sid: str, data: object) -> None:
        self.receive(eio_sid, data)

    def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        self.gone(eio_sid, reason)

    def _trigger_event(self, event: str, namespace: str, *args: Any) -> Any:
        return self.trigger(event, namespace, *args)

    def _send_packet(self, eio_sid: str, pkt: Any) -> None:
        # For who is gone, nothing. The test client puts a function of its own in this one's place.
        if eio_sid in self.eio.sockets:
            self.send_packet(eio_sid, pkt.packet_type, pkt.namespace or "/", pkt.data, pkt.id)

    @abstractmethod
    def receive(self, eio_sid: str, data: object) -> None:
        """Carry out one packet."""

    @abstractmethod
    def gone(self, eio_sid: str, reason: str) -> None:
        """A client's connection has ended."""

    def trigger(self, event: str, namespace: str, *args: Any) -> Any:
        """Run the handler of an event; `not_handled` where there is none."""
        return super()._trigger_event(event, namespace, *args)

    # Used

    def connect_client(self, eio_sid: str, namespace: str, auth: object) -> None:
        """Run the connect handler and answer CONNECT or CONNECT_ERROR."""
        self._handle_connect(eio_sid, namespace, auth)

    def disconnect_client(self, eio_sid: str, namespace: str, reason: str) -> None:
        """Run the disconnect handler and forget the client in this namespace, where it is connected."""
        self._handle_disconnect(eio_sid, namespace, reason)

    def take_ack(self, eio_sid: str, namespace: str, number: int, data: list[Any]) -> None:
        self._handle_ack(eio_sid, namespace, number, data)

    def send_packet(self, eio_sid: str, kind: int, namespace: str, data: object, number: int | None = None) -> None:
        """Send a Socket.IO packet to one client."""
        connection = self.eio.sockets.get(eio_sid)
        if connection is None:
            listed = [data] if isinstance(data, msgspec.Raw) else data
            self._send_packet(eio_sid, WirePacket(kind, data=listed, namespace=namespace, id=number))
        else:
            # What a new client is told first comes right behind CONNECT.
            outgoing = Outgoing(packets.encode(kind, namespace, data, number))
            connection.deliver(outgoing, gather=kind == packets.CONNECT)


class FlaskSocketIO(flask_socketio.SocketIO, ABC):
    """Flask-SocketIO around a server of our own class, which its `init_app` has no way to be given."""

    def attach(self, app: Any, server: SocketServer) -> Callable[..., list[bytes]]:
        """Do what `init_app` does, and return the middleware, which the caller puts in front of the application."""
        self.server = server
        self.async_mode = server.async_mode
        self.manage_session = False
        self.sockio_mw = flask_socketio._SocketIOMiddleware(server, app, socketio_path="socket.io")  # noqa: SLF001
        app.extensions["socketio"] = self
        middleware: Callable[..., list[bytes]] = self.sockio_mw
        return middleware

    def _handle_event(self, handler: Callable[..., Any], message: str, namespace: str, sid: str, *args: Any) -> Any:
        return super()._handle_event(self.wrap(handler, message), message, namespace, sid, *args)

    @abstractmethod
    def wrap(self, handler: Callable[..., Any], message: str) -> Callable[..., Any]:
        """What is called in place of a handler."""


# What it is: the digest of its source, and what it is to us.
PRIVATE: dict[str, tuple[str, str]] = {
    "engineio.base_server:BaseServer.__init__": ("a06b17502fbd", "options and `sockets`"),
    "engineio.base_server:BaseServer._get_socket": ("ae2f99e66d63", "wants `closed` of ours"),
    "engineio.base_server:BaseServer.generate_id": ("b6a591454237", "session ids"),
    "engineio.server:Server.handle_request": ("79302edd007f", "replaced"),
    "engineio.server:Server._handle_connect": ("049f7c2b2c23", "no longer reached"),
    "engineio.server:Server._service_task": ("9492b7b0d652", "no longer started"),
    "engineio.server:Server.send_packet": ("81aec513663f", "calls `send` of ours"),
    "engineio.server:Server.disconnect": ("3f5faf6e405f", "calls `close` of ours"),
    "engineio.server:Server.shutdown": ("65281c2fdcc2", "replaced"),
    "engineio.socket:Socket": ("275926e45771", "replaced by `Connection`"),
    "engineio.packet:Packet.encode": ("8f3d5d869711", "read by `Connection.send`"),
    "engineio.async_drivers.eventlet:EventletThread": ("7bb04a9d0464", "background tasks"),
    "socketio.base_server:BaseServer.__init__": ("6b998e091b34", "makes the Engine.IO server"),
    "socketio.base_server:BaseServer._get_event_handler": ("e18d9a6570aa", "finds handlers"),
    "socketio.base_server:BaseServer._get_namespace_handler": ("3672467a1c13", "finds handlers"),
    "socketio.server:Server._handle_eio_connect": ("4be135c046ed", "keeps the environment"),
    "socketio.server:Server._handle_eio_message": ("65f309c138d6", "replaced"),
    "socketio.server:Server._handle_eio_disconnect": ("5c0002fcdb35", "replaced"),
    "socketio.server:Server._handle_connect": ("1b0ba130a57d", "used"),
    "socketio.server:Server._handle_disconnect": ("fb93d61de8cb", "used"),
    "socketio.server:Server._handle_event": ("3f64c030f25e", "no longer reached"),
    "socketio.server:Server._handle_ack": ("7f114abcf99f", "used"),
    "socketio.server:Server._trigger_event": ("836cb0c8d232", "wrapped"),
    "socketio.server:Server._send_packet": ("3289b949be8c", "replaced; sends to the test client"),
    "socketio.server:Server._send_eio_packet": ("5fa452fb118c", "sends to the test client"),
    "socketio.server:Server.disconnect": ("a348aff17b8e", "wrapped"),
    "socketio.packet:Packet.encode": ("513c45be7518", "writes packets"),
    "socketio.manager:Manager.emit": ("566510ea2de3", "replaced, but for callbacks"),
    "socketio.manager:Manager.trigger_callback": ("2fb84d8a3eee", "takes ids above 0 only"),
    "socketio.base_manager:BaseManager": ("b393b4c05dbd", "its `rooms` are kept in another way"),
    "flask_socketio:_SocketIOMiddleware": ("528831fe35f6", "used"),
    "flask_socketio:SocketIO.init_app": ("12a3a6c8e896", "replaced by `attach`"),
    "flask_socketio:SocketIO._handle_event": ("70d95a741fbd", "wrapped"),
    "flask_socketio.namespace:Namespace.trigger_event": ("99752624acf7", "repeats after TypeError"),
    "flask_socketio.test_client:SocketIOTestClient": ("2557dd9f4d75", "calls the private names of the server"),
    "eventlet.wsgi:HttpProtocol.__init__": ("ef058c1de18a", "runs a connection"),
    "eventlet.wsgi:HttpProtocol.handle": ("d898ddfd2434", "runs a connection"),
    "eventlet.wsgi:HttpProtocol.handle_one_request": ("4d466c537abf", "replaced"),
    "eventlet.wsgi:HttpProtocol.handle_one_response": ("b2ae04db91bb", "logs through `_WsgiLog`, discards bodies"),
    "eventlet.wsgi:HttpProtocol.finish": ("d23530dd4e6a", "closes"),
    "eventlet.wsgi:HttpProtocol.setup": ("a016670ef277", "replaced"),
    "eventlet.wsgi:Server.get_environ": ("aef062fb6f53", "used"),
    "eventlet.wsgi:Server": ("110a23814365", "subclassed"),
    "eventlet.wsgi:WSGI_LOCAL": ("value", "tells eventlet that a WebSocket was answered"),
    "eventlet.greenio.base:GreenSocket": ("b4c6859ddc77", "its `fd` is taken over"),
    "eventlet.hubs.hub:FdListener": ("8f695d78755c", "keeps the greenlet that made it"),
    "eventlet.hubs.hub:BaseHub.add": ("5aa4447a94d4", "listens for us"),
    "eventlet.hubs.hub:BaseHub.remove": ("7af6377b6ec9", "listens no more"),
    "eventlet.hubs.hub:BaseHub.switch": ("e9ca670468f3", "what `greenlet.switch()` leaves out"),
    "eventlet.hubs.hub:BaseHub.fire_timers": (
        "cd7b582051ac",
        "what is due in one turn runs in the order in which it was asked for",
    ),
    "eventlet.hubs.poll:Hub.wait": ("691d0ecab34b", "calls listeners, also of events that were overtaken"),
    "eventlet.tpool:execute": ("b4389614472e", "used"),
    "eventlet.tpool:tworker": ("2663ec855179", "why `offload` wraps results"),
    "eventlet.tpool:set_num_threads": ("b8186b57912f", "used"),
}


def digest(name: str) -> str:
    """A short hash of the source of `module:object`; raises `AttributeError` where there is none."""
    module, _, path = name.partition(":")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    try:
        source = inspect.getsource(found)
    except TypeError:
        # A plain value: that it is there is all that can be said.
        return "value"
    return hashlib.sha256(source.encode()).hexdigest()[:12]
