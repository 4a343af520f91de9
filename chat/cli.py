"""The `hubbub` command: run, user, token, doctor, demo."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, get_args

import click

from chat import __version__
from chat.config import Settings, SettingsError
from chat.errors import ChatError
from chat.events import Role

if TYPE_CHECKING:
    from chat.store import Store

ROLES = [role for role in get_args(Role) if role != "guest"]


class Refused(click.ClickException):
    """A refusal of ours as one line, with exit code 1."""

    def show(self, file: object = None) -> None:
        click.echo(f"hubbub: {self.message}", err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hubbub")
def main() -> None:
    """Hubbub, a chat server of your own. Settings are CHAT_* in the environment or in a .env file: docs/settings.md."""


@main.command()
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
    from chat.store.schema import NewerDatabase
    from chat.transport.server import CannotListen

    settings = _settings_for(host, port)
    if supervised:
        _end_with_standard_input()
    try:
        serve(create_app(settings), began=began)
    except (CannotListen, ChatError, NewerDatabase, SettingsError) as error:
        raise Refused(_reason(error)) from error


def _run_several(host: str | None, port: int | None, processes: int) -> int:
    from chat.supervisor import Supervisor

    settings = _settings_for(host, port)
    if not settings.redis_url:
        raise Refused("--processes needs CHAT_REDIS_URL, a Redis that joins them")
    if settings.port + processes > 65_536:
        raise Refused(f"There are no {processes} ports from {settings.port} on")
    ports = [settings.port + at if settings.port else 0 for at in range(processes)]
    command = [sys.executable, "-m", "chat", "run", "--host", settings.host]
    return Supervisor(command, ports, settings.drain_seconds).run()


def _settings_for(host: str | None, port: int | None) -> Settings:
    import dataclasses

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


@main.group()
def user() -> None:
    """Accounts: add, list, passwd, role."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="member", show_default=True)
@click.option("--display-name", help="The name that others see; the account's name if left out.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def user_add(name: str, role: Role, display_name: str | None, password_stdin: bool) -> None:
    """Make an account. A bot needs no password: give it a token."""
    from chat import accounts

    with opened_store() as store:
        password = None if role == "bot" else _password(password_stdin)
        made = accounts.create(store, name, name=display_name, role=role, password=password)
        click.echo(f"{made.username} is now {'an' if role[0] in 'ao' else 'a'} {role}.")


@user.command("list")
def user_list() -> None:
    """All accounts: number, name, role, display name."""
    from chat import accounts

    with opened_store() as store:
        for found in accounts.everyone(store):
            click.echo(f"{found.id}\t{found.username}\t{found.role}\t{found.name}")


@user.command("passwd")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def user_passwd(name: str, password_stdin: bool) -> None:
    """Set a new password; the account is signed out everywhere."""
    from chat import accounts

    with opened_store() as store:
        account = accounts.by_username(store, name)
        accounts.reset_password(store, account.user, _password(password_stdin))
        click.echo(f"{account.username} has a new password and is signed out everywhere.")


@user.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
def user_role(name: str, role: Role) -> None:
    """Give an account another role; it is signed out everywhere."""
    from chat import accounts

    with opened_store() as store:
        account = accounts.by_username(store, name)
        accounts.set_role(store, account.user, role)
        click.echo(f"{account.username} is now {'an' if role[0] in 'ao' else 'a'} {role}.")


@main.group()
def token() -> None:
    """API tokens of an account: add, list, revoke."""


@token.command("add")
@click.argument("name")
@click.option("--label", default="command line", show_default=True, help="What the token is for.")
def token_add(name: str, label: str) -> None:
    """Make a token for the account NAME and print it, alone: it can't be shown again."""
    from chat import accounts, tokens

    with opened_store() as store:
        click.echo(tokens.create(store, accounts.by_username(store, name), label)[1])


@token.command("list")
@click.argument("name")
def token_list(name: str) -> None:
    """The tokens of the account NAME: number, label, made, last used."""
    from chat import accounts, tokens
    from chat.times import stamp, stamp_or_none

    with opened_store() as store:
        for found in tokens.listing(store, accounts.by_username(store, name)):
            used = stamp_or_none(found.last_used_at) or "never"
            click.echo(f"{found.id}\t{found.name}\t{stamp(found.created_at)}\t{used}")


@token.command("revoke")
@click.argument("name")
@click.argument("number", type=click.IntRange(1, 2**53 - 1))
def token_revoke(name: str, number: int) -> None:
    """Make token NUMBER of the account NAME useless; a running server closes its connections within 15 seconds."""
    from chat import accounts, tokens

    with opened_store() as store:
        tokens.revoke(store, accounts.by_username(store, name), number)
        click.echo("Revoked.")


@main.command()
def doctor() -> None:
    """Check this machine and the settings, and say what to do. Exit code 1 if something must be mended."""
    from chat import doctor as checks

    findings = checks.examine(load_settings())
    for finding in findings:
        click.echo(f"{finding.level:5} {finding.subject}: {finding.text}")
    if any(finding.level == "wrong" for finding in findings):
        sys.exit(1)


@main.command()
@click.option("--language", type=click.Choice(["en", "zh-Hans"]), default="en", show_default=True)
def demo(language: str) -> None:
    """Fill an empty server with made-up rooms, people and messages, for a look around."""
    from chat import demo as sample

    with opened_store() as store:
        click.echo(sample.fill(store, language))


def load_settings() -> Settings:
    try:
        return Settings.load()
    except SettingsError as error:
        raise Refused(str(error)) from error


@contextmanager
def opened_store() -> Iterator[Store]:
    """The database, migrated, for one command. Refusals become one line and exit code 1."""
    from chat import folders, logs
    from chat.store import Store, schema

    settings = load_settings()
    logs.silence()
    try:
        folders.prepare(settings)
        store = Store(settings)
        try:
            schema.prepare(store)
            yield store
        finally:
            store.close()
    except (ChatError, SettingsError, schema.NewerDatabase) as error:
        raise Refused(_reason(error)) from error


def _reason(error: BaseException) -> str:
    """What went wrong, in one line; of a database in trouble, what its driver says too."""
    driver = getattr(error.__cause__, "orig", None)
    if isinstance(error, ChatError) and error.code == "unavailable" and driver is not None:
        return f"{error} ({(str(driver) or type(driver).__name__).splitlines()[0]})"
    return str(error)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked
