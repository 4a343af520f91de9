"""Rooms: making them, finding them, and how one member sees them.

What an actor may not see does not exist for them: a private room answers like a number that was never given out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from chat import permissions, unread
from chat.actor import Actor
from chat.errors import ChatError, bad_request, conflict, forbidden, not_found
from chat.events.objects import Head, Room
from chat.events.rooms import RoomAdded, RoomCreate, RoomList, RoomListResult, RoomResult, RoomShared
from chat.events.values import Involvement, MemberRole, RoomKind
from chat.store import Store, Transaction
from chat.store.compiled import Compiled
from chat.store.outbox import Enter, MembersTouched, Publish, user_channel
from chat.store.tables import memberships, rooms, sanctions, users
from chat.store.threads import Offload, call_here
from chat.text import clean, fold, room_name
from chat.times import now


def create(store: Store, actor: Actor, command: RoomCreate) -> RoomResult:
    """`room_create`: the actor becomes the room's owner, `members` are added."""
    permissions.require(actor, "room_create")
    name, topic = room_name(command.name), clean(command.topic, "topic", most=500)
    # Both can say something.
    store.require_voice(actor.user, None)

    def work(tx: Transaction) -> RoomResult:
        room = insert(tx, actor.user, name, command.kind, topic)
        add_members(tx, room, [actor.user], store.settings.rooms_per_user, role="owner")
        others = [user for user in command.members if user != actor.user]
        add_members(tx, room, existing(tx.conn, others, "members"), store.settings.rooms_per_user)
        return RoomResult(view(tx.conn, actor.user, room))

    try:
        return store.write(work)
    except IntegrityError as error:
        raise name_taken() from error


def insert(tx: Transaction, owner: int | None, name: str, kind: str, topic: str = "") -> int:
    """A new room without members; raises `IntegrityError` for a public name that is taken."""
    values = {
        "kind": kind,
        "name": name,
        "name_key": fold(name),
        "public_key": fold(name) if kind == "public" else None,
        "topic": topic,
        "created_by": owner,
        "created_at": now(),
    }
    return tx.insert(rooms, values)


def name_taken() -> ChatError:
    return conflict("There is a room of that name already.", "name")


def add_members(
    tx: Transaction, room: int, ids: Sequence[int], most_rooms: int, role: MemberRole = "member"
) -> list[int]:
    """Make these accounts members; returns those who were not before. Who is in too many rooms is refused."""
    wanted = (memberships.c.room_id == room) & memberships.c.user_id.in_(ids)
    present = set(tx.conn.scalars(select(memberships.c.user_id).where(wanted)))
    added = [user for user in dict.fromkeys(ids) if user not in present]
    if added and shut_out(tx.conn, room, added):
        raise forbidden("Who is banned from a room can't come in.", "room")
    head, kind = tx.conn.execute(select(rooms.c.seq, rooms.c.kind).where(rooms.c.id == room)).one()
    # A public room may have thousands of people, most of whom talk to others.
    level: Involvement = "mentions" if kind == "public" else "everything"
    if added:
        count_members(tx, room, len(added))
    for user in added:
        if (tx.conn.scalar(select(func.count()).where(memberships.c.user_id == user)) or 0) >= most_rooms:
            raise conflict(f"Nobody can be in more than {most_rooms:,} rooms.")
        tx.conn.execute(
            memberships.insert().values(
                room_id=room, user_id=user, role=role, involvement=level, last_read=head, joined_at=now()
            )
        )
    for user in added:
        seen = view(tx.conn, user, room)
        tx.after_commit(Enter(user, room), Publish(user_channel(user), "room_added", RoomAdded(seen, seen.head.rev)))
    if added:
        tx.after_commit(MembersTouched(room, tuple(added)))
    return added


def is_member(conn: Connection, room: int, user: int) -> bool:
    mine = (memberships.c.room_id == room) & (memberships.c.user_id == user)
    return conn.scalar(select(memberships.c.user_id).where(mine)) is not None


def shut_out(conn: Connection, room: int, ids: Sequence[int]) -> set[int]:
    """Those of these accounts who are banned from the room."""
    of_room = (sanctions.c.kind == "room_ban") & (sanctions.c.room_id == room) & sanctions.c.lifted_at.is_(None)
    present = or_(sanctions.c.until.is_(None), sanctions.c.until > now())
    return set(conn.scalars(select(sanctions.c.user_id).where(of_room, present, sanctions.c.user_id.in_(ids))))


def count_members(tx: Transaction, room: int, more: int) -> None:
    """Every change of how many are in a room goes into its row, so that nobody need count them."""
    tx.conn.execute(update(rooms).where(rooms.c.id == room).values(member_count=rooms.c.member_count + more))


def existing(conn: Connection, ids: Sequence[int], field: str) -> list[int]:
    """The ids, all of them living accounts that can be in rooms; raises `not_found` otherwise."""
    able = users.c.deactivated_at.is_(None) & (users.c.role != "visitor")
    found = set(conn.scalars(select(users.c.id).where(users.c.id.in_(ids), able)))
    if not found.issuperset(ids):
        raise not_found("One of these people does not exist.", field)
    return list(ids)


def directory(store: Store, actor: Actor, command: RoomList) -> RoomListResult:
    """`room_list`: public rooms, and the private ones that the actor is in, by name."""
    part = fold(clean(command.query, "query", most=200).removeprefix("#"))
    mine = and_(rooms.c.kind == "private", memberships.c.user_id.is_not(None))
    visible = or_(rooms.c.kind == "public", mine)
    wanted = rooms.c.archived_at.is_not(None) if command.archived else rooms.c.archived_at.is_(None)
    query = _seen_by(actor.user).where(visible, wanted)
    if part:
        query = query.where(
            or_(
                rooms.c.name_key.contains(part, autoescape=True),
                func.lower(rooms.c.topic).contains(part, autoescape=True),
            )
        )
    after = cursor(command.after)
    with store.read() as conn:
        if after is not None:
            # Through the actor: where a room that is not theirs would stand is nobody's business.
            last = _seen_by(actor.user).with_only_columns(rooms.c.name_key).where(rooms.c.id == after, visible)
            name = conn.scalar(last)
            if name is None:
                raise no_such_place()
            query = query.where(or_(rooms.c.name_key > name, and_(rooms.c.name_key == name, rooms.c.id > after)))
        rows = conn.execute(query.order_by(rooms.c.name_key, rooms.c.id).limit(command.limit + 1)).all()
        page = _views(conn, actor.user, [_Seen(*row) for row in rows[: command.limit]], store.offload)
    return RoomListResult(page, str(page[-1].id) if len(rows) > command.limit else None)


def cursor(value: str | None) -> int | None:
    """The id that a list's `after` names; raises `bad_request` for anything that no answer ever gave."""
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise no_such_place()
    return int(value)


def no_such_place() -> ChatError:
    return bad_request("This is not a place in the list.", "after")


def of_user(conn: Connection, user: int, offload: Offload = call_here) -> list[Room]:
    """All rooms that the user is in. Where much is unread, it is counted by `offload`."""
    return _views(conn, user, [_Seen(*row) for row in _OF_USER.rows(conn, user)], offload)


def ids_of_user(conn: Connection, user: int) -> list[int]:
    return [room for (room,) in _IDS_OF_USER.rows(conn, user)]


def ids_of_users(conn: Connection, users: Sequence[int]) -> dict[int, set[int]]:
    """The rooms that each of the users is in."""
    found: dict[int, set[int]] = {user: set() for user in users}
    for row in conn.execute(
        select(memberships.c.user_id, memberships.c.room_id).where(memberships.c.user_id.in_(users))
    ):
        found[row.user_id].add(row.room_id)
    return found


def memberships_of(conn: Connection, users: Sequence[int], most_members: int) -> list[tuple[int, int]]:
    """Pairs of room and user: which rooms of at most so many members these users are in."""
    query = select(memberships.c.room_id, memberships.c.user_id).join(rooms, rooms.c.id == memberships.c.room_id)
    found = conn.execute(query.where(memberships.c.user_id.in_(users), rooms.c.member_count <= most_members))
    return [(row.room_id, row.user_id) for row in found]


def view(conn: Connection, user: int, room: int) -> Room:
    """A room as the user sees it; the caller has made sure that the user may."""
    return _views(conn, user, [_Seen(*conn.execute(_seen_by(user).where(rooms.c.id == room)).one())])[0]


def shared_view(room: Room) -> RoomShared:
    """What all members see alike."""
    return RoomShared(
        room.id,
        room.name,
        room.kind,
        room.topic,
        room.head,
        room.archived,
        room.slow_mode,
        room.member_count,
        room.keep_days,
    )


def for_actor(conn: Connection, actor: Actor, room: int, *, lock: bool = False) -> Row[Any]:
    """The room and the actor's membership of it: the one way to a room by its id.

    With `lock`, nobody else changes the room until the transaction ends, which must be one that writes.

    Raises `not_found` alike for a room that does not exist and for one that the actor is not in.
    """
    query = (
        select(rooms, memberships.c.role, memberships.c.last_read)
        .join(memberships, memberships.c.room_id == rooms.c.id)
        .where(rooms.c.id == room, memberships.c.user_id == actor.user)
    )
    row = conn.execute(query.with_for_update(of=rooms) if lock else query).first()
    if row is None:
        raise no_such_room()
    return row


def lock(tx: Transaction, room: int) -> None:
    """Nobody else changes the room until the transaction ends."""
    tx.conn.execute(select(rooms.c.id).where(rooms.c.id == room).with_for_update())


def advance(tx: Transaction, room: int, *, messages: int = 0, own: bool = False) -> Head:
    """Take the room's next `rev`, and as many of its next `seq` as there are new messages; `own`: for a change of the
    room itself."""
    to: dict[str, Any] = {"rev": rooms.c.rev + 1, "seq": rooms.c.seq + messages}
    if own:
        to["own_rev"] = rooms.c.rev + 1
    changed = update(rooms).where(rooms.c.id == room).values(to).returning(rooms.c.seq, rooms.c.rev)
    return Head(*tx.conn.execute(changed).one())


def is_named(kind: str) -> bool:
    """Whether people name it, come and go: not a direct conversation, and not one with a visitor."""
    return kind in ("public", "private")


def archived() -> ChatError:
    return forbidden("This room is archived: it can be read, but nothing new can be said.", "room")


def no_such_room() -> ChatError:
    return not_found("There is no such room, or you are not in it.", "room")


def heads(conn: Connection, ids: Sequence[int]) -> dict[int, Head]:
    rows = conn.execute(select(rooms.c.id, rooms.c.seq, rooms.c.rev).where(rooms.c.id.in_(ids)))
    return {row.id: Head(row.seq, row.rev) for row in rows}


class _Seen(NamedTuple):
    """A room as somebody sees it; the last four are None for who is not in it."""

    id: int
    name: str
    kind: RoomKind
    topic: str
    seq: int
    rev: int
    archived_at: int | None
    slow_mode: int
    member_count: int
    keep_days: int | None
    role: MemberRole | None
    involvement: Involvement | None
    last_read: int | None
    starred: bool | None


_SEEN = (
    *(rooms.c.id, rooms.c.name, rooms.c.kind, rooms.c.topic, rooms.c.seq, rooms.c.rev),
    *(rooms.c.archived_at, rooms.c.slow_mode, rooms.c.member_count, rooms.c.keep_days),
    *(memberships.c.role, memberships.c.involvement, memberships.c.last_read, memberships.c.starred),
)
_IDS_OF_USER = Compiled(select(memberships.c.room_id).where(memberships.c.user_id == bindparam("user")), "user")
_OF_USER = Compiled(
    select(*_SEEN)
    .join(memberships, memberships.c.room_id == rooms.c.id)
    .where(memberships.c.user_id == bindparam("user"))
    .order_by(rooms.c.name_key, rooms.c.id),
    "user",
)


def _seen_by(user: int) -> Select[Any]:
    mine = and_(memberships.c.room_id == rooms.c.id, memberships.c.user_id == user)
    return select(*_SEEN).outerjoin_from(rooms, memberships, mine)


def _views(conn: Connection, user: int, rows: Sequence[_Seen], offload: Offload = call_here) -> list[Room]:
    counts = unread.of_rooms(conn, user, rows, offload)
    people = _people(conn, [row.id for row in rows if row.kind == "direct"])
    return [_view(row, counts.get(row.id, unread.NOTHING), people.get(row.id)) for row in rows]


def _people(conn: Connection, directs: Sequence[int]) -> dict[int, list[int]]:
    """The people of each of these direct conversations."""
    found: dict[int, list[int]] = {room: [] for room in directs}
    if directs:
        query = select(memberships.c.room_id, memberships.c.user_id).where(memberships.c.room_id.in_(directs))
        for row in conn.execute(query.order_by(memberships.c.room_id, memberships.c.user_id)):
            found[row.room_id].append(row.user_id)
    return found


def _view(row: _Seen, count: unread.Count, people: list[int] | None) -> Room:
    return Room(
        id=row.id,
        name=row.name,
        kind=row.kind,
        topic=row.topic,
        head=Head(row.seq, row.rev),
        role=row.role,
        involvement=row.involvement or "everything",
        last_read=row.last_read or 0,
        unread=count.unread,
        mentions=count.mentions,
        archived=row.archived_at is not None,
        slow_mode=row.slow_mode,
        member_count=row.member_count,
        users=people,
        starred=bool(row.starred),
        replies=count.replies,
        keep_days=row.keep_days,
    )
