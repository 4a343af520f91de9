"""What the commands share: settings, an open database, and refusals as one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from chat.config import Settings, SettingsError
from chat.errors import ChatError, Refusal

if TYPE_CHECKING:
    from chat.store import Store


class Refused(click.ClickException):
    """A refusal of ours as one line, with exit code 1."""

    def show(self, file: object = None) -> None:
        click.echo(f"hubbub: {self.message}", err=True)


def load_settings() -> Settings:
    try:
        return Settings.load()
    except SettingsError as error:
        raise Refused(str(error)) from error


@contextmanager
def refusals() -> Iterator[None]:
    """What is refused in here becomes one line and exit code 1."""
    try:
        yield
    except (ChatError, Refusal, SettingsError) as error:
        raise Refused(_reason(error)) from error


@contextmanager
def opened_store() -> Iterator[Store]:
    """The database, migrated, for one command. Refusals become one line and exit code 1."""
    from chat import folders, logs
    from chat.store import schema

    settings = load_settings()
    logs.silence()
    with refusals():
        folders.prepare(settings)
        with schema.opened(settings) as store:
            yield store


def _reason(error: BaseException) -> str:
    """What went wrong, in one line; of a database in trouble, what its driver says too."""
    driver = getattr(error.__cause__, "orig", None)
    if isinstance(error, ChatError) and error.code == "unavailable" and driver is not None:
        return f"{error} ({(str(driver) or type(driver).__name__).splitlines()[0]})"
    return str(error)
