"""What a live console costs a server with thousands of connections, and everybody else on it."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench import house, report
from bench.client import Client, connect_all, everybody_follows
from bench.dialects import HUBBUB, STAFF, Seat
from bench.house import crowd
from bench.loop import Loop
from bench.measuring import Failed, check, check_acks, quantile
from bench.scenarios.stalls import Probe
from bench.servers import HUBBUB_ITSELF, Running
from bench.streams import Stream
from chat import accounts, tokens
from chat.config import Settings
from chat.store import schema

# So often everybody is told something.
PAUSE_SECONDS = 0.5
TURNS = 3


@dataclass
class Figures:
    """What was measured under one title, of all its turns."""

    rounds: list[float] = field(default_factory=list)
    trips: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    memory: int = 0

    def row(self, title: str) -> str:
        times = [1000 * one for one in self.trips]
        figures = (
            1000 * median(self.rounds),
            quantile(times, 0.5),
            quantile(times, 0.99),
            max(times),
            100 * median(self.shares),
            self.memory / 2**20,
        )
        return f"| {title} | " + " | ".join(f"{one:.1f}" for one in figures) + " |"


class Run:
    def __init__(self, running: Running, loop: Loop, token: str, say: Callable[[str], None]) -> None:
        self._running = running
        self._loop = loop
        self._token = token
        self._say = say
        self.found: dict[str, Figures] = {}
        self.pages: list[float] = []
        self.lines = 0
        self._after = ""

    def run(self, seconds: float) -> None:
        """In turns, since a machine is quicker at one time than at another. Raises `Failed` and `Late`."""
        loop, running = self._loop, self._running
        clients, took = connect_all(loop, running.port, HUBBUB, running.seats)
        self._say(f"{len(clients):,} clients connected in {took:.1f} s")
        stream = everybody_follows(clients, HUBBUB.message)
        loop.rest(3.0)
        (staff,), _ = connect_all(loop, running.port, STAFF, [Seat(self._token, ())], first=len(clients))
        staff.other = self._heard
        prober = clients[-1]
        probe = Probe(loop, lambda then: prober.call(lambda number: HUBBUB.command("time", number), lambda _: then()))
        probe.start()
        for _ in range(TURNS):
            self._phase("nobody looks", clients, stream, probe, seconds)
            self._call(staff, "stats_watch")
            self._phase("a console is open", clients, stream, probe, seconds)
            loop.every(1.0, lambda: self._turn(staff))
            self._phase("and asks for a page of connections every second", clients, stream, probe, seconds)
            loop.stop_repeating()
            self._call(staff, "stats_watch", on=False)
        if self.lines < TURNS * seconds / 2:
            raise Failed(f"{self.lines} lines of figures came")
        check(stream, {clients[0].name: range(clients[0].sent)})
        check_acks(clients[0])

    def _heard(self, payload: bytes) -> None:
        self.lines += payload.startswith(b'42/admin,["stats",')

    def _phase(self, title: str, clients: Sequence[Client], stream: Stream, probe: Probe, seconds: float) -> None:
        loop, process, sender = self._loop, self._running.process, clients[0]
        figures = self.found.setdefault(title, Figures())
        asked = len(probe.times)
        busy, began = process.cpu_seconds(), time.perf_counter()
        while time.perf_counter() - began < seconds:
            sent_at = time.perf_counter()
            sender.say()
            loop.run(
                lambda: stream.completed == sender.sent,
                lambda: f"all but {stream.outstanding(sender.sent):,} had it",
                seconds=60,
            )
            figures.rounds.append(time.perf_counter() - sent_at)
            loop.rest(PAUSE_SECONDS)
        figures.trips += probe.times[asked:]
        figures.shares.append((process.cpu_seconds() - busy) / (time.perf_counter() - began))
        figures.memory = process.memory()
        self._say(figures.row(title))

    def _turn(self, staff: Client) -> None:
        """The next page, sorted by what takes longest to find out."""
        fields: dict[str, object] = {"sort": "sent", "descending": True}
        if self._after:
            fields["after"] = self._after
        asked_at = time.perf_counter()

        def came(payload: bytes) -> None:
            self.pages.append(time.perf_counter() - asked_at)
            answer = json.loads(payload.partition(b"[")[2][:-1])
            if not answer["ok"]:
                raise Failed(f"no list: {answer}")
            self._after = answer.get("next", "")

        self._call(staff, "connection_list", came, **fields)

    def _call(
        self, staff: Client, command: str, then: Callable[[bytes], object] = lambda _: None, **fields: object
    ) -> None:
        staff.call(lambda number: STAFF.command(command, number, **fields), then)


def console(clients: int, seconds: float, say: Callable[[str], None]) -> str:
    """Returns a page. Raises `Failed` and `Late`."""
    secrets: list[str] = []

    def prepare(folder: Path, _: Sequence[Seat]) -> None:
        with schema.opened(Settings(data_dir=folder)) as store:
            secrets.append(tokens.create(store, accounts.by_username(store, house.OWNER), "console")[1])

    with (
        HUBBUB_ITSELF.run(crowd(clients, together=True), prepare=prepare) as running,
        contextlib.closing(Loop(3 * TURNS * seconds + 180 + clients / 20)) as loop,
    ):
        run = Run(running, loop, secrets[0], say)
        run.run(seconds)
    pages = [1000 * one for one in run.pages]
    lines = [
        f"# A live console, {clients:,} connections, one process",
        "",
        *report.machine(),
        f"- each in five rooms, one of which has everybody in it and is told something every {PAUSE_SECONDS:g} s;",
        f"  {TURNS} turns of {seconds:g} s a row, medians. A round trip is that of `time`, asked over and over by",
        "  one of them.",
        "",
        "| | a message is everywhere after, ms | round trip p50, ms | p99 | longest | of a core, % | memory, MB |",
        "|---|---|---|---|---|---|---|",
        *(figures.row(title) for title, figures in run.found.items()),
        "",
        f"{len(pages)} pages of 100 connections, sorted by what was sent to them:",
        f"{median(pages):.0f} ms each (median), {max(pages):.0f} ms the longest.",
        "",
    ]
    return "\n".join(lines)
