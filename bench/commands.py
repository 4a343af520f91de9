"""The command line: `python -m bench [scenario...]`, `hold`, `soak`."""

from __future__ import annotations

import click

from bench import processes, side_by_side
from bench.scenarios import SCENARIOS
from bench.servers import SERVERS


@click.command()
@click.argument("names", nargs=-1)
@click.option("--servers", default="")
@click.option("--repetitions", default=5)
def main(names: tuple[str, ...], servers: str, repetitions: int) -> None:
    processes.pin(processes.LOAD_CORE)
    chosen = [s for s in SERVERS if not servers or s.key in servers.split(",")]
    for scenario in SCENARIOS:
        if names and scenario.name not in names:
            continue
        click.echo(scenario.title)
        side_by_side.compare(scenario, chosen, repetitions, click.echo)
