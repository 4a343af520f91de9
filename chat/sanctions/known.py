"""What is in force, as one process knows it: in memory, since every message and every connection asks for it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

from chat.addresses import counted
from chat.errors import forbidden
from chat.store.outbox import Muted, NetworksBlocked, NetworksFreed, Unmuted
from chat.times import now

K = TypeVar("K", bound=Hashable)
Number = int
Until = int | None


class _InForce(Generic[K]):
    """Of each thing the last sanction about it, by the sanctions' numbers, in whatever order they are heard."""

    def __init__(self) -> None:
        self._found: dict[K, tuple[Number, Until]] = {}
        # Lifted for good: of these, what is heard late is no news.
        self._lifted: set[Number] = set()

    def add(self, about: K, number: Number, until: Until) -> None:
        before = self._found.get(about)
        if number not in self._lifted and (before is None or before[0] < number):
            self._found[about] = number, until

    def lift(self, numbers: Iterable[Number]) -> None:
        self._lifted.update(numbers)
        self._found = {about: one for about, one in self._found.items() if one[0] not in self._lifted}

    def replace(self, found: Iterable[tuple[K, Number, Until]], last: Number) -> None:
        """All that are in force, read when `last` was the last sanction."""
        later = [(about, *one) for about, one in self._found.items() if one[0] > last]
        self._found = {}
        seen = set()
        for about, number, until in (*found, *later):
            seen.add(number)
            self.add(about, number, until)
        self._lifted &= seen

    def has(self, about: K) -> bool:
        one = self._found.get(about)
        return one is not None and (one[1] is None or one[1] > now())

    def __bool__(self) -> bool:
        return bool(self._found)


class Mutes:
    """Hear of every change, in whatever order; `hear_all` what the database has, in case one got lost."""

    def __init__(self) -> None:
        self._mutes: _InForce[tuple[int, int | None]] = _InForce()

    def hear(self, told: Muted | Unmuted) -> None:
        if isinstance(told, Unmuted):
            self._mutes.lift(told.ids)
        else:
            self._mutes.add((told.user, told.room), told.id, told.until)

    def hear_all(self, found: Iterable[Muted], last: int) -> None:
        """All that are in force, read when `last` was the last sanction."""
        self._mutes.replace((((mute.user, mute.room), mute.id, mute.until) for mute in found), last)

    def require_voice(self, user: int, room: int | None) -> None:
        """Raises `forbidden` for who may say nothing at present: in this room, or, without one, anywhere."""
        if self._mutes and (self._mutes.has((user, None)) or (room is not None and self._mutes.has((user, room)))):
            raise forbidden("You are muted, and can't say anything here at present.", "room")


class Blocks:
    """The networks that nobody may come from; told of as `Mutes` are."""

    def __init__(self) -> None:
        self._networks: _InForce[str] = _InForce()

    def hear(self, told: NetworksBlocked | NetworksFreed) -> None:
        if isinstance(told, NetworksFreed):
            self._networks.lift(told.bans)
        else:
            for network in told.networks:
                self._networks.add(network, told.ban, told.until)

    def hear_all(self, found: Iterable[NetworksBlocked], last: int) -> None:
        """All that are in force, read when `last` was the last sanction."""
        blocked = ((network, one.ban, one.until) for one in found for network in one.networks)
        self._networks.replace(blocked, last)

    def is_blocked(self, address: str) -> bool:
        return bool(self._networks) and self._networks.has(counted(address))
