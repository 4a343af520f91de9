"""The `hubbub` command: the group of all commands. Each loads what it needs when it is called."""

from __future__ import annotations

import click

from chat import __version__
from chat.cli.backups import backup, restore
from chat.cli.moderation import ban
from chat.cli.people import token, user
from chat.cli.running import run
from chat.cli.server import demo, doctor


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hubbub")
def main() -> None:
    """Hubbub, a chat server of your own. Settings are CHAT_* in the environment or in a .env file: docs/settings.md."""


for command in (run, user, token, ban, backup, restore, doctor, demo):
    main.add_command(command)
