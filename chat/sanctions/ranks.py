"""Who may decide about whom: nobody about themselves, and nobody about who stands above them.

The server's owner stands above its admins, these above everybody else; among those, a room's owner stands above its
moderators, and these above its other members.
"""

from __future__ import annotations

from sqlalchemy import Connection, and_, select

from chat import permissions
from chat.actor import Actor
from chat.errors import forbidden, not_found
from chat.events.values import MemberRole
from chat.permissions import Action
from chat.rooms import no_such_room
from chat.store.tables import memberships, rooms, users

_ON_THE_SERVER = {"owner": 2, "admin": 1}
_IN_A_ROOM = {"owner": 2, "moderator": 1}


def require_anywhere(conn: Connection, actor: Actor, action: Action, user: int, *, equals: bool = True) -> None:
    """The actor may do it to this person, to `equals` too if so. Raises `forbidden` and `not_found`."""
    permissions.require(actor, action)
    _require_over(conn, actor, user, None, None, equals)


def require_in_room(conn: Connection, actor: Actor, action: Action, room: int, user: int) -> None:
    """The actor may do it to this person in this room, in which the server's staff need not be.

    Raises `forbidden` and `not_found`.
    """
    role = require_led(conn, actor, action, room)
    _require_over(conn, actor, user, room, role, equals=True)


def require_led(conn: Connection, actor: Actor, action: Action, room: int) -> MemberRole | None:
    """The actor may do it in this room; returns the role there, if there is one. Raises as `require_in_room`."""
    mine = and_(memberships.c.room_id == rooms.c.id, memberships.c.user_id == actor.user)
    query = select(rooms.c.kind, memberships.c.role).outerjoin(memberships, mine).where(rooms.c.id == room)
    found = conn.execute(query).first()
    if found is None or (found.role is None and not actor.is_staff):
        raise no_such_room()
    permissions.require(actor, action, found.role)
    if found.kind == "direct":
        raise forbidden("Nobody leads a direct conversation.", "room")
    role: MemberRole | None = found.role
    return role


def leaders(conn: Connection, room: int) -> set[int]:
    """Who decides in this room: those who lead it, and the server's staff."""
    leads = memberships.c.role.in_(permissions.LEADERS)
    named = select(memberships.c.user_id).join(rooms).where(rooms.c.id == room, rooms.c.kind != "direct")
    found = set(conn.scalars(named.where(leads)))
    return found | set(conn.scalars(select(users.c.id).where(users.c.role.in_(permissions.STAFF))))


def _require_over(
    conn: Connection, actor: Actor, user: int, room: int | None, mine: MemberRole | None, equals: bool
) -> None:
    if user == actor.user:
        raise forbidden("Nobody can do this to themselves.", "user")
    there = and_(memberships.c.user_id == users.c.id, memberships.c.room_id == room)
    query = select(users.c.role, memberships.c.role.label("room_role")).outerjoin(memberships, there)
    found = conn.execute(query.where(users.c.id == user)).first()
    if found is None:
        raise not_found("There is nobody with this id.", "user")
    here, theirs = _rank(actor.role, mine), _rank(found.role, found.room_role)
    if theirs > here or (theirs == here and not equals):
        raise forbidden("You can do this only to people below you.", "user")


def _rank(role: str, room_role: str | None) -> tuple[int, int]:
    server = _ON_THE_SERVER.get(role, 0)
    # Staff need no role in a room to be above all that lead it.
    return server, 0 if server else _IN_A_ROOM.get(room_role or "", 0)
