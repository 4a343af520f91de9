"""Bans of accounts: every session ends, tokens stay and are refused, and so are the networks that they came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update

from chat import audit, secret, sessions
from chat.actor import Actor
from chat.errors import ChatError, conflict
from chat.events.moderation import UserBan, UserUnban
from chat.sanctions import blocks, keeping, ranks
from chat.store import Store, Transaction
from chat.store.outbox import EndSessions
from chat.store.tables import sanctions, tokens, users
from chat.times import now, stamp, stamp_or_none

# `users.banned_until` of a ban that only ends by being lifted.
FOREVER = 2**63 - 1


class Banned(ChatError):
    """Somebody has shown that the account is theirs, and learns until when and why it is banned."""

    def __init__(self, until: int | None, reason: str) -> None:
        end = "" if until is None else f" until {stamp(until)}"
        super().__init__("forbidden", f"This account is banned{end}." + (f" The reason: {reason}" if reason else ""))
        self.until = until
        self.reason = reason


def require_admitted(store: Store, user: int) -> None:
    """Raises `Banned`."""
    _require_none(store, sanctions.c.user_id == user)


def require_admitted_token(store: Store, value: str) -> None:
    """The same for a token that lets nobody in: perhaps it is its account that is banned."""
    owner = select(tokens.c.user_id).where(tokens.c.secret_hash == secret.digest(value))
    _require_none(store, sanctions.c.user_id == owner.scalar_subquery())


def _require_none(store: Store, whose: ColumnElement[bool]) -> None:
    query = select(sanctions.c.until, sanctions.c.reason).where(sanctions.c.kind == "ban", whose)
    with store.read() as conn:
        found = conn.execute(query.where(keeping.in_force(now()))).first()
    if found is not None:
        raise Banned(found.until, found.reason)


def ban(store: Store, actor: Actor, command: UserBan) -> None:
    """`user_ban`: with `networks` also whoever else comes from where the account's sessions did.

    Raises `forbidden` for who is not below the actor, and where the actor would be blocked as well.
    """
    why, until = keeping.reason(command.reason), keeping.end(command.until)

    def work(tx: Transaction) -> None:
        ranks.require_anywhere(tx.conn, actor, "user_ban", command.user, equals=False)
        blocks.unblock(tx, keeping.lift(tx, "ban", command.user, None))
        number = keeping.add(tx, actor, "ban", command.user, room=None, why=why, until=until)
        networks = blocks.block(tx, actor, command.user, number, until) if command.networks else []
        _keep(tx, command.user, FOREVER if until is None else until)
        held = tuple(tx.conn.scalars(select(tokens.c.id).where(tokens.c.user_id == command.user)))
        # First until when and why, then that it has ended.
        keeping.tell(tx, command.user)
        sessions.end_all(tx, command.user, reason="banned")
        tx.after_commit(EndSessions(tokens=held, reason="banned"))
        end = stamp_or_none(until)
        audit.note(tx, actor, "user_ban", user=command.user, until=end, reason=why, networks=networks)

    store.write(work)


def unban(store: Store, actor: Actor, command: UserUnban) -> None:
    """`user_unban`: the account is let in again, and the networks that were blocked with it. Raises `conflict`."""

    def work(tx: Transaction) -> None:
        ranks.require_anywhere(tx.conn, actor, "user_ban", command.user, equals=False)
        _lift(tx, actor, command.user)

    store.write(work)


def lift(store: Store, user: int) -> None:
    """For the command line, where nobody stands above anybody."""
    store.write(lambda tx: _lift(tx, None, user))


def everyone(store: Store) -> Sequence[Row[*tuple[Any, ...]]]:
    """The accounts that are banned: `username`, `until` and `reason`, for the command line."""
    query = select(users.c.username, sanctions.c.until, sanctions.c.reason).join(
        users, users.c.id == sanctions.c.user_id
    )
    with store.read() as conn:
        return conn.execute(
            query.where(sanctions.c.kind == "ban", keeping.in_force(now())).order_by(sanctions.c.id)
        ).all()


def _lift(tx: Transaction, actor: Actor | None, user: int) -> None:
    found = keeping.lift(tx, "ban", user, None)
    if not found:
        raise conflict("This person is not banned.", "user")
    blocks.unblock(tx, found)
    _keep(tx, user, None)
    audit.note(tx, actor, "user_unban", user=user)


def _keep(tx: Transaction, user: int, until: int | None) -> None:
    tx.conn.execute(update(users).where(users.c.id == user).values(banned_until=until))
