"""`hubbub ban`: what keeps people out, and how it ends. For an owner who is shut out too."""

from __future__ import annotations

import click

from chat.cli.support import opened_store


@click.group()
def ban() -> None:
    """Bans of accounts and blocked networks: list, lift, open."""


@ban.command("list")
def ban_list() -> None:
    """Banned accounts and blocked networks: which, name or network, until when, reason."""
    from chat.sanctions import bans, blocks
    from chat.times import stamp_or_none

    with opened_store() as store:
        for found in bans.everyone(store):
            click.echo(f"account\t{found.username}\t{stamp_or_none(found.until) or 'lifted'}\t{found.reason}")
        for network, until in blocks.everywhere(store):
            click.echo(f"network\t{network}\t{stamp_or_none(until) or 'opened'}\t")


@ban.command("lift")
@click.argument("name")
def ban_lift(name: str) -> None:
    """Let the account NAME in again, and the networks that were blocked with it; at once, or within 15 seconds."""
    from chat import accounts
    from chat.sanctions import bans

    with opened_store() as store:
        account = accounts.by_username(store, name)
        bans.lift(store, account.user)
        click.echo(f"{account.username} is let in again.")


@ban.command("open")
@click.argument("network", required=False)
def ban_open(network: str | None) -> None:
    """Let people come from NETWORK again, an address or a network as in the list; without it from everywhere."""
    from chat.sanctions import blocks

    with opened_store() as store:
        for opened in blocks.open_again(store, network):
            click.echo(f"{opened} is open.")
