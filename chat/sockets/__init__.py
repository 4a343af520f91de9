"""Socket.IO: a namespace a file, one door for all of them, and what is told to whom."""

from __future__ import annotations

from dataclasses import dataclass

from flask_socketio import SocketIO

from chat.metrics.counters import Counters
from chat.presence import Presence, TypingLeases
from chat.sockets.chat import ChatNamespace
from chat.sockets.connections import Connections
from chat.sockets.delivery import Delivery
from chat.sockets.known import Known
from chat.sockets.limits import Buckets
from chat.sockets.pulse import Pulse
from chat.sockets.relay import Relay
from chat.store import Store
from chat.transport.manager import StockManager


@dataclass(frozen=True)
class Sockets:
    """What `register` made, for the factory and for tests."""

    chat: ChatNamespace
    delivery: Delivery
    relay: Relay
    pulse: Pulse


def register(socketio: SocketIO, store: Store, counters: Counters, build: str) -> Sockets:
    """Put the namespaces on the server and lead what the store publishes to them."""
    connections, presence, buckets = Connections(), Presence(), Buckets(store.settings)
    known = Known(store)
    delivery = Delivery(socketio, connections, presence, counters, known)
    relay = Relay(delivery, presence, buckets)
    chat = ChatNamespace(store, connections, presence, TypingLeases(), buckets, relay, counters, known.words, build)
    socketio.on_namespace(chat)
    manager: StockManager = socketio.server.manager
    manager.on_connected = lambda sid, namespace: chat.connected(sid) if namespace == chat.namespace else None
    store.publish = relay.publish
    store.require_voice, store.is_blocked = known.mutes.require_voice, known.blocks.is_blocked
    store.objection = known.settings.objection
    with store.read() as conn:
        known.read(conn)
    return Sockets(chat, delivery, relay, Pulse(store, delivery, relay, chat))
