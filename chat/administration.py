"""Accounts as staff see them: finding them, their roles, and closing them without losing what they have said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select, update

from chat import audit, people, permissions, sessions
from chat.actor import Actor
from chat.errors import conflict, forbidden, not_found
from chat.events.admin import Account, AccountList, AccountListResult, UserDeactivate, UserReactivate, UserRole
from chat.helpdesk import conversations
from chat.sanctions import ranks
from chat.store import Store, Transaction
from chat.store.outbox import EndSessions
from chat.store.tables import sessions as session_table
from chat.store.tables import tokens, users
from chat.times import now, stamp, stamp_or_none

# A guest becomes a member with a password of their own; a program stays one.
_WITHOUT_ROLES = ("guest", "bot", "visitor")


def listing(store: Store, actor: Actor, command: AccountList) -> AccountListResult:
    """`account_list`: by name."""
    permissions.require(actor, "console")
    query = _select()
    match command.state:
        case "deactivated":
            query = query.where(users.c.deactivated_at.is_not(None))
        case "banned":
            query = query.where(users.c.banned_until > now())
        case "active":
            query = query.where(people.admitted(now()))
    if command.query:
        query = query.where(people.named_like(command.query))
    # Visitors of web sites are in nobody's list; who answers them sees them.
    query = query.where(users.c.role != "visitor" if command.role is None else users.c.role == command.role)
    if command.after is not None:
        place = select(users.c.name_key).where(users.c.id == command.after).scalar_subquery()
        further = and_(users.c.name_key == place, users.c.id > command.after)
        query = query.where(or_(users.c.name_key > place, further))
    with store.read() as conn:
        rows = conn.execute(query.order_by(users.c.name_key, users.c.id).limit(command.limit + 1)).all()
    page = [_view(row) for row in rows[: command.limit]]
    return AccountListResult(page, page[-1].user.id if len(rows) > command.limit else None)


def one(store: Store, actor: Actor, user: int) -> Account:
    """Raises `not_found`."""
    permissions.require(actor, "console")
    with store.read() as conn:
        row = conn.execute(_select().where(users.c.id == user)).first()
    if row is None:
        raise not_found("There is nobody with this id.", "user")
    return _view(row)


def appoint(store: Store, actor: Actor, command: UserRole) -> None:
    """`user_role`: by the server's owners, who can't lose their own, so that there always is one."""

    def work(tx: Transaction) -> None:
        ranks.require_anywhere(tx.conn, actor, "user_role", command.user)
        before = tx.conn.scalar(select(users.c.role).where(users.c.id == command.user))
        if before in _WITHOUT_ROLES:
            raise forbidden("Guests, bots and visitors have no other role.", "user")
        if before == command.role:
            return
        tx.conn.execute(update(users).where(users.c.id == command.user).values(role=command.role))
        people.tell_changed(tx, command.user)
        audit.note(tx, actor, "user_role", user=command.user, role=command.role, before=before)

    store.write(work)


def deactivate(store: Store, actor: Actor, command: UserDeactivate) -> None:
    """`user_deactivate`: the account lets nobody in any more; what it has said stays. Raises `conflict`."""

    def work(tx: Transaction) -> None:
        _require(tx, actor, command.user)
        this = (users.c.id == command.user) & users.c.deactivated_at.is_(None)
        if tx.conn.execute(update(users).where(this).values(deactivated_at=now())).rowcount == 0:
            raise conflict("This account is deactivated already.", "user")
        held = tuple(tx.conn.scalars(select(tokens.c.id).where(tokens.c.user_id == command.user)))
        sessions.end_all(tx, command.user, reason="deactivated")
        conversations.let_go(tx, command.user)
        tx.after_commit(EndSessions(tokens=held, reason="deactivated"))
        audit.note(tx, actor, "user_deactivate", user=command.user)

    store.write(work)


def reactivate(store: Store, actor: Actor, command: UserReactivate) -> None:
    """`user_reactivate`. Raises `conflict`."""

    def work(tx: Transaction) -> None:
        _require(tx, actor, command.user)
        this = (users.c.id == command.user) & users.c.deactivated_at.is_not(None)
        if tx.conn.execute(update(users).where(this).values(deactivated_at=None)).rowcount == 0:
            raise conflict("This account is not deactivated.", "user")
        audit.note(tx, actor, "user_reactivate", user=command.user)

    store.write(work)


def _require(tx: Transaction, actor: Actor, user: int) -> None:
    """An owner may do it to other owners, an admin to nobody of the staff. Raises `forbidden` and `not_found`."""
    ranks.require_anywhere(tx.conn, actor, "user_deactivate", user, equals=actor.role == "owner")


def _select() -> Select[Any]:
    signed_in = select(func.max(session_table.c.last_seen_at)).where(session_table.c.user_id == users.c.id)
    used = select(func.max(tokens.c.last_used_at)).where(tokens.c.user_id == users.c.id)
    about = users.c.created_at, users.c.deactivated_at, users.c.banned_until
    return select(
        *people.COLUMNS,
        *about,
        signed_in.scalar_subquery().label("signed_in"),
        used.scalar_subquery().label("used"),
    )


def _view(row: Row[Any]) -> Account:
    seen = [at for at in (row.signed_in, row.used) if at is not None]
    return Account(
        user=people.view(row),
        created_at=stamp(row.created_at),
        seen_at=stamp(max(seen)) if seen else None,
        deactivated_at=stamp_or_none(row.deactivated_at),
        banned=row.banned_until is not None and row.banned_until > now(),
    )
