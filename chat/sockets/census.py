"""The connections of this process as staff see them: a page of them, sorted and filtered where they are.

Thousands are looked at for a page, a few hundred in each turn of the hub, and only those of the page are written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import nlargest, nsmallest
from typing import Any

import msgspec
from flask_socketio import SocketIO

from chat.errors import bad_request
from chat.events.admin import ConnectionInfo, ConnectionList, ConnectionSort, Transport
from chat.sockets.connections import Connection, Connections
from chat.sockets.delivery import NAMESPACE
from chat.sockets.relay import FindConnections, FoundConnections, Key
from chat.times import stamp

TURN = 250
_decode = msgspec.json.Decoder(tuple[Key, str]).decode
_TEXTS: frozenset[ConnectionSort] = frozenset(("user", "address"))

Place = tuple[Key, str]


def place(wanted: ConnectionList) -> Place | None:
    """Where an earlier answer ended. Raises `bad_request` for what no answer ever gave."""
    if wanted.after is None:
        return None
    try:
        found = _decode(wanted.after)
    except (msgspec.DecodeError, UnicodeEncodeError):
        raise _nowhere() from None
    if isinstance(found[0], str) != (wanted.sort in _TEXTS):
        raise _nowhere()
    return found


def cursor(at: Place) -> str:
    return msgspec.json.encode(at).decode()


def merged(pages: list[FoundConnections], wanted: ConnectionList) -> tuple[list[ConnectionInfo], Place | None]:
    """The first page of several processes' first pages, and where it ends, if more follows."""
    rows = [(key, row.id, row) for page in pages for key, row in zip(page.keys, page.connections, strict=True)]
    rows.sort(key=_place, reverse=wanted.descending)
    page = rows[: wanted.limit]
    more = len(rows) > wanted.limit or any(one.more for one in pages)
    return [row for *_, row in page], (_place(page[-1]) if page and more else None)


class Census:
    def __init__(self, socketio: SocketIO, connections: Connections, process: str) -> None:
        self._server = socketio.server
        self._connections = connections
        self.process = process

    def find(self, asked: FindConnections) -> FoundConnections:
        wanted = asked.wanted
        after = place(wanted)
        matching = list(self._matching(wanted))
        count = len(matching)
        if after is not None:
            matching = [one for one in matching if (_place(one) < after if wanted.descending else _place(one) > after)]
        some = (nlargest if wanted.descending else nsmallest)(wanted.limit, matching, key=_place)
        rows = [(key, self._row(connection)) for key, _, connection in some]
        shown = [(key, row) for key, row in rows if row is not None]
        return FoundConnections(
            [row for _, row in shown], [key for key, _ in shown], count, more=len(matching) > len(some)
        )

    def close(self, sid: str, user: int) -> bool:
        """Cut somebody's connection, if it is one of this process."""
        connection = self._connections.get(sid)
        if connection is None or connection.actor.user != user:
            return False
        eio_sid = self._eio_sid(sid)
        if eio_sid in self._server.eio.sockets:
            self._server.eio.disconnect(eio_sid)
        else:
            # The test client has no connection that could be closed.
            self._server.disconnect(sid, namespace=NAMESPACE)
        return True

    def _matching(self, wanted: ConnectionList) -> Iterator[tuple[Key, str, Connection]]:
        query, key = wanted.query.casefold().strip(), self._keys()[wanted.sort]
        for number, connection in enumerate(self._connections, start=1):
            if number % TURN == 0:
                self._server.sleep(0)
            if wanted.user is not None and connection.actor.user != wanted.user:
                continue
            if wanted.transport is not None and self._transport(connection.sid) != wanted.transport:
                continue
            if query and query not in self._words(connection):
                continue
            yield key(connection), connection.sid, connection

    def _keys(self) -> dict[ConnectionSort, Callable[[Connection], Key]]:
        return {
            "since": lambda one: one.since,
            "user": lambda one: one.actor.username.casefold(),
            "address": lambda one: one.actor.address,
            "rooms": lambda one: self._rooms(one.sid),
            "sent": lambda one: (self._traffic(one.sid) or (-1, -1))[0],
            "received": lambda one: (self._traffic(one.sid) or (-1, -1))[1],
        }

    def _words(self, connection: Connection) -> str:
        actor = connection.actor
        said = (actor.username, actor.name, actor.address, connection.client or "", self._agent(connection.sid))
        return "\n".join(said).casefold()

    def _row(self, connection: Connection) -> ConnectionInfo | None:
        """None for one that is gone since it was found."""
        sid, actor = connection.sid, connection.actor
        if self._connections.get(sid) is not connection:
            return None
        sent, received = self._traffic(sid) or (None, None)
        return ConnectionInfo(
            id=sid,
            process=self.process,
            user=actor.user,
            username=actor.username,
            name=actor.name,
            role=actor.role,
            address=actor.address,
            agent=self._agent(sid),
            client=connection.client,
            program=actor.token is not None,
            transport=self._transport(sid),
            rooms=self._rooms(sid),
            since=stamp(connection.since),
            sent=sent,
            received=received,
        )

    def _eio_sid(self, sid: str) -> Any:
        return self._server.manager.eio_sid_from_sid(sid, NAMESPACE)

    def _agent(self, sid: str) -> str:
        environ = self._server.environ.get(self._eio_sid(sid), {})
        return str(environ.get("HTTP_USER_AGENT", ""))[:300]

    def _transport(self, sid: str) -> Transport:
        carrier = self._server.eio.sockets.get(self._eio_sid(sid))
        return "websocket" if getattr(carrier, "upgraded", False) else "polling"

    def _rooms(self, sid: str) -> int:
        return sum(1 for room in self._server.manager.get_rooms(sid, NAMESPACE) if str(room).startswith("room:"))

    def _traffic(self, sid: str) -> tuple[int, int] | None:
        carrier = self._server.eio.sockets.get(self._eio_sid(sid))
        ask = getattr(carrier, "traffic", None)
        found: tuple[int, int] | None = None if ask is None else ask()
        return found


def _place(one: tuple[Any, ...]) -> Place:
    return one[0], one[1]


def _nowhere() -> Exception:
    return bad_request("This is not a place in the list.", "after")
