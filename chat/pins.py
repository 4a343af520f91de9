"""Messages that a room keeps at hand."""

from __future__ import annotations

from sqlalchemy import func, select

from chat import changes
from chat.actor import Actor
from chat.changes import Found
from chat.errors import conflict
from chat.events.messages import PinAdd, PinRemove
from chat.store import Store, Transaction
from chat.store.tables import messages
from chat.times import now

MOST_PINS = 50


def add(store: Store, actor: Actor, command: PinAdd) -> None:
    """`pin_add`: again is no change. Raises `conflict` where the room has too many."""

    def work(tx: Transaction, found: Found) -> None:
        store.require_voice(actor.user, found.room.id)
        if found.message.pinned_at is not None:
            return
        pinned = (messages.c.room_id == found.room.id) & messages.c.pinned_at.is_not(None)
        if (tx.conn.scalar(select(func.count()).where(pinned)) or 0) >= MOST_PINS:
            raise conflict(f"A room can have {MOST_PINS} pinned messages; take one away first.", "message")
        changes.settle(tx, found.message.id, found.room.id, pinned_at=now())

    changes.carry_out(store, actor, command.message, "pin", work)


def remove(store: Store, actor: Actor, command: PinRemove) -> None:
    """`pin_remove`: where it is not pinned, nothing happens."""

    def work(tx: Transaction, found: Found) -> None:
        store.require_voice(actor.user, found.room.id)
        if found.message.pinned_at is not None:
            changes.settle(tx, found.message.id, found.room.id, pinned_at=None)

    changes.carry_out(store, actor, command.message, "pin", work)
