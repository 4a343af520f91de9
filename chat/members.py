"""Who is in a room: joining, leaving, adding, removing, listing.

Membership is soft state beside the room's `seq` and `rev`: of the room's row it touches nothing but the count of
members, so that a crowd may come at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, case, or_, select
from sqlalchemy.exc import IntegrityError

from chat import audit, people, permissions, rooms
from chat.actor import Actor
from chat.errors import conflict, forbidden, not_found
from chat.events.objects import Member
from chat.events.rooms import (
    MembersChanged,
    RoomInvite,
    RoomJoin,
    RoomLeave,
    RoomMembers,
    RoomMembersResult,
    RoomRemove,
    RoomRemoved,
    RoomResult,
    RoomRole,
)
from chat.events.values import MemberRole, Role
from chat.store import Store, Transaction
from chat.store.outbox import Leave, MembersTouched, Publish, user_channel
from chat.store.tables import memberships, users
from chat.store.tables import rooms as room_table
from chat.text import fold, room_name

# Who may come to own a room without being asked: people with an account.
_HEIRS: tuple[Role, ...] = ("owner", "admin", "member")


def join(store: Store, actor: Actor, command: RoomJoin) -> RoomResult:
    """`room_join`: by id or by name; with `create`, a public room is made where none has the name."""
    permissions.require(actor, "room_join")
    name = room_name(command.room, "room") if isinstance(command.room, str) else None
    if command.create and name is not None and not permissions.can(actor, "room_create"):
        command = RoomJoin(command.room)

    def work(tx: Transaction) -> RoomResult:
        room = _joinable(tx.conn, actor, command.room if name is None else name)
        if room is None:
            if name is None or not command.create:
                raise rooms.no_such_room()
            room = rooms.insert(tx, actor.user, name, "public")
        leads = actor.role in _HEIRS and not _has_owner(tx.conn, room)
        rooms.add_members(tx, room, [actor.user], store.settings.rooms_per_user, role="owner" if leads else "member")
        return RoomResult(rooms.view(tx.conn, actor.user, room))

    known = command.room if isinstance(command.room, int) else 0
    try:
        return store.write(work, room=known)
    except IntegrityError:
        # Somebody else made the room, or let us in, in the same moment: now it is there to be joined.
        return store.write(work, room=known)


def leave(store: Store, actor: Actor, command: RoomLeave) -> None:
    """`room_leave`. A room whose last owner goes passes to a moderator or to the member of longest standing."""

    def work(tx: Transaction) -> None:
        room = rooms.for_actor(tx.conn, actor, command.room)
        _require_named(room)
        _drop(tx, room.id, actor.user, "left")

    store.write(work, room=command.room)


def invite(store: Store, actor: Actor, command: RoomInvite) -> None:
    """`room_invite`: adds people to a room that the actor is in; those who are in it already stay as they are."""

    def work(tx: Transaction) -> None:
        room = rooms.for_actor(tx.conn, actor, command.room)
        permissions.require(actor, "room_invite", room.role)
        _require_named(room)
        ids = rooms.existing(tx.conn, command.users, "users")
        rooms.add_members(tx, room.id, ids, store.settings.rooms_per_user)

    store.write(work, room=command.room)


def remove(store: Store, actor: Actor, command: RoomRemove) -> None:
    """`room_remove`: takes somebody out. An owner is removed by another owner or the server's staff only."""

    def work(tx: Transaction) -> None:
        room = rooms.for_actor(tx.conn, actor, command.room)
        permissions.require(actor, "room_remove", room.role)
        _require_named(room)
        if _role_of(tx.conn, room.id, command.user) == "owner" and room.role != "owner" and not actor.is_staff:
            raise forbidden("An owner of the room can be removed by another owner only.", "user")
        own = command.user == actor.user
        _drop(tx, room.id, command.user, "left" if own else "removed")
        if not own:
            audit.note(tx, actor, "room_remove", user=command.user, room=room.id)

    store.write(work, room=command.room)


def appoint(store: Store, actor: Actor, command: RoomRole) -> None:
    """`room_role`: makes somebody owner, moderator or member. A room keeps an owner."""

    def work(tx: Transaction) -> None:
        room = rooms.for_actor(tx.conn, actor, command.room, lock=True)
        permissions.require(actor, "room_role", room.role)
        _require_named(room)
        before = _role_of(tx.conn, room.id, command.user)
        if before == command.role:
            return
        target = (memberships.c.room_id == room.id) & (memberships.c.user_id == command.user)
        tx.conn.execute(memberships.update().where(target).values(role=command.role))
        if before == "owner" and not _has_owner(tx.conn, room.id):
            raise conflict("A room needs an owner: make somebody else one first.", "role")
        tx.after_commit(MembersTouched(room.id, (command.user,)))
        audit.note(tx, actor, "room_role", user=command.user, room=room.id, role=command.role)

    store.write(work, room=command.room)


def listing(store: Store, actor: Actor, command: RoomMembers) -> RoomMembersResult:
    """`room_members`: who is in a room that the actor is in, or in a public one, by name."""
    after = rooms.cursor(command.after)
    with store.read() as conn:
        room = _joinable(conn, actor, command.room)
        if room is None:
            raise rooms.no_such_room()
        query = (
            select(*people.COLUMNS, memberships.c.role.label("room_role"))
            .join(memberships, memberships.c.user_id == users.c.id)
            .where(memberships.c.room_id == room)
            .order_by(users.c.name_key, users.c.id)
            .limit(command.limit + 1)
        )
        if command.query:
            query = query.where(people.named_like(command.query))
        if after is not None:
            place = select(users.c.name_key).where(users.c.id == after).scalar_subquery()
            query = query.where(or_(users.c.name_key > place, and_(users.c.name_key == place, users.c.id > after)))
        rows = conn.execute(query).all()
    page = [Member(people.view(row), row.room_role) for row in rows[: command.limit]]
    return RoomMembersResult(page, str(page[-1].user.id) if len(rows) > command.limit else None)


def changed(conn: Connection, room: int, ids: Sequence[int]) -> MembersChanged:
    """The fact about who came or went lately, as it is now."""
    rows = conn.execute(
        select(memberships.c.user_id, memberships.c.role).where(
            memberships.c.room_id == room, memberships.c.user_id.in_(ids)
        )
    )
    roles = {row.user_id: row.role for row in rows}
    known = people.load(conn, ids)
    count = conn.scalar(select(room_table.c.member_count).where(room_table.c.id == room)) or 0
    return MembersChanged(
        room, [Member(known[i], roles.get(i, "member"), gone=i not in roles) for i in ids if i in known], count
    )


def _joinable(conn: Connection, actor: Actor, ref: int | str) -> int | None:
    """The room that the actor may enter or look into: a public one, or one that the actor is in already."""
    mine = and_(memberships.c.room_id == room_table.c.id, memberships.c.user_id == actor.user)
    query: Any = select(room_table.c.id).outerjoin(memberships, mine)
    query = (
        query.where(room_table.c.id == ref) if isinstance(ref, int) else query.where(room_table.c.name_key == fold(ref))
    )
    query = query.where(or_(room_table.c.kind == "public", memberships.c.user_id.is_not(None)))
    # Of a public and a private room of one name, the public one is meant.
    query = query.order_by(case((room_table.c.kind == "public", 0), else_=1), room_table.c.id)
    room: int | None = conn.scalar(query.limit(1))
    return room


def _role_of(conn: Connection, room: int, user: int) -> MemberRole:
    """Raises `not_found` for who is not in the room."""
    role: MemberRole | None = conn.scalar(
        select(memberships.c.role).where(memberships.c.room_id == room, memberships.c.user_id == user)
    )
    if role is None:
        raise not_found("This person is not in the room.", "user")
    return role


def _require_named(room: Row[Any]) -> None:
    """Who is in a direct conversation is what it is; into one with a visitor, agents come by taking it."""
    if room.kind == "direct":
        raise forbidden("The people of a direct conversation don't change; begin another one.", "room")
    if not rooms.is_named(room.kind):
        raise forbidden("This is a conversation with a visitor.", "room")


def put_out(tx: Transaction, room: int, user: int, reason: str = "removed") -> None:
    """Part of another transaction; where somebody is not in the room, nothing happens."""
    if rooms.is_member(tx.conn, room, user):
        _drop(tx, room, user, reason)


def _drop(tx: Transaction, room: int, user: int, reason: str) -> None:
    of_room = memberships.c.room_id == room
    gone = tx.conn.execute(memberships.delete().where(of_room, memberships.c.user_id == user))
    rooms.count_members(tx, room, -gone.rowcount)
    tx.after_commit(
        Leave(user, room),
        Publish(user_channel(user), "room_removed", RoomRemoved(room, "left" if reason == "left" else "removed")),
        MembersTouched(room, (user,)),
    )
    named = rooms.is_named(tx.conn.scalar(select(room_table.c.kind).where(room_table.c.id == room)) or "")
    if named and not _has_owner(tx.conn, room):
        _pass_on(tx, room)


def _has_owner(conn: Connection, room: int) -> bool:
    owner = select(memberships.c.user_id).where(memberships.c.room_id == room, memberships.c.role == "owner")
    return conn.scalar(owner.limit(1)) is not None


def _pass_on(tx: Transaction, room: int) -> None:
    """A room has an owner while somebody is in it who may be one."""
    of_room = memberships.c.room_id == room
    moderators_first = case((memberships.c.role == "moderator", 0), else_=1)
    heir = tx.conn.scalar(
        select(memberships.c.user_id)
        .join(users, users.c.id == memberships.c.user_id)
        .where(of_room, users.c.role.in_(_HEIRS))
        .order_by(moderators_first, memberships.c.joined_at, memberships.c.user_id)
        .limit(1)
    )
    if heir is not None:
        tx.conn.execute(memberships.update().where(of_room, memberships.c.user_id == heir).values(role="owner"))
        tx.after_commit(MembersTouched(room, (heir,)))
