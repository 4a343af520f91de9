"""All servers take turns in every repetition, each in a new process with new data."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.loop import Late, Loop
from bench.measuring import Failed, Outcome, Scenario
from bench.servers import Running, Server

BUSY = 0.9


@dataclass
class Results:
    """The outcomes of one scenario by server."""

    scenario: Scenario
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)

    def values(self, server: str, measure: str) -> list[float]:
        """The figures of all repetitions; empty where one has failed or none was run."""
        found = [outcome.values[measure] for outcome in self.outcomes.get(server, [])]
        numbers = [value for value in found if not isinstance(value, str)]
        return numbers if len(numbers) == len(found) else []

    def failure(self, server: str, measure: str) -> str:
        """Why there is no figure: what the first repetition that failed says."""
        found = [outcome.values[measure] for outcome in self.outcomes.get(server, [])]
        reasons = [value for value in found if isinstance(value, str)]
        of_all = f" ({len(reasons)} of {len(found)} runs)" if len(found) > 1 else ""
        return f"{reasons[0]}{of_all}" if reasons else ""

    def median(self, server: str, measure: str) -> float | None:
        values = self.values(server, measure)
        return median(values) if values else None

    def load_share(self, server: str) -> float:
        return max((outcome.load_share for outcome in self.outcomes.get(server, [])), default=0.0)

    def server_share(self, server: str) -> float:
        return max((outcome.server_share for outcome in self.outcomes.get(server, [])), default=0.0)


def compare(scenario: Scenario, servers: Sequence[Server], repetitions: int, say: Callable[[str], None]) -> Results:
    """Run one scenario against the servers: A B C, A B C, ..."""
    results = Results(scenario)
    running = []
    for server in servers:
        why_not = server.why_not()
        if scenario.application_only and server.dialect.acknowledges is False:
            why_not = "it has nothing like that"
        if why_not:
            results.skipped[server.key] = why_not
            say(f"  {server.title}: skipped, {why_not}")
        else:
            running.append(server)
    for repetition in range(repetitions):
        for server in running:
            outcome = once(scenario, server)
            results.outcomes.setdefault(server.key, []).append(outcome)
            say(f"  {repetition + 1}. {server.title}: {summary(scenario, outcome)}")
    return results


def once(scenario: Scenario, server: Server) -> Outcome:
    """One run against a new process. Whatever fails stands in the outcome in place of the figures."""
    outcome = Outcome()
    reason = "no figure"
    try:
        with server.run(scenario.plan) as running:
            reason = attempted(scenario, running, outcome)
    except RuntimeError as error:
        reason = f"failed: {error}"
    for measure in scenario.measures:
        outcome.values.setdefault(measure.key, reason)
    return outcome


def attempted(scenario: Scenario, running: Running, outcome: Outcome) -> str:
    """Measure, and return why figures are missing, if any are."""
    # What piles up in a run is bytes, which are no garbage to look for.
    gc.collect()
    gc.disable()
    try:
        with contextlib.closing(Loop(scenario.seconds)) as loop:
            scenario.run(running, loop, outcome)
        return "no figure"
    except Late as late:
        return f"not done within {scenario.seconds:.0f} s: {late}"
    except (Failed, OSError) as error:
        last = "" if running.process.is_running else f"; the server ended: {running.process.log[-300:]}"
        return f"failed: {error}{last}"
    finally:
        gc.enable()


def summary(scenario: Scenario, outcome: Outcome) -> str:
    parts = []
    for measure in scenario.measures:
        value = outcome.values[measure.key]
        shown = value if isinstance(value, str) else f"{value:,.{2 if value < 100 else 0}f} {measure.unit}"
        parts.append(f"{measure.label}: {shown}")
    return "; ".join(parts) + f" (generator {outcome.load_share:.0%}, server {outcome.server_share:.0%})"
