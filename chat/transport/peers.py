"""What processes of one server say to each other, and what each has missed of the others: no I/O, no clock of its own.

Every message carries the number of its process' last one, rising by one with each that says something. A hole in the
numbers is something missed; a process that is not heard for a while is silent, and after a longer while gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

# Each process says that it is here once a second.
SILENT_SECONDS = 3.0
# With a process goes what it has said of itself, such as who is connected to it.
GONE_SECONDS = 30.0


class Kind(Enum):
    SAID = b"said"
    HERE = b"here"  # nothing new; `number` is that of the last message that said something
    BYE = b"bye"


class Voice(NamedTuple):
    """One message: who says it, what kind it is, its number, and what is said."""

    origin: str
    kind: Kind
    number: int
    payload: bytes = b""

    def encode(self) -> bytes:
        return b" ".join((self.origin.encode(), self.kind.value, b"%d" % self.number, self.payload))

    @classmethod
    def decode(cls, data: bytes) -> Voice:
        """Raises `ValueError` for what no process of ours has said."""
        origin, kind, number, payload = data.split(b" ", 3)
        return cls(origin.decode("ascii"), Kind(kind), int(number), payload)


class Heard(NamedTuple):
    """What a message means. `fresh`: it is to be taken in. `missed`: something before it did not come."""

    fresh: bool
    missed: bool


class _Peer:
    __slots__ = ("at", "number", "silent")

    def __init__(self, number: int, at: float) -> None:
        self.number = number
        self.at = at
        self.silent = False


class Peers:
    """The other processes. Times are seconds of one clock that never goes back."""

    def __init__(self) -> None:
        self._peers: dict[str, _Peer] = {}

    def hear(self, voice: Voice, now: float) -> Heard:
        peer = self._peers.get(voice.origin)
        said = voice.kind is Kind.SAID
        if peer is None:
            self._peers[voice.origin] = _Peer(voice.number, now)
            # What it said before was for others, or came while it was not known yet.
            return Heard(said, voice.number > said)
        peer.at, peer.silent = now, False
        # What is not newer was overtaken, and has been counted as missed.
        fresh = said and voice.number > peer.number
        missed = voice.number > peer.number + said
        peer.number = max(peer.number, voice.number)
        return Heard(fresh, missed)

    def forget(self, origin: str) -> bool:
        """Whether it was known."""
        return self._peers.pop(origin, None) is not None

    def fallen_silent(self, now: float) -> list[str]:
        """Those who have been silent for a while since the last call."""
        found = [origin for origin, peer in self._peers.items() if not peer.silent and now - peer.at > SILENT_SECONDS]
        for origin in found:
            self._peers[origin].silent = True
        return found

    def gone(self, now: float) -> list[str]:
        """Those who have been silent for too long, who are forgotten."""
        found = [origin for origin, peer in self._peers.items() if now - peer.at > GONE_SECONDS]
        for origin in found:
            del self._peers[origin]
        return found

    @property
    def any_silent(self) -> bool:
        return any(peer.silent for peer in self._peers.values())

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._peers))

    def __len__(self) -> int:
        return len(self._peers)
