"""python-socketio's client manager, with the one moment that it does not offer: the connection is complete."""

from __future__ import annotations

from collections.abc import Callable

import socketio


class Manager(socketio.Manager):
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
