"""`hubbub run`, `doctor` and `demo`."""

from __future__ import annotations

import sys
import time

import click

from chat.cli.support import Refused, load_settings, opened_store, refusals


@click.command()
@click.option("--host", help="Address to listen on (CHAT_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (CHAT_PORT); 0 takes a free one.")
def run(host: str | None, port: int | None) -> None:
    """Start the server; Ctrl+C or SIGTERM ends it cleanly."""
    began = time.monotonic()
    from chat.transport.patch import patch

    patch()
    import dataclasses

    from chat import create_app
    from chat.run import run as serve
    from chat.transport.server import CannotListen

    settings = load_settings()
    if host is not None:
        settings = dataclasses.replace(settings, host=host)
    if port is not None:
        settings = dataclasses.replace(settings, port=port)
    with refusals():
        try:
            serve(create_app(settings), began=began)
        except CannotListen as error:
            raise Refused(str(error)) from error


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
def demo(language: str) -> None:
    """Fill an empty server with made-up rooms, people and messages, for a look around."""
    from chat import demo as sample

    with opened_store() as store:
        click.echo(sample.fill(store, language))
