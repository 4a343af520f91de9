"""Token buckets: what one account, or one address, may ask for in a time."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Hashable
from typing import NamedTuple

from chat.addresses import counted
from chat.config import Settings
from chat.errors import ChatError
from chat.events import Bucket

# Forgotten when full again; the sweep runs when there are this many more than after the last one.
SWEEP_AT = 10_000


class Rate(NamedTuple):
    """`at_once` may come together; after that `per_second`."""

    at_once: float
    per_second: float


RATES: dict[Bucket, Rate] = {
    "message": Rate(10, 2),
    "join": Rate(20, 2),
    "typing": Rate(10, 2),
    "search": Rate(20, 4),
    "edit": Rate(10, 2),
    # Each is told to everybody who shares a room.
    "presence": Rate(10, 1),
    "other": Rate(200, 40),
}
# An office behind one address comes back all at once after a restart.
CONNECT = Rate(300, 100)


class Buckets:
    """Buckets by key. `clock` gives seconds that never go back.

    Of several processes each has its own, and tells the others within a second what an account has spent that is
    connected to them too (`spent`), and from where somebody came (`arrived`). They take it from theirs (`charge`),
    below empty if need be, so that in the long run the rate holds for all together, and nobody waits for another.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._on = settings.rate_limits == "on"
        self._clock = clock
        self._levels: dict[Hashable, tuple[float, float, Rate]] = {}
        self._sweep_at = SWEEP_AT
        self._spent: Counter[tuple[int, Bucket]] = Counter()
        self._arrived: Counter[str] = Counter()
        self.note_spent = False

    def take_for(self, user: int, bucket: Bucket) -> None:
        """Take one for an account's command. Raises as `take`."""
        if self._on:
            self.take((user, bucket), RATES[bucket])
            if self.note_spent:
                self._spent[user, bucket] += 1

    def take_to_connect(self, address: str) -> None:
        """Take one for a connection from an address. Raises as `take`."""
        if self._on:
            where = counted(address)
            self.take(("connect", where), CONNECT)
            if self.note_spent:
                self._arrived[where] += 1

    def take(self, key: Hashable, rate: Rate) -> None:
        """Take one from the bucket. Raises `ChatError("rate_limited")` with `retry_after` when it is empty."""
        if not self._on:
            return
        now = self._clock()
        level, then, _ = self._levels.get(key, (rate.at_once, now, rate))
        level = min(rate.at_once, level + (now - then) * rate.per_second)
        if level < 1:
            # Rounded up, so that who waits as long as told is not told to wait again.
            wait = math.ceil((1 - level) / rate.per_second * 1000 + 1) / 1000
            raise ChatError(
                "rate_limited", "That was a little fast. Please wait a moment.", retryable=True, retry_after=wait
            )
        self._levels[key] = (level - 1, now, rate)
        if len(self._levels) > self._sweep_at:
            self._sweep(now)

    def spent(self, is_elsewhere: Callable[[int], bool]) -> dict[int, dict[Bucket, int]]:
        """What accounts that are connected elsewhere too have spent since the last call."""
        spent, self._spent = self._spent, Counter()
        found: dict[int, dict[Bucket, int]] = {}
        for (user, bucket), count in spent.items():
            if is_elsewhere(user):
                found.setdefault(user, {})[bucket] = count
        return found

    def arrived(self) -> dict[str, int]:
        """How many connections came from each address since the last call."""
        arrived, self._arrived = self._arrived, Counter()
        return dict(arrived)

    def charge(self, user: int, bucket: Bucket, count: int) -> None:
        """Take what was spent in another process; the bucket may owe as much as it can hold."""
        self._charge((user, bucket), RATES[bucket], count)

    def charge_to_connect(self, where: str, count: int) -> None:
        """The same for what another process' `arrived` said."""
        self._charge(("connect", where), CONNECT, count)

    def _charge(self, key: Hashable, rate: Rate, count: int) -> None:
        now = self._clock()
        level, then, _ = self._levels.get(key, (rate.at_once, now, rate))
        level = min(rate.at_once, level + (now - then) * rate.per_second)
        self._levels[key] = (max(-rate.at_once, level - count), now, rate)
        if len(self._levels) > self._sweep_at:
            self._sweep(now)

    def _sweep(self, now: float) -> None:
        self._levels = {
            key: (level, then, rate)
            for key, (level, then, rate) in self._levels.items()
            if level + (now - then) * rate.per_second < rate.at_once
        }
        self._sweep_at = len(self._levels) + SWEEP_AT
