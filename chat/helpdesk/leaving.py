"""Agents who are none any more: what they knew of visitors and had of them goes to the others."""

from __future__ import annotations

from chat.actor import Actor
from chat.helpdesk import agents, conversations
from chat.store import Store, Transaction


def dismiss(store: Store, actor: Actor, user: int) -> None:
    """Make an agent nobody special. Raises `not_found` for who can't be one."""

    def work(tx: Transaction) -> None:
        agents.keep(tx, actor, user, helps=False)
        conversations.let_go(tx, user)

    store.write(work)
