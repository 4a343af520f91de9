"""Coming into /chat and leaving it: who is let in, and what a client is told first."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from typing import Any

import msgspec

from chat import files, greeting, invites, messages, people, permissions, rooms, unread
from chat.actor import Actor
from chat.events import PROTOCOL
from chat.events.objects import Limits, Room, User
from chat.events.session import Welcome
from chat.greeting import Greeting
from chat.metrics.counters import Counters
from chat.presence import Presence
from chat.sockets import admission
from chat.sockets.base import Door
from chat.sockets.connections import Connection, Connections
from chat.sockets.known import Known
from chat.sockets.limits import Buckets
from chat.store import Store
from chat.store.outbox import EVERYBODY, room_channel, user_channel
from chat.times import now, stamp

# How many people a `welcome` brings along; the rest are asked for with `user_list` when they are needed. They are most
# of what a welcome costs, and after a restart everybody gets one at once.
MOST_USERS_IN_WELCOME = 50


class Arrivals(Door, ABC):
    def __init__(
        self,
        namespace: str,
        store: Store,
        connections: Connections,
        presence: Presence,
        buckets: Buckets,
        counters: Counters,
        known: Known,
        build: str,
    ) -> None:
        super().__init__(namespace, connections.get, buckets, counters)
        self.connections = connections
        self.known = known
        self.store = store
        self.presence = presence
        self._build = build

    def admit(self, sid: str, environ: Mapping[str, Any], auth: Any) -> None:
        actor = admission.admitted(self.store, self.buckets, environ, auth)
        if not permissions.can(actor, "chat"):
            raise admission.refusal("forbidden", "Visitors have a window of their own.")
        if self._connections_of(actor.user) >= self.store.settings.connections_per_user:
            raise admission.refusal("too_many_connections", "Too many windows or programs are connected already.")
        self.connections.add(Connection(sid, actor, admission.program(auth)))

    def _connections_of(self, user: int) -> int:
        """In all processes; here also those that are still being let in."""
        return len(self.connections.of_user(user)) + self.presence.connections_elsewhere(user)

    def connected(self, sid: str) -> None:
        """The CONNECT packet is out: join all rooms first, then read their heads, then `welcome`.

        In this order nothing can fall between the heads and the first fact. A room that was left between the two
        readings is left again; one that was joined meanwhile is entered by the effect of joining.
        """
        connection = self.connections.get(sid)
        if connection is None:
            return
        actor = connection.actor
        self._enter(sid, user_channel(actor.user))
        self._enter(sid, EVERYBODY)
        with self.store.read() as conn:
            joined = rooms.ids_of_user(conn, actor.user)
        for room in joined:
            self._enter(sid, room_channel(room))
        with self.store.read() as conn:
            conn.begin()
            seen = rooms.of_user(conn, actor.user, self.store.offload)
            me = people.one(conn, actor.user)
            users = people.acquainted(conn, me, MOST_USERS_IN_WELCOME)
            chosen = greeting.read(conn, actor.user)
        for room in set(joined) - {room.id for room in seen}:
            self.socketio.server.leave_room(sid, room_channel(room), namespace=self.namespace)
        if self.connections.get(sid) is None:
            # It left while the database was read.
            return
        self.presence.arrive(actor.user, sid, me.status)
        self._tell(sid, "welcome", self._welcome(actor, me, users, seen, chosen))

    def carry_out(self, connection: Connection, event: str, command: Any) -> msgspec.Struct | None:
        # Nobody comes here as one; should that ever fail, nothing can be done here.
        permissions.require(connection.actor, "chat")
        return super().carry_out(connection, event, command)

    def left(self, sid: str) -> None:
        connection = self.connections.drop(sid)
        if connection is not None:
            self.presence.depart(connection.actor.user, sid)

    def _welcome(
        self,
        actor: Actor,
        me: User,
        users: list[User],
        seen: list[Room],
        chosen: Greeting,
    ) -> Welcome:
        settings = self.store.settings
        features = (
            ("guests", settings.guests == "on"),
            ("files", files.is_on(self.store, actor)),
            ("open_links", invites.open_accounts(self.store, actor.role)),
            ("helps", chosen.helps and permissions.can(actor, "help_answer")),
        )
        return Welcome(
            protocol=PROTOCOL,
            epoch=self.store.epoch,
            time=stamp(now()),
            user=self.presence.shown(me),
            users=self.presence.shown_all(users),
            rooms=seen,
            limits=Limits(
                text=messages.MOST_CHARACTERS,
                room_name=80,
                topic=500,
                packet=settings.packet_bytes,
                unread=unread.MOST_UNREAD,
                file_size=settings.files_largest_mb << 20,
                files=files.MOST_A_MESSAGE,
                edit_seconds=settings.edit_minutes * 60,
                keep_days=settings.retention_days,
            ),
            features=[name for name, on in features if on],
            quiet_hours=chosen.quiet_hours,
            density=chosen.density,
            sections=chosen.sections,
            emoji=chosen.emoji,
            saved=chosen.saved,
            scheduled=chosen.scheduled,
            words=chosen.words,
            sanctions=chosen.sanctions,
            announcement=self.known.settings.announcement,
            build=self._build,
        )

    def _enter(self, sid: str, channel: str) -> None:
        self.socketio.server.enter_room(sid, channel, namespace=self.namespace)

    def _tell(self, sid: str, event: str, fact: msgspec.Struct) -> None:
        self.socketio.server.emit(event, fact, to=sid, namespace=self.namespace)
