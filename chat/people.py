"""Accounts as others see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from sys import intern
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, bindparam, exists, or_, select

from chat.actor import CLI, Actor
from chat.errors import bad_request
from chat.events.objects import User
from chat.events.people import UserChanged, UserList, UserListResult
from chat.events.values import Role
from chat.store import Store, Transaction
from chat.store.compiled import Compiled
from chat.store.outbox import Publish, room_channel, user_channel
from chat.store.tables import memberships, users
from chat.text import clean, fold
from chat.times import stamp_or_none

COLUMNS: tuple[ColumnElement[Any], ...] = (
    users.c.id,
    users.c.username,
    users.c.name,
    users.c.role,
    users.c.avatar,
    users.c.status,
    users.c.status_text,
    users.c.status_emoji,
    users.c.status_until,
)

# What an `Actor` is made of.
ACTOR_COLUMNS: tuple[ColumnElement[Any], ...] = (
    users.c.id,
    users.c.username,
    users.c.name,
    users.c.role,
    users.c.avatar,
    users.c.language,
    users.c.theme,
)

_ONE = Compiled(select(*COLUMNS).where(users.c.id == bindparam("user")), "user")

# Among so many memberships of the rooms that somebody is in are others looked for; the rest of a crowd is not read.
MOST_MEMBERSHIPS = 2000


def _acquainted() -> Compiled:
    mine, theirs = memberships.alias("mine"), memberships.alias("theirs")
    met = select(theirs.c.user_id).join(mine, mine.c.room_id == theirs.c.room_id)
    met = met.where(mine.c.user_id == bindparam("user")).limit(MOST_MEMBERSHIPS)
    some = select(met.subquery().c.user_id).distinct().limit(bindparam("limit")).subquery()
    return Compiled(select(*COLUMNS).join(some, some.c.user_id == users.c.id), "user", "limit")


_ACQUAINTED = _acquainted()


def view(row: Row[*tuple[Any, ...]]) -> User:
    """A user from a row with `COLUMNS`. Its `status` was chosen; `Presence.shown` makes it the one in force."""
    return _user(
        (
            row.id,
            row.username,
            row.name,
            row.role,
            row.avatar,
            row.status,
            row.status_text,
            row.status_emoji,
            row.status_until,
        )
    )


def _user(values: Sequence[Any]) -> User:
    """A user from the values of `COLUMNS`."""
    return User(*(*values[:-1], stamp_or_none(values[-1])))


def actor(row: Row[*tuple[Any, ...]]) -> Actor:
    """The account of a whole row of `users`, to act as."""
    return holder((row.id, row.username, row.name, row.role, row.avatar, row.language, row.theme))


def admitted(moment: Any) -> ColumnElement[bool]:
    """Whether an account is let in at this moment: neither deactivated nor banned."""
    free = or_(users.c.banned_until.is_(None), users.c.banned_until <= moment)
    return users.c.deactivated_at.is_(None) & free


def holder(values: Sequence[Any], *, session: int | None = None, token: int | None = None, address: str = CLI) -> Actor:
    """The account of a row with `ACTOR_COLUMNS`, to act as, with the credential and the address that it came by."""
    number, username, name, role, avatar, language, theme = values
    # Thousands of connections keep one; what has few values is kept once.
    shared: Role = cast(Role, intern(role))
    tongue = language and intern(language)
    return Actor(number, username, name, shared, avatar, session, token, tongue, intern(theme), address)


def load(conn: Connection, ids: Iterable[int]) -> dict[int, User]:
    rows = conn.execute(select(*COLUMNS).where(users.c.id.in_(list(ids))))
    return {row.id: view(row) for row in rows}


def one(conn: Connection, user_id: int) -> User:
    """Somebody who exists."""
    return _user(_ONE.rows(conn, user_id)[0])


def find(store: Store, actor: Actor, command: UserList) -> UserListResult:
    """`user_list`: by a part of a name, or by ids. Those who left long ago are found by id only."""
    if (command.query is None) == (command.ids is None):
        raise bad_request("Name either `query` or `ids`.", "query")
    with store.read() as conn:
        if command.ids is not None:
            rows = conn.execute(select(*COLUMNS).where(users.c.id.in_(command.ids), shown_to(actor)))
            return UserListResult([view(row) for row in rows])
        query = (
            select(*COLUMNS)
            .where(users.c.deactivated_at.is_(None), users.c.role != "visitor", named_like(command.query or ""))
            .order_by(users.c.name_key, users.c.id)
            .limit(command.limit)
        )
        return UserListResult([view(row) for row in conn.execute(query)])


def shown_to(actor: Actor) -> ColumnElement[bool]:
    """Whether somebody is there for the actor: who a visitor is, is the business of those who answer."""
    mine, me = memberships.alias("mine"), users.alias("me")
    met = select(memberships.c.user_id).join(mine, mine.c.room_id == memberships.c.room_id)
    answers = exists().where(me.c.id == actor.user, me.c.helps)
    return (users.c.role != "visitor") | answers | users.c.id.in_(met.where(mine.c.user_id == actor.user))


def named_like(query: str) -> ColumnElement[bool]:
    """Whether somebody has this in their name or their username."""
    part = fold(clean(query, "query", most=200).removeprefix("@"))
    return or_(
        users.c.username_key.contains(part, autoescape=True),
        users.c.name_key.contains(part, autoescape=True),
    )


def acquainted(conn: Connection, me: User, limit: int) -> list[User]:
    """People who share a room with the user, as many as are quickly found, and the user."""
    others = [_user(row) for row in _ACQUAINTED.rows(conn, me.id, limit)]
    return [me, *(user for user in others if user.id != me.id)][:limit]


def tell_changed(tx: Transaction, user_id: int) -> None:
    """Tell `user_changed` to the user and to everybody who shares a room with the user."""
    user = load(tx.conn, [user_id])[user_id]
    rooms = tx.conn.scalars(select(memberships.c.room_id).where(memberships.c.user_id == user_id))
    channels = (user_channel(user_id), *map(room_channel, rooms))
    tx.after_commit(Publish(channels, "user_changed", UserChanged(user)))
