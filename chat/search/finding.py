"""`search`: the newest messages with all that is wanted, in rooms that the actor is in.

However much there is, an answer comes soon. The index is searched in windows of ids, from the newest outward, which
grow as long as they are quick; when the time is over, `next` says where to go on, be the page full, short or empty.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select

from chat import message_rows
from chat.actor import Actor
from chat.errors import bad_request
from chat.events.objects import Hit, Message
from chat.events.reading import Search, SearchResult
from chat.markup.plain import plain
from chat.search import index
from chat.search.days import begin_of
from chat.search.excerpts import excerpt
from chat.search.index import Terms
from chat.search.query import ME, Wanted, parse
from chat.store import Store
from chat.store.tables import memberships, messages, rooms, search_days, users

# After so many seconds of work, or so many by the clock, no further window is begun. They are two, so that a machine
# that is busy with other things gives whole answers too, only later. What PostgreSQL works is told by the clock alone.
BUSY_SECONDS = 0.03
SECONDS = 0.1
# A window that took less work is followed by a wider one.
QUICK_SECONDS = 0.003
# Fewer messages in all rooms that are searched need no windows.
FEW_MESSAGES = 5_000
# Looking in so many rooms only costs next to nothing. In more it costs the index something for each room; else what is
# found in other rooms is dropped, which costs the more the smaller the share of one's own is. So both are weighed: the
# number of rooms times their share of all messages.
FEW_ROOMS = 20
EVEN = 10
# At most so many are looked at in one step, where some are dropped.
STEP = 400
MOST_PEOPLE_OF_A_NAME = 50


class _Room(NamedTuple):
    id: int
    name: str
    seq: int


class _Range(NamedTuple):
    """Ids from `first` to before `end`, of messages sent from `since` to before `until`, in milliseconds since 1970."""

    first: int
    end: int
    since: int
    until: int


def find(store: Store, actor: Actor, command: Search) -> SearchResult:
    """`search`. A room that the actor is not in, and a person that there is not, have no messages.

    Raises `ChatError("bad_request")` for what can't be searched, which names `query`.
    """
    wanted = parse(command.query)
    if wanted.is_empty and (command.query.strip() or (command.room is None and command.author is None)):
        raise bad_request("Write a word to search for; signs and emoji alone are not found.", "query")
    return store.aside(lambda conn: _find(conn, actor.user, command, wanted))


def _find(conn: Connection, user: int, command: Search, wanted: Wanted) -> SearchResult:
    began, worked = time.perf_counter(), time.thread_time()
    index.prepare(conn)
    newest = conn.scalar(select(func.max(messages.c.id))) or 0
    scope = _scope(conn, user, command.room, wanted.rooms)
    authors = _authors(conn, user, command.author, wanted.authors)
    within = _range(conn, wanted, min(newest, (command.before or newest + 1) - 1))
    if not scope or authors == [] or within is None:
        return SearchResult([])
    held = sum(room.seq for room in scope)
    inside = len(scope) <= FEW_ROOMS or len(scope) * held < EVEN * newest
    terms = _terms(wanted, scope if inside else [], authors)
    walk = _Walk(conn, terms, within, whole=inside and held <= FEW_MESSAGES)
    # How many of those that the index finds are in one of the rooms.
    share = 1.0 if inside else held / newest
    mine = {room.id for room in scope}
    found: list[int] = []
    while not walk.ended and len(found) <= command.limit:
        is_over = time.perf_counter() - began > SECONDS or time.thread_time() - worked > BUSY_SECONDS
        if walk.begun and is_over:
            break
        most = math.ceil((command.limit + 1 - len(found)) / share)
        found += _readable(conn, walk.step(min(most, STEP)), mine, within)
    hits = _hits(conn, found[: command.limit], wanted)
    if len(found) > len(hits):
        return SearchResult(hits, hits[-1].message.id)
    return SearchResult(hits, None if walk.ended else walk.place)


class _Walk:
    """Through the index from the newest outward. All from `place` on is searched."""

    def __init__(self, conn: Connection, terms: Terms, within: _Range, *, whole: bool) -> None:
        """`whole`: without windows."""
        self._conn = conn
        self._terms = terms
        self._first = within.first
        self._whole = whole or index.is_quick(conn, terms)
        self._width = 0
        self._widest = index.WIDEST
        self._counted = False
        self.begun = False
        self.place = within.end

    @property
    def ended(self) -> bool:
        return self.place <= self._first

    def step(self, most: int) -> list[int]:
        """The next ones, no more than `most`; none where there is none in the next window."""
        self.begun = True
        if self._whole:
            return self._walked(index.search(self._conn, self._terms, self._first, self.place, most), self._first, most)
        worked = time.thread_time()
        begin, blocks = index.window(self.place, self._width)
        terms, bottom = self._terms._replace(groups=[*self._terms.groups, blocks]), max(begin, self._first)
        search = index.search_wide if self._width else index.search
        ids = search(self._conn, terms, bottom, self.place, most)
        if ids is None:
            self._width = self._widest = self._width - 1
            return []
        if len(ids) < most:
            if not ids and not self._counted:
                self._counted = True
                self._whole = index.is_rare(self._conn, self._terms, self._first, bottom)
            elif time.thread_time() - worked < QUICK_SECONDS:
                self._width = min(self._width + 1, self._widest)
        return self._walked(ids, bottom, most)

    def _walked(self, ids: list[int], bottom: int, most: int) -> list[int]:
        self.place = ids[-1] if len(ids) == most else bottom
        return ids


def _hits(conn: Connection, ids: Sequence[int], wanted: Wanted) -> list[Hit]:
    """The first, and as many behind it as fit into one answer."""
    if not ids:
        return []
    rows = conn.execute(message_rows.query().where(messages.c.id.in_(ids)).order_by(messages.c.id.desc())).all()
    found = message_rows.views(conn, rows)
    return [Hit(message, _excerpt(message, wanted)) for message in found]


def _excerpt(message: Message, wanted: Wanted) -> list[str]:
    """As it is read; as it was written, or a file's name, where only that has what was searched for."""
    read = plain(message.html)
    found = excerpt(read, wanted.phrases, wanted.singles)
    others = (message.text, *(file.name for file in message.files))
    more = (part for part in (excerpt(other, wanted.phrases, wanted.singles) for other in others) if len(part) > 1)
    return found if len(found) > 1 else next(more, found)


def _scope(conn: Connection, user: int, room: int | None, names: Sequence[str]) -> list[_Room]:
    """The rooms to search: those that the user is in, and of these the ones that are named."""
    mine = (memberships.c.room_id == rooms.c.id) & (memberships.c.user_id == user)
    query = select(rooms.c.id, rooms.c.name_key, rooms.c.seq).join(memberships, mine).where(rooms.c.seq > 0)
    if room is not None:
        query = query.where(rooms.c.id == room)
    if names:
        query = query.where(rooms.c.name_key.in_(names))
    return [_Room(*row) for row in conn.execute(query)]


def _authors(conn: Connection, user: int, author: int | None, names: Sequence[str]) -> list[int] | None:
    """None where everybody's messages are wanted."""
    found = None if author is None else {author}
    if names:
        named = or_(users.c.username_key.in_(names), users.c.name_key.in_(names))
        those = set(conn.scalars(select(users.c.id).where(named).limit(MOST_PEOPLE_OF_A_NAME)))
        if ME in names:
            those.add(user)
        found = those if found is None else found & those
    return None if found is None else sorted(found)


def _range(conn: Connection, wanted: Wanted, last: int) -> _Range | None:
    """None where no message is old or new enough."""
    first, end, since, until = 1, last + 1, 0, 1 << 62
    if wanted.before is not None:
        until = begin_of(wanted.before)
        highest = conn.scalar(select(func.max(search_days.c.last_id)).where(search_days.c.day < wanted.before))
        end = min(end, (highest or 0) + 1)
    if wanted.after is not None:
        since = begin_of(wanted.after + 1)
        lowest = conn.scalar(select(func.min(search_days.c.first_id)).where(search_days.c.day > wanted.after))
        first = end if lowest is None else lowest
    return _Range(first, end, since, until) if first < end else None


def _terms(wanted: Wanted, scope: Sequence[_Room], authors: Sequence[int] | None) -> Terms:
    tags = [index.single_tag(character) for character in wanted.singles]
    tags += [tag for tag, is_wanted in ((index.LINK, wanted.link), (index.FILE, wanted.file)) if is_wanted]
    groups = [[index.author_tag(author) for author in authors]] if authors else []
    if scope:
        groups.append([index.room_tag(room.id) for room in scope])
    return Terms(wanted.phrases, tags, groups)


def _readable(conn: Connection, ids: Sequence[int], scope: Collection[int], within: _Range) -> list[int]:
    """Whatever the index says: those in rooms of the scope, from the wanted days, that nobody has deleted."""
    if not ids:
        return []
    light = select(messages.c.id, messages.c.room_id, messages.c.created_at).where(messages.c.id.in_(ids))
    return [
        row.id
        for row in conn.execute(light.where(messages.c.deleted_at.is_(None)).order_by(messages.c.id.desc()))
        if row.room_id in scope and within.since <= row.created_at < within.until
    ]
