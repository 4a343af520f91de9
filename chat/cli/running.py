"""`hubbub run`: one process, or several under a supervisor."""

from __future__ import annotations

import dataclasses
import signal
import sys
import time

import click

from chat.cli.support import Refused, load_settings, refusals
from chat.config import Settings


@click.command()
@click.option("--host", help="Address to listen on (CHAT_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (CHAT_PORT); 0 takes a free one.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Start so many, on this port and those that follow, for a proxy in front; they need CHAT_REDIS_URL.",
)
@click.option("--supervised", is_flag=True, hidden=True, help="End when standard input does.")
def run(host: str | None, port: int | None, processes: int, supervised: bool) -> None:
    """Start the server; Ctrl+C or SIGTERM ends it cleanly. With --processes, SIGHUP restarts one after another."""
    if processes > 1:
        sys.exit(_run_several(host, port, processes))
    _run_one(host, port, supervised)


def _run_one(host: str | None, port: int | None, supervised: bool) -> None:
    began = time.monotonic()
    from chat.transport.patch import patch

    patch()
    from chat import create_app
    from chat.run import run as serve
    from chat.transport.server import CannotListen

    settings = _settings(host, port)
    if supervised:
        _end_with_standard_input()
    with refusals():
        try:
            serve(create_app(settings), began=began)
        except CannotListen as error:
            raise Refused(str(error)) from error


def _run_several(host: str | None, port: int | None, processes: int) -> int:
    from chat.supervisor import Supervisor

    settings = _settings(host, port)
    if not settings.redis_url:
        raise Refused("--processes needs CHAT_REDIS_URL, a Redis that joins them")
    if settings.port + processes > 65_536:
        raise Refused(f"There are no {processes} ports from {settings.port} on")
    ports = [settings.port + at if settings.port else 0 for at in range(processes)]
    command = [sys.executable, "-m", "chat", "run", "--host", settings.host]
    return Supervisor(command, ports, settings.drain_seconds).run()


def _settings(host: str | None, port: int | None) -> Settings:
    settings = load_settings()
    if host is not None:
        settings = dataclasses.replace(settings, host=host)
    if port is not None:
        settings = dataclasses.replace(settings, port=port)
    return settings


def _end_with_standard_input() -> None:
    """The supervisor holds the other end of it; where that was killed, nobody is left to stop this process."""
    from eventlet import patcher

    def wait() -> None:
        os.read(sys.stdin.fileno(), 1)
        os.kill(os.getpid(), signal.SIGTERM)

    os = patcher.original("os")
    patcher.original("threading").Thread(target=wait, daemon=True).start()
