"""Browsers that are signed in: kept on the server, so that they can be listed and ended."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select, update

from chat import people, secret
from chat.actor import Actor
from chat.errors import ChatError
from chat.store import Store, Transaction
from chat.store.compiled import Compiled
from chat.store.outbox import EndSessions
from chat.store.tables import sessions, users
from chat.times import DAY, now

COOKIE = "hubbub_session"
# A visit is noted at most this often: a write for every page would be a waste.
NOTE_EVERY = 5 * 60_000
MOST_A_USER = 100

_BY_SECRET = Compiled(
    select(sessions.c.id, sessions.c.last_seen_at, *people.ACTOR_COLUMNS)
    .join(users)
    .where(
        sessions.c.secret_hash == bindparam("digest"),
        sessions.c.expires_at > bindparam("moment"),
        people.admitted(bindparam("moment")),
    ),
    "digest",
    "moment",
)


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser, as its owner sees it. Times are milliseconds since 1970."""

    id: int
    created_at: int
    last_seen_at: int
    user_agent: str
    address: str
    current: bool


def open_session(store: Store, user_id: int, *, user_agent: str, address: str) -> str:
    """Sign a browser in; returns the secret for its cookie. The oldest of too many sessions ends."""
    value, moment = secret.new(), now()

    def work(tx: Transaction) -> None:
        tx.conn.execute(
            sessions.insert().values(
                user_id=user_id,
                secret_hash=secret.digest(value),
                user_agent=_printable(user_agent, 300),
                address=_printable(address, 64),
                created_at=moment,
                last_seen_at=moment,
                expires_at=moment + store.settings.session_days * DAY,
            )
        )
        tx.conn.execute(delete(sessions).where(sessions.c.user_id == user_id, sessions.c.expires_at <= moment))
        newest = select(sessions.c.id).where(sessions.c.user_id == user_id).order_by(sessions.c.id.desc())
        surplus = tx.conn.scalars(newest.offset(MOST_A_USER)).all()
        _end(tx, surplus, "expired")

    store.write(work)
    return value


def actor(store: Store, value: str, address: str = "") -> Actor | None:
    """Who holds this secret; None when it is unknown, ended or expired. Notes the visit now and then."""
    moment = now()
    with store.read() as conn:
        found = _BY_SECRET.rows(conn, secret.digest(value), moment)
    if not found:
        return None
    session, last_seen_at, *who = found[0]
    if moment - last_seen_at > NOTE_EVERY:
        _note_visit(store, session, moment)
    return people.holder(who, session=session, address=address)


def listing(store: Store, actor: Actor) -> list[Session]:
    """The actor's signed-in browsers, the last used first."""
    with store.read() as conn:
        rows = conn.execute(
            select(sessions)
            .where(sessions.c.user_id == actor.user, sessions.c.expires_at > now())
            .order_by(sessions.c.last_seen_at.desc(), sessions.c.id.desc())
            .limit(MOST_A_USER)
        ).all()
    return [Session(r.id, r.created_at, r.last_seen_at, r.user_agent, r.address, r.id == actor.session) for r in rows]


def end(store: Store, actor: Actor, session_id: int) -> bool:
    """End one of the actor's own sessions and close its sockets; False when there is no such one."""

    def work(tx: Transaction) -> bool:
        found = tx.conn.scalars(
            select(sessions.c.id).where(sessions.c.id == session_id, sessions.c.user_id == actor.user)
        ).all()
        _end(tx, found, "signed_out" if session_id == actor.session else "revoked")
        return bool(found)

    return store.write(work)


def sign_out(store: Store, actor: Actor) -> None:
    """End the session that the actor came with."""
    if actor.session is not None:
        end(store, actor, actor.session)


def end_others(store: Store, actor: Actor) -> int:
    """End all of the actor's sessions but the one in use; returns how many."""

    def work(tx: Transaction) -> int:
        return end_all(tx, actor.user, keep=actor.session)

    return store.write(work)


def end_all(tx: Transaction, user_id: int, *, keep: int | None = None, reason: str = "revoked") -> int:
    """Part of another transaction, such as a change of password. Returns how many ended."""
    query = select(sessions.c.id).where(sessions.c.user_id == user_id)
    if keep is not None:
        query = query.where(sessions.c.id != keep)
    found = tx.conn.scalars(query).all()
    _end(tx, found, reason)
    return len(found)


def living(conn: Connection, ids: list[int]) -> set[int]:
    """Which of these sessions are still good, for the recheck of long-lived connections."""
    moment = now()
    living = sessions.c.id.in_(ids), sessions.c.expires_at > moment, people.admitted(moment)
    query = select(sessions.c.id).join(users).where(*living)
    return set(conn.scalars(query))


def _end(tx: Transaction, ids: Sequence[int], reason: str) -> None:
    if ids:
        tx.conn.execute(delete(sessions).where(sessions.c.id.in_(ids)))
        tx.after_commit(EndSessions(sessions=tuple(ids), reason=reason))


def _note_visit(store: Store, session_id: int, moment: int) -> None:
    lasts = moment + store.settings.session_days * DAY

    def work(tx: Transaction) -> None:
        tx.conn.execute(
            update(sessions).where(sessions.c.id == session_id).values(last_seen_at=moment, expires_at=lasts)
        )

    # Reading goes on while nothing can be written.
    with suppress(ChatError):
        store.write(work)


def _printable(value: str, most: int) -> str:
    return "".join(c for c in value if c.isprintable())[:most]
