"""Sanctions as rows: what is in force and what was. A row never changes but that it is lifted, or shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select, update

from chat.actor import Actor
from chat.events.moderation import RoomSanctionsChanged, SanctionsChanged
from chat.events.objects import Sanction
from chat.events.values import SanctionKind
from chat.sanctions import ranks
from chat.store import Transaction
from chat.store.outbox import Publish, user_channel
from chat.store.tables import sanctions
from chat.text import clean
from chat.times import now, stamp, stamp_or_none, to_come

LONGEST_REASON = 500

COLUMNS = (
    sanctions.c.id,
    sanctions.c.kind,
    sanctions.c.user_id,
    sanctions.c.room_id,
    sanctions.c.reason,
    sanctions.c.created_at,
    sanctions.c.until,
)


def in_force(moment: Any) -> ColumnElement[bool]:
    return sanctions.c.lifted_at.is_(None) & or_(sanctions.c.until.is_(None), sanctions.c.until > moment)


def is_told(moment: Any) -> ColumnElement[bool]:
    """Whether it is what somebody is told of: what keeps them from something, and warnings that they have not seen."""
    return in_force(moment) & or_(sanctions.c.kind != "warning", sanctions.c.shown_at.is_(None))


def reason(value: str, *, least: int = 0) -> str:
    """As it is kept. Raises `bad_request`."""
    return clean(value, "reason", least=least, most=LONGEST_REASON, lines=True).strip()


def end(value: str | None) -> int | None:
    """When it ends, if not only by being lifted. Raises `bad_request`."""
    return None if value is None else to_come(value, "until", now())


def add(
    tx: Transaction, actor: Actor, kind: SanctionKind, user: int, *, room: int | None, why: str, until: int | None
) -> int:
    """A new one, in place of the one of this kind that is in force. Returns its number."""
    if kind != "warning":
        lift(tx, kind, user, room)
    values = {"kind": kind, "user_id": user, "room_id": room, "by_id": actor.user, "reason": why}
    return tx.insert(sanctions, {**values, "created_at": now(), "until": until})


def lift(tx: Transaction, kind: SanctionKind, user: int, room: int | None) -> list[int]:
    """Those that were in force, by number."""
    moment = now()
    of_kind = (sanctions.c.kind == kind) & (sanctions.c.user_id == user)
    where = sanctions.c.room_id.is_(None) if room is None else sanctions.c.room_id == room
    found = list(tx.conn.scalars(select(sanctions.c.id).where(of_kind, where, in_force(moment))))
    if found:
        tx.conn.execute(update(sanctions).where(sanctions.c.id.in_(found)).values(lifted_at=moment))
    return found


def own(conn: Connection, user: int) -> list[Sanction]:
    """What this account is to know: its mutes and bans, and the warnings that it has not seen."""
    mine = select(*COLUMNS).where(sanctions.c.user_id == user, is_told(now())).order_by(sanctions.c.id)
    return [view(row) for row in conn.execute(mine)]


def of_room(conn: Connection, room: int) -> list[Sanction]:
    """Who is muted in the room or banned from it, the latest first."""
    query = select(*COLUMNS).where(
        sanctions.c.room_id == room, sanctions.c.kind.in_(("mute", "room_ban")), in_force(now())
    )
    return [view(row) for row in conn.execute(query.order_by(sanctions.c.id.desc()))]


def tell(tx: Transaction, user: int) -> None:
    """The account's devices, what it is to know now."""
    tx.after_commit(Publish(user_channel(user), "sanctions_changed", SanctionsChanged(own(tx.conn, user))))


def tell_leaders(tx: Transaction, room: int) -> None:
    """Who leads the room, that who is muted in it or banned from it has changed."""
    channels = tuple(user_channel(user) for user in sorted(ranks.leaders(tx.conn, room)))
    tx.after_commit(Publish(channels, "room_sanctions_changed", RoomSanctionsChanged(room)))


def view(row: Sequence[Any]) -> Sanction:
    """From the values of `COLUMNS`."""
    number, kind, user, room, why, created_at, until = row
    return Sanction(number, kind, user, room, why, stamp(created_at), stamp_or_none(until))
