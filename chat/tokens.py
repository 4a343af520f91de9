"""API tokens: a program speaks for an account. Shown once, kept as a digest."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, select, update

from chat import people, permissions, secret
from chat.actor import Actor
from chat.errors import ChatError, conflict, not_found
from chat.store import Store, Transaction
from chat.store.compiled import Compiled
from chat.store.outbox import EndSessions
from chat.store.tables import tokens, users
from chat.text import clean
from chat.times import now

MOST_A_USER = 50
NOTE_EVERY = 5 * 60_000
PREFIX = "hub_"

_BY_SECRET = Compiled(
    select(tokens.c.id, tokens.c.last_used_at, *people.ACTOR_COLUMNS)
    .join(users)
    .where(tokens.c.secret_hash == bindparam("digest"), people.admitted(bindparam("moment"))),
    "digest",
    "moment",
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it. Times are milliseconds since 1970."""

    id: int
    name: str
    created_at: int
    last_used_at: int | None


def create(store: Store, actor: Actor, name: str) -> tuple[int, str]:
    """Make a token for the actor's account; returns its id and the secret, which can't be had again."""
    permissions.require(actor, "token_manage")
    name = clean(name, "name", least=1, most=80)
    value = PREFIX + secret.new()

    def work(tx: Transaction) -> int:
        count = tx.conn.scalar(select(func.count()).where(tokens.c.user_id == actor.user)) or 0
        if count >= MOST_A_USER:
            raise conflict(f"There are {MOST_A_USER} tokens already; revoke one first.")
        return tx.insert(
            tokens,
            {"user_id": actor.user, "name": name, "secret_hash": secret.digest(value), "created_at": now()},
        )

    return store.write(work), value


def actor(store: Store, value: str, address: str = "") -> Actor | None:
    """Whom this secret speaks for; None when it is unknown or revoked. Notes the use now and then."""
    with store.read() as conn:
        found = _BY_SECRET.rows(conn, secret.digest(value), now())
    if not found:
        return None
    token, last_used_at, *who = found[0]
    if now() - (last_used_at or 0) > NOTE_EVERY:
        _note_use(store, token)
    return people.holder(who, token=token, address=address)


def listing(store: Store, actor: Actor) -> list[Token]:
    """The actor's tokens, the newest first."""
    with store.read() as conn:
        query = select(tokens).where(tokens.c.user_id == actor.user).order_by(tokens.c.id.desc())
        return [Token(r.id, r.name, r.created_at, r.last_used_at) for r in conn.execute(query)]


def revoke(store: Store, actor: Actor, token_id: int) -> None:
    """End one of the actor's own tokens and close what is connected with it. Raises `ChatError("not_found")`."""

    def work(tx: Transaction) -> None:
        mine = (tokens.c.id == token_id) & (tokens.c.user_id == actor.user)
        if tx.conn.execute(delete(tokens).where(mine)).rowcount == 0:
            raise not_found("There is no such token.")
        tx.after_commit(EndSessions(tokens=(token_id,), reason="revoked"))

    store.write(work)


def living(conn: Connection, ids: list[int]) -> set[int]:
    """Which of these tokens are still good, for the recheck of long-lived connections."""
    query = select(tokens.c.id).join(users).where(tokens.c.id.in_(ids), people.admitted(now()))
    return set(conn.scalars(query))


def _note_use(store: Store, token_id: int) -> None:
    def work(tx: Transaction) -> None:
        tx.conn.execute(update(tokens).where(tokens.c.id == token_id).values(last_used_at=now()))

    # Reading goes on while nothing can be written.
    with suppress(ChatError):
        store.write(work)
