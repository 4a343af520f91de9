"""`hubbub user` and `hubbub token`: accounts and what speaks for them."""

from __future__ import annotations

import sys
from typing import get_args

import click

from chat.cli.support import opened_store
from chat.events.values import Role

ROLES = [role for role in get_args(Role) if role != "guest"]


@click.group()
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


@click.group()
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


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked
