"""What the processes of a server tell those of its staff who look: a line every two seconds, while somebody does.

An hour of samples is kept in memory whether or not anybody looks, so that a console has something to draw at once.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec
from flask_socketio import SocketIO

from chat.events.admin import Stats, StatsSeries
from chat.metrics.sampling import Sampler
from chat.sockets.delivery import CONSOLE
from chat.sockets.relay import Line, Relay, Watching

STATS_SECONDS = 2.0
LEASE_SECONDS = 6.0
KEPT_SECONDS = 10.0
KEPT = 360
ROOM = "stats"


class Console:
    """`make` makes a sampler for a process of this name. `clock` gives seconds that never go back."""

    def __init__(
        self,
        socketio: SocketIO,
        relay: Relay,
        process: str,
        make: Callable[[str], Sampler],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._socketio = socketio
        self._relay = relay
        self._make = make
        self._clock = clock
        self.process = process
        self._slow = make(process)
        self._quick: Sampler | None = None
        self._kept: deque[Stats] = deque(maxlen=KEPT)
        self._kept_at = self._told_at = clock()
        self._watchers: set[str] = set()
        self._watched_until = 0.0
        relay.on_watching, relay.on_line = self._hear_watching, self.tell

    def watch(self, sid: str, on: bool) -> None:
        server = self._socketio.server
        if on and sid not in self._watchers:
            self._watchers.add(sid)
            server.enter_room(sid, ROOM, namespace=CONSOLE)
            self._relay.say(Watching())
        elif not on and sid in self._watchers:
            self._watchers.discard(sid)
            server.leave_room(sid, ROOM, namespace=CONSOLE)

    def left(self, sid: str) -> None:
        self._watchers.discard(sid)

    def series(self) -> StatsSeries:
        """The last hour of this process."""
        lines = [msgspec.structs.asdict(one) for one in self._kept]
        names = [name for name in Stats.__struct_fields__ if name != "process"]
        return StatsSeries(self.process, {name: [line[name] for line in lines] for name in names})

    def tell(self, stats: Stats) -> None:
        """To who looks here."""
        if self._watchers:
            self._socketio.server.emit("stats", stats, to=ROOM, namespace=CONSOLE)

    def beat(self) -> None:
        now = self._clock()
        if now - self._kept_at >= KEPT_SECONDS:
            self._kept_at = now
            self._kept.append(self._slow.take())
        if now - self._told_at < STATS_SECONDS:
            return
        self._told_at = now
        if self._watchers:
            self._relay.say(Watching())
        elif now >= self._watched_until:
            self._quick = None
            return
        if self._quick is None:
            # From here on there is something to compare with.
            self._quick = self._make(self.process)
            return
        line = self._quick.take()
        self.tell(line)
        self._relay.say(Line(line))

    def _hear_watching(self, _: Any) -> None:
        self._watched_until = self._clock() + LEASE_SECONDS
