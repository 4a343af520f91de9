"""Who did what to whom, and from where: only ever added to, in the transaction of the act itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, select

from chat import permissions
from chat.actor import CLI, Actor
from chat.events.moderation import AuditEntry, AuditList, AuditListResult
from chat.store import Store, Transaction
from chat.store.outbox import STAFF, Publish
from chat.store.tables import audit, rooms, users
from chat.times import milliseconds, now, stamp

# Rows in memory at once, where all are asked for.
CHUNK = 500
COMMAND_LINE = "hubbub"
_LONGEST_ADDRESS = 64

_decode = msgspec.json.Decoder(dict[str, Any]).decode


def note(
    tx: Transaction,
    actor: Actor | None,
    action: str,
    *,
    user: int | None = None,
    room: int | None = None,
    message: int | None = None,
    **details: Any,
) -> None:
    """Part of the transaction that does it. Without an actor it was done on the command line.

    The present names of the person and of the room are kept beside `details`, which must be what JSON can hold.
    """
    if user is not None:
        details["user_name"] = tx.conn.scalar(select(users.c.username).where(users.c.id == user))
    if room is not None:
        details["room_name"] = tx.conn.scalar(select(rooms.c.name).where(rooms.c.id == room))
    by = None if actor is None else actor.user
    name, address = (COMMAND_LINE, CLI) if actor is None else (actor.username, actor.address[:_LONGEST_ADDRESS])
    moment = now()
    values = {
        "at": moment,
        "action": action,
        "actor_id": by,
        "actor": name,
        "address": address,
        "user_id": user,
        "room_id": room,
        "message_id": message,
        "details": msgspec.json.encode(details).decode(),
    }
    number = tx.insert(audit, values)
    entry = AuditEntry(number, stamp(moment), action, name, address, by, user, room, message, details)
    tx.after_commit(Publish(STAFF, "audit", entry))


def listing(store: Store, actor: Actor, command: AuditList) -> AuditListResult:
    """`audit_list`: a page of it, the newest first."""
    permissions.require(actor, "audit_read")
    query = _wanted(command)
    with store.read() as conn:
        found = store.offload(_page, conn, query, command.before, command.limit + 1)
    page = found[: command.limit]
    return AuditListResult(page, page[-1].id if len(found) > command.limit else None)


def rows(store: Store, actor: Actor, wanted: AuditList) -> Iterator[AuditEntry]:
    """All that `wanted` names, the newest first, for who takes it along; a bounded part of it is in memory."""
    permissions.require(actor, "audit_read")
    return _all(store, _wanted(wanted), wanted.before)


def _all(store: Store, query: Select[Any], before: int | None) -> Iterator[AuditEntry]:
    while True:
        # Between two pieces no transaction stays open, however slowly they are taken.
        with store.read() as conn:
            page = store.offload(_page, conn, query, before, CHUNK)
        yield from page
        if len(page) < CHUNK:
            return
        before = page[-1].id


def _wanted(command: AuditList) -> Select[Any]:
    query = select(audit)
    for column, value in (
        (audit.c.actor_id, command.actor),
        (audit.c.user_id, command.user),
        (audit.c.action, command.action),
        (audit.c.room_id, command.room),
    ):
        if value is not None:
            query = query.where(column == value)
    if command.since is not None:
        query = query.where(audit.c.at >= milliseconds(command.since, "since"))
    if command.until is not None:
        query = query.where(audit.c.at < milliseconds(command.until, "until"))
    return query


def _page(conn: Connection, query: Select[Any], before: int | None, limit: int) -> list[AuditEntry]:
    if before is not None:
        query = query.where(audit.c.id < before)
    return [_entry(row) for row in conn.execute(query.order_by(audit.c.id.desc()).limit(limit))]


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        row.id,
        stamp(row.at),
        row.action,
        row.actor,
        row.address,
        row.actor_id,
        row.user_id,
        row.room_id,
        row.message_id,
        _decode(row.details),
    )
