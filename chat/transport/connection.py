"""One client's Engine.IO session: what it sends, what waits for it, its heartbeat, and how it ends.

python-engineio's server keeps these in `sockets` in place of its own class, so `sid`, `session`, `connected`,
`upgraded`, `closed`, `send` and `close` carry its names and meanings.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Any

import structlog

from chat.transport import frames, packets
from chat.transport.queues import Inbox, Outbox
from chat.transport.websocket import WebSocket

if TYPE_CHECKING:
    from chat.transport.engine import Engine

log = structlog.get_logger(__name__)


class Overlap(Exception):
    """A second poll while one is waiting."""


class Connection:
    def __init__(self, engine: Engine, sid: str) -> None:
        self.sid = sid
        self.session: dict[str, Any] = {}
        self.connected = False
        self.upgraded = False
        self.closed = False
        self._engine = engine
        self._limits = engine.limits
        self._upgrading = False
        self._polling = False
        self._websocket: WebSocket | None = None
        self._close_code = frames.NORMAL
        self._outbox = Outbox(engine.create_queue(), self._limits.queue_packets, self._limits.queue_bytes)
        self._inbox = Inbox(self._carry_out, engine.start_background_task, self._limits.inbox_packets)
        # Deadlines by the monotonic clock: a step of the wall clock must not drop everybody.
        self._ping_at = time.monotonic() + self._limits.ping_interval
        self._pong_until = inf
        self._connect_until = inf
        self._upgrade_until = inf
        self.expect_connect(self._limits.connect_seconds)

    # What the application sends

    def send(self, packet: Any) -> None:
        """Queue one of python-engineio's packets; a client that leaves too much unread is dropped."""
        self._put(packet.encode())

    def _put(self, text: str) -> None:
        if not self.closed and not self._outbox.put(text):
            log.info("dropped a client that does not read")
            self.abort(self._engine.reason.TRANSPORT_ERROR)

    # What the client sends

    def receive(self, text: str) -> None:
        """Act on one Engine.IO packet; raises `BadPacket`. May wait while too many commands wait."""
        kind, data = packets.split(text)
        if kind == packets.MESSAGE:
            self._inbox.put(data)
        elif kind == packets.PONG:
            self._pong_until = inf
            self._ping_at = time.monotonic() + self._limits.ping_interval
        elif kind == packets.CLOSE:
            self.close(abort=True, reason=self._engine.reason.CLIENT_DISCONNECT)
        elif kind != packets.NOOP:
            raise packets.BadPacket("Engine.IO packet that only servers send")

    def _carry_out(self, data: str) -> None:
        self._engine.handlers["message"](self.sid, data)

    def expect_connect(self, seconds: float) -> None:
        """This connection has no namespace, or none any more: it is closed unless it gets one in so many seconds."""
        self._connect_until = time.monotonic() + seconds

    def tick(self, now: float) -> None:
        """Act on the deadlines that have passed. Called for every connection a few times per shortest deadline."""
        if now >= self._pong_until:
            self.close(reason=self._engine.reason.PING_TIMEOUT)
        elif now >= self._connect_until:
            log.info("closed a client that connected to no namespace")
            self.close(reason=self._engine.reason.SERVER_DISCONNECT, code=frames.POLICY_VIOLATION)
        elif now >= self._ping_at:
            self._ping_at, self._pong_until = inf, now + self._limits.ping_timeout
            self._put(packets.PING)
        if now >= self._upgrade_until and self._websocket is not None:
            self._websocket.abort()

    # Long-polling

    def poll(self) -> list[str]:
        """Packets for a polling GET, as soon as there are some. Raises `Overlap`."""
        if self._polling:
            raise Overlap
        self._polling = True
        try:
            if self._upgrading:
                # The WebSocket is about to take over, so no packets here; and not at once, or the client would spin.
                self._engine.sleep(self._limits.upgrade_poll_seconds)
                if not self._on_polling():
                    return [packets.NOOP]
            texts = self._outbox.take()
            self._outbox.sent(texts)
            return texts or [packets.NOOP]
        finally:
            self._polling = False

    def _on_polling(self) -> bool:
        return not (self._upgrading or self.upgraded)

    # WebSocket. Both run in the greenlet of the upgrade request, for as long as the socket lives.

    def open_websocket(self, websocket: WebSocket) -> None:
        """Speak WebSocket from the start."""
        self.connected = self.upgraded = True
        self._websocket = websocket
        self._read_all(websocket)

    @property
    def can_upgrade(self) -> bool:
        return self.connected and not self.upgraded and not self._upgrading

    def upgrade(self, accept: Callable[[], WebSocket]) -> None:
        """Move from polling to WebSocket, where `can_upgrade`; when that fails, the client stays on polling."""
        self._upgrading = True
        self._upgrade_until = time.monotonic() + self._limits.upgrade_seconds
        websocket = self._websocket = accept()
        code = frames.PROTOCOL_ERROR
        try:
            self.upgraded = self._probe(websocket) and not self.closed
        except frames.FrameError as error:
            code = error.code
        finally:
            self._upgrading, self._upgrade_until = False, inf
        if self.upgraded:
            self._read_all(websocket)
        else:
            self._websocket = None
            self._engine.after(self._limits.close_seconds, websocket.abort)
            websocket.close(code, "upgrade failed")
            websocket.linger()

    def _probe(self, websocket: WebSocket) -> bool:
        if websocket.receive() != packets.PING + packets.PROBE:
            return False
        websocket.send([packets.PONG + packets.PROBE])
        if self._polling:
            # Ends the poll under way, which the client waits for before it upgrades.
            self._put(packets.NOOP)
        return websocket.receive() == packets.UPGRADE

    def _read_all(self, websocket: WebSocket) -> None:
        writer = self._engine.start_background_task(self._write_all, websocket)
        reason, code = self._engine.reason.TRANSPORT_CLOSE, frames.NORMAL
        try:
            while (text := websocket.receive()) is not None:
                if not self.closed:
                    self.receive(text)
        except frames.FrameError as error:
            log.info("closed a WebSocket", why=error.reason)
            reason, code = self._engine.reason.TRANSPORT_ERROR, error.code
        except packets.BadPacket as error:
            self.refuse(error)
        self.close(abort=True, reason=reason, code=code)
        writer.join()
        websocket.linger()

    def _write_all(self, websocket: WebSocket) -> None:
        while texts := self._outbox.take():
            if not websocket.send(texts):
                break
            self._outbox.sent(texts)
        websocket.close(self._close_code)

    # The end

    def refuse(self, error: packets.BadPacket) -> None:
        """Close for a packet that breaks the protocol, leaving undone what waits behind it."""
        log.info("closed a client", why=str(error))
        code = frames.UNSUPPORTED_DATA if isinstance(error, packets.BinaryPacket) else frames.POLICY_VIOLATION
        self.close(reason=self._engine.reason.TRANSPORT_ERROR, code=code, discard=True)

    def close(
        self,
        wait: bool = True,
        abort: bool = False,
        reason: str | None = None,
        *,
        code: int = frames.NORMAL,
        discard: bool = False,
    ) -> None:
        """End the session, telling the client unless `abort`; what is queued for it still goes out.

        The disconnect handlers run after the commands that the client has already sent (never beside one), or at
        once with `discard`. Never waits for the client: `wait` is python-engineio's and means nothing here.
        """
        if self.closed:
            return
        self.closed = True
        self._close_code = code
        self._engine.sockets.pop(self.sid, None)
        self._outbox.end(*(() if abort else (packets.CLOSE,)))
        if self._websocket is not None:
            self._engine.after(self._limits.close_seconds, self._websocket.abort)
        ended = reason or self._engine.reason.SERVER_DISCONNECT
        self._inbox.finish(lambda: self._engine.handlers["disconnect"](self.sid, ended), discard)

    def abort(self, reason: str) -> None:
        """End the session without a word, cutting the connection."""
        self.close(abort=True, reason=reason, discard=True)
        if self._websocket is not None:
            self._websocket.abort()
