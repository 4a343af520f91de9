"""One client's Engine.IO session: what it sends, what waits for it, its heartbeat, and how it ends.

python-engineio's server keeps these in `sockets` in place of its own class, so `sid`, `session`, `connected`,
`upgraded`, `closed`, `send` and `close` carry its names and meanings.
"""

from __future__ import annotations

import time
from math import inf
from typing import Any

import structlog

from chat.transport import frames, packets
from chat.transport.inbox import Inbox
from chat.transport.queues import Outbox, Outgoing
from chat.transport.streams import Stream
from chat.transport.surroundings import Surroundings
from chat.transport.upgrade import Upgrade
from chat.transport.websocket import Owner, WebSocket

log = structlog.get_logger(__name__)

_PING, _CLOSE, _NOOP = (Outgoing(text.encode()) for text in (packets.PING, packets.CLOSE, packets.NOOP))

# How long a command waits, at first and in the end, before it is looked again how much its client has left unread.
_UNREAD_SECONDS, _MOST_UNREAD_SECONDS = 0.01, 0.5

# The outbox of all who do not poll any more.
_ENDED = Outbox()
_ENDED.end()


class Overlap(Exception):
    """A second poll while one is waiting."""


class Connection:
    __slots__ = (
        "_connect_until", "_due", "_engine", "_inbox", "_out", "_outbox", "_ping_at", "_polling",
        "_pong_until", "_session", "_upgrade", "_upgrade_until", "_websocket",
        "closed", "connected", "sid", "upgraded",
    )  # fmt: skip

    def __init__(self, engine: Surroundings, sid: str) -> None:
        self.sid = sid
        self.connected = False
        self.upgraded = False
        self.closed = False
        self._engine = engine
        self._session: dict[str, Any] | None = None
        self._polling = False
        self._upgrade: Upgrade | None = None
        # The one that it speaks over; and the same one as long as what is sent goes out there.
        self._websocket: WebSocket | None = None
        self._out: WebSocket | None = None
        self._outbox = Outbox()
        self._inbox = Inbox(self._carry_out, engine.start, engine.limits.inbox_packets)
        self._ping_at = time.monotonic() + engine.limits.ping_interval
        self._pong_until = inf
        self._connect_until = inf
        self._upgrade_until = inf
        self._due = inf
        self.expect_connect(engine.limits.connect_seconds)

    @property
    def session(self) -> dict[str, Any]:
        if self._session is None:
            self._session = {}
        return self._session

    def traffic(self) -> tuple[int, int] | None:
        """The bytes sent and received over its WebSocket, where it has one and the system says it."""
        return None if self._websocket is None else self._websocket.traffic()

    # What the application sends

    def send(self, packet: Any) -> None:
        """Send one of python-engineio's packets."""
        self.deliver(Outgoing(packet.encode().encode(errors="replace")))

    def deliver(self, outgoing: Outgoing, gather: bool = False) -> None:
        """Send packets, or keep them for a client that is behind; one that leaves too much unread is dropped.

        With `gather` they leave at the end of this turn of the hub, together with what comes until then.
        """
        out = self._out
        if out is not None:
            if gather:
                taken = out.gather(outgoing.frames, outgoing.count, self._engine.turns)
            else:
                taken = out.write(outgoing.frames, outgoing.count)
        else:
            limits = self._engine.limits
            taken = self.closed or self._outbox.put(outgoing, limits.queue_packets, limits.queue_bytes)
        if not taken:
            self._engine.figures.slow_readers += 1
            log.info("dropped a client that does not read")
            self.abort(self._engine.reason.TRANSPORT_ERROR)

    # What the client sends

    def receive(self, text: str) -> None:
        """Act on one Engine.IO packet; raises `BadPacket`."""
        kind, data = packets.split(text)
        if kind == packets.MESSAGE:
            self._inbox.put(data)
        elif kind == packets.PONG:
            self._pong_until = inf
            self._ping_at = time.monotonic() + self._engine.limits.ping_interval
            self._watch()
        elif kind == packets.CLOSE:
            self.close(abort=True, reason=self._engine.reason.CLIENT_DISCONNECT)
        elif kind != packets.NOOP:
            raise packets.BadPacket("Engine.IO packet that only servers send")

    def _carry_out(self, text: str) -> None:
        """A command, as soon as the client has read enough for the answer: what it asks for must not get it dropped."""
        out = self._out
        if out is None or out.is_waiting:
            self._wait_until_read()
        self._engine.handlers["message"](self.sid, text)

    def _wait_until_read(self) -> None:
        """Wait while more than half of what may wait for the client does."""
        limits, pause = self._engine.limits, _UNREAD_SECONDS
        while not self.closed:
            queue = self._out or self._outbox
            if queue.unread_bytes <= limits.queue_bytes // 2 and queue.unread_packets <= limits.queue_packets // 2:
                return
            # Looking costs little, but who reads nothing may do so for as long as it answers heartbeats.
            self._engine.sleep(pause)
            pause = min(2 * pause, _MOST_UNREAD_SECONDS)

    # Deadlines

    def expect_connect(self, seconds: float) -> None:
        """This connection has no namespace, or none any more: it is closed unless it gets one in so many seconds."""
        self._connect_until = time.monotonic() + seconds
        self._watch()

    def _watch(self) -> None:
        """See to it that `tick` is called at the next deadline. A later one needs nothing: `tick` looks again."""
        at = min(self._ping_at, self._pong_until, self._connect_until, self._upgrade_until)
        if at < self._due:
            self._due = at
            self._engine.wheel.schedule(self, at)

    def tick(self, now: float) -> None:
        """Act on the deadlines that have passed."""
        if self.closed or now < self._due:
            # It ended, or this call was asked for before an earlier deadline came up.
            return
        self._due = inf
        if now >= self._pong_until:
            self.close(reason=self._engine.reason.PING_TIMEOUT)
        elif now >= self._connect_until:
            log.info("closed a client that connected to no namespace")
            self.close(reason=self._engine.reason.SERVER_DISCONNECT, code=frames.POLICY_VIOLATION)
        elif now >= self._ping_at:
            self._ping_at, self._pong_until = inf, now + self._engine.limits.ping_timeout
            self.deliver(_PING)
        if self._upgrade is not None and now >= self._upgrade_until:
            self._upgrade.expire()
        if not self.closed:
            self._watch()

    # Long-polling

    def poll(self) -> list[bytes]:
        """Packets for a polling GET, as soon as there are some. Raises `Overlap`."""
        if self._polling:
            raise Overlap
        self._polling = True
        try:
            if self._upgrade is not None:
                # The WebSocket is about to take over, so no packets here; and not at once, or the client would spin.
                self._engine.sleep(self._engine.limits.upgrade_poll_seconds)
            if self._upgrade is not None:
                return list(_NOOP.packets)
            if self._outbox.is_empty:
                self._outbox.wait()
                if not self.closed:
                    # What comes right behind need not wait for the next poll, which costs as much as this one.
                    self._engine.sleep(self._engine.limits.poll_gather_seconds)
            return self._outbox.take(self._engine.limits.poll_packets) or list(_NOOP.packets)
        finally:
            self._polling = False

    def take_post(self, texts: tuple[str, ...]) -> None:
        """Act on the packets of a polling POST, all or none of them; raises `BadPacket`. Waits while too many wait."""
        for text in texts:
            packets.split(text)
        for text in texts:
            self._inbox.wait_for_room()
            self.receive(text)

    # WebSocket

    def open_websocket(self, stream: Stream, greeting: bytes) -> None:
        """Speak WebSocket from the start. `greeting` answers the handshake."""
        websocket = self.websocket_over(stream, self)
        self.connected = True
        self.switch_to(websocket, greeting)
        websocket.run()

    @property
    def can_upgrade(self) -> bool:
        return self.connected and not self.upgraded and self._upgrade is None

    def upgrade(self, stream: Stream, greeting: bytes) -> None:
        """Move from polling to WebSocket, where `can_upgrade`; when that fails, the client stays on polling."""
        self._upgrade_until = time.monotonic() + self._engine.limits.upgrade_seconds
        self._watch()
        self._upgrade = Upgrade(self, stream)
        self._upgrade.begin(greeting)

    def websocket_over(self, stream: Stream, owner: Owner) -> WebSocket:
        limits = self._engine.limits
        return WebSocket(stream, owner, limits.packet_bytes, limits.queue_packets, limits.queue_bytes)

    def end_poll(self) -> None:
        """End the poll under way with nothing, if there is one."""
        if self._polling:
            self.deliver(_NOOP)

    def switch_to(self, websocket: WebSocket, greeting: bytes = b"") -> None:
        """From here on nothing is polled: what waited for that goes out as frames."""
        self._upgrade, self._upgrade_until = None, inf
        self.upgraded = True
        self._websocket = self._out = websocket
        self._outbox.end()
        kept = self._outbox.take(self._engine.limits.poll_packets)
        self._outbox = _ENDED
        if data := greeting + Outgoing(*kept).frames:
            websocket.write(data, len(kept))

    def on_text(self, text: str) -> None:
        if self.closed:
            return
        try:
            self.receive(text)
        except packets.BadPacket as error:
            self.refuse(error)
        if self._inbox.full and self._out is not None:
            self._out.pause()
            self._inbox.when_room(self._out.resume)

    def stay(self, websocket: WebSocket, code: int) -> None:
        """An upgrade has failed: go on by long-polling."""
        self._upgrade, self._upgrade_until = None, inf
        self._hang_up(websocket, code, "upgrade failed")

    def on_end(self, error: frames.FrameError | None) -> None:
        if error is not None:
            log.info("closed a WebSocket", why=error.reason)
        reason = self._engine.reason
        if error is None:
            self.close(abort=True, reason=reason.TRANSPORT_CLOSE)
        else:
            self.close(abort=True, reason=reason.TRANSPORT_ERROR, code=error.code)

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
        if self.upgraded and not abort:
            self.deliver(_CLOSE)
            if self.sid not in self._engine.sockets:
                # It had left so much unread that this was too much, and was dropped.
                return
        self.closed = True
        self._engine.sockets.pop(self.sid, None)
        self._out = None
        self._outbox.end(*(() if abort or self.upgraded else _CLOSE.packets))
        upgrade, self._upgrade = self._upgrade, None
        websocket = self._websocket if upgrade is None else upgrade.websocket
        if websocket is not None:
            self._hang_up(websocket, code)
        ended = reason or self._engine.reason.SERVER_DISCONNECT
        self._inbox.finish(lambda: self._engine.handlers["disconnect"](self.sid, ended), discard)

    def _hang_up(self, websocket: WebSocket, code: int, why: str = "") -> None:
        websocket.close(code, why)
        self._engine.wheel.schedule(websocket, time.monotonic() + self._engine.limits.close_seconds)

    def abort(self, reason: str) -> None:
        """End the session without a word, cutting the connection."""
        websocket = self._websocket
        self.close(abort=True, reason=reason, discard=True)
        if websocket is not None:
            websocket.abort()
