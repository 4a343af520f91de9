"""How throughput grows with processes, and what one message costs each part of a server that has several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from bench import fleet, report
from bench.fleet import Shape
from bench.measuring import Outcome, Scenario
from bench.scenarios.fanout import fanout
from bench.scenarios.pairs import pairs
from bench.side_by_side import attempted

PEOPLE, ROOMS = 1000, 200
SHAPES = (
    Shape("1 process, SQLite", postgres=False, redis=False),
    Shape("1 process, PostgreSQL", redis=False),
    Shape("1 process, PostgreSQL, Redis"),
    Shape("2 processes, all clients at the first", 2, used=1),
    Shape("2 processes, each room at one", 2, together=2),
    Shape("2 processes, each room at both", 2),
)


@dataclass
class Row:
    """The repetitions of one scenario with one shape."""

    outcomes: list[Outcome] = field(default_factory=list)

    def rate(self, key: str) -> float:
        return median(float(outcome.values[key]) for outcome in self.outcomes)

    def cost(self, key: str, members: int, part: str) -> float | None:
        """Microseconds of a core that the part spends on a message, or None where there is no such part."""
        found = [
            outcome.parts[part] / (float(outcome.values[key]) / members) * 1e6
            for outcome in self.outcomes
            if part in outcome.parts
        ]
        return median(found) if found else None


@dataclass(frozen=True)
class Load:
    scenario: Scenario
    key: str
    unit: str
    members: int  # deliveries that one message is counted as

    def shapes(self) -> list[Shape]:
        # Whoever is in a large room is at all processes.
        return [shape for shape in SHAPES if self.members == 1 or shape.together == 1]


LOADS = (
    Load(pairs(ROOMS), "rate", "messages/s", 1),
    Load(fanout(PEOPLE, windows=(4,)), "rate4", "deliveries/s", PEOPLE),
)


def grow(repetitions: int, say: Callable[[str], None]) -> str:
    """Returns a page. Raises `RuntimeError` where a program is missing or a run has failed."""
    parts = ["# What several processes cost and bring", "", *report.machine(pinned=False), ""]
    for load in LOADS:
        say(load.scenario.title)
        rows = {shape: Row() for shape in load.shapes()}
        for repetition in range(repetitions):
            for shape, row in rows.items():
                outcome = _once(load.scenario, shape)
                rate = outcome.values[load.key]
                if isinstance(rate, str):
                    raise RuntimeError(f"{shape.title}: {rate}")
                row.outcomes.append(outcome)
                shares = ", ".join(f"{part} {share:.0%}" for part, share in outcome.parts.items())
                shown = f"{rate:,.0f} {load.unit} ({shares}, load {outcome.load_share:.0%})"
                say(f"  {repetition + 1}. {shape.title}: {shown}")
        parts += [f"## {load.scenario.title}", "", *_table(load, rows), ""]
    return "\n".join(parts)


def _once(scenario: Scenario, shape: Shape) -> Outcome:
    outcome = Outcome()
    with fleet.running(shape, scenario.plan) as running:
        reason = attempted(scenario, running, outcome)
    for measure in scenario.measures:
        outcome.values.setdefault(measure.key, reason)
    return outcome


def _table(load: Load, rows: dict[Shape, Row]) -> list[str]:
    columns = ("process 1", "process 2", "PostgreSQL", "Redis")
    lines = [
        f"| | {load.unit} | " + " | ".join(f"{part}, µs a message" for part in columns) + " | load's core busy |",
        "|---|" + "---:|" * (len(columns) + 2),
    ]
    for shape, row in rows.items():
        costs = (row.cost(load.key, load.members, part) for part in columns)
        cells = ["" if cost is None else f"{cost:.0f}" for cost in costs]
        busy = max(outcome.load_share for outcome in row.outcomes)
        lines.append(f"| {shape.title} | {row.rate(load.key):,.0f} | {' | '.join(cells)} | {busy:.0%} |")
    return lines
