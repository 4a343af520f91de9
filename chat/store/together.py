"""The messages of one batch, kept by a few statements for all of them.

A database that is another process answers each statement after a journey there and back, which takes longer than the
statement. So the rooms of all that is sent are locked and read at once, the messages get their numbers in memory, and
one statement keeps all of them. Whatever doesn't fit (a `cid` that was used before, a room that nobody named, other
work in the same batch) goes the plain way of `Hot`, a statement at a time, behind what has gathered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from chat.events.values import MemberRole
from chat.store.hot import Hot, New, Place, Sent, Statements


class Collision(Exception):
    """Somebody has used one of the gathered ids in this very moment, so nothing of the batch can stay."""


class _Wanted(msgspec.Struct):
    room: int
    author: int | None = None
    cid: str | None = None


class _Room(NamedTuple):
    seq: int
    rev: int
    archived_at: int | None
    slow_mode: int


class _Message(msgspec.Struct):
    """By the names of `KEEP`."""

    id: int
    room_id: int
    seq: int
    rev: int
    author_id: int
    cid: str
    text: str
    html: str
    reply_to: int | None
    created_at: int
    reply_author_id: int | None


# Rooms are locked in the order of their numbers, as everywhere; what was read is still so when it is written.
LOOK = """
SELECT wanted.room, wanted.author, wanted.cid,
    rooms.seq, rooms.rev, rooms.archived_at, rooms.slow_mode, memberships.role,
    EXISTS (SELECT FROM messages WHERE messages.cid = wanted.cid AND messages.author_id = wanted.author)
FROM json_to_recordset(%s::json) AS wanted (room bigint, author bigint, cid text)
JOIN rooms ON rooms.id = wanted.room
LEFT JOIN memberships ON memberships.room_id = wanted.room AND memberships.user_id = wanted.author
ORDER BY rooms.id FOR UPDATE OF rooms
"""
NUMBERS = "SELECT nextval(pg_get_serial_sequence('messages', 'id')) FROM generate_series(1, %s)"
KEEP = """
WITH gathered AS (
    SELECT * FROM json_to_recordset(%s::json) AS message (
        id bigint, room_id bigint, seq bigint, author_id bigint, cid text, text text, html text,
        reply_to bigint, reply_author_id bigint, created_at bigint, rev bigint
    )
), added AS (
    INSERT INTO messages
        (id, room_id, seq, rev, born, author_id, cid, kind, text, html, reply_to, reply_author_id, created_at)
    SELECT id, room_id, seq, rev, rev, author_id, cid, 'text', text, html, reply_to, reply_author_id, created_at
    FROM gathered
    ON CONFLICT (cid, author_id) DO NOTHING RETURNING id
), counted AS (
    UPDATE rooms SET seq = head.seq, rev = head.rev
    FROM (SELECT room_id, max(seq) AS seq, max(rev) AS rev FROM gathered GROUP BY room_id) AS head
    WHERE rooms.id = head.room_id
)
SELECT count(*) FROM added
"""


class Together(Hot):
    """Gathers what the jobs of a batch send. `rooms` are all rooms that its jobs have named."""

    __slots__ = ("_fresh", "_gathered", "_gathers", "_numbers", "_roles", "_rooms", "_wanted")

    def __init__(
        self, statements: Statements, conn: Connection, sends: Sequence[tuple[int, Sent]], rooms: Iterable[int]
    ) -> None:
        """`sends` is (room, what) of each message. Raises what SQLAlchemy would."""
        super().__init__(statements, conn)
        self._wanted = [_Wanted(room, *what) for room, what in sends] + [_Wanted(room) for room in rooms]
        self._gathered: list[_Message] = []
        self._gathers = True
        self._rooms: dict[int, _Room] = {}
        self._roles: dict[tuple[int, int], MemberRole | None] = {}
        self._fresh: set[Sent] = set()
        self._numbers: list[int] = []

    def _look(self) -> None:
        """Lock and read all rooms. As late as the first message, for the sake of the work before it."""
        wanted, self._wanted = self._wanted, []
        if not wanted:
            return
        looked = self._execute(LOOK, (msgspec.json.encode(wanted).decode(),)).fetchall()
        for room, author, cid, seq, rev, archived_at, slow_mode, role, taken in looked:
            self._rooms[room] = _Room(seq, rev, archived_at, slow_mode)
            if author is not None:
                self._roles[room, author] = role
                if not taken:
                    self._fresh.add(Sent(author, cid))
        # Taken behind the locks, so that in a room they rise with `seq`.
        self._numbers = [number for (number,) in self._execute(NUMBERS, (len(self._fresh),)).fetchall()][::-1]

    def begin(self) -> None:
        super().begin()
        self._gathers = True

    def place(self, room: int, user: int) -> Place | None:
        self._look()
        known = self._rooms.get(room)
        if known is None or (room, user) not in self._roles:
            self._flush()
            return super().place(room, user)
        role = self._roles[room, user]
        return None if role is None else Place(*known, role)

    def add(self, place: Place, new: New) -> int | None:
        room, author, cid, *said = new
        what = Sent(author, cid)
        if self._gathers and what in self._fresh and room in self._rooms:
            message: int | None = self._numbers.pop()
            seq, rev = place.seq + 1, place.rev + 1
            self._gathered.append(_Message(message, room, seq, rev, author, cid, *said))  # type: ignore[arg-type]
            self.clean = False
        else:
            self._flush()
            message = super().add(place, new)
        self._fresh.discard(what)
        if message is not None and room in self._rooms:
            self._rooms[room] = _Room(place.seq + 1, place.rev + 1, place.archived_at, place.slow_mode)
        return message

    def settle(self) -> None:
        # What this job adds from here on belongs to its savepoint.
        self._gathers = False
        self._flush()

    def forget(self) -> None:
        self._rooms.clear()
        self._roles.clear()

    def finish(self) -> None:
        self._flush()

    def _flush(self) -> None:
        gathered, self._gathered = self._gathered, []
        if not gathered:
            return
        # They belong to other pieces of work: whatever fails here costs the whole batch, not the one that came upon it.
        clean, self.clean = self.clean, False
        (kept,) = self._execute(KEEP, (msgspec.json.encode(gathered).decode(),)).fetchone()
        if kept != len(gathered):
            raise Collision
        self.clean = clean
