"""Who answers visitors: accounts that staff have chosen for it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select, update

from chat import audit, people, permissions
from chat.actor import Actor
from chat.errors import forbidden, not_found
from chat.events.objects import User
from chat.store import Store, Transaction
from chat.store.tables import users
from chat.times import now


def choose(store: Store, actor: Actor, user: int) -> None:
    """Make somebody an agent. Raises `not_found` for who can't be one. `leaving.dismiss` is the way back."""
    store.write(lambda tx: keep(tx, actor, user, helps=True))


def keep(tx: Transaction, actor: Actor, user: int, *, helps: bool) -> None:
    """Part of a transaction. Raises as `choose` does."""
    permissions.require(actor, "help_manage")
    able = users.c.role.in_(permissions.PEOPLE) & users.c.deactivated_at.is_(None)
    row = tx.conn.execute(select(users.c.helps).where(users.c.id == user, able)).first()
    if row is None:
        raise not_found("There is nobody with this id who could answer visitors.", "user")
    if row.helps != helps:
        tx.conn.execute(update(users).where(users.c.id == user).values(helps=helps))
        audit.note(tx, actor, "help_agent", user=user, helps=helps)


def require(conn: Connection, actor: Actor) -> None:
    """Raises `forbidden` for who doesn't answer visitors."""
    permissions.require(actor, "help_answer")
    if not conn.scalar(select(users.c.helps).where(users.c.id == actor.user)):
        raise forbidden("This is for those who answer visitors.")


def ids(conn: Connection) -> list[int]:
    return list(conn.scalars(select(users.c.id).where(_here())))


def listing(conn: Connection) -> list[User]:
    query = select(*people.COLUMNS).where(_here()).order_by(users.c.name_key, users.c.id)
    return [people.view(row) for row in conn.execute(query)]


def _here() -> ColumnElement[bool]:
    return users.c.helps & users.c.role.in_(permissions.PEOPLE) & people.admitted(now())
