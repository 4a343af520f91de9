"""How closely messages and rooms stand on somebody's pages: kept on the account, so that all its windows look alike."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Connection, bindparam, select, update

from chat.actor import Actor
from chat.events.people import DensityChanged, DensitySet
from chat.events.values import Density
from chat.store import Store, Transaction
from chat.store.compiled import Compiled
from chat.store.outbox import Publish, user_channel
from chat.store.tables import users

_KEPT = Compiled(select(users.c.density).where(users.c.id == bindparam("user")), "user")


def of(conn: Connection, user: int) -> Density:
    """What somebody who exists has chosen."""
    return cast(Density, _KEPT.rows(conn, user)[0][0])


def choose(store: Store, actor: Actor, command: DensitySet) -> None:
    """`density_set`."""

    def work(tx: Transaction) -> None:
        tx.conn.execute(update(users).where(users.c.id == actor.user).values(density=command.density))
        tx.after_commit(Publish(user_channel(actor.user), "density_changed", DensityChanged(command.density)))

    store.write(work)
