"""What happens by itself, a few times a second: gathered facts go out, leases lapse, sessions are checked again.

`beat` is called by a background task; tests call it by hand with a clock of their own. What it asks of the database
concerns everybody who is connected, so it is read off the hub.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from chat import members, people, rooms, sessions, tokens
from chat.events import Status
from chat.sockets.chat import ChatNamespace
from chat.sockets.delivery import Delivery
from chat.store import Store

T = TypeVar("T")

BEAT_SECONDS = 0.5
GATHER_SECONDS = 1.0
QUIET_SECONDS = 15.0
RECHECK_SECONDS = 15.0

# In larger rooms nobody watches every dot: `room_members` tells the presence of those who are looked at.
MOST_MEMBERS_FOR_PRESENCE = 300
MOST_CHANGES_A_BEAT = 500
CHUNK = 500


class Pulse:
    """`clock` gives seconds that never go back."""

    def __init__(
        self, store: Store, delivery: Delivery, chat: ChatNamespace, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._chat = chat
        self._clock = clock
        self._gathered_at = self._checked_at = clock()
        self._talked_at: dict[int, float] = {}

    def beat(self) -> None:
        now = self._clock()
        for room, user in self._chat.typing.lapsed():
            self._chat.tell_typing(room, user, False)
        if now - self._gathered_at >= GATHER_SECONDS:
            self._gathered_at = now
            self._tell_members()
            self._tell_presence()
        self._tell_heads_of_quiet_rooms(now)
        if now - self._checked_at >= RECHECK_SECONDS:
            self._checked_at = now
            self._recheck_credentials()

    def _tell_members(self) -> None:
        touched, self._delivery.touched = self._delivery.touched, {}
        for room, users in touched.items():
            for chunk in _chunks(users):
                self._delivery.tell_members(self._asked(members.changed, room, chunk))

    def _tell_presence(self) -> None:
        changes = self._delivery.presence.changes(MOST_CHANGES_A_BEAT)
        if not changes:
            return
        by_room: dict[int, dict[int, Status]] = defaultdict(dict)
        for room, user in self._asked(rooms.memberships_of, list(changes), MOST_MEMBERS_FOR_PRESENCE):
            by_room[room][user] = changes[user]
        for room, statuses in by_room.items():
            self._delivery.tell_presence(room, statuses)

    def _tell_heads_of_quiet_rooms(self, now: float) -> None:
        """A fact that was lost as the last one of a burst would else be missed until somebody speaks again."""
        talked, self._delivery.talked_in = self._delivery.talked_in, set()
        for room in talked:
            self._talked_at[room] = now
        quiet = [room for room, at in self._talked_at.items() if now - at >= QUIET_SECONDS][:CHUNK]
        if not quiet:
            return
        heads = self._asked(rooms.heads, quiet)
        for room in quiet:
            del self._talked_at[room]
        for room, head in heads.items():
            self._delivery.tell_head(room, head)

    def _recheck_credentials(self) -> None:
        """A "signed out" or a new role that got lost is found here: no connection outlives its session for long."""
        actors = [connection.actor for connection in self._delivery.connections]
        for chunk in _chunks({actor.session for actor in actors}):
            if gone := set(chunk) - self._asked(sessions.living, chunk):
                self._delivery.end(self._delivery.connections.with_credentials(gone, ()), "expired")
        for chunk in _chunks({actor.token for actor in actors}):
            if gone := set(chunk) - self._asked(tokens.living, chunk):
                self._delivery.end(self._delivery.connections.with_credentials((), gone), "expired")
        for chunk in _chunks({actor.user for actor in actors}):
            for user in self._asked(people.load, chunk).values():
                self._delivery.connections.refresh(user)

    def _asked(self, query: Callable[..., T], *args: Any) -> T:
        """What `query(connection, *args)` finds."""
        with self._store.read() as conn:
            return self._store.offload(query, conn, *args)


def _chunks(ids: Iterable[int | None]) -> Iterator[list[int]]:
    """The ids, in pieces that fit into one query."""
    ordered = sorted(found for found in ids if found is not None)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
