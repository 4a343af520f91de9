"""Bans of accounts: every session ends, tokens stay and are refused, and so are the networks that they came from."""

from __future__ import annotations

from sqlalchemy import select, update

from chat import audit, sessions
from chat.actor import Actor
from chat.errors import ChatError, conflict
from chat.events.moderation import UserBan, UserUnban
from chat.sanctions import blocks, keeping, ranks
from chat.store import Store, Transaction
from chat.store.outbox import EndSessions
from chat.store.tables import sanctions, tokens, users
from chat.times import now, stamp_or_none

# `users.banned_until` of a ban that only ends by being lifted.
FOREVER = 2**63 - 1


class Banned(ChatError):
    """Somebody has shown that the account is theirs, and learns until when and why it is banned."""

    def __init__(self, until: int | None, reason: str) -> None:
        super().__init__("forbidden", "This account is banned.")
        self.until = until
        self.reason = reason


def require_admitted(store: Store, user: int) -> None:
    """Raises `Banned`."""
    query = select(sanctions.c.until, sanctions.c.reason).where(sanctions.c.kind == "ban", sanctions.c.user_id == user)
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
        found = keeping.lift(tx, "ban", command.user, None)
        if not found:
            raise conflict("This person is not banned.", "user")
        blocks.unblock(tx, found)
        _keep(tx, command.user, None)
        audit.note(tx, actor, "user_unban", user=command.user)

    store.write(work)


def _keep(tx: Transaction, user: int, until: int | None) -> None:
    tx.conn.execute(update(users).where(users.c.id == user).values(banned_until=until))
