"""Links by which somebody chooses a new password, handed out by staff: the server sends no e-mail."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from chat import audit, passwords, people, permissions, secret, sessions
from chat.actor import Actor
from chat.errors import ChatError, conflict, not_found
from chat.sanctions import ranks
from chat.store import Store, Transaction
from chat.store.tables import password_resets, users
from chat.times import DAY, now


def create(store: Store, actor: Actor, user: int) -> str:
    """The secret of a link that works once, for a day; an earlier one works no more. Raises `forbidden`, `conflict`."""
    value = secret.new()

    def work(tx: Transaction) -> None:
        ranks.require_anywhere(tx.conn, actor, "password_reset", user, equals=False)
        found = tx.conn.execute(select(users.c.role, users.c.deactivated_at).where(users.c.id == user)).one()
        if found.role not in permissions.PEOPLE or found.deactivated_at is not None:
            raise conflict("This account has no password to choose.", "user")
        tx.conn.execute(delete(password_resets).where(password_resets.c.user_id == user))
        row = {"user_id": user, "secret_hash": secret.digest(value), "expires_at": now() + DAY}
        tx.conn.execute(password_resets.insert().values(row))
        audit.note(tx, actor, "password_reset_link", user=user)

    store.write(work)
    return value


def look(store: Store, value: str) -> Actor:
    """Whose link it is. Raises `not_found` alike for one that is unknown, used or out of date."""
    with store.read() as conn:
        return _living(conn, value)


def redeem(store: Store, value: str, password: str, address: str) -> int:
    """Choose the password, and sign out every browser; returns the account's id. Raises as `look`, or naming `new`."""
    look(store, value)
    kept = passwords.hashed(store, password, "new")

    def work(tx: Transaction) -> int:
        owner = _living(tx.conn, value, address)
        # Of two at the same time, one finds it gone.
        done = delete(password_resets).where(password_resets.c.secret_hash == secret.digest(value))
        if not tx.conn.execute(done).rowcount:
            raise not_usable()
        tx.conn.execute(update(users).where(users.c.id == owner.user).values(password_hash=kept))
        sessions.end_all(tx, owner.user)
        audit.note(tx, owner, "password_reset", user=owner.user)
        return owner.user

    return store.write(work)


def not_usable() -> ChatError:
    return not_found("This link is not valid any more. Ask for a new one.")


def _living(conn: Connection, value: str, address: str = "") -> Actor:
    moment = now()
    query = select(*people.ACTOR_COLUMNS).join(password_resets, password_resets.c.user_id == users.c.id)
    query = query.where(password_resets.c.secret_hash == secret.digest(value), password_resets.c.expires_at > moment)
    row = conn.execute(query.where(people.admitted(moment))).first()
    if row is None:
        raise not_usable()
    return people.holder(tuple(row), address=address)
