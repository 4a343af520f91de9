"""What a scenario is, what comes out of it, and how messages are kept in flight."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bench.client import Client
from bench.house import Plan
from bench.loop import Late, Loop
from bench.processes import Process
from bench.servers import Running
from bench.streams import Stream

# In the time after the last message something may still arrive that should not.
AFTERMATH_SECONDS = 0.3


class Failed(Exception):
    """A check did not hold, so there is no figure; the text says what was seen."""


def attempt(run: Callable[[], None], say: Callable[[str], None]) -> tuple[bool, str]:
    """Whether a long run holds to its end, and the sentence that says so."""
    try:
        run()
    except (Failed, Late, OSError) as error:
        say(f"failed: {error}")
        return False, f"**Failed:** {error}"
    return True, "Everything held."


@dataclass(frozen=True)
class Measure:
    """One figure of a scenario."""

    key: str
    label: str
    unit: str
    better: Literal["more", "less"] = "more"


@dataclass
class Outcome:
    """One run's figures by the measures' keys, or the reason why there is none, and how busy the two cores were."""

    values: dict[str, float | str] = field(default_factory=dict)
    load_share: float = 0.0  # of its core, at its busiest measure
    server_share: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)  # shares of a core, of a server that has several parts


@dataclass(frozen=True)
class Scenario:
    """`run` fills in the outcome it is given, so that what it had measured before it failed is kept."""

    name: str
    title: str
    plan: Plan
    measures: tuple[Measure, ...]
    run: Callable[[Running, Loop, Outcome], None]
    seconds: float
    application_only: bool = False


class Meter:
    """How busy the generator and the server are between the block's beginning and its end."""

    def __init__(self, process: Process, outcome: Outcome) -> None:
        self._process = process
        self._outcome = outcome

    def __enter__(self) -> None:
        self._began = time.perf_counter(), time.process_time(), self._process.cpu_seconds()
        self._parts = self._process.parts()

    def __exit__(self, *_: object) -> None:
        wall, load, server = self._began
        took = time.perf_counter() - wall
        outcome = self._outcome
        outcome.load_share = max(outcome.load_share, (time.process_time() - load) / took)
        if self._process.is_running:
            outcome.server_share = max(outcome.server_share, (self._process.cpu_seconds() - server) / took)
            outcome.parts = {name: (now - self._parts[name]) / took for name, now in self._process.parts().items()}


def keep_in_flight(
    loop: Loop, stream: Stream, senders: Sequence[Client], window: int, seconds: float, warm: float = 1.0
) -> tuple[float, list[float]]:
    """Let each sender have `window` messages under way, and send again when a round has reached everybody.

    Returns the deliveries a second after the warm-up, and the seconds that each round took. Raises `Failed` and `Late`.
    """
    first = {sender: sender.sent for sender in senders}
    rounds: list[float] = []
    began = time.perf_counter()
    start, end = began + warm, began + warm + seconds
    counting_from = 0.0
    delivered_before = sent = 0
    sent_at: list[float] = []

    def pump() -> bool:
        nonlocal counting_from, delivered_before, sent
        now = time.perf_counter()
        while len(rounds) < stream.completed:
            rounds.append(now - sent_at[len(rounds)])
        if stream.fault:
            return True
        if not counting_from and now >= start:
            counting_from, delivered_before = now, stream.deliveries
        if now >= end:
            return stream.completed >= sent
        under_way = sent - stream.completed
        for _ in range(window - under_way if len(senders) == 1 or not under_way else 0):
            for sender in senders:
                sender.say()
                sent_at.append(now)
            sent += len(senders)
        return False

    def progress() -> str:
        return f"{stream.deliveries} of {sent * len(stream.readers)} deliveries had arrived"

    loop.run(pump, progress, outstanding=lambda: stream.outstanding(sent))
    took = time.perf_counter() - counting_from
    delivered = stream.deliveries - delivered_before
    loop.rest(AFTERMATH_SECONDS)
    check(stream, {sender.name: range(first[sender], sender.sent) for sender in senders})
    for sender in senders:
        check_acks(sender)
    return delivered / took, rounds


def check(stream: Stream, sent: dict[str, range]) -> None:
    """Raises `Failed` unless every member has received every message exactly once and in order."""
    faults = stream.faults(sent)
    if faults:
        raise Failed("; ".join(faults))


def check_acks(client: Client) -> None:
    """Raises `Failed` unless all that was sent was acknowledged, where acks are asked for."""
    if client.refusals:
        raise Failed(f"refused: {client.refusals[0]}")
    if client.dialect.acknowledges and client.acked != client.sent:
        raise Failed(f"{client.acked} of {client.sent} messages were acknowledged")


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
