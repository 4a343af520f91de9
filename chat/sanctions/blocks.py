"""Networks that nobody may come from, blocked beside the ban of an account that came from there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, or_, select

from chat import addresses, audit
from chat.actor import Actor
from chat.errors import ChatError, forbidden, not_found
from chat.store import Store, Transaction
from chat.store.outbox import NetworksBlocked, NetworksFreed
from chat.store.tables import blocked_networks as blocked
from chat.store.tables import sanctions, sessions
from chat.times import now


def all_in_force(conn: Connection) -> tuple[list[NetworksBlocked], int]:
    """And the number of the last sanction that was there to be seen."""
    last = conn.scalar(select(func.max(sanctions.c.id))) or 0
    open_yet = or_(blocked.c.until.is_(None), blocked.c.until > now())
    rows = conn.execute(select(blocked.c.sanction_id, blocked.c.network, blocked.c.until).where(open_yet))
    return [NetworksBlocked(ban, (network,), until) for ban, network, until in rows], last


def require_open(store: Store, address: str, actor: Actor | None = None) -> None:
    """For who comes from there; staff who are signed in may come from anywhere. Raises `forbidden`."""
    if (actor is None or not actor.is_staff) and store.is_blocked(address):
        raise refused()


def everywhere(store: Store) -> list[tuple[str, int | None]]:
    """The networks that are blocked, and until when, for the command line."""
    with store.read() as conn:
        found, _ = all_in_force(conn)
    return [(network, one.until) for one in found for network in one.networks]


def open_again(store: Store, network: str | None) -> list[str]:
    """For the command line: let people come from a network, or from all, whoever is banned. Raises `not_found`."""

    def work(tx: Transaction) -> list[str]:
        wanted = blocked.c.network.is_not(None) if network is None else blocked.c.network == addresses.counted(network)
        opened = sorted(tx.conn.scalars(delete(blocked).where(wanted).returning(blocked.c.network)))
        if network is not None and not opened:
            raise not_found("This network is not blocked.", "network")
        audit.note(tx, None, "network_open", networks=opened)
        return opened

    return store.write(work)


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
    tx.after_commit(NetworksBlocked(sanction, tuple(networks), until))
    return networks


def unblock(tx: Transaction, bans: Sequence[int]) -> None:
    """Those that were blocked with these bans."""
    if tx.conn.execute(delete(blocked).where(blocked.c.sanction_id.in_(bans))).rowcount:
        tx.after_commit(NetworksFreed(tuple(bans)))
