"""From long-polling to a WebSocket: the probe, the switch, and the way back where that fails.

Source: https://github.com/socketio/engine.io-protocol, "Upgrade".
"""

from __future__ import annotations

from typing import Protocol

from chat.transport import frames, packets
from chat.transport.queues import Outgoing
from chat.transport.streams import Stream
from chat.transport.websocket import Owner, WebSocket

_PROBE_ANSWER = Outgoing((packets.PONG + packets.PROBE).encode())


class Host(Owner, Protocol):
    """The connection that is upgraded. It owns the WebSocket from the switch on."""

    def websocket_over(self, stream: Stream, owner: Owner) -> WebSocket: ...

    def end_poll(self) -> None:
        """The client waits for the poll under way to end before it asks for the switch."""

    def switch_to(self, websocket: WebSocket) -> None:
        """All goes over the WebSocket from now on."""

    def stay(self, websocket: WebSocket, code: int) -> None:
        """The upgrade has failed: hang up the WebSocket, and go on by long-polling."""


class Upgrade:
    """One attempt. Owns its WebSocket until the switch."""

    __slots__ = ("_host", "_probed", "websocket")

    def __init__(self, host: Host, stream: Stream) -> None:
        self._host = host
        self._probed = False
        self.websocket = host.websocket_over(stream, self)

    def begin(self, greeting: bytes) -> None:
        """Answer the handshake and wait for the probe."""
        self.websocket.write(greeting)
        self.websocket.run()

    def on_text(self, text: str) -> None:
        if not self._probed and text == packets.PING + packets.PROBE:
            self._probed = True
            self.websocket.write(_PROBE_ANSWER.frames)
            self._host.end_poll()
        elif self._probed and text == packets.UPGRADE:
            self.websocket.hand_to(self._host)
            self._host.switch_to(self.websocket)
        else:
            self._host.stay(self.websocket, frames.PROTOCOL_ERROR)

    def on_end(self, error: frames.FrameError | None) -> None:
        self._host.stay(self.websocket, frames.NORMAL if error is None else error.code)

    def expire(self) -> None:
        """It has taken too long."""
        self.websocket.abort()
        self._host.stay(self.websocket, frames.PROTOCOL_ERROR)
