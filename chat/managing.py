"""Accounts as staff see them and change them: who there is, what each may do, and who is let in at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select, update

from chat import audit, people, permissions, sessions
from chat.actor import Actor
from chat.errors import bad_request, conflict, forbidden, not_found
from chat.events.objects import User
from chat.rooms import cursor, no_such_place
from chat.sanctions import ranks
from chat.store import Store, Transaction
from chat.store.outbox import EndSessions
from chat.store.tables import sessions as session_table
from chat.store.tables import tokens, users
from chat.times import now

# What somebody can be made; guests and programs come to be what they are in other ways.
Grantable = Literal["owner", "admin", "member"]
Wanted = Literal["everybody", "staff", "members", "guests", "bots", "banned", "deactivated"]
PAGE = 50


@dataclass(frozen=True)
class Account:
    """`seen_at`: the last visit of any browser that is signed in; `sessions` are these browsers."""

    user: User
    created_at: int
    deactivated_at: int | None
    banned_until: int | None
    seen_at: int | None
    sessions: int

    @property
    def banned(self) -> bool:
        return self.banned_until is not None and self.banned_until > now()


@dataclass(frozen=True)
class Listing:
    """`next` is the `after` of the next page; `count` all that there are."""

    accounts: list[Account]
    count: int
    next: str | None


def listing(
    store: Store, actor: Actor, query: str = "", wanted: str = "everybody", after: str | None = None
) -> Listing:
    """A page of the accounts that have `query` in their name, in the order of the names; `wanted` is a `Wanted`."""
    permissions.require(actor, "user_manage")
    if wanted not in get_args(Wanted):
        raise bad_request("This can't be read.", "wanted")
    matching = and_(people.named_like(query), _is(cast(Wanted, wanted)))
    place = cursor(after)
    with store.read() as conn:
        found = _select().where(matching)
        if place is not None:
            name = conn.scalar(select(users.c.name_key).where(users.c.id == place))
            if name is None:
                raise no_such_place()
            found = found.where(or_(users.c.name_key > name, and_(users.c.name_key == name, users.c.id > place)))
        rows = store.offload(_rows, conn, found.order_by(users.c.name_key, users.c.id).limit(PAGE + 1))
        count = conn.scalar(select(func.count()).where(matching)) or 0
        page = _accounts(conn, rows[:PAGE])
    return Listing(page, count, str(page[-1].user.id) if len(rows) > PAGE else None)


def one(store: Store, actor: Actor, user: int) -> Account:
    """Raises `not_found`."""
    permissions.require(actor, "user_manage")
    with store.read() as conn:
        rows = conn.execute(_select().where(users.c.id == user)).all()
        if not rows:
            raise nobody()
        return _accounts(conn, rows)[0]


def set_role(store: Store, actor: Actor, user: int, role: Grantable) -> None:
    """The owner makes anybody anything; admins make nobody staff. Raises `forbidden` and `conflict`."""
    if role not in get_args(Grantable):
        raise bad_request("This role is not one of those offered.", "role")

    def work(tx: Transaction) -> None:
        ranks.require_anywhere(tx.conn, actor, "user_manage", user, equals=actor.role == "owner")
        if role != "member" and actor.role != "owner":
            raise forbidden("Only an owner can do this.", "role")
        before = tx.conn.scalar(select(users.c.role).where(users.c.id == user))
        if before not in get_args(Grantable):
            raise conflict("Guests and programs stay what they are.", "role")
        if before != role:
            tx.conn.execute(update(users).where(users.c.id == user).values(role=role))
            people.tell_changed(tx, user)
            audit.note(tx, actor, "user_role", user=user, role=role, before=before)

    store.write(work)


def deactivate(store: Store, actor: Actor, user: int) -> None:
    """Nobody comes in by this account any more; what it wrote stays, and its name stays taken."""

    def work(tx: Transaction) -> None:
        ranks.require_anywhere(tx.conn, actor, "user_manage", user, equals=False)
        done = update(users).where(users.c.id == user, users.c.deactivated_at.is_(None))
        if not tx.conn.execute(done.values(deactivated_at=now())).rowcount:
            return
        sessions.end_all(tx, user)
        held = tx.conn.scalars(select(tokens.c.id).where(tokens.c.user_id == user)).all()
        tx.after_commit(EndSessions(tokens=tuple(held), reason="revoked"))
        audit.note(tx, actor, "user_deactivate", user=user)

    store.write(work)


def reactivate(store: Store, actor: Actor, user: int) -> None:
    """Let it in again, with the password and the tokens that it had."""

    def work(tx: Transaction) -> None:
        ranks.require_anywhere(tx.conn, actor, "user_manage", user, equals=False)
        done = update(users).where(users.c.id == user, users.c.deactivated_at.is_not(None))
        if tx.conn.execute(done.values(deactivated_at=None)).rowcount:
            audit.note(tx, actor, "user_reactivate", user=user)

    store.write(work)


def nobody() -> Exception:
    return not_found("There is nobody with this id.", "user")


def _is(wanted: Wanted) -> ColumnElement[bool]:
    there = users.c.deactivated_at.is_(None)
    kinds: dict[Wanted, ColumnElement[bool]] = {
        "everybody": there,
        "staff": there & users.c.role.in_(permissions.STAFF),
        "members": there & (users.c.role == "member"),
        "guests": there & (users.c.role == "guest"),
        "bots": there & (users.c.role == "bot"),
        "banned": users.c.banned_until > now(),
        "deactivated": users.c.deactivated_at.is_not(None),
    }
    return kinds[wanted]


def _select() -> Select[Any]:
    return select(*people.COLUMNS, users.c.created_at, users.c.deactivated_at, users.c.banned_until)


def _rows(conn: Connection, query: Select[Any]) -> Sequence[Row[Any]]:
    return conn.execute(query).all()


def _accounts(conn: Connection, rows: Sequence[Row[Any]]) -> list[Account]:
    mine = session_table.c
    visits = select(mine.user_id, func.max(mine.last_seen_at).label("seen_at"), func.count().label("sessions"))
    living = visits.where(mine.user_id.in_([row.id for row in rows]), mine.expires_at > now())
    seen = {row.user_id: row for row in conn.execute(living.group_by(mine.user_id))}
    return [
        Account(
            people.view(row),
            row.created_at,
            row.deactivated_at,
            row.banned_until,
            seen[row.id].seen_at if row.id in seen else None,
            seen[row.id].sessions if row.id in seen else 0,
        )
        for row in rows
    ]
