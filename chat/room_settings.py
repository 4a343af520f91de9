"""What a room is called and about, how often each may speak in it, who finds it, and whether it is open.

Such a change takes the room's next `rev`; where people should notice it in passing, a system message tells it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.exc import IntegrityError

from chat import accounts, audit, happenings, permissions, rooms
from chat.actor import Actor
from chat.errors import bad_request, forbidden
from chat.events.admin import RoomArchive
from chat.events.objects import Happening, Room
from chat.events.rooms import RoomChanged, RoomResult, RoomUpdate
from chat.store import Store, Transaction
from chat.store.outbox import Publish, room_channel
from chat.store.tables import rooms as table
from chat.text import clean, fold, room_name
from chat.times import now


def change(store: Store, actor: Actor, command: RoomUpdate) -> RoomResult:
    """`room_update`: what is named is changed. Raises `conflict` for a public name that is taken."""
    leading = (command.name, command.slow_mode, command.archived, command.kind)
    if (*leading, command.topic, command.keep_days) == (None,) * 6:
        raise bad_request("Name something to change.", "name")
    name = None if command.name is None else room_name(command.name)
    topic = None if command.topic is None else clean(command.topic, "topic", most=500)

    if name is not None or topic is not None:
        store.require_voice(actor.user, command.room)

    def work(tx: Transaction) -> RoomResult:
        room = rooms.for_actor(tx.conn, actor, command.room, lock=True)
        if not rooms.is_named(room.kind):
            raise forbidden("A direct conversation has no settings.", "room")
        permissions.require(actor, "room_topic" if leading == (None,) * 4 else "room_lead", room.role)
        if command.keep_days is not None:
            permissions.require(actor, "room_keep", room.role)
        if command.kind is not None and room.id == accounts.lobby(tx.conn):
            raise forbidden("Everybody who comes to this server is put into this room, so it stays public.", "kind")
        if room.archived_at is not None and command.archived is not False:
            raise rooms.archived()
        values, happened = _changed(room, command, name, topic)
        if not values:
            return RoomResult(rooms.view(tx.conn, actor.user, room.id))
        seen = _apply(tx, actor, room.id, values, happened)
        if "keep_days" in values:
            audit.note(tx, actor, "room_keep", room=room.id, days=[room.keep_days, values["keep_days"]])
        return RoomResult(seen if not happened else rooms.view(tx.conn, actor.user, room.id))

    try:
        return store.write(work, room=command.room)
    except IntegrityError as error:
        raise rooms.name_taken() from error


def archive(store: Store, actor: Actor, command: RoomArchive) -> None:
    """`room_archive`: for staff, who need not be in the room. What is so already stays so."""
    permissions.require(actor, "room_archive")

    def work(tx: Transaction) -> None:
        rooms.lock(tx, command.room)
        room = tx.conn.execute(select(table).where(table.c.id == command.room)).first()
        if room is None or not rooms.is_named(room.kind):
            raise rooms.no_such_room()
        values, happened = _changed(room, RoomUpdate(room.id, archived=command.archived), None, None)
        if values:
            _apply(tx, actor, room.id, values, happened)
            if command.archived:
                audit.note(tx, actor, "room_archive", room=room.id)
            else:
                audit.note(tx, actor, "room_reopen", room=room.id)

    store.write(work, room=command.room)


def _changed(
    room: Row[Any], command: RoomUpdate, name: str | None, topic: str | None
) -> tuple[dict[str, Any], Sequence[Happening]]:
    """The row's new values, and what the conversation tells of them; `name` and `topic` are the command's, cleaned."""
    values: dict[str, Any] = {}
    happened: list[Happening] = []
    kind = command.kind or room.kind
    if command.archived is not None and command.archived != (room.archived_at is not None):
        values["archived_at"] = now() if command.archived else None
        happened.append(Happening("archived" if command.archived else "reopened"))
    if kind != room.kind:
        # Others may use its name from now on.
        values |= {"kind": kind, "public_key": None}
        happened.append(Happening("private"))
    if name is not None and name != room.name:
        values |= {"name": name, "name_key": fold(name)}
        values["public_key"] = fold(name) if kind == "public" else None
        happened.append(Happening("renamed", name))
    if topic is not None and topic != room.topic:
        values["topic"] = topic
        happened.append(Happening("topic", topic))
    if command.slow_mode is not None and command.slow_mode != room.slow_mode:
        values["slow_mode"] = command.slow_mode
    keep_days = None if command.keep_days == -1 else command.keep_days
    if command.keep_days is not None and keep_days != room.keep_days:
        values["keep_days"] = keep_days
    return values, happened


def _apply(tx: Transaction, actor: Actor, room: int, values: dict[str, Any], happened: Sequence[Happening]) -> Room:
    """Returns the room as it is before what is told of it."""
    head = rooms.advance(tx, room, own=True)
    tx.conn.execute(update(table).where(table.c.id == room).values(**values))
    seen = rooms.view(tx.conn, actor.user, room)
    tx.after_commit(Publish(room_channel(room), "room_changed", RoomChanged(rooms.shared_view(seen), head.rev)))
    for happening in happened:
        happenings.tell(tx, actor.user, room, happening)
    return seen
