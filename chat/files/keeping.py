"""Files: whose they are, which messages have them, who may read them, and how much they may take.

An upload belongs to who made it alone, until a message has it; then it belongs to everybody in that message's room too.
The last message that goes takes it along. What is dropped is gone for everybody at once; `sweeping` removes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite

from chat import permissions, rooms
from chat.actor import Actor
from chat.errors import ChatError, forbidden, not_found
from chat.events.files import RoomFile, RoomFiles, RoomFilesResult
from chat.events.objects import File
from chat.store import Store, Transaction
from chat.store.tables import attachments, file_usage, files, help_conversations, memberships, messages, users
from chat.times import now, stamp

MOST_A_MESSAGE = 10
# The rows of `file_usage` that count everybody's, and those of all visitors of web sites.
_ALL, _VISITORS = 0, -1
_NO_LIMIT = 2**62


class New(NamedTuple):
    """A file whose bytes are in the storage already, under `key`; sizes are in bytes."""

    key: str
    name: str
    type: str
    size: int
    width: int | None = None
    height: int | None = None
    thumb_size: int | None = None


# Uploading


def is_on(store: Store, actor: Actor) -> bool:
    settings = store.settings
    from_visitors = actor.role != "visitor" or settings.help_files == "on"
    return settings.files == "on" and from_visitors and permissions.can(actor, "file_upload")


def largest(store: Store, actor: Actor) -> int:
    """In bytes."""
    settings = store.settings
    most = settings.files_largest_mb
    return (min(most, settings.help_file_mb) if actor.role == "visitor" else most) << 20


def require_room(store: Store, actor: Actor, size: int) -> None:
    """Before so many bytes are taken. Raises `ChatError`: `forbidden`, or `too_large` with what is in its way."""
    if not is_on(store, actor):
        permissions.require(actor, "file_upload")
        raise forbidden("This server takes no files.")
    if size > largest(store, actor):
        raise ChatError("too_large", f"A file may have at most {largest(store, actor) >> 20} MB.", "file")
    limits = _limits(store, actor)
    with store.read() as conn:
        taken: dict[int, int] = {
            row.user_id: row.bytes for row in conn.execute(select(file_usage).where(file_usage.c.user_id.in_(limits)))
        }
    for user, limit in limits.items():
        if taken.get(user, 0) + size > limit:
            raise _full(user)


def keep(store: Store, actor: Actor, new: New) -> File:
    """Count a file and make it the actor's. Raises as `require_room`, whatever others have kept meanwhile."""
    stored = new.size + (new.thumb_size or 0)

    def work(tx: Transaction) -> int:
        for user, limit in _limits(store, actor).items():
            _count(tx.conn, user, stored, limit)
        values = {**new._asdict(), "owner_id": actor.user, "stored": stored, "created_at": now()}
        return tx.insert(files, values)

    number = store.write(work)
    return _shown(number, new)


def take_back(store: Store, actor: Actor, file: int) -> None:
    """The actor's own, which no message has. Raises `not_found`."""
    mine = (files.c.id == file) & (files.c.owner_id == actor.user)

    def work(tx: Transaction) -> None:
        free = update(files).where(mine, files.c.attached_at.is_(None), files.c.dropped_at.is_(None))
        if not tx.conn.execute(free.values(dropped_at=now())).rowcount:
            raise no_such_file()

    store.write(work)


# Reading


def find(store: Store, actor: Actor, file: int) -> Row[Any]:
    """The row of a file that the actor may read. Raises `not_found` alike for one that there is not."""
    with store.read() as conn:
        row = conn.execute(select(files).where(files.c.id == file, _readable(actor))).first()
    if row is None:
        raise no_such_file()
    return row


def of_room(store: Store, actor: Actor, command: RoomFiles) -> RoomFilesResult:
    """`room_files`: what the room's messages have, the newest first."""
    with store.read() as conn:
        room = rooms.for_actor(conn, actor, command.room)
        query = (
            select(attachments.c.id.label("attachment"), files, messages.c.id.label("message"), messages.c.seq)
            .add_columns(messages.c.author_id, messages.c.created_at.label("said_at"))
            .join_from(attachments, files)
            .join(messages)
            .where(attachments.c.room_id == room.id)
        )
        if command.before is not None:
            query = query.where(attachments.c.id < command.before)
        rows = conn.execute(query.order_by(attachments.c.id.desc()).limit(command.limit + 1)).all()
    found = [
        RoomFile(row.attachment, _shown(row.id, row), row.message, row.seq, row.author_id, stamp(row.said_at))
        for row in rows[: command.limit]
    ]
    return RoomFilesResult(found, found[-1].id if len(rows) > len(found) else None)


# Messages


def choose(conn: Connection, actor: Actor, ids: Sequence[int]) -> list[Row[Any]]:
    """The files for a new message, in their order, each once. Raises `not_found`, unless the actor may read all.

    From here to the end of the transaction none of them can go.
    """
    wanted = list(dict.fromkeys(ids))
    query = select(files).where(files.c.id.in_(wanted), _readable(actor))
    # Locked in one order, so that two messages with the same files don't wait for each other.
    rows = {row.id: row for row in conn.execute(query.order_by(files.c.id).with_for_update(of=files))}
    if len(rows) < len(wanted):
        raise no_such_file()
    return [rows[number] for number in wanted]


def attach(conn: Connection, chosen: Sequence[Row[Any]], message: int, room: int) -> list[File]:
    """Give a new message what was chosen in the same transaction."""
    free = [row.id for row in chosen if row.attached_at is None]
    if free:
        conn.execute(update(files).where(files.c.id.in_(free)).values(attached_at=now()))
    values = [
        {"file_id": row.id, "message_id": message, "room_id": room, "position": at} for at, row in enumerate(chosen)
    ]
    conn.execute(attachments.insert(), values)
    shown = [_shown(row.id, row) for row in chosen]
    whole = msgspec.json.encode(shown).decode()
    conn.execute(update(messages).where(messages.c.id == message).values(files=whole))
    return shown


def detach(tx: Transaction, message: int) -> None:
    """A message is deleted: what no other message has goes with it."""
    conn = tx.conn
    of_message = select(attachments.c.file_id).where(attachments.c.message_id == message)
    # Whoever is about to give one of them to another message is first, or finds it gone.
    held = list(
        conn.scalars(select(files.c.id).where(files.c.id.in_(of_message)).order_by(files.c.id).with_for_update())
    )
    conn.execute(delete(attachments).where(attachments.c.message_id == message))
    alone = files.c.id.in_(held) & ~exists().where(attachments.c.file_id == files.c.id)
    conn.execute(update(files).where(alone).values(dropped_at=now()))


def no_such_file() -> ChatError:
    return not_found("There is no such file.", "files")


def release(conn: Connection, owner: int, stored: int) -> None:
    """A file's bytes are nobody's any more."""
    role = conn.scalar(select(users.c.role).where(users.c.id == owner))
    for user in (owner, _VISITORS, _ALL) if role == "visitor" else (owner, _ALL):
        less = update(file_usage).where(file_usage.c.user_id == user)
        conn.execute(less.values(bytes=file_usage.c.bytes - stored))


def _readable(actor: Actor) -> ColumnElement[bool]:
    mine = (memberships.c.room_id == attachments.c.room_id) & (memberships.c.user_id == actor.user)
    seen = exists().where(attachments.c.file_id == files.c.id, mine)
    # Whoever answers visitors reads all conversations, also those that they are not in.
    answers = exists().where(users.c.id == actor.user, users.c.helps)
    of_visitor = attachments.c.room_id == help_conversations.c.room_id
    asked = exists().where(attachments.c.file_id == files.c.id, of_visitor, answers)
    return files.c.dropped_at.is_(None) & ((files.c.owner_id == actor.user) | seen | asked)


def _limits(store: Store, actor: Actor) -> dict[int, int]:
    """What may be taken, by row of `file_usage`, in the order in which they are locked."""
    settings = store.settings
    limits = {actor.user: settings.files_account_mb, _ALL: settings.files_total_mb}
    if actor.role == "visitor":
        # However many come, the others have room.
        own, theirs = settings.help_visitor_mb, settings.help_visitors_mb
        limits = {actor.user: own, _VISITORS: theirs, _ALL: settings.files_total_mb}
    return {user: (limit << 20) or _NO_LIMIT for user, limit in limits.items()}


def _count(conn: Connection, user: int, size: int, limit: int) -> None:
    insert: Any = (postgresql if conn.dialect.name == "postgresql" else sqlite).insert(file_usage)
    taken = insert.values(user_id=user, bytes=size)
    more = file_usage.c.bytes + taken.excluded.bytes
    add = taken.on_conflict_do_update(index_elements=["user_id"], set_={"bytes": more}, where=more <= limit)
    if size > limit or not conn.execute(add).rowcount:
        raise _full(user)


def _full(user: int) -> ChatError:
    if user in (_ALL, _VISITORS):
        return ChatError("too_large", "This server has no room for more files. Please tell its owner.", "quota")
    return ChatError(
        "too_large", "Your files take all the room that they may. Please delete messages with files.", "quota"
    )


def _shown(number: int, file: New | Row[Any]) -> File:
    return File(
        id=number,
        name=file.name,
        type=file.type,
        size=file.size,
        width=file.width,
        height=file.height,
        thumb=f"/files/{number}/thumb" if file.thumb_size is not None else None,
    )
