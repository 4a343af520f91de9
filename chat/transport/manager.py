"""python-socketio's client manager, with the one moment that it does not offer: the connection is complete.

It also knows each connection's rooms. The library looks for a leaving client in every room that there is, so when all
of n clients leave at once, each with a room of its own, that is n * n looks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import socketio


class Manager(socketio.Manager):
    """Calls `on_connected(sid, namespace)` right after the CONNECT packet was sent.

    The library's connect handler runs before that packet, so what it emits would reach a client that is not connected
    yet; most drop it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.on_connected: Callable[[str, str], None] = lambda sid, namespace: None
        self._entered: dict[tuple[str, str], set[str | None]] = {}

    def connect(self, sid: str, namespace: str) -> str:
        connected: str = super().connect(sid, namespace)
        self.on_connected(connected, namespace)
        return connected

    def basic_enter_room(self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None) -> None:
        super().basic_enter_room(sid, namespace, room, eio_sid)
        self._entered.setdefault((namespace, sid), set()).add(room)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        super().basic_leave_room(sid, namespace, room)
        self._entered.get((namespace, sid), set()).discard(room)

    def basic_disconnect(self, sid: str, namespace: str, **_: Any) -> None:
        for room in self._entered.pop((namespace, sid), ()):
            super().basic_leave_room(sid, namespace, room)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            waiting = pending.get(namespace, [])
            if sid in waiting:
                waiting.remove(sid)
                if not waiting:
                    del pending[namespace]

    def get_rooms(self, sid: str, namespace: str) -> list[str]:
        return [room for room in self._entered.get((namespace, sid), ()) if room is not None]
