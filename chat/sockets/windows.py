"""The windows that visitors of web sites have open here: whose they are, and how many there may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from chat import secret
from chat.addresses import counted
from chat.events.help import HelpStatus
from chat.helpdesk.visiting import Visit
from chat.sockets.connections import Connection

# Windows that one browser may have open.
MOST_OF_A_VISITOR = 10


@dataclass(slots=True, kw_only=True)
class Window(Connection):
    """`actor` is nobody: what a visitor may do, their secret says, each time anew.

    `room` is the conversation that it hears, `told` what it was told last of those who answer, and `hasty` how often it
    was too fast, less how often it was not.
    """

    visit: Visit
    room: int | None = None
    told: HelpStatus | None = None
    hasty: int = 0


class Windows:
    """Windows by sid and by the digest of their visitor's secret; `most` in all, of which one address has a part."""

    def __init__(self, most: int, most_of_an_address: int) -> None:
        self._most = most
        self._most_of_an_address = most_of_an_address
        self._by_sid: dict[str, Window] = {}
        self._by_digest: dict[bytes, dict[str, Window]] = {}
        self._by_address: Counter[str] = Counter()

    def has_room_for(self, visit: Visit) -> bool:
        return (
            len(self._by_sid) < self._most
            and self._by_address[counted(visit.address)] < self._most_of_an_address
            and len(self._by_digest.get(secret.digest(visit.secret), ())) < MOST_OF_A_VISITOR
        )

    def add(self, window: Window) -> None:
        self._by_sid[window.sid] = window
        self._by_digest.setdefault(secret.digest(window.visit.secret), {})[window.sid] = window
        self._by_address[counted(window.visit.address)] += 1

    def drop(self, sid: str) -> None:
        window = self._by_sid.pop(sid, None)
        if window is None:
            return
        digest, where = secret.digest(window.visit.secret), counted(window.visit.address)
        mine = self._by_digest[digest]
        del mine[sid]
        if not mine:
            del self._by_digest[digest]
        self._by_address[where] -= 1
        if not self._by_address[where]:
            del self._by_address[where]

    def get(self, sid: str) -> Window | None:
        return self._by_sid.get(sid)

    def of_visitor(self, digest: bytes) -> list[Window]:
        return list(self._by_digest.get(digest, {}).values())

    def __iter__(self) -> Iterator[Window]:
        return iter(list(self._by_sid.values()))

    def __len__(self) -> int:
        return len(self._by_sid)
