"""From a committed transaction to the connections: who hears what, who enters and leaves which channel.

Facts about members and presence are gathered, because a crowd that comes at once must not cost a fact for each to each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple, ParamSpec, cast

import msgspec
import structlog
from flask_socketio import SocketIO
from msgspec import Struct

from chat.events.help import HelpChanged
from chat.events.messages import MessageNew
from chat.events.objects import Head, Room, User
from chat.events.people import PresenceFact, UserChanged
from chat.events.reading import Heads
from chat.events.rooms import MembersChanged, RoomAdded, RoomRemoved
from chat.events.session import SessionEnded
from chat.events.values import Status
from chat.metrics.counters import Counters
from chat.presence import Presence
from chat.sockets.connections import Connection, Connections
from chat.sockets.known import Known
from chat.store.outbox import (
    Effect,
    EndSessions,
    Enter,
    Leave,
    MembersTouched,
    Publish,
    conversations_of,
    help_channel,
    is_for_visitors,
    room_channel,
    rooms_of,
    user_channel,
)

P = ParamSpec("P")
log = structlog.get_logger(__name__)

NAMESPACE = "/chat"
CONSOLE = "/admin"
HELP = "/help"
# What consoles are told too.
FACTS_OF_CONSOLES = frozenset(("report_changed", "audit"))
# The facts with a `rev`: one that is lost as a room's last is missed until the next, or until the heads are told.
CHANGES_OF_ROOMS = frozenset(("message_new", "message_changed", "room_changed"))


class Heard(NamedTuple):
    """The rooms that at least one of an account's connections hears, and those that all of them hear."""

    by_any: set[int]
    by_all: set[int]


class Delivery:
    """Carries out effects. `touched` and `talked_in` are what the pulse gathers from."""

    def __init__(
        self,
        socketio: SocketIO,
        connections: Connections,
        presence: Presence,
        counters: Counters,
        known: Known,
        consoles: Connections,
    ) -> None:
        self._socketio = socketio
        self.connections = connections
        self.consoles = consoles
        self.presence = presence
        self.counters = counters
        self.known = known
        self.touched: dict[int, dict[int, None]] = {}
        self.talked_in: set[int] = set()

    def publish(self, effects: Sequence[Effect]) -> None:
        """The store's publisher: called after every commit, in the order of commits."""
        # What is told to the same channel in a row leaves together: of a burst in a large room, every member gets one
        # piece and not one for each message.
        for channel, together in groupby(effects, lambda effect: isinstance(effect, Publish) and effect.channel):
            if channel:
                self._attempt(self._publish, channel, cast(Iterable[Publish], together))
            else:
                for effect in together:
                    self._attempt(self._carry_out, effect)

    def _attempt(self, work: Callable[P, None], *args: P.args, **options: P.kwargs) -> None:
        try:
            work(*args, **options)
        except Exception:  # one that fails must not keep a removed member listening
            log.exception("an effect failed")

    def _publish(self, channel: str | tuple[str, ...], told: Iterable[Publish]) -> None:
        events = []
        for publish in told:
            fact = publish.fact
            if publish.event in CHANGES_OF_ROOMS:
                self.talked_in |= rooms_of((channel,) if isinstance(channel, str) else channel)
            if isinstance(fact, MessageNew):
                self.counters.messages += 1
            elif isinstance(fact, UserChanged):
                self.refresh(fact.user)
                self.presence.choose(fact.user.id, fact.user.status)
                fact = UserChanged(self.presence.shown(fact.user))
            events.append((publish.event, fact))
        to = channel if isinstance(channel, str) else list(channel)
        manager = self._socketio.server.manager
        if is_for_visitors(channel):
            manager.emit_all(events, HELP, to)
            return
        manager.emit_all(events, NAMESPACE, to)
        if self.consoles and (theirs := [event for event in events if event[0] in FACTS_OF_CONSOLES]):
            manager.emit_all(theirs, CONSOLE, to)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
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
                self.end(self.consoles.with_credentials(sessions, tokens), reason, CONSOLE)
            case _:
                self.known.hear(effect)

    def _connected(self, user: int) -> list[str]:
        """The account's connections that are complete; one that is just being let in reads its rooms by itself."""
        manager = self._socketio.server.manager
        return [c.sid for c in self.connections.of_user(user) if manager.is_connected(c.sid, NAMESPACE)]

    def tell(self, channel: str | tuple[str, ...], event: str, fact: Struct) -> None:
        to = channel if isinstance(channel, str) else list(channel)
        self._socketio.server.emit(event, fact, to=to, namespace=NAMESPACE)

    def refresh(self, user: User) -> None:
        """The account is called this now, and may do this; who is not of the staff any more has no console."""
        self.connections.refresh(user)
        if self.consoles:
            self.consoles.refresh(user)
            lost = [connection for connection in self.consoles.of_user(user.id) if not connection.actor.is_staff]
            self.end(lost, "not_staff", CONSOLE)

    def end(self, connections: Iterable[Connection], reason: str, namespace: str = NAMESPACE) -> None:
        """Say why, then close. Emitting comes first on the same queue, so the reason arrives."""
        server = self._socketio.server
        for connection in connections:
            fact = msgspec.convert({"reason": reason}, SessionEnded)
            server.emit("session_ended", fact, to=connection.sid, namespace=namespace)
            server.disconnect(connection.sid, namespace=namespace)

    def tell_members(self, fact: MembersChanged) -> None:
        shown = msgspec.structs.replace(fact, members=self.presence.shown_members(fact.members))
        self._tell_with_others(fact.room, "members_changed", shown)

    def tell_presence(self, room: int, statuses: dict[int, Status]) -> None:
        self._tell_with_others(room, "presence", PresenceFact(statuses))

    def tell_head(self, room: int, head: Head) -> None:
        self._tell_with_others(room, "heads", Heads({room: head}))
        if room in self.known.help.visitors:
            # For a visitor, that something has changed; what it is, they ask.
            moved = HelpChanged(head.rev, None, None)
            self._socketio.server.emit("help_changed", moved, to=help_channel(room), namespace=HELP)

    def _tell_with_others(self, room: int, event: str, fact: Struct) -> None:
        """What is told of many rooms in one turn reaches a client that is in several of them in one piece."""
        self._socketio.server.manager.emit_all([(event, fact)], NAMESPACE, room_channel(room), gather=True)

    # What is heard in fact, for who checks it

    def rooms(self) -> set[int]:
        """The rooms that somebody connected here hears, visitors included."""
        channels = self._socketio.server.manager.rooms
        return rooms_of(channels.get(NAMESPACE, {})) | conversations_of(channels.get(HELP, {}))

    def heard_by(self, user: int) -> Heard | None:
        """None for an account that has no connection here, or one that is still being let in."""
        manager = self._socketio.server.manager
        heard = [rooms_of(manager.get_rooms(sid, NAMESPACE)) for sid in self._connected(user)]
        return Heard(set.union(*heard), set.intersection(*heard)) if heard else None

    def put_out(self, user: int, room: int) -> None:
        """The account is not in the room any more, which nobody has told it."""
        self._carry_out(Leave(user, room))
        self.tell(user_channel(user), "room_removed", RoomRemoved(room, "removed"))

    def let_in(self, user: int, room: Room) -> None:
        """The account is in the room, which nobody has told it."""
        self._carry_out(Enter(user, room.id))
        self.tell(user_channel(user), "room_added", RoomAdded(room, room.head.rev))
