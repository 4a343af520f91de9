"""Networks that nobody may come from, blocked beside the ban of an account that came from there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, or_, select

from chat import addresses
from chat.actor import Actor
from chat.errors import ChatError, forbidden
from chat.store import Store, Transaction
from chat.store.compiled import Compiled
from chat.store.tables import blocked_networks as blocked
from chat.store.tables import sessions
from chat.times import now

_IN_FORCE = Compiled(
    select(blocked.c.network).where(
        blocked.c.network == bindparam("network"), or_(blocked.c.until.is_(None), blocked.c.until > bindparam("moment"))
    ),
    "network",
    "moment",
)


def is_blocked(store: Store, address: str) -> bool:
    with store.read() as conn:
        return bool(_IN_FORCE.rows(conn, addresses.counted(address), now()))


def require_open(store: Store, address: str) -> None:
    """For who is nobody yet. Raises `forbidden`."""
    if is_blocked(store, address):
        raise refused()


def refused() -> ChatError:
    return forbidden("Nobody is let in from your network at present.")


def block(tx: Transaction, actor: Actor, user: int, sanction: int, until: int | None) -> list[str]:
    """The networks of the account's sessions, which must not have ended yet; returns them.

    Raises `forbidden` where one is the actor's own.
    """
    came_from = tx.conn.scalars(select(sessions.c.address).where(sessions.c.user_id == user))
    networks = sorted({addresses.counted(address) for address in came_from if addresses.is_one(address)})
    if addresses.counted(actor.address) in networks:
        raise forbidden("You come from the same network, and would be blocked too.", "networks")
    # Of two bans that block a network, the later one says until when.
    tx.conn.execute(delete(blocked).where(blocked.c.network.in_(networks)))
    for network in networks:
        tx.conn.execute(blocked.insert().values(network=network, sanction_id=sanction, until=until))
    return networks


def unblock(tx: Transaction, bans: Sequence[int]) -> None:
    """Those that were blocked with these bans."""
    tx.conn.execute(delete(blocked).where(blocked.c.sanction_id.in_(bans)))
