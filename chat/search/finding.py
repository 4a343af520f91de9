"""`search`: the newest messages with all that is wanted, in rooms that the actor is in.

However much there is, an answer comes soon. The index is searched in windows of ids, from the newest outward, which
grow as long as they are quick; when the time is over, `next` says where to go on, be the page full, short or empty.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, or_, select

from chat import message_rows
from chat.actor import Actor
from chat.errors import bad_request
from chat.events import Hit, Search, SearchResult
from chat.search import index
from chat.search.days import begin_of
from chat.search.excerpts import excerpt
from chat.search.index import LEAST_RANGE, Terms
from chat.search.query import ME, Wanted, parse
from chat.store import Store
from chat.store.tables import memberships, messages, rooms, search_days, users

# After so many seconds no further window is begun.
SECONDS = 0.03
# A window that took less is followed by one that is so many times as large.
QUICK_SECONDS = 0.004
GROWTH = 4
LARGEST_WINDOW = 1 << 24
# Fewer messages in all rooms that are searched need no windows.
FEW_MESSAGES = 5_000
# Whoever is in more rooms than this, which hold more than this share of all messages, has what is found in the others
# dropped afterwards. In fewer, or with less, the index looks in these rooms only.
FEW_ROOMS = 20
SMALL_SHARE = 1 / 100
# As many are looked at in one step, where some are dropped.
STEP = 200
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
    began = time.perf_counter()
    index.prepare(conn)
    newest = conn.scalar(select(func.max(messages.c.id))) or 0
    scope = _scope(conn, user, command.room, wanted.rooms)
    authors = _authors(conn, user, command.author, wanted.authors)
    within = _range(conn, wanted, min(newest, (command.before or newest + 1) - 1))
    if not scope or authors == [] or within is None:
        return SearchResult([])
    held = sum(room.seq for room in scope)
    inside = len(scope) <= FEW_ROOMS or held <= max(FEW_MESSAGES, newest * SMALL_SHARE)
    terms = _terms(wanted, scope if inside else [], authors)
    few = inside and held <= FEW_MESSAGES
    rows: list[Row[Any]] = []
    place, window = within.end, LARGEST_WINDOW if few else LEAST_RANGE
    while place > within.first and len(rows) <= command.limit:
        if place < within.end and _is_over(began):
            break
        most = command.limit + 1 - len(rows) if inside else STEP
        bottom = within.first if few else max(within.first, (place - window) // LEAST_RANGE * LEAST_RANGE)
        step = time.perf_counter()
        ids = _window(conn, terms, bottom, place, most, whole=few)
        rows += _readable(conn, user, ids, within)
        place = ids[-1] if len(ids) == most else bottom
        if time.perf_counter() - step < QUICK_SECONDS:
            window = min(window * GROWTH, LARGEST_WINDOW)
    found = message_rows.views(conn, rows[: command.limit])
    hits = [Hit(message, excerpt(message.text, wanted.phrases, wanted.singles)) for message in found]
    if len(rows) > len(found):
        return SearchResult(hits, found[-1].id)
    return SearchResult(hits, place if place > within.first else None)


def _is_over(began: float) -> bool:
    return time.perf_counter() - began > SECONDS


def _window(conn: Connection, terms: Terms, first: int, end: int, most: int, *, whole: bool) -> list[int]:
    if not whole:
        top = -(-end // LEAST_RANGE) * LEAST_RANGE
        ranges = index.range_tags(first // LEAST_RANGE * LEAST_RANGE, top)
        terms = terms._replace(groups=[*terms.groups, ranges])
    return index.search(conn, terms, first, end, most)


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


def _readable(conn: Connection, user: int, ids: Sequence[int], within: _Range) -> Sequence[Row[Any]]:
    """Whatever the index says: messages of rooms that the user is in, from the wanted days, that nobody has deleted."""
    if not ids:
        return []
    mine = (memberships.c.room_id == messages.c.room_id) & (memberships.c.user_id == user)
    of_days = messages.c.created_at.between(within.since, within.until - 1)
    query = message_rows.query().join(memberships, mine).where(messages.c.id.in_(ids), of_days)
    return conn.execute(query.where(messages.c.deleted_at.is_(None)).order_by(messages.c.id.desc())).all()
