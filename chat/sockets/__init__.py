"""Socket.IO: a namespace a file, one door for all of them, and what is told to whom."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

from flask_socketio import SocketIO

from chat.metrics.counters import Counters
from chat.metrics.sampling import Sampler
from chat.presence import Presence, TypingLeases
from chat.sockets.admin import AdminNamespace
from chat.sockets.census import Census
from chat.sockets.chat import ChatNamespace
from chat.sockets.connections import Connections
from chat.sockets.console import Console
from chat.sockets.delivery import Delivery
from chat.sockets.desk_status import DeskStatus
from chat.sockets.help import HelpNamespace
from chat.sockets.known import Known
from chat.sockets.limits import Buckets
from chat.sockets.pulse import Pulse
from chat.sockets.relay import Relay
from chat.sockets.windows import Windows
from chat.store import Store
from chat.transport.concurrency.background import spawn
from chat.transport.manager import StockManager


@dataclass(frozen=True)
class Sockets:
    """What `register` made, for the factory and for tests."""

    chat: ChatNamespace
    admin: AdminNamespace
    help: HelpNamespace
    console: Console
    delivery: Delivery
    relay: Relay
    pulse: Pulse


def register(socketio: SocketIO, store: Store, counters: Counters, build: str) -> Sockets:
    """Put the namespaces on the server and lead what the store publishes to them."""
    connections, consoles, presence, buckets = Connections(), Connections(), Presence(), Buckets(store.settings)
    known = Known(store)
    delivery = Delivery(socketio, connections, presence, counters, known, consoles)
    relay = Relay(delivery, presence, buckets)
    chat = ChatNamespace(store, connections, presence, TypingLeases(), buckets, relay, counters, known, build)
    process = f"{socket.gethostname()}:{os.getpid()}"

    def sampler(name: str) -> Sampler:
        return Sampler(name, counters, connections, store, socketio.server.eio)

    console, counted = Console(socketio, relay, process, sampler), Census(socketio, connections, process)
    admin = AdminNamespace(store, consoles, presence, buckets, counters, relay, console, counted, build, spawn)
    windows = Windows(store.settings.help_windows, store.settings.help_windows_per_address)
    desk = DeskStatus(socketio, store, windows, presence)
    visitors = HelpNamespace(store, windows, buckets, counters, chat.hear_typing, desk)
    known.help.on_begun, known.help.on_found = visitors.begun, visitors.found
    by_name: dict[str, ChatNamespace | AdminNamespace | HelpNamespace] = {
        one.namespace: one for one in (chat, admin, visitors)
    }
    for namespace in by_name.values():
        socketio.on_namespace(namespace)
    manager: StockManager = socketio.server.manager
    manager.on_connected = lambda sid, namespace: by_name[namespace].connected(sid) if namespace in by_name else None
    store.publish = relay.publish
    store.require_voice, store.is_blocked = known.mutes.require_voice, known.blocks.is_blocked
    store.objection = known.settings.objection
    with store.read() as conn:
        known.read(conn)
    return Sockets(chat, admin, visitors, console, delivery, relay, Pulse(store, delivery, relay, chat, console, desk))
