"""How the index follows the messages.

A message is not indexed when it is sent, since that would make every message dearer. `Follower` comes behind: for each
room `search_heads` says how far it is. It takes a bounded piece of messages at a time, out of the rooms that lack the
fewest first. What is changed after that tells the index itself, in the transaction of the change (`changed`).

On PostgreSQL a piece is read and written in one transaction of its own, beside the writer. It holds the heads of its
rooms and waits for nobody, so whoever waits for it (`changed`) can't wait for ever, and of several processes each takes
rooms that no other has. A SQLite file has one writer: there a piece is read and made into tokens first, and written
only where nothing has changed since.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from chat.errors import ChatError
from chat.search import index
from chat.search.days import day_of
from chat.search.index import Entry
from chat.store import Store, Transaction
from chat.store.tables import messages, rooms, search_days, search_heads

BEAT_SECONDS = 0.5
# A piece, which messages may have to wait for. Its characters bound how long making it takes.
MOST_MESSAGES = 64
MOST_CHARACTERS = 20_000
# How many times as long as a piece took the index waits before the next while messages come faster than it can follow.
RESTS_IN_A_RUSH = 8
# On a machine that has no time for anything, a piece takes long as well.
MOST_REST_SECONDS = 2.0
# What is missed, because it had its number long before its commit, is found by looking at all rooms, so often.
LOOK_AT_ALL_SECONDS = 30.0
# A database that is away is not asked at every beat.
REST_SECONDS = 5.0


class _Part(NamedTuple):
    """A room's messages behind `head`, which is how far it was indexed, and how far it will be."""

    room: int
    head: int
    to: int
    rows: Sequence[Row[Any]]


class _Piece(NamedTuple):
    """What is to be written, and how many messages lack in all, these included."""

    parts: list[_Part]
    entries: dict[int, Entry]
    lacking: int


class Follower:
    """`beat` is called a few times a second, by one task. `behind` is how many messages were not indexed then."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._newest = -1
        self._look_at_all_at = self._again_at = clock()
        self._stopped = False
        self.behind = 0

    def beat(self) -> None:
        """Index what has come since. Where nothing has, this is one look at the end of a table."""
        if self._clock() < self._again_at:
            return
        # The store says what is wrong.
        with suppress(ChatError):
            self._again_at = self._clock() + REST_SECONDS
            with self._store.read() as conn:
                newest = conn.scalar(select(func.max(messages.c.id))) or 0
            if newest != self._newest or self.behind or self._clock() >= self._look_at_all_at:
                self._catch_up()
                self._newest = newest
                self._look_at_all_at = self._clock() + LOOK_AT_ALL_SECONDS
            self._again_at = self._clock()

    def _catch_up(self) -> None:
        """Index all that lacks, resting after each piece for as long as it took.

        Where messages come faster than this, the rest is longer: they need the processor more than the index does.
        """
        done, before = 1, None
        while done and not self._stopped:
            began = time.perf_counter()
            done, self.behind = piece(self._store)
            if done and self.behind:
                # The first piece tells nothing of how fast they come.
                rests = RESTS_IN_A_RUSH if before is not None and self.behind > before else 1
                time.sleep(min(MOST_REST_SECONDS, rests * (time.perf_counter() - began)))
            before = self.behind

    def stop(self) -> None:
        """Begin no further piece."""
        self._stopped = True


def piece(store: Store, most: int = MOST_MESSAGES, characters: int = MOST_CHARACTERS) -> tuple[int, int]:
    """Index up to `most` messages; returns how many were, and how many lack then.

    Raises `ChatError("unavailable")`.
    """
    if store.readers.dialect.name == "postgresql":
        return store.aside(lambda conn: _at_once(conn, most, characters))
    made = store.aside(lambda conn: _make(conn, most, characters))
    kept = store.write(lambda tx: _keep(tx.conn, made)) if made.parts else 0
    return kept, made.lacking - kept


def changed(tx: Transaction, room: int, seq: int, message: int) -> None:
    """A message was edited or deleted: what is indexed of it follows in the same transaction.

    Must come after the change of its row. What is not indexed yet is left to `Follower`.
    """
    conn = tx.conn
    head = select(search_heads.c.seq).where(search_heads.c.room_id == room)
    if (conn.scalar(head) or 0) < seq:
        # It may be on its way into the index in this very moment: wait for that, or keep it from beginning.
        conn.execute(_insert(conn, search_heads).values(room_id=room, seq=0).on_conflict_do_nothing())
        if (conn.scalar(head.with_for_update(read=True)) or 0) < seq:
            return
    entries = index.rows_to_entries(conn.execute(_messages().where(messages.c.id == message)))
    if entries:
        index.put(conn, entries)
    else:
        index.remove(conn, message)


def _at_once(conn: Connection, most: int, characters: int) -> tuple[int, int]:
    made = _make(conn, most, characters)
    kept = _keep(conn, made)
    return kept, made.lacking - kept


def _make(conn: Connection, most: int, characters: int) -> _Piece:
    behind = _behind(conn, most)
    heads = {row.id: row.head or 0 for row in behind}
    if conn.dialect.name == "postgresql":
        heads = _claimed(conn, behind)
    parts: list[_Part] = []
    for row in behind:
        if row.id in heads and most > 0 and characters > 0:
            part = _part(conn, row.id, heads[row.id], row.seq, most, characters)
            most -= len(part.rows)
            characters -= sum(len(one.text) for one in part.rows)
            parts.append(part)
    entries = index.rows_to_entries(one for part in parts for one in part.rows)
    return _Piece(parts, {one.message: one for one in entries}, behind[0].total if behind else 0)


def _behind(conn: Connection, most: int) -> Sequence[Any]:
    """The rooms that lack the fewest messages; each with how many lack in `total`."""
    lacking = rooms.c.seq - func.coalesce(search_heads.c.seq, 0)
    total = func.sum(lacking).over().label("total")
    query = select(rooms.c.id, rooms.c.seq, search_heads.c.seq.label("head"), total)
    query = query.outerjoin_from(rooms, search_heads, search_heads.c.room_id == rooms.c.id)
    return conn.execute(query.where(lacking > 0).order_by(lacking, rooms.c.id).limit(most)).all()


def _claimed(conn: Connection, behind: Sequence[Any]) -> dict[int, int]:
    """How far those rooms are that no other process is at; they are this transaction's own until its end."""
    new = [{"room_id": row.id, "seq": 0} for row in behind if row.head is None]
    if new:
        # In the order of all who might wait for each other here.
        new.sort(key=lambda values: values["room_id"])
        conn.execute(_insert(conn, search_heads).values(new).on_conflict_do_nothing())
    query = select(search_heads).where(search_heads.c.room_id.in_([row.id for row in behind]))
    return {row.room_id: row.seq for row in conn.execute(query.with_for_update(skip_locked=True))}


def _part(conn: Connection, room: int, head: int, seq: int, most: int, characters: int) -> _Part:
    query = _messages().where(messages.c.room_id == room, messages.c.seq > head, messages.c.seq <= seq)
    rows: list[Row[Any]] = []
    for row in conn.execute(query.order_by(messages.c.seq).limit(most)):
        if characters <= 0:
            break
        rows.append(row)
        characters -= len(row.text)
    return _Part(room, head, rows[-1].seq if rows else max(head, seq), rows)


def _keep(conn: Connection, made: _Piece) -> int:
    """Write those parts that are still as they were read; returns how many messages."""
    heads = {
        row.room_id: row.seq
        for row in conn.execute(select(search_heads).where(search_heads.c.room_id.in_([p.room for p in made.parts])))
    }
    ids = [row.id for part in made.parts for row in part.rows]
    revs = {
        row.id: row.rev for row in conn.execute(select(messages.c.id, messages.c.rev).where(messages.c.id.in_(ids)))
    }
    kept = [
        part
        for part in made.parts
        if heads.get(part.room, 0) == part.head and all(revs.get(row.id) == row.rev for row in part.rows)
    ]
    rows = [row for part in kept for row in part.rows]
    index.put(conn, [made.entries[row.id] for row in rows if row.id in made.entries])
    _keep_days(conn, rows)
    if kept:
        upsert = _insert(conn, search_heads).values([{"room_id": part.room, "seq": part.to} for part in kept])
        conn.execute(upsert.on_conflict_do_update(index_elements=["room_id"], set_={"seq": upsert.excluded.seq}))
    return sum(part.to - part.head for part in kept)


def _keep_days(conn: Connection, rows: Sequence[Row[Any]]) -> None:
    days: dict[int, tuple[int, int]] = {}
    for row in rows:
        day = day_of(row.created_at)
        first, last = days.get(day, (row.id, row.id))
        days[day] = min(first, row.id), max(last, row.id)
    if not days:
        return
    # Processes that wait for each other's days do so in one order.
    values = [{"day": day, "first_id": days[day][0], "last_id": days[day][1]} for day in sorted(days)]
    upsert = _insert(conn, search_days).values(values)
    had, new = search_days.c, upsert.excluded
    wider = {
        "first_id": case((new.first_id < had.first_id, new.first_id), else_=had.first_id),
        "last_id": case((new.last_id > had.last_id, new.last_id), else_=had.last_id),
    }
    conn.execute(upsert.on_conflict_do_update(index_elements=["day"], set_=wider))


def _messages() -> Any:
    found = messages.c
    of_room = (found.id, found.room_id, found.seq, found.rev, found.author_id)
    return select(*of_room, found.kind, found.text, found.html, found.files, found.created_at, found.deleted_at)


def _insert(conn: Connection, table: Any) -> Any:
    """With what to do where a row is there already, for which each database has a statement of its own."""
    return postgresql.insert(table) if conn.dialect.name == "postgresql" else sqlite.insert(table)
