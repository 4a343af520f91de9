"""python-socketio's client manager for large rooms: who is where, and an event told to all of a room at once.

An event is encoded once and framed once; each connection gets the same bytes. Each connection knows its rooms: the
library looks for a leaving client in every room that there is, so when all of n clients leave at once, each with a room
of its own, that is n * n looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import socketio

from chat.transport import packets, private
from chat.transport.queues import Outgoing

# In rooms of up to so many, an event waits for the end of the hub's turn and leaves with the ack that follows. In
# larger ones acks are few among the deliveries, and gathering would cost each of them more than it saves.
GATHERED = 16

Rooms = str | Sequence[str] | None
Event = tuple[str, Any]


class StockManager(socketio.Manager):
    """Calls `on_connected(sid, namespace)` right after the CONNECT packet was sent.

    The library's connect handler runs before that packet, so what it emits would reach a client that is not connected
    yet; most drop it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.on_connected: Callable[[str, str], None] = lambda sid, namespace: None

    def connect(self, sid: str, namespace: str) -> str:
        connected: str = super().connect(sid, namespace)
        self.on_connected(connected, namespace)
        return connected

    def emit_all(self, events: Iterable[Event], namespace: str, to: Rooms, *, gather: bool = False) -> None:
        """Tell several events to the same clients, in this order. An event is a name and its argument.

        With `gather` they may wait for what else is told in this turn of the hub.
        """
        for name, data in events:
            self.emit(name, data, namespace, to=to)


class Manager(StockManager):
    """`rooms[namespace][room]` is {sid: Engine.IO's sid}. `None` is the room of all; a client's own room is implied."""

    def __init__(self) -> None:
        super().__init__()
        self._sids: dict[str, dict[str, str]] = {}
        self._entered: dict[str, list[str]] = {}

    # Who is where

    def pre_connect(self, eio_sid: str, namespace: str) -> str | None:
        sids = self._sids.setdefault(namespace, {})
        if eio_sid in sids:
            return None
        sid: str = self.server.eio.generate_id()
        sids[eio_sid] = sid
        self.rooms.setdefault(namespace, {}).setdefault(None, {})[sid] = eio_sid
        self.pending_connect.setdefault(namespace, []).append(sid)
        return sid

    def sid_from_eio_sid(self, eio_sid: str, namespace: str) -> str | None:
        return self._sids.get(namespace, {}).get(eio_sid)

    def eio_sid_from_sid(self, sid: str, namespace: str) -> str | None:
        found: str | None = self._everybody(namespace).get(sid)
        return found

    def basic_enter_room(self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None) -> None:
        everybody = self._everybody(namespace)
        if sid not in everybody:
            raise ValueError("sid is not connected to requested namespace")
        if room in everybody:
            raise ValueError("cannot enter a sid room")
        members = self.rooms[namespace].setdefault(room, {})
        if sid not in members:
            members[sid] = everybody[sid]
            self._entered.setdefault(sid, []).append(str(room))

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        if sid in self.rooms.get(namespace, {}).get(room, {}) and room is not None:
            self._entered[sid].remove(room)
            self._drop(sid, namespace, room)

    def basic_disconnect(self, sid: str, namespace: str, **_: Any) -> None:
        eio_sid = self.eio_sid_from_sid(sid, namespace)
        if eio_sid is None:
            return
        for room in self._entered.pop(sid, ()):
            self._drop(sid, namespace, room)
        self._drop(sid, namespace, None)
        del self._sids[namespace][eio_sid]
        if not self._sids[namespace]:
            del self._sids[namespace]
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            waiting = pending.get(namespace, [])
            if sid in waiting:
                waiting.remove(sid)
                if not waiting:
                    del pending[namespace]

    def _drop(self, sid: str, namespace: str, room: str | None) -> None:
        rooms = self.rooms[namespace]
        del rooms[room][sid]
        if not rooms[room]:
            del rooms[room]
            if not rooms:
                del self.rooms[namespace]

    def get_rooms(self, sid: str, namespace: str) -> list[str]:
        return [*self._entered.get(sid, ()), sid] if sid in self._everybody(namespace) else []

    def get_participants(self, namespace: str, room: Rooms) -> Iterator[tuple[str, str]]:
        yield from list(self._members(namespace, room).items())

    def _everybody(self, namespace: str) -> Mapping[str, str]:
        found: Mapping[str, str] = self.rooms.get(namespace, {}).get(None, {})
        return found

    def _members(self, namespace: str, room: Rooms) -> Mapping[str, str]:
        if room is not None and not isinstance(room, str):
            return {sid: eio_sid for one in room for sid, eio_sid in self._members(namespace, one).items()}
        members: Mapping[str, str] | None = self.rooms.get(namespace, {}).get(room)
        if members is not None:
            return members
        eio_sid = self._everybody(namespace).get(room) if room is not None else None
        return {} if eio_sid is None or room is None else {room: eio_sid}

    # Telling

    def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Rooms = None,
        skip_sid: str | list[str] | None = None,
        callback: Callable[..., Any] | None = None,
        to: Rooms = None,
        **options: Any,
    ) -> None:
        if callback is not None:
            # Each recipient's packet has a number of its own.
            super().emit(event, data, namespace, room, skip_sid, callback, to, **options)
            return
        skipped = skip_sid if isinstance(skip_sid, list) else [skip_sid]
        self._broadcast([_packet(namespace, event, data)], namespace, to or room, skipped)

    def emit_all(self, events: Iterable[Event], namespace: str, to: Rooms, *, gather: bool = False) -> None:
        self._broadcast([_packet(namespace, name, data) for name, data in events], namespace, to, (), gather)

    def _broadcast(
        self, told: list[bytes], namespace: str, room: Rooms, skipped: Sequence[str | None], gather: bool = False
    ) -> None:
        members = self._members(namespace, room)
        if any(skipped):
            members = {sid: eio_sid for sid, eio_sid in members.items() if sid not in skipped}
        outgoing, gather = Outgoing(*told), gather or len(members) <= GATHERED
        engine = self.server.eio
        engine.figures.deliveries += len(members) * len(told)
        connections = engine.sockets
        # A copy: whoever is dropped on the way leaves the room.
        for eio_sid in list(members.values()):
            connection = connections.get(eio_sid)
            if connection is not None:
                connection.deliver(outgoing, gather)
            else:
                private.send_to_test_client(self.server, eio_sid, told)


def _packet(namespace: str, event: str, data: Any) -> bytes:
    arguments = data if isinstance(data, tuple) else () if data is None else (data,)
    return packets.encode(packets.EVENT, namespace, [event, *arguments])
