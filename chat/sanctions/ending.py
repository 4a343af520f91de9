"""Signing somebody out everywhere, and closing one connection: decided by who stands above, and in the log."""

from __future__ import annotations

from sqlalchemy import delete, select

from chat import audit, sessions
from chat.actor import Actor
from chat.events.admin import ConnectionClose, UserSignOut
from chat.sanctions import ranks
from chat.store import Store, Transaction
from chat.store.outbox import EndSessions
from chat.store.tables import tokens


def sign_out(store: Store, actor: Actor, command: UserSignOut) -> None:
    """`user_sign_out`: of all browsers; tokens go only if that is asked for."""

    def work(tx: Transaction) -> None:
        ranks.require_anywhere(tx.conn, actor, "user_sign_out", command.user)
        ended = sessions.end_all(tx, command.user)
        held: list[int] = []
        if command.tokens:
            held = list(tx.conn.scalars(select(tokens.c.id).where(tokens.c.user_id == command.user)))
            tx.conn.execute(delete(tokens).where(tokens.c.id.in_(held)))
            tx.after_commit(EndSessions(tokens=tuple(held), reason="revoked"))
        audit.note(tx, actor, "user_sign_out", user=command.user, sessions=ended, tokens=len(held))

    store.write(work)


def require_to_close(store: Store, actor: Actor, command: ConnectionClose) -> None:
    """`connection_close`, before it is done. Raises `forbidden` and `not_found`."""
    with store.read() as conn:
        ranks.require_anywhere(conn, actor, "connection_close", command.user)


def note_closed(store: Store, actor: Actor, command: ConnectionClose) -> None:
    store.write(lambda tx: audit.note(tx, actor, "connection_close", user=command.user, connection=command.id))
