"""Invite links, kept as a digest, with an end and a number of uses.

Staff's links let whoever has one make an account, and where the server says so all members' do; those into a room let
who has an account into that room, whoever of its members made them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update

from chat import audit, permissions, rooms, secret
from chat.actor import Actor
from chat.errors import ChatError, bad_request, forbidden, not_found
from chat.events.rooms import RoomLink, RoomLinkResult
from chat.events.values import Role
from chat.store import Store, Transaction
from chat.store.tables import invites, users
from chat.store.tables import rooms as room_table
from chat.times import DAY, now, stamp

MOST_DAYS, MOST_USES = 365, 1000


@dataclass(frozen=True, slots=True)
class Invite:
    """A link as staff, or the one who holds it, sees it. Times are milliseconds since 1970."""

    id: int
    inviter_id: int
    inviter_name: str
    inviter_avatar: str | None
    opens_accounts: bool
    """Whether somebody without an account may make one with it."""
    room_id: int | None
    room_name: str | None
    created_at: int
    expires_at: int
    uses: int
    uses_left: int
    revoked: bool

    @property
    def usable(self) -> bool:
        return not self.revoked and self.uses_left > 0 and self.expires_at > now()


def open_accounts(store: Store, role: Role) -> bool:
    """Whether newcomers may make accounts by links of somebody in this role, whenever these were made."""
    return role in permissions.STAFF or (role == "member" and store.settings.invites == "members")


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
        _insert(tx, actor, value, now() + days * DAY, uses, room_id)
        audit.note(tx, actor, "invite_create", room=room_id, days=days, uses=uses)

    store.write(work)
    return value


def into_room(store: Store, actor: Actor, command: RoomLink) -> RoomLinkResult:
    """`room_link`: a link into a room that the actor is in."""
    value = secret.new()
    ends = now() + command.days * DAY

    def work(tx: Transaction) -> None:
        room = rooms.for_actor(tx.conn, actor, command.room)
        permissions.require(actor, "room_invite", room.role)
        if not rooms.is_named(room.kind):
            raise forbidden("Nobody can be invited to a direct conversation; begin another one.", "room")
        _insert(tx, actor, value, ends, command.uses, room.id)

    store.write(work)
    return RoomLinkResult(f"{store.settings.public_url}/invite/{value}", stamp(ends))


def enter(store: Store, actor: Actor, value: str) -> int:
    """Use a link with an account that there is: into its room, whose id is returned. Raises as `look` does."""

    def work(tx: Transaction) -> int:
        invite = _living(store, tx.conn, value)
        if invite.room_id is None:
            raise not_usable()
        if rooms.add_members(tx, invite.room_id, [actor.user], store.settings.rooms_per_user):
            _use(tx, value)
        return invite.room_id

    return store.write(work)


def listing(store: Store, actor: Actor) -> list[Invite]:
    """The newest links, used up ones included."""
    permissions.require(actor, "invite_manage")
    with store.read() as conn:
        return [_view(store, row) for row in conn.execute(_select().order_by(invites.c.id.desc()).limit(200))]


def revoke(store: Store, actor: Actor, invite_id: int) -> None:
    """Make a link useless. Raises `ChatError("not_found")`."""
    permissions.require(actor, "invite_manage")

    def work(tx: Transaction) -> None:
        done = tx.conn.execute(update(invites).where(invites.c.id == invite_id).values(revoked=True))
        if done.rowcount == 0:
            raise not_found("There is no such invite link.")
        audit.note(tx, actor, "invite_revoke", invite=invite_id)

    store.write(work)


def look(store: Store, value: str) -> Invite:
    """What the link offers.

    Raises `ChatError("not_found")` alike for a link that is unknown, used up, expired or revoked.
    """
    with store.read() as conn:
        return _living(store, conn, value)


def redeem(store: Store, tx: Transaction, value: str) -> int | None:
    """Use the link once, as part of making an account; returns the room that it leads to. Raises as `look` does, and
    for a link that makes no accounts."""
    if not _living(store, tx.conn, value).opens_accounts:
        raise not_usable()
    return _use(tx, value)


def _use(tx: Transaction, value: str) -> int | None:
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
        # Somebody else was faster with the last use.
        raise not_usable()
    room: int | None = done.room_id
    return room


def _living(store: Store, conn: Connection, value: str) -> Invite:
    row = conn.execute(_select().where(invites.c.secret_hash == secret.digest(value))).first()
    invite = None if row is None else _view(store, row)
    if invite is None or not invite.usable:
        raise not_usable()
    return invite


def _insert(tx: Transaction, actor: Actor, value: str, ends: int, uses: int, room: int | None) -> None:
    tx.conn.execute(
        invites.insert().values(
            secret_hash=secret.digest(value),
            created_by=actor.user,
            room_id=room,
            uses_left=uses,
            created_at=now(),
            expires_at=ends,
        )
    )


def not_usable() -> ChatError:
    return not_found("This invite link is not valid any more. Ask for a new one.")


def _select() -> Select[Any]:
    return (
        select(
            invites,
            users.c.name.label("inviter_name"),
            users.c.avatar.label("inviter_avatar"),
            users.c.role.label("inviter_role"),
            room_table.c.name.label("room_name"),
        )
        .join(users, users.c.id == invites.c.created_by)
        .outerjoin(room_table, room_table.c.id == invites.c.room_id)
    )


def _view(store: Store, row: Row[Any]) -> Invite:
    return Invite(
        row.id,
        row.created_by,
        row.inviter_name,
        row.inviter_avatar,
        open_accounts(store, row.inviter_role),
        row.room_id,
        row.room_name,
        row.created_at,
        row.expires_at,
        row.uses,
        row.uses_left,
        row.revoked,
    )
