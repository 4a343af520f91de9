"""Removing files: what was dropped at once, what nobody has sent in a day, and bytes that no row knows.

The row goes first and the bytes behind it, so that what is cut off in between leaves bytes, which are found later, and
never a file without them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy import Row, delete, select, update

from chat.errors import ChatError
from chat.files import keeping
from chat.files.intake import AREA, Spool, thumb_key
from chat.storage import Storage, StorageError
from chat.store import Store, Transaction
from chat.store.tables import files
from chat.times import now

log = structlog.get_logger(__name__)

BEAT_SECONDS = 2.0
MOST_AT_ONCE = 50
# How long an upload waits for its message, and bytes for their row.
UNSENT_SECONDS = 86_400
LOOK_EVERY_SECONDS = 600.0
LOOK_AT_ALL_SECONDS = 86_400.0
# A place that does not work is not asked at every beat.
REST_SECONDS = 30.0


class Sweeper:
    """`beat` is called every few seconds, by one task of each process; several processes take what is there alike.

    `sweep_more` are called once a day, for what is kept beside the files of messages.
    """

    def __init__(
        self,
        store: Store,
        storage: Storage,
        sweep_more: Iterable[Callable[[], object]] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._storage = storage
        self._spool = Spool(store.settings.data_dir)
        self._sweep_more = tuple(sweep_more)
        self._clock = clock
        self._again_at = clock()
        self._look_at = clock()
        self._look_at_all_at = clock() + LOOK_EVERY_SECONDS

    def beat(self) -> None:
        """Where nothing was dropped, this is one look at an index that is empty."""
        if self._clock() < self._again_at:
            return
        try:
            if self._clock() >= self._look_at:
                self._look_at = self._clock() + LOOK_EVERY_SECONDS
                drop_unsent(self._store)
                with suppress(OSError):
                    self._store.offload(self._spool.sweep)
            while collect(self._store, self._storage):
                pass
            if self._clock() >= self._look_at_all_at:
                self._look_at_all_at = self._clock() + LOOK_AT_ALL_SECONDS
                remove_unknown(self._store, self._storage)
                for sweep in self._sweep_more:
                    sweep()
        except (ChatError, StorageError) as error:
            # The store says itself what is wrong with the database.
            if isinstance(error, StorageError):
                log.warning("files can't be removed", error=str(error))
            self._again_at = self._clock() + REST_SECONDS


def drop_unsent(store: Store) -> int:
    """Drop the uploads that no message has taken in a day; returns how many."""
    late = (files.c.attached_at.is_(None)) & (files.c.created_at < now() - UNSENT_SECONDS * 1000)
    unsent = select(files.c.id).where(late, files.c.dropped_at.is_(None)).limit(1)
    with store.read() as conn:
        if conn.scalar(unsent) is None:
            return 0
    gone = update(files).where(late, files.c.dropped_at.is_(None)).values(dropped_at=now())
    return store.write(lambda tx: tx.conn.execute(gone).rowcount)


def collect(store: Store, storage: Storage) -> int:
    """Remove some of what was dropped; returns how many. Raises `StorageError` and `ChatError`."""
    dropped = select(files).where(files.c.dropped_at.is_not(None)).order_by(files.c.dropped_at).limit(MOST_AT_ONCE)
    with store.read() as conn:
        rows = conn.execute(dropped).all()
    mine = store.write(lambda tx: [row for row in rows if _forget(tx, row)]) if rows else []
    storage.delete(key for row in mine for key in (row.key, thumb_key(row.key)))
    return len(rows)


def remove_unknown(store: Store, storage: Storage) -> int:
    """Remove bytes that no row knows, once they are old enough not to wait for theirs; returns how many.

    Raises `StorageError` and `ChatError`.
    """
    removed = 0
    for part in storage.listing(AREA):
        old = [found.key for found in part if time.time() - found.at > UNSENT_SECONDS]
        of_row = {key: key.removesuffix(".thumb") for key in old}
        with store.read() as conn:
            known = set(conn.scalars(select(files.c.key).where(files.c.key.in_(set(of_row.values())))))
        unknown = [key for key in old if of_row[key] not in known]
        storage.delete(unknown)
        removed += len(unknown)
    if removed:
        log.info("files without a row were removed", number=removed)
    return removed


def _forget(tx: Transaction, row: Row[Any]) -> bool:
    """Whether the row was still there; another process may have been first."""
    if not tx.conn.execute(delete(files).where(files.c.id == row.id)).rowcount:
        return False
    keeping.release(tx.conn, row.owner_id, row.stored)
    return True
