"""Socket.IO: a namespace a file, one door for all of them, and what is told to whom."""

from __future__ import annotations

from dataclasses import dataclass

from flask_socketio import SocketIO

from chat.metrics.counters import Counters
from chat.presence import Presence, TypingLeases
from chat.sanctions import blocks, mutes
from chat.sanctions.known import Blocks, Mutes
from chat.sockets.chat import ChatNamespace
from chat.sockets.connections import Connections
from chat.sockets.delivery import Delivery
from chat.sockets.limits import Buckets
from chat.sockets.pulse import Pulse
from chat.sockets.relay import Relay
from chat.store import Store
from chat.transport.manager import StockManager
from chat.words import Words, all_chosen


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
    words, muted, blocked = Words(store.offload), Mutes(), Blocks()
    delivery = Delivery(socketio, connections, presence, counters, words, muted, blocked)
    relay = Relay(delivery, presence, buckets)
    chat = ChatNamespace(store, connections, presence, TypingLeases(), buckets, relay, counters, words, build)
    socketio.on_namespace(chat)
    manager: StockManager = socketio.server.manager
    manager.on_connected = lambda sid, namespace: chat.connected(sid) if namespace == chat.namespace else None
    store.publish = relay.publish
    store.require_voice, store.is_blocked = muted.require_voice, blocked.is_blocked
    with store.read() as conn:
        words.hear_all(all_chosen(conn))
        muted.hear_all(*mutes.all_in_force(conn))
        blocked.hear_all(*blocks.all_in_force(conn))
    return Sockets(chat, delivery, relay, Pulse(store, delivery, relay, chat))
