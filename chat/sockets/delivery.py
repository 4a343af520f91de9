"""From a committed transaction to the connections: who hears what, who enters and leaves which channel.

Facts about members and presence are gathered, because a crowd that comes at once must not cost a fact for each to each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import structlog
from flask_socketio import SocketIO
from msgspec import Struct

from chat.events import Head, Heads, MembersChanged, MessageNew, PresenceFact, SessionEnded, Status, UserChanged
from chat.presence import Presence
from chat.sockets.connections import Connection, Connections
from chat.store.outbox import Effect, EndSessions, Enter, Leave, MembersTouched, Publish, room_channel

log = structlog.get_logger(__name__)

NAMESPACE = "/chat"


class Delivery:
    """Carries out effects. `touched` and `talked_in` are what the pulse gathers from."""

    def __init__(self, socketio: SocketIO, connections: Connections, presence: Presence) -> None:
        self._socketio = socketio
        self.connections = connections
        self.presence = presence
        self.touched: dict[int, dict[int, None]] = {}
        self.talked_in: set[int] = set()

    def publish(self, effects: Sequence[Effect]) -> None:
        """The store's publisher: called after every commit, in the order of commits."""
        for effect in effects:
            try:
                self._carry_out(effect)
            except Exception:  # one that fails must not keep a removed member listening
                log.exception("an effect failed", effect=type(effect).__name__)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Publish(channel, event, fact):
                if isinstance(fact, UserChanged):
                    self.connections.refresh(fact.user)
                self.tell(channel, event, self._as_seen_now(fact))
                if isinstance(fact, MessageNew):
                    self.talked_in.add(fact.room)
            case Enter(user, room):
                for sid in self._connected(user):
                    self._socketio.server.enter_room(sid, room_channel(room), namespace=NAMESPACE)
            case Leave(user, room):
                for sid in self._connected(user):
                    self._socketio.server.leave_room(sid, room_channel(room), namespace=NAMESPACE)
            case MembersTouched(room, users):
                self.touched.setdefault(room, {}).update(dict.fromkeys(users))
            case EndSessions(sessions, tokens, reason):
                self.end(self.connections.with_credentials(sessions, tokens), reason)

    def _connected(self, user: int) -> list[str]:
        """The account's connections that are complete; one that is just being let in reads its rooms by itself."""
        manager = self._socketio.server.manager
        return [c.sid for c in self.connections.of_user(user) if manager.is_connected(c.sid, NAMESPACE)]

    def tell(self, channel: str | tuple[str, ...], event: str, fact: Struct) -> None:
        to = channel if isinstance(channel, str) else list(channel)
        self._socketio.server.emit(event, fact, to=to, namespace=NAMESPACE)

    def end(self, connections: Iterable[Connection], reason: str) -> None:
        """Say why, then close. Emitting comes first on the same queue, so the reason arrives."""
        for connection in connections:
            self.tell(connection.sid, "session_ended", msgspec.convert({"reason": reason}, SessionEnded))
            self._socketio.server.disconnect(connection.sid, namespace=NAMESPACE)

    def tell_members(self, fact: MembersChanged) -> None:
        shown = msgspec.structs.replace(fact, members=self.presence.shown_members(fact.members))
        self.tell(room_channel(fact.room), "members_changed", shown)

    def tell_presence(self, room: int, statuses: dict[int, Status]) -> None:
        self.tell(room_channel(room), "presence", PresenceFact(statuses))

    def tell_head(self, room: int, head: Head) -> None:
        self.tell(room_channel(room), "heads", Heads({room: head}))

    def _as_seen_now(self, fact: Struct) -> Struct:
        """The store knows which status was chosen; whether somebody is here, only this process knows."""
        return UserChanged(self.presence.shown(fact.user)) if isinstance(fact, UserChanged) else fact
