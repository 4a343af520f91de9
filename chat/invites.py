"""Invite links: whoever has one may make an account. Kept as a digest, with an end and a number of uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, select, update

from chat import permissions, rooms, secret
from chat.actor import Actor
from chat.errors import ChatError, bad_request, not_found
from chat.store import Store, Transaction
from chat.store.tables import invites, users
from chat.store.tables import rooms as room_table
from chat.times import now

DAY = 86_400_000
MOST_DAYS, MOST_USES = 365, 1000


@dataclass(frozen=True, slots=True)
class Invite:
    """A link as staff, or the one who holds it, sees it. Times are milliseconds since 1970."""

    id: int
    inviter_id: int
    inviter_name: str
    room_name: str | None
    created_at: int
    expires_at: int
    uses: int
    uses_left: int
    revoked: bool

    @property
    def usable(self) -> bool:
        return not self.revoked and self.uses_left > 0 and self.expires_at > now()


def create(store: Store, actor: Actor, *, days: int, uses: int, room_id: int | None = None) -> str:
    """Make a link; returns the secret for it, which can't be had again. With a room, it leads into that room too."""
    permissions.require(actor, "invite_manage")
    if not 1 <= days <= MOST_DAYS:
        raise bad_request(f"From 1 to {MOST_DAYS} days, please.", "days")
    if not 1 <= uses <= MOST_USES:
        raise bad_request(f"From 1 to {MOST_USES} uses, please.", "uses")
    value = secret.new()

    def work(tx: Transaction) -> None:
        if room_id is not None:
            rooms.for_actor(tx.conn, actor, room_id)
        tx.conn.execute(
            invites.insert().values(
                secret_hash=secret.digest(value),
                created_by=actor.user,
                room_id=room_id,
                uses_left=uses,
                created_at=now(),
                expires_at=now() + days * DAY,
            )
        )

    store.write(work)
    return value


def listing(store: Store, actor: Actor) -> list[Invite]:
    """The newest links, used up ones included."""
    permissions.require(actor, "invite_manage")
    with store.read() as conn:
        return [_view(row) for row in conn.execute(_select().order_by(invites.c.id.desc()).limit(200))]


def revoke(store: Store, actor: Actor, invite_id: int) -> None:
    """Make a link useless. Raises `ChatError("not_found")`."""
    permissions.require(actor, "invite_manage")

    def work(tx: Transaction) -> None:
        done = tx.conn.execute(update(invites).where(invites.c.id == invite_id).values(revoked=True))
        if done.rowcount == 0:
            raise not_found("There is no such invite link.")

    store.write(work)


def look(store: Store, value: str) -> Invite:
    """What the link offers.

    Raises `ChatError("not_found")` alike for a link that is unknown, used up, expired or revoked.
    """
    with store.read() as conn:
        row = conn.execute(_select().where(invites.c.secret_hash == secret.digest(value))).first()
    invite = None if row is None else _view(row)
    if invite is None or not invite.usable:
        raise not_usable()
    return invite


def redeem(tx: Transaction, value: str) -> int | None:
    """Use the link once, as part of making an account; returns the room that it leads to. Raises as `look` does."""
    done = tx.conn.execute(
        update(invites)
        .where(
            invites.c.secret_hash == secret.digest(value),
            invites.c.uses_left > 0,
            invites.c.expires_at > now(),
            invites.c.revoked.is_(False),
        )
        .values(uses_left=invites.c.uses_left - 1, uses=invites.c.uses + 1)
        .returning(invites.c.room_id)
    ).first()
    if done is None:
        raise not_usable()
    room: int | None = done.room_id
    return room


def not_usable() -> ChatError:
    return not_found("This invite link is not valid any more. Ask for a new one.")


def _select() -> Select[Any]:
    return (
        select(invites, users.c.name.label("inviter_name"), room_table.c.name.label("room_name"))
        .join(users, users.c.id == invites.c.created_by)
        .outerjoin(room_table, room_table.c.id == invites.c.room_id)
    )


def _view(row: Row[Any]) -> Invite:
    return Invite(
        row.id,
        row.created_by,
        row.inviter_name,
        row.room_name,
        row.created_at,
        row.expires_at,
        row.uses,
        row.uses_left,
        row.revoked,
    )
