"""Thousands of clients stay connected, answer heartbeats and all receive what is said at the beginning, in the middle
and at the end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from statistics import median

from bench import report
from bench.client import Client, connect_all, everybody_follows
from bench.house import crowd
from bench.loop import Loop
from bench.measuring import AFTERMATH_SECONDS, Failed, attempt, check, check_acks
from bench.servers import HUBBUB_ITSELF, Running
from bench.streams import Stream

SAMPLE_SECONDS = 5.0
# So much more in the last third of the time than in the first is what an allocator makes of it. Medians: a message to
# everybody leaves a plateau for a while, and single samples lie far below.
FLAT = 0.02
PING_INTERVAL, PING_TIMEOUT = 25.0, 20.0


class Hold:
    def __init__(self, running: Running, loop: Loop, say: Callable[[str], None]) -> None:
        self._running = running
        self._loop = loop
        self._say = say
        self._clients: list[Client] = []
        self._began = 0.0
        self.lines: list[str] = []
        self.samples: list[tuple[float, int]] = []

    def run(self, minutes: float) -> None:
        """Raises `Failed` and `Late`."""
        running, loop, process = self._running, self._loop, self._running.process
        empty = process.memory()
        self._clients, took = connect_all(loop, running.port, running.dialect, running.seats)
        count = len(self._clients)
        self._note(f"{count:,} clients connected in {took:.1f} s ({count / took:,.0f} a second)")
        stream = everybody_follows(self._clients, running.dialect.message)
        self._began = time.monotonic()
        self._sample()
        for number, place in enumerate(("at the beginning", "in the middle", "at the end")):
            loop.rest(max(0.0, number * 30 * minutes - self._elapsed()))
            self._broadcast(stream, place)
        self._judge(minutes, empty)

    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    def _sample(self) -> None:
        """Again and again; what is said is a line a minute."""
        self._loop.after(SAMPLE_SECONDS, self._sample)
        memory = self._running.process.memory()
        if not self.samples or self._elapsed() // 60 != self.samples[-1][0] // 60:
            connected = sum(1 for client in self._clients if not client.closed)
            self._say(f"  {self._elapsed() / 60:4.1f} min: {connected:,} connected, {memory / 2**20:.1f} MB")
        self.samples.append((self._elapsed(), memory))

    def _broadcast(self, stream: Stream, place: str) -> None:
        sender = self._clients[0]
        sent_at = time.perf_counter()
        sender.say()
        self._loop.run(
            lambda: stream.completed == sender.sent,
            lambda: f"the message {place} had reached all but {stream.outstanding(sender.sent):,}",
            seconds=60,
            outstanding=lambda: stream.outstanding(sender.sent),
        )
        took = time.perf_counter() - sent_at
        self._loop.rest(AFTERMATH_SECONDS)
        check(stream, {sender.name: range(sender.sent)})
        check_acks(sender)
        self._note(f"{place}: {len(self._clients):,} clients had the message, once each, after {took * 1000:.0f} ms")

    def _judge(self, minutes: float, empty: int) -> None:
        lost = [client for client in self._clients if client.closed]
        if lost:
            raise Failed(f"{len(lost)} connections were lost: {lost[0].closed}")
        due = int(minutes * 60 / PING_INTERVAL) - 1
        fewest = min(client.heartbeats for client in self._clients)
        self._note(f"every client has answered at least {fewest} heartbeats")
        if fewest < due:
            raise Failed(f"{due} heartbeats were due")
        settled = [memory for at, memory in self.samples if at >= min(60.0, minutes * 20)]
        third = max(1, len(settled) // 3)
        first, last = int(median(settled[:third])), int(median(settled[-third:]))
        each = (last - empty) / len(self._clients) / 1024
        peak = f"with peaks up to {max(settled) / 2**20:.1f} MB"
        self._note(
            f"memory of the server: {empty / 2**20:.1f} MB empty, {first / 2**20:.1f} MB in the first third, "
            f"{last / 2**20:.1f} MB in the last (medians), {peak}; {each:.1f} KB a connection"
        )
        if last > first * (1 + FLAT):
            raise Failed(f"the memory grew by {(last / first - 1):.1%}")

    def _note(self, line: str) -> None:
        self.lines.append(line)
        self._say(line)


def hold(clients: int, minutes: float, say: Callable[[str], None]) -> tuple[bool, str]:
    """Returns whether everything held, and a page that says what was seen."""
    plan = crowd(clients, together=True)
    with (
        HUBBUB_ITSELF.run(plan, ping_interval=str(PING_INTERVAL), ping_timeout=str(PING_TIMEOUT)) as running,
        contextlib.closing(Loop(minutes * 60 + 120 + clients / 20)) as loop,
    ):
        run = Hold(running, loop, say)
        good, verdict = attempt(lambda: run.run(minutes), say)
    lines = [
        f"# {clients:,} clients for {minutes:g} minutes, one process",
        "",
        *report.machine(),
        f"- each in five rooms, one of which has everybody in it; a heartbeat every {PING_INTERVAL:g} s",
        "",
        *(f"- {line}" for line in run.lines),
        "",
        verdict,
        "",
        "| minute | memory, MB |",
        "|---:|---:|",
        *(f"| {at / 60:.1f} | {memory / 2**20:.1f} |" for at, memory in run.samples[:: max(1, len(run.samples) // 20)]),
    ]
    return good, "\n".join(lines) + "\n"
