"""How long the server is busy with something else: round trips of small requests amid everything that is slow."""

from __future__ import annotations

import time
from collections.abc import Callable

from bench.browsers import Browser
from bench.client import Client, connect_all, everybody_follows
from bench.dialects import HUBBUB
from bench.house import one_room
from bench.http import Http
from bench.loop import Loop
from bench.measuring import AFTERMATH_SECONDS, Failed, Measure, Meter, Outcome, Scenario, check, check_acks, quantile
from bench.servers import Running

PROBE_SECONDS = 0.005


class Probe:
    """Asks, waits for the answer, and asks again a moment later; `times` are the seconds that each answer took.

    A probe that only asks at fixed moments would count one long stall once; so does this one, which is why the longest
    is told beside the quantiles.
    """

    def __init__(self, loop: Loop, ask: Callable[[Callable[[], None]], object]) -> None:
        self.times: list[float] = []
        self._loop = loop
        self._ask = ask
        self._asked_at = 0.0

    def start(self) -> None:
        self._asked_at = time.perf_counter()
        self._ask(self._answered)

    def _answered(self) -> None:
        self.times.append(time.perf_counter() - self._asked_at)
        self._loop.after(PROBE_SECONDS, self.start)


def stalls(people: int = 100, seconds: float = 8.0) -> Scenario:
    """Two browsers sign in without a pause (argon2id), 100 messages a second go to 100 members, 50 pages of history a
    second are read, of 100 messages each."""

    def run(running: Running, loop: Loop, outcome: Outcome) -> None:
        clients, _ = connect_all(loop, running.port, running.dialect, running.seats)
        stream = everybody_follows(clients, running.dialect.message)
        sender, *readers = clients
        fill(loop, sender, 200)
        browsers = [Browser(loop, running.port) for _ in range(2)]
        for browser in browsers:
            browser.sign_in()
        loop.every(0.01, sender.say)
        pages = 0

        def read() -> None:
            client = readers[pages % len(readers)]
            client.call(
                lambda number: HUBBUB.command("history", number, room=client.seat.rooms[0], limit=100), took_page
            )

        def took_page(payload: bytes) -> None:
            nonlocal pages
            pages += 1
            if b'"ok":true' not in payload:
                raise Failed(f"history: {payload[:200]!r}")

        loop.every(0.02, read)
        http = Http(loop, running.port)
        page = Probe(loop, lambda then: http.request("GET", "/healthz", lambda _: then()))
        command = Probe(
            loop, lambda then: clients[-1].call(lambda number: HUBBUB.command("time", number), lambda _: then())
        )
        loop.rest(1.0)
        page.start()
        command.start()
        before = sum(browser.sign_ins for browser in browsers)
        with Meter(running.process, outcome):
            loop.rest(seconds)
        trouble = next((browser.trouble for browser in browsers if browser.trouble), "") or http.closed
        if trouble:
            raise Failed(trouble)
        signed_in = (sum(browser.sign_ins for browser in browsers) - before) / seconds
        loop.stop_repeating()
        loop.run(lambda: stream.completed == sender.sent, lambda: "the last messages did not arrive")
        loop.rest(AFTERMATH_SECONDS)
        check(stream, {sender.name: range(sender.sent)})
        check_acks(sender)
        for name, probe in (("http", page), ("socket", command)):
            outcome.values[f"{name}50"] = quantile(probe.times, 0.5) * 1000
            outcome.values[f"{name}99"] = quantile(probe.times, 0.99) * 1000
            outcome.values[f"{name}max"] = max(probe.times) * 1000
        outcome.values["signins"] = signed_in

    kinds = (("http", "GET /healthz"), ("socket", "`time` on a socket"))
    return Scenario(
        "stalls",
        f"Round trips amid sign-ins, history and 100 messages a second to {people}",
        one_room(people),
        (
            *(
                Measure(f"{key}{which}", f"{label}, {said}", "ms", "less")
                for key, label in kinds
                for which, said in (("50", "p50"), ("99", "p99"), ("max", "longest"))
            ),
            Measure("signins", "sign-ins meanwhile", "a second"),
        ),
        run,
        seconds=60 + 2 * seconds,
        application_only=True,
    )


def fill(loop: Loop, sender: Client, messages: int) -> None:
    """Send so many messages, one after another as fast as they are acknowledged."""
    sender.watch(lambda: sender.say() if sender.acked == sender.sent and sender.sent < messages else None)
    sender.say()
    loop.run(lambda: sender.acked == messages, lambda: f"{sender.acked} of {messages} messages were acknowledged")
    sender.watch(None)
