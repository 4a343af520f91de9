"""Who is here and who is typing: leases in memory, which expire by themselves.

A connection is the lease of its account's presence, and the heartbeat keeps it: at most 45 seconds after the last sign
of life it is gone. What another process says of its connections is a lease too, kept by that process' own heartbeat.
Typing lapses by itself, so a lost "stopped" is never seen for long. Nothing of it is stored.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import msgspec

from chat.events.objects import Member, User
from chat.events.values import Status

TYPING_SECONDS = 6.0


class Stay(NamedTuple):
    """An account in one process: the status that it chose, and how many connections it has there."""

    status: Status
    connections: int


class Presence:
    """The connections of each account, and the status that each account chose.

    `note_moves`: gather what changes in this process, for the others.
    """

    def __init__(self) -> None:
        # Few for each account, most of them one: a tuple is the least that holds them.
        self._here: dict[int, tuple[str, ...]] = {}
        self._chosen: dict[int, Status] = {}
        self._told: dict[int, Status] = {}
        self._touched: set[int] = set()
        # By account, then by process.
        self._elsewhere: dict[int, dict[str, Stay]] = {}
        self._moved: set[int] = set()
        self.note_moves = False

    def arrive(self, user: int, connection: str, chosen: Status) -> None:
        here = self._here.get(user, ())
        if connection not in here:
            self._here[user] = (*here, connection)
        self._chosen[user] = chosen
        self._touch(user)

    def depart(self, user: int, connection: str) -> None:
        here = tuple(other for other in self._here.get(user, ()) if other != connection)
        if here:
            self._here[user] = here
        else:
            self._here.pop(user, None)
            self._chosen.pop(user, None)
        self._touch(user)

    def choose(self, user: int, chosen: Status) -> None:
        if user in self._here:
            self._chosen[user] = chosen
            self._touch(user)

    def _touch(self, user: int) -> None:
        self._touched.add(user)
        if self.note_moves:
            self._moved.add(user)

    def status(self, user: int) -> Status:
        chosen = self._chosen.get(user)
        if chosen is not None or user not in self._elsewhere:
            return chosen or "offline"
        return next(iter(self._elsewhere[user].values())).status

    def connections(self, user: int) -> int:
        return len(self._here.get(user, ()))

    def shown(self, user: User) -> User:
        """The user with the status in force instead of the chosen one."""
        status = self.status(user.id)
        return user if user.status == status else msgspec.structs.replace(user, status=status)

    def shown_all(self, users: Iterable[User]) -> list[User]:
        chosen = self._chosen
        # Those whose status is the one they chose, most of them, cost no further call.
        return [user if chosen.get(user.id) == user.status else self.shown(user) for user in users]

    def shown_members(self, members: Iterable[Member]) -> list[Member]:
        return [msgspec.structs.replace(member, user=self.shown(member.user)) for member in members]

    def changes(self, most: int) -> dict[int, Status]:
        """Whose status is another than was last told, `most` at a time; who came and went in between is left out."""
        found: dict[int, Status] = {}
        while self._touched and len(found) < most:
            user = self._touched.pop()
            status = self.status(user)
            if status == self._told.get(user, "offline"):
                continue
            found[user] = status
            if status == "offline":
                self._told.pop(user, None)
            else:
                self._told[user] = status
        return found

    # What processes tell each other

    def here(self) -> dict[int, Stay]:
        """All who are connected to this process."""
        return {user: Stay(self._chosen[user], len(here)) for user, here in self._here.items()}

    def moved(self) -> dict[int, Stay]:
        """Those of this process who came, went or chose another status since the last call."""
        moved, self._moved = self._moved, set()
        return {user: Stay(self._chosen.get(user, "offline"), len(self._here.get(user, ()))) for user in moved}

    def hear(self, origin: str, stays: Mapping[int, tuple[Status, int]], whole: bool) -> None:
        """Another process says who is connected to it, all or those who changed; who left has no connections."""
        if whole:
            self._leave(origin, [user for user, by in self._elsewhere.items() if origin in by and user not in stays])
        for user, stay in stays.items():
            if stay[1]:
                self._elsewhere.setdefault(user, {})[origin] = Stay(*stay)
                self._touched.add(user)
            else:
                self._leave(origin, [user])

    def forget(self, origin: str) -> None:
        """A process is gone, and with it its connections."""
        self._leave(origin, [user for user, by in self._elsewhere.items() if origin in by])

    def _leave(self, origin: str, users: Iterable[int]) -> None:
        for user in users:
            stays = self._elsewhere.get(user, {})
            stays.pop(origin, None)
            if not stays:
                self._elsewhere.pop(user, None)
            self._touched.add(user)

    def is_here(self, user: int) -> bool:
        """Whether the account is connected anywhere. May be asked on any thread."""
        return user in self._here or user in self._elsewhere

    def is_elsewhere(self, user: int) -> bool:
        return user in self._elsewhere

    def connections_elsewhere(self, user: int) -> int:
        return sum(stay.connections for stay in self._elsewhere.get(user, {}).values())


class TypingLeases:
    """Who types where. `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[tuple[int, int], float] = {}

    def set(self, room: int, user: int, on: bool) -> bool:
        """Note it; returns whether the room must be told. A repeated "on" is told again, for who has just come."""
        if on:
            self._until[room, user] = self._clock() + TYPING_SECONDS
            return True
        return self._until.pop((room, user), None) is not None

    def lapsed(self) -> list[tuple[int, int]]:
        """The (room, user) pairs whose lease has run out since the last call."""
        now = self._clock()
        gone = [pair for pair, until in self._until.items() if until <= now]
        for pair in gone:
            del self._until[pair]
        return gone
