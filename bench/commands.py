"""The command line: `python -m bench [scenario...]`, or a long run, such as `python -m bench hold`."""

from __future__ import annotations

import signal
import sys
from types import FrameType

import click

from bench import console as consoles
from bench import grow as growth
from bench import hold as long_hold
from bench import plot, processes, report, side_by_side
from bench import search as searching
from bench import soak as long_soak
from bench import visitors as visiting
from bench.processes import ROOT
from bench.scenarios import SCENARIOS
from bench.servers import SERVERS

RESULTS = ROOT / "bench" / "results"
NAMES = [scenario.name for scenario in SCENARIOS]
KEYS = [server.key for server in SERVERS]


@click.command(
    epilog="In place of them: the long runs `hold`, `soak`, `console`, `grow`, `search`, `pictures`, `page`, "
    "`visitors`; see --help of each."
)
@click.argument("scenarios", nargs=-1, type=click.Choice(NAMES), metavar="[SCENARIO]...")
@click.option("--server", "keys", multiple=True, type=click.Choice(KEYS), help="Only this one; may be repeated.")
@click.option("--repetitions", default=5, show_default=True, type=click.IntRange(1, 100))
@click.option("--name", help="Of the files that are written; `results` when all is measured.")
def compare(scenarios: tuple[str, ...], keys: tuple[str, ...], repetitions: int, name: str | None) -> None:
    """Measure each SCENARIO, all if none is named, and write a page and a plot to bench/results/.

    \b
    fanout    one sender, 1,000 members of one room
    burst     50 of 500 members send at once
    pairs     200 rooms of two
    connects  how fast people come in
    memory    what an idle connection costs, at 1,000 and at 9,000
    acks      from sending to the ack, on a quiet server
    polling   one sender, 200 members on long-polling
    stalls    round trips amid sign-ins, history and sends
    slow      what 1,000 members notice of ten who do not read
    """
    servers = [server for server in SERVERS if not keys or server.key in keys]
    chosen = [scenario for scenario in SCENARIOS if not scenarios or scenario.name in scenarios]
    name = name or ("-".join([*scenarios, *keys]) or "results")
    if processes.cores_of_machine() < 2:
        click.echo("There is one core only: server and load share it, and the figures say little.")
    results = []
    for scenario in chosen:
        click.echo(scenario.title)
        results.append(side_by_side.compare(scenario, servers, repetitions, click.echo))
        # After each, so that a run that is broken off is not in vain.
        write(f"{name}.svg", plot.svg(results, servers))
        write(f"{name}.md", report.page(results, servers, repetitions, f"{name}.svg"))


@click.command()
@click.option("--clients", default=9000, show_default=True, type=click.IntRange(2, 50_000))
@click.option("--minutes", default=10.0, show_default=True, type=click.FloatRange(0.1, 600))
def hold(clients: int, minutes: float) -> None:
    """Keep many clients connected and tell them all something at the beginning, in the middle and at the end."""
    good, page = long_hold.hold(clients, minutes, click.echo)
    write("hold.md", page)
    sys.exit(0 if good else 1)


def write(name: str, text: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / name).write_text(text, "utf-8")
    click.echo(f"  written: bench/results/{name}")


@click.command()
@click.option("--minutes", default=60.0, show_default=True, type=click.FloatRange(0.2, 6000))
def soak(minutes: float) -> None:
    """Mixed load, broken lines and bad clients; at the end the server must have what it had after its first minutes."""
    good, page = long_soak.soak(minutes, click.echo)
    write("soak.md", page)
    sys.exit(0 if good else 1)


@click.command()
@click.option("--clients", default=9000, show_default=True, type=click.IntRange(2, 50_000))
@click.option("--seconds", default=15.0, show_default=True, type=click.FloatRange(1, 600))
def console(clients: int, seconds: float) -> None:
    """What everybody notices of a live console that is open on a server with many connections."""
    write("console.md", consoles.console(clients, seconds, click.echo))


@click.command()
@click.option("--members", default=200, show_default=True, type=click.IntRange(2, 5_000))
@click.option("--windows", default=1000, show_default=True, type=click.IntRange(100, 10_000))
@click.option("--seconds", default=15.0, show_default=True, type=click.FloatRange(1, 600))
def visitors(members: int, windows: int, seconds: float) -> None:
    """What members notice of help windows that send without a pause."""
    write("visitors.md", visiting.visitors(members, windows, seconds, click.echo))


@click.command()
@click.option("--repetitions", default=3, show_default=True, type=click.IntRange(1, 100))
def grow(repetitions: int) -> None:
    """One process and two, on PostgreSQL and Redis: how much more they do, and what a message costs each part."""
    processes.unpin()
    write("grow.md", growth.grow(repetitions, click.echo))


@click.command()
@click.option("--messages", default=1_000_000, show_default=True, type=click.IntRange(1000, 100_000_000))
@click.option("--repetitions", default=100, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), help="Only this one.")
def search(messages: int, repetitions: int, database: str | None) -> None:
    """How long a search takes among many messages, on SQLite and on PostgreSQL."""
    processes.unpin()
    write("search.md", searching.searches(messages, repetitions, database, click.echo))


@click.command()
def pictures() -> None:
    """How long pictures take that are as large as they may be, and what everybody else notices of it."""
    from bench import pictures as picturing

    processes.unpin()
    write("pictures.md", picturing.pictures(click.echo))


@click.command("page")
@click.option("--rounds", default=30, show_default=True, type=click.IntRange(1, 400))
@click.option("--seconds", default=20.0, show_default=True, type=click.FloatRange(1, 600))
def page(rounds: int, seconds: float) -> None:
    """How quickly the page opens rooms, and how smoothly it follows a busy one."""
    from bench import page as paging

    processes.unpin()

    write("page.md", paging.page(rounds, seconds, click.echo))


@click.command("lighthouse")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 20))
def lighthouse(rounds: int) -> None:
    """What Lighthouse says of signing in and of a conversation; fails below what is wanted."""
    from bench import lighthouse as lighting

    processes.unpin()
    good, told = lighting.lighthouse(rounds, click.echo)
    write("lighthouse.md", told)
    sys.exit(0 if good else 1)


LONG_RUNS = {
    "console": console,
    "grow": grow,
    "hold": hold,
    "lighthouse": lighthouse,
    "page": page,
    "pictures": pictures,
    "search": search,
    "soak": soak,
    "visitors": visitors,
}


def main() -> None:
    """Runs a command on the load's core. SIGTERM ends it as Ctrl+C does: servers and folders are cleaned up."""
    signal.signal(signal.SIGTERM, _interrupt)
    processes.raise_file_limit()
    processes.pin(processes.LOAD_CORE)
    words = sys.argv[1:]
    command = LONG_RUNS.get(words[0]) if words else None
    if command is None:
        compare(words, prog_name="python -m bench")
    else:
        command(words[1:], prog_name=f"python -m bench {words[0]}")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
