"""Messages that somebody has reported: told to who leads the room and to the server's staff, and settled by them.

Its author never learns of a report, whatever else they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from chat import audit, changes, message_rows, permissions
from chat.actor import Actor
from chat.changes import Found
from chat.errors import ChatError, bad_request, conflict, forbidden, not_found
from chat.events.messages import MessagesResult
from chat.events.moderation import (
    MessageReport,
    Report,
    ReportChanged,
    ReportContext,
    ReportList,
    ReportListResult,
    ReportResolve,
)
from chat.sanctions import cleaning, ranks
from chat.store import Store, Transaction
from chat.store.outbox import Publish, user_channel
from chat.store.tables import memberships, messages, reports, rooms
from chat.text import clean
from chat.times import now, stamp, stamp_or_none

MOST_OPEN = 10
# Messages before and after one that was reported.
AROUND = 5

# A conversation with a visitor is seen by those who answer alone.
_QUERY = (
    select(reports, rooms.c.name.label("room_name"))
    .join(rooms, rooms.c.id == reports.c.room_id)
    .where(rooms.c.kind != "help")
)


def report(store: Store, actor: Actor, command: MessageReport) -> None:
    """`message_report`: of somebody else's message in a room that the actor is in, once.

    Raises `conflict` for the second time, `rate_limited` for who has too many open reports, and `forbidden` in a
    conversation with a visitor.
    """
    comment = clean(command.comment, "comment", most=500, lines=True).strip()

    def work(tx: Transaction, found: Found) -> None:
        message, room = found
        if room.kind == "help":
            raise forbidden("Conversations with visitors are seen by those who answer alone.", "message")
        if message.author_id == actor.user:
            raise bad_request("This message is your own.", "message")
        mine = reports.c.reporter_id == actor.user
        if tx.conn.scalar(select(reports.c.id).where(mine, reports.c.message_id == message.id)) is not None:
            raise conflict("You have reported this message already.", "message")
        count = tx.conn.scalar(select(func.count()).where(mine, reports.c.settled_at.is_(None))) or 0
        if count >= MOST_OPEN:
            said = "You have many reports that nobody has looked at yet. Please wait until that is done."
            raise ChatError("rate_limited", said, "message", retryable=True)
        values = {
            "message_id": message.id,
            "room_id": room.id,
            "author_id": message.author_id,
            "reporter_id": actor.user,
            "reason": command.reason,
            "comment": comment,
            "html": message.html,
            "created_at": now(),
        }
        number = tx.insert(reports, values)
        _tell(tx, [number])

    # What was said in a room before it was archived can still be harmful.
    changes.carry_out(store, actor, command.message, "message_report", work, archived=True)


def listing(store: Store, actor: Actor, command: ReportList) -> ReportListResult:
    """`report_list`: of a room, for who leads it; without one, of all that the actor leads, and for staff of all."""
    query = _QUERY.where(_not_about(actor))
    query = query.where(reports.c.settled_at.is_not(None) if command.settled else reports.c.settled_at.is_(None))
    if command.before is not None:
        query = query.where(reports.c.id < command.before)
    with store.read() as conn:
        if command.room is not None:
            _require(conn, actor, command.room)
            query = query.where(reports.c.room_id == command.room)
        elif not actor.is_staff:
            led = (memberships.c.user_id == actor.user) & memberships.c.role.in_(permissions.LEADERS)
            mine = reports.c.room_id.in_(select(memberships.c.room_id).where(led))
            query = query.where(mine, rooms.c.kind != "direct")
        rows = conn.execute(query.order_by(reports.c.id.desc()).limit(command.limit + 1)).all()
    page = [_view(row) for row in rows[: command.limit]]
    return ReportListResult(page, page[-1].id if len(rows) > command.limit else None)


def context(store: Store, actor: Actor, command: ReportContext) -> MessagesResult:
    """`report_context`: what was reported as it is now, and what was said around it."""
    with store.read() as conn:
        row = _found(conn, actor, command.report)
        place = select(messages.c.seq).where(messages.c.id == row.message_id).scalar_subquery()
        near = messages.c.seq.between(place - AROUND, place + AROUND)
        query = message_rows.query().where(messages.c.room_id == row.room_id, near).order_by(messages.c.seq)
        return MessagesResult(message_rows.views(conn, conn.execute(query).all()))


def resolve(store: Store, actor: Actor, command: ReportResolve) -> None:
    """`report_resolve`: with it, all open reports of the same message. Raises `conflict` where it is settled.

    Who may settle it may also delete what was reported, in whatever room it stands.
    """
    with store.read() as conn:
        row = _found(conn, actor, command.report)

    def work(tx: Transaction) -> None:
        # Rooms are locked before anything else, and a role can be lost meanwhile.
        removed = command.remove and cleaning.erase(tx, row.room_id, [row.message_id])
        _found(tx.conn, actor, command.report)
        open_ones = (reports.c.message_id == row.message_id) & reports.c.settled_at.is_(None)
        settled = update(reports).where(open_ones).returning(reports.c.id)
        done = settled.values(settled_at=now(), settled_by=actor.user, outcome=command.outcome)
        found = sorted(tx.conn.scalars(done))
        if row.id not in found:
            raise conflict("This report is settled already.", "report")
        _tell(tx, found)
        about = {"room": row.room_id, "message": row.message_id}
        audit.note(tx, actor, "report_resolve", user=row.author_id, **about, reports=found, outcome=command.outcome)
        if removed:
            audit.note(tx, actor, "message_delete", user=row.author_id, **about)

    store.write(work, room=row.room_id)


def _require(conn: Connection, actor: Actor, room: int) -> None:
    """Raises `forbidden`, and `not_found` for a room that is none of the actor's business."""
    if not actor.is_staff:
        ranks.require_led(conn, actor, "report_settle", room)


def _not_about(actor: Actor) -> ColumnElement[bool]:
    return reports.c.author_id != actor.user


def _found(conn: Connection, actor: Actor, report: int) -> Row[Any]:
    row = conn.execute(_QUERY.where(reports.c.id == report, _not_about(actor))).first()
    try:
        if row is not None:
            _require(conn, actor, row.room_id)
            return row
    except ChatError:
        pass
    raise not_found("There is no such report.", "report")


def _tell(tx: Transaction, numbers: Sequence[int]) -> None:
    """Those who may settle them."""
    for row in tx.conn.execute(_QUERY.where(reports.c.id.in_(numbers)).order_by(reports.c.id)).all():
        told = ranks.leaders(tx.conn, row.room_id)
        channels = tuple(user_channel(user) for user in sorted(told - {row.author_id}))
        if channels:
            tx.after_commit(Publish(channels, "report_changed", ReportChanged(_view(row))))


def _view(row: Row[Any]) -> Report:
    return Report(
        row.id,
        row.message_id,
        row.room_id,
        row.room_name,
        row.author_id,
        row.reporter_id,
        row.reason,
        row.comment,
        row.html,
        stamp(row.created_at),
        stamp_or_none(row.settled_at),
        row.settled_by,
        row.outcome,
    )
