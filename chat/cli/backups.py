"""`hubbub backup` and `hubbub restore`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chat import __version__
from chat.cli.support import load_settings, refusals

if TYPE_CHECKING:
    from chat.backup.archive import Manifest
    from chat.backup.progress import Advance

# How often a progress bar is drawn anew.
STEPS = 200

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def backup(file: Path, force: bool) -> None:
    """Copy the database and the uploaded files into FILE, a ZIP archive, while the server may be running.

    All of it is of one moment. The messages are there to read; the key that signs forms is left out.
    """
    from chat import backup as backups
    from chat import logs

    settings = load_settings()
    logs.silence()
    with refusals(), _ended_in_order():
        made = backups.make(settings, file, program=__version__, force=force, progress=_bar)
    click.echo(f"{file} ({made.size:,} bytes) holds {_contents(made.manifest)}.")
    if made.missed:
        click.echo(f"{made.missed:,} files were removed meanwhile and are not in it.")
    if settings.files_s3_bucket:
        click.echo(f"The uploaded files are in the bucket {settings.files_s3_bucket}, and not in it.")


@click.command()
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace a database that has accounts.")
def restore(file: Path, force: bool) -> None:
    """Check FILE, then put what it holds in the place of the database and the uploaded files. Stop the server first.

    What is replaced is kept under a name that is printed, but for the tables of PostgreSQL. FILE may come from either
    kind of database, and from an older version.
    """
    from chat import backup as backups
    from chat import logs

    settings = load_settings()
    logs.silence()
    with refusals(), _ended_in_order():
        done = backups.restore(settings, file, force=force, progress=_bar)
    click.echo(f"Restored {_contents(done.manifest)}.")
    for path in done.kept:
        click.echo(f"What was there before is kept as {path}.")


def _contents(manifest: Manifest) -> str:
    from chat.times import stamp

    found = [(manifest.rows("users"), "account"), (manifest.rows("rooms"), "room")]
    found += [(manifest.rows("messages"), "message"), (len(manifest.files), "file")]
    *most, last = [f"{number:,} {noun}{'' if number == 1 else 's'}" for number, noun in found]
    return f"{', '.join(most)} and {last} as of {stamp(manifest.made_at)}"


@contextmanager
def _bar(step: str, total: int) -> Iterator[Advance]:
    """A progress bar on a terminal; elsewhere the last line says it all."""
    if not sys.stderr.isatty() or not total:
        yield lambda _done: None
        return
    waiting = 0

    def advance(done: int) -> None:
        # Drawing takes longer than a row does.
        nonlocal waiting
        waiting += done
        if waiting * STEPS >= total:
            shown.update(waiting)
            waiting = 0

    with click.progressbar(length=total, label=f"{step:9}", file=sys.stderr) as shown:
        yield advance
        shown.update(waiting)


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """SIGTERM ends the command as Ctrl+C does, so that nothing half done is left."""

    def end(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
