"""A wire between one process and Redis that drops, delays or swaps what the process hears of the others."""

from __future__ import annotations

import heapq
import random
import select
import socket
import time
from collections.abc import Callable, Iterator
from itertools import count

from tests.brokers import Redis
from tests.faults.records import UNHEARD
from tests.faults.wires import Wire

# Shorter than the silence after which a process takes Redis for lost.
LATE_SECONDS = 1.0

# What becomes of a published message: how many seconds later it arrives, or None for never.
Fault = Callable[[bytes, random.Random], float | None]


class BrokerWire(Wire):
    """Leads to `redis`, from `url`. What is published goes through; what comes back of it is up to `fault`.

    `fault` is asked for each message, with a source of chance. `harmed` counts those that were lost or came late.
    """

    SCHEME = "redis"

    def __init__(self, redis: Redis) -> None:
        super().__init__(0)
        self._redis = redis
        self.fault: Fault = unharmed
        self.harmed = 0

    def _reach(self) -> socket.socket:
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._redis.path)
        return server

    def _chunks(self, source: socket.socket) -> Iterator[bytes]:
        data = b""
        numbers = count()
        held: list[tuple[float, int, bytes]] = []
        while True:
            wait = max(0.0, held[0][0] - time.monotonic()) if held else None
            if select.select([source], [], [], wait)[0]:
                chunk = source.recv(65_536)
                if not chunk:
                    return
                data += chunk
                while (end := end_of_value(data)) is not None:
                    value, data = data[:end], data[end:]
                    pause = self._pause(value)
                    if pause is not None:
                        heapq.heappush(held, (time.monotonic() + pause, next(numbers), value))
            while held and held[0][0] <= time.monotonic():
                yield heapq.heappop(held)[2]

    def _pause(self, value: bytes) -> float | None:
        if b"\r\n$7\r\nmessage\r\n" not in value[:24]:
            return 0.0
        pause = self.fault(value, self._chance)
        self.harmed += pause != 0.0
        return pause


def unharmed(message: bytes, chance: random.Random) -> float | None:
    return 0.0


def dropped(message: bytes, chance: random.Random) -> float | None:
    """One in four, and whatever says that nobody is to hear of it. The numbers of the others go on."""
    return None if UNHEARD.encode() in message or (_says(message) and chance.random() < 0.25) else 0.0


def late(message: bytes, chance: random.Random) -> float | None:
    """All of it, in order."""
    return LATE_SECONDS


def reordered(message: bytes, chance: random.Random) -> float | None:
    """Each is later than it was by a time of its own; the last of a burst by more than a process' beat of a second."""
    if UNHEARD.encode() in message:
        return 2 * LATE_SECONDS
    return chance.uniform(0.0, LATE_SECONDS / 2) if _says(message) else 0.0


def _says(message: bytes) -> bool:
    return b" said " in message


def end_of_value(data: bytes, start: int = 0) -> int | None:
    """Where the value of Redis' protocol (RESP2 or RESP3) ends that begins at `start`; None while it is not whole."""
    line_end = data.find(b"\r\n", start)
    if line_end < 0:
        return None
    kind, end = data[start : start + 1], line_end + 2
    if kind in b"$=!":
        length = int(data[start + 1 : line_end])
        # Of nothing at all the length is -1.
        end += length + 2 if length >= 0 else 0
    elif kind in b"*~>%":
        for _ in range(int(data[start + 1 : line_end]) * (2 if kind == b"%" else 1)):
            inner = end_of_value(data, end)
            if inner is None:
                return None
            end = inner
    return end if end <= len(data) else None
