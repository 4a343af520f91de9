"""What the transport counts: plain numbers, read from outside."""

from __future__ import annotations


class Figures:
    """`deliveries` are facts told, one for each connection; `slow_readers` were cut for leaving too much unread."""

    __slots__ = ("deliveries", "slow_readers")

    def __init__(self) -> None:
        self.deliveries = 0
        self.slow_readers = 0
