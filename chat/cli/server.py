"""`hubbub doctor` and `demo`."""

from __future__ import annotations

import sys

import click

from chat.cli.support import load_settings, opened_store


@click.command()
def doctor() -> None:
    """Check this machine and the settings, and say what to do. Exit code 1 if something must be mended."""
    from chat import doctor as checks

    findings = checks.examine(load_settings())
    for finding in findings:
        click.echo(f"{finding.level:5} {finding.subject}: {finding.text}")
    if any(finding.level == "wrong" for finding in findings):
        sys.exit(1)


@click.command()
@click.option("--language", type=click.Choice(["en", "zh-Hans"]), default="en", show_default=True)
@click.option("--visitors/--no-visitors", default=True, show_default=True, help="Also a web site with live help.")
def demo(language: str, *, visitors: bool) -> None:
    """Fill an empty server with made-up rooms, people and messages, for a look around."""
    from chat import demo as sample

    with opened_store() as store:
        said = sample.fill(store, language)
        if visitors:
            sample.fill_help(store, language)
        click.echo(said)
