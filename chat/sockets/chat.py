"""/chat: everything that members, guests and bots do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from chat import (
    custom_emoji,
    density,
    directs,
    files,
    greeting,
    history,
    inbox,
    invites,
    involvement,
    members,
    messages,
    people,
    pins,
    profiles,
    reactions,
    reads,
    room_settings,
    rooms,
    search,
    silence,
    statuses,
    unread,
)
from chat.actor import Actor
from chat.errors import ChatError
from chat.events import CHAT_COMMANDS, PROTOCOL, CommandSpec
from chat.events.emoji import EmojiList, EmojiListResult, EmojiRemove
from chat.events.files import RoomFiles, RoomFilesResult
from chat.events.messages import (
    ChangedResult,
    MessageDelete,
    MessageEdit,
    MessageGet,
    MessageResult,
    MessageSend,
    MessagesResult,
    PinAdd,
    PinList,
    PinRemove,
    ReactionAdd,
    ReactionRemove,
)
from chat.events.objects import Limits, Room, User
from chat.events.people import (
    DensitySet,
    PresenceSet,
    ProfileResult,
    QuietSet,
    Typing,
    TypingFact,
    UserList,
    UserListResult,
    UserProfile,
)
from chat.events.reading import (
    History,
    HistoryResult,
    InboxList,
    InboxResult,
    MessageReaders,
    ReadersResult,
    ReadMark,
    RoomSync,
    RoomSyncResult,
    Search,
    SearchResult,
)
from chat.events.rooms import (
    DirectOpen,
    InvolvementSet,
    RoomCreate,
    RoomInvite,
    RoomJoin,
    RoomLeave,
    RoomLink,
    RoomLinkResult,
    RoomList,
    RoomListResult,
    RoomMembers,
    RoomMembersResult,
    RoomRemove,
    RoomResult,
    RoomRole,
    RoomStar,
    RoomUpdate,
)
from chat.events.session import TimeProbe, TimeResult, Welcome
from chat.greeting import Greeting
from chat.metrics.counters import Counters
from chat.presence import Presence, TypingLeases
from chat.sockets import admission, relay
from chat.sockets.base import Door
from chat.sockets.connections import Connection, Connections
from chat.sockets.limits import Buckets
from chat.sockets.relay import Relay
from chat.store import Store
from chat.store.outbox import EVERYBODY, room_channel, user_channel
from chat.times import now, stamp

# How many people a `welcome` brings along; the rest are asked for with `user_list` when they are needed. They are most
# of what a welcome costs, and after a restart everybody gets one at once.
MOST_USERS_IN_WELCOME = 50


class ChatNamespace(Door):
    commands: ClassVar[Mapping[str, CommandSpec]] = CHAT_COMMANDS

    def __init__(
        self,
        store: Store,
        connections: Connections,
        presence: Presence,
        typing: TypingLeases,
        buckets: Buckets,
        relay: Relay,
        counters: Counters,
        build: str,
    ) -> None:
        super().__init__("/chat", connections, buckets, counters)
        self.store = store
        self.presence = presence
        self.typing = typing
        self._relay = relay
        self._build = build
        relay.on_typing = self.note_typing

    # Coming and going

    def admit(self, sid: str, environ: Mapping[str, Any], auth: Any) -> None:
        try:
            self.buckets.take_to_connect(admission.address(environ))
        except ChatError as error:
            raise admission.refusal("too_many_connections", error.message) from None
        actor = admission.identify(self.store, environ, auth)
        if self._connections_of(actor.user) >= self.store.settings.connections_per_user:
            raise admission.refusal("too_many_connections", "Too many windows or programs are connected already.")
        self.connections.add(Connection(sid, actor))

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
        features = (("guests", settings.guests == "on"), ("files", files.is_on(self.store, actor)))
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
            ),
            features=[name for name, on in features if on],
            quiet_hours=chosen.quiet_hours,
            density=chosen.density,
            emoji=chosen.emoji,
            build=self._build,
        )

    def _enter(self, sid: str, channel: str) -> None:
        self.socketio.server.enter_room(sid, channel, namespace=self.namespace)

    def _tell(self, sid: str, event: str, fact: msgspec.Struct) -> None:
        self.socketio.server.emit(event, fact, to=sid, namespace=self.namespace)

    # Commands, in the order of the protocol

    def on_room_join(self, actor: Actor, command: RoomJoin) -> RoomResult:
        return members.join(self.store, actor, command)

    def on_room_leave(self, actor: Actor, command: RoomLeave) -> None:
        members.leave(self.store, actor, command)

    def on_room_create(self, actor: Actor, command: RoomCreate) -> RoomResult:
        return rooms.create(self.store, actor, command)

    def on_room_update(self, actor: Actor, command: RoomUpdate) -> RoomResult:
        return room_settings.change(self.store, actor, command)

    def on_room_list(self, actor: Actor, command: RoomList) -> RoomListResult:
        return rooms.directory(self.store, actor, command)

    def on_room_members(self, actor: Actor, command: RoomMembers) -> RoomMembersResult:
        page = members.listing(self.store, actor, command)
        return RoomMembersResult(self.presence.shown_members(page.members), page.next)

    def on_room_invite(self, actor: Actor, command: RoomInvite) -> None:
        members.invite(self.store, actor, command)

    def on_room_remove(self, actor: Actor, command: RoomRemove) -> None:
        members.remove(self.store, actor, command)

    def on_room_role(self, actor: Actor, command: RoomRole) -> None:
        members.appoint(self.store, actor, command)

    def on_room_link(self, actor: Actor, command: RoomLink) -> RoomLinkResult:
        return invites.into_room(self.store, actor, command)

    def on_room_star(self, actor: Actor, command: RoomStar) -> None:
        involvement.star(self.store, actor, command)

    def on_involvement_set(self, actor: Actor, command: InvolvementSet) -> None:
        involvement.choose(self.store, actor, command)

    def on_direct_open(self, actor: Actor, command: DirectOpen) -> RoomResult:
        return directs.open_with(self.store, actor, command)

    def on_message_send(self, actor: Actor, command: MessageSend) -> MessageResult:
        return messages.send(self.store, actor, command, self.presence.is_here)

    def on_message_edit(self, actor: Actor, command: MessageEdit) -> ChangedResult:
        return messages.edit(self.store, actor, command, self.presence.is_here)

    def on_message_delete(self, actor: Actor, command: MessageDelete) -> ChangedResult:
        return messages.remove(self.store, actor, command)

    def on_message_get(self, actor: Actor, command: MessageGet) -> MessagesResult:
        return history.some(self.store, actor, command)

    def on_message_readers(self, actor: Actor, command: MessageReaders) -> ReadersResult:
        return reads.readers(self.store, actor, command)

    def on_reaction_add(self, actor: Actor, command: ReactionAdd) -> None:
        reactions.add(self.store, actor, command)

    def on_reaction_remove(self, actor: Actor, command: ReactionRemove) -> None:
        reactions.remove(self.store, actor, command)

    def on_pin_add(self, actor: Actor, command: PinAdd) -> None:
        pins.add(self.store, actor, command)

    def on_pin_remove(self, actor: Actor, command: PinRemove) -> None:
        pins.remove(self.store, actor, command)

    def on_pin_list(self, actor: Actor, command: PinList) -> MessagesResult:
        return history.pinned(self.store, actor, command)

    def on_room_files(self, actor: Actor, command: RoomFiles) -> RoomFilesResult:
        return files.of_room(self.store, actor, command)

    def on_history(self, actor: Actor, command: History) -> HistoryResult:
        return history.page(self.store, actor, command)

    def on_room_sync(self, actor: Actor, command: RoomSync) -> RoomSyncResult:
        return history.sync(self.store, actor, command)

    def on_read_mark(self, actor: Actor, command: ReadMark) -> None:
        reads.mark(self.store, actor, command)

    def on_typing(self, actor: Actor, command: Typing) -> None:
        with self.store.read() as conn:
            rooms.for_actor(conn, actor, command.room)
        if self.note_typing(command.room, actor.user, command.on):
            self._relay.say(relay.Typing(command.room, actor.user, command.on))

    def on_search(self, actor: Actor, command: Search) -> SearchResult:
        return search.find(self.store, actor, command)

    def on_inbox_list(self, actor: Actor, command: InboxList) -> InboxResult:
        return inbox.listing(self.store, actor, command)

    def on_presence_set(self, actor: Actor, command: PresenceSet) -> None:
        statuses.choose(self.store, actor, command)

    def on_emoji_list(self, actor: Actor, command: EmojiList) -> EmojiListResult:
        return custom_emoji.listing(self.store, actor, command)

    def on_emoji_remove(self, actor: Actor, command: EmojiRemove) -> None:
        custom_emoji.remove(self.store, actor, command)

    def on_density_set(self, actor: Actor, command: DensitySet) -> None:
        density.choose(self.store, actor, command)

    def on_quiet_set(self, actor: Actor, command: QuietSet) -> None:
        silence.choose_hours(self.store, actor, command)

    def on_user_list(self, actor: Actor, command: UserList) -> UserListResult:
        return UserListResult(self.presence.shown_all(people.find(self.store, actor, command).users))

    def on_user_profile(self, actor: Actor, command: UserProfile) -> ProfileResult:
        profile = profiles.of(self.store, actor, command)
        return msgspec.structs.replace(profile, user=self.presence.shown(profile.user))

    def on_time(self, actor: Actor, command: TimeProbe) -> TimeResult:
        return TimeResult(stamp(now()))

    def note_typing(self, room: int, user: int, on: bool) -> bool:
        """Somebody types, here or in another process; returns whether that was news."""
        news = self.typing.set(room, user, on)
        if news:
            self.tell_typing(room, user, on)
        return news

    def tell_typing(self, room: int, user: int, on: bool) -> None:
        fact = TypingFact(room, user, on)
        self.socketio.server.emit("typing", fact, to=room_channel(room), namespace=self.namespace)
