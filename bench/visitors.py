"""What members notice of visitors of web sites who send as fast as they can."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from bench import house, report
from bench.client import Client, connect_all, everybody_follows
from bench.dialects import Seat, Visitor
from bench.house import one_room
from bench.loop import CONNECTIONS_AN_ADDRESS, Loop
from bench.measuring import Failed, check, quantile
from bench.servers import HUBBUB_ITSELF, Running
from bench.streams import Stream
from chat import accounts
from chat.config import Settings
from chat.helpdesk import sites
from chat.store import schema

PAUSE_SECONDS = 0.1
TURNS = 3
# As many as a server lets one address open.
WINDOWS_AN_ADDRESS = 100


class Flood:
    """Windows that send the next message as soon as the last was answered, whatever the answer says."""

    def __init__(self, loop: Loop, port: int, site: str, windows: int) -> None:
        self.answered = 0
        self.taken = 0
        self.lost = 0
        self._on = False
        self._windows: list[Client] = []
        dialect = Visitor(site)
        for address in range(windows // WINDOWS_AN_ADDRESS):
            secrets = [f"a-window-of-the-benchmark-{address:04}-{number:06}" for number in range(WINDOWS_AN_ADDRESS)]
            first = (1 + address) * CONNECTIONS_AN_ADDRESS
            found, _ = connect_all(loop, port, dialect, [Seat(secret, (0,)) for secret in secrets], first=first)
            self._windows += found

    def begin(self) -> None:
        self._on = True
        for window in self._windows:
            self._next(window)

    def end(self) -> None:
        self._on = False

    def _next(self, window: Client) -> None:
        if self._on and not window.closed:
            window.say(lambda payload: self._came(window, payload))

    def _came(self, window: Client, payload: bytes) -> None:
        self.answered += 1
        self.taken += b'"ok":true' in payload
        self._next(window)


class Run:
    def __init__(self, running: Running, loop: Loop, say: Callable[[str], None]) -> None:
        self._running = running
        self._loop = loop
        self._say = say
        self.rounds: dict[str, list[float]] = {}
        self.acks: dict[str, list[float]] = {}
        self.floods: list[tuple[float, float]] = []
        self._turn = 0

    def run(self, site: str, windows: int, seconds: float) -> None:
        """Raises `Failed` and `Late`."""
        loop, running = self._loop, self._running
        members, _ = connect_all(loop, running.port, running.dialect, running.seats)
        stream = everybody_follows(members, running.dialect.message)
        flood = Flood(loop, running.port, site, windows)
        self._say(f"{len(members):,} members and {windows:,} windows connected")
        for _ in range(TURNS):
            self._phase("windows that are open and silent", members, stream, seconds)
            answered, taken, began = flood.answered, flood.taken, time.perf_counter()
            flood.begin()
            self._phase("windows that send without a pause", members, stream, seconds)
            flood.end()
            took = time.perf_counter() - began
            self.floods.append(((flood.answered - answered) / took, (flood.taken - taken) / took))
            self._say(f"{self.floods[-1][0]:,.0f} answers a second to windows, {self.floods[-1][1]:.0f} of them taken")
            loop.rest(3.0)
        check(stream, {member.name: range(member.sent) for member in members})
        if any(member.refusals for member in members):
            raise Failed("a member was refused")

    def _phase(self, title: str, members: Sequence[Client], stream: Stream, seconds: float) -> None:
        rounds, acks = self.rounds.setdefault(title, []), self.acks.setdefault(title, [])
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            # In turns, so that none of them comes near a limit.
            sender = members[self._turn % len(members)]
            self._turn += 1
            sent_at = time.perf_counter()

            def came(payload: bytes, sender: Client = sender, sent_at: float = sent_at) -> None:
                acks.append(time.perf_counter() - sent_at)
                if b'"ok":true' not in payload:
                    sender.refusals.append(payload.decode())

            sender.say(came)
            self._loop.run(
                lambda: stream.completed == self._turn,
                lambda: f"all but {stream.outstanding(self._turn):,} had it",
                seconds=60,
            )
            rounds.append(time.perf_counter() - sent_at)
            self._loop.rest(PAUSE_SECONDS)
        self._say(self.row(title))

    def row(self, title: str) -> str:
        acks = [1000 * one for one in self.acks[title]]
        rounds = [1000 * one for one in self.rounds[title]]
        shown = quantile(acks, 0.5), quantile(acks, 0.99), max(acks), median(rounds), quantile(rounds, 0.99)
        return f"| {title} | " + " | ".join(f"{one:.1f}" for one in shown) + " |"


def visitors(members: int, windows: int, seconds: float, say: Callable[[str], None]) -> str:
    """Returns a page. Raises `Failed` and `Late`."""
    keys: list[str] = []

    def prepare(folder: Path, _: Sequence[Seat]) -> None:
        with schema.opened(Settings(data_dir=folder)) as store:
            owner = accounts.by_username(store, house.OWNER)
            keys.append(sites.create(store, owner, "Bench", ["http://127.0.0.1"]).key)

    with (
        HUBBUB_ITSELF.run(one_room(members), prepare=prepare, rate_limits="on") as running,
        contextlib.closing(Loop(6 * TURNS * seconds + 180)) as loop,
    ):
        run = Run(running, loop, say)
        run.run(keys[0], windows, seconds)
    lines = [
        f"# {windows:,} help windows beside {members:,} members, one process",
        "",
        *report.machine(),
        f"- members: one room, a message every {PAUSE_SECONDS:g} s, {TURNS} turns of {seconds:g} s a row;",
        f"- windows: {WINDOWS_AN_ADDRESS} an address, the server's own limits, none of them waits when it is told to.",
        "",
        "| | member's ack p50, ms | p99 | longest | at all members p50, ms | p99 |",
        "|---|---|---|---|---|---|",
        *map(run.row, run.rounds),
        "",
        f"Answers to windows a second: {median(one for one, _ in run.floods):,.0f} (median of the turns), of which",
        f"{median(taken for _, taken in run.floods):.1f} said that a message was taken.",
        "",
    ]
    return "\n".join(lines)
