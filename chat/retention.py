"""What is said is deleted after so many days, where the server or a room says so; its files go with it.

Each message goes as if somebody had deleted it: a change of its own, with a `rev`, so that whoever has it in a browser
loses it there too. It is done in pieces, and rests between them, since after a change of the days there may be many.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, cast, func, literal, select, update

from chat import messages as nouns
from chat import rooms
from chat.errors import ChatError
from chat.helpdesk import forgetting
from chat.store import Store, Transaction
from chat.store.tables import messages
from chat.store.tables import rooms as table
from chat.times import DAY, now

BEAT_SECONDS = 60.0
PIECE = 100
# Of one beat: the others are found by the next one.
MOST_PIECES = 200


class Retention:
    """`beat` is called every now and then, by one task of each process; several take what is there alike."""

    def __init__(self, store: Store, rest: Callable[[float], object] = time.sleep) -> None:
        self._store = store
        self._rest = rest
        self._stopped = False

    def beat(self) -> None:
        # The store has said what is wrong.
        with suppress(ChatError):
            for _ in range(MOST_PIECES):
                began = time.perf_counter()
                with self._store.read() as conn:
                    due = self._store.offload(_due, conn, self._store.settings.retention_days)
                if self._stopped:
                    return
                if due is None:
                    break
                delete(self._store, due.id, due.until)
                # People's messages go first.
                self._rest(time.perf_counter() - began)

            days = self._store.settings.retention_days
            while days and not self._stopped and forgetting.forget(self._store, now() - days * DAY):
                pass

    def stop(self) -> None:
        """Begin no further piece."""
        self._stopped = True


def delete(store: Store, room: int, until: int) -> None:
    """The oldest messages of a room that were said before `until`; a piece of them."""

    def work(tx: Transaction) -> None:
        rooms.lock(tx, room)
        start = tx.conn.scalar(select(table.c.kept_from).where(table.c.id == room)) or 0
        query = select(messages).where(messages.c.room_id == room, messages.c.seq > start)
        rows = tx.conn.execute(query.order_by(messages.c.seq).limit(PIECE)).all()
        old = [row for row in rows if row.created_at < until]
        for row in old:
            if row.deleted_at is None and row.kind != "system":
                nouns.erase(tx, row)
        if old:
            tx.conn.execute(update(table).where(table.c.id == room).values(kept_from=old[-1].seq))

    store.write(work, room=room)


def _due(conn: Connection, days: int) -> Row[*tuple[Any, ...]] | None:
    """A room with something that is too old, and when that begins; `days` is the server's own word."""
    in_force = cast(func.coalesce(table.c.keep_days, days), BigInteger)
    until = literal(now(), BigInteger) - in_force * literal(DAY, BigInteger)
    oldest = (
        select(messages.c.created_at)
        .where(messages.c.room_id == table.c.id, messages.c.seq == table.c.kept_from + 1)
        .scalar_subquery()
    )
    query = select(table.c.id, until.label("until")).where(in_force > 0, oldest < until)
    return conn.execute(query.order_by(table.c.id).limit(1)).first()
