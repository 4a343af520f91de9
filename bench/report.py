"""The results as a page of Markdown."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import processes
from bench.measuring import Measure
from bench.servers import Server
from bench.side_by_side import BUSY, Results


def page(results: Sequence[Results], servers: Sequence[Server], repetitions: int, plot: str) -> str:
    """Everything that was measured, with what is needed to judge it. `plot` is the picture's file name."""
    turns = f"{repetitions} repetition{'s' if repetitions != 1 else ''}"
    parts = [
        "# Benchmarks",
        "",
        *machine(),
        f"- {turns}; in each, all servers take turns, every time in a new process with new data.",
        "- Shown: the median, with the lowest and the highest.",
        "",
        f"![The medians as bars]({plot})",
        "",
        "| server | version | what it does | what it lacks |",
        "|---|---|---|---|",
        *(f"| {server.title} | {server.version()} | {server.does} | {server.lacks or '-'} |" for server in servers),
        "",
        "A delivery is one message that one member has received. What failed its check (every message once, in order,",
        "at every member) has no figure. [How it is measured](../README.md)",
    ]
    for result in results:
        parts += ["", f"## {result.scenario.title}", "", *_table(result, servers)]
    return "\n".join(parts) + "\n"


def machine(*, pinned: bool = True) -> list[str]:
    """When and where, as a list's lines. `pinned`: whether server and load have a core each."""
    cores = processes.cores_of_machine()
    apart = (
        f"the server on core {processes.SERVER_CORE}, the load on core {processes.LOAD_CORE}"
        if cores > 1 and pinned
        else "all parts wherever there is room"
        if cores > 1
        else "**one core only, which server and load share**"
    )
    busy = f"load of the machine when this was written: {os.getloadavg()[0]:.1f}"
    return [
        f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"- {_processor()}, {cores} core{'s' if cores != 1 else ''}; {apart}",
        f"- {platform.system()} {platform.release()}, Python {platform.python_version()}; {busy}",
    ]


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def _table(result: Results, servers: Sequence[Server]) -> list[str]:
    notes: list[str] = []
    rows = [
        [f"{measure.label} ({measure.unit})", *(_cell(result, server, measure, notes) for server in servers)]
        for measure in result.scenario.measures
    ]
    rows.append(["server's core busy", *(_share(result.server_share(server.key)) for server in servers)])
    rows.append(["load's core busy", *(_load(result, server, notes) for server in servers)])
    lines = [
        "| | " + " | ".join(server.title for server in servers) + " |",
        "|---|" + "---:|" * len(servers),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
    return [*lines, *(line for number, note in enumerate(notes, 1) for line in ("", f"({number}) {note}"))]


def _cell(result: Results, server: Server, measure: Measure, notes: list[str]) -> str:
    skipped = result.skipped.get(server.key)
    if skipped:
        return f"- {_note(notes, f'skipped: {skipped}')}"
    median = result.median(server.key, measure.key)
    if median is None:
        return f"**failed** {_note(notes, result.failure(server.key, measure.key) or 'not run')}"
    values = result.values(server.key, measure.key)
    spread = f" ({number(min(values))} to {number(max(values))})" if len(values) > 1 else ""
    return f"{number(median)}{spread}"


def _note(notes: list[str], text: str) -> str:
    text = " ".join(text.split()).replace("|", "\\|")
    if text not in notes:
        notes.append(text)
    return f"({notes.index(text) + 1})"


def _load(result: Results, server: Server, notes: list[str]) -> str:
    share = result.load_share(server.key)
    if share > BUSY:
        return f"{_share(share)} {_note(notes, 'the load was at its own limit: the server may be faster')}"
    return _share(share)


def _share(share: float) -> str:
    return f"{share:.0%}" if share else "-"


def number(value: float) -> str:
    """With as many digits as mean something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
