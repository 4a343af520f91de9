"""/chat: the commands, which are everything that members, guests and bots do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from chat import (
    custom_emoji,
    density,
    directs,
    files,
    history,
    inbox,
    invites,
    involvement,
    members,
    messages,
    people,
    pins,
    previews,
    profiles,
    reactions,
    reads,
    reminders,
    reports,
    room_settings,
    rooms,
    saved,
    scheduled,
    search,
    sections,
    silence,
    statuses,
    words,
)
from chat.actor import Actor
from chat.events import CHAT_COMMANDS, CommandSpec
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
    PreviewRemove,
    ReactionAdd,
    ReactionRemove,
)
from chat.events.moderation import (
    MessageReport,
    ReportContext,
    ReportList,
    ReportListResult,
    ReportResolve,
    RoomBan,
    RoomUnban,
    SanctionList,
    SanctionListResult,
    UserMute,
    UserUnmute,
    UserWarn,
    WarningSeen,
)
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
    WordsSet,
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
from chat.events.saved import (
    ReminderSet,
    RemindersSeen,
    SavedIds,
    SavedIdsResult,
    SavedList,
    SavedListResult,
    SavedSet,
)
from chat.events.scheduled import (
    ScheduledAdd,
    ScheduledChange,
    ScheduledList,
    ScheduledListResult,
    ScheduledRemove,
    ScheduledResult,
    ScheduledSend,
)
from chat.events.sections import SectionsSet
from chat.events.session import TimeProbe, TimeResult
from chat.helpdesk import desk
from chat.metrics.counters import Counters
from chat.presence import Presence, TypingLeases
from chat.sanctions import mutes, room_bans, warnings
from chat.sockets import relay
from chat.sockets.connections import Connections
from chat.sockets.desk import Desk
from chat.sockets.known import Known
from chat.sockets.limits import Buckets
from chat.sockets.relay import Relay
from chat.store import Store
from chat.store.outbox import room_channel
from chat.times import now, stamp


class ChatNamespace(Desk):
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
        known: Known,
        build: str,
    ) -> None:
        super().__init__("/chat", store, connections, presence, buckets, counters, known, build)
        self.typing = typing
        self.words = known.words
        self._relay = relay
        relay.on_typing = self.note_typing

    # In the order of the protocol

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
        if command.room in self.known.help.visitors:
            return desk.answer(
                self.store, actor, command, is_here=self.presence.is_here, called_by=self.words.called_by
            )
        return messages.send(self.store, actor, command, self.presence.is_here, self.words.called_by)

    def on_message_edit(self, actor: Actor, command: MessageEdit) -> ChangedResult:
        return messages.edit(self.store, actor, command, self.presence.is_here, self.words.called_by)

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

    def on_preview_remove(self, actor: Actor, command: PreviewRemove) -> None:
        previews.remove(self.store, actor, command)

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
        self.store.require_voice(actor.user, command.room)
        self.hear_typing(command.room, actor.user, command.on)

    def on_search(self, actor: Actor, command: Search) -> SearchResult:
        return search.find(self.store, actor, command)

    def on_inbox_list(self, actor: Actor, command: InboxList) -> InboxResult:
        return inbox.listing(self.store, actor, command)

    def on_saved_set(self, actor: Actor, command: SavedSet) -> None:
        saved.choose(self.store, actor, command)

    def on_saved_list(self, actor: Actor, command: SavedList) -> SavedListResult:
        return saved.listing(self.store, actor, command)

    def on_saved_ids(self, actor: Actor, command: SavedIds) -> SavedIdsResult:
        return saved.ids(self.store, actor, command)

    def on_reminder_set(self, actor: Actor, command: ReminderSet) -> None:
        reminders.choose(self.store, actor, command)

    def on_reminders_seen(self, actor: Actor, command: RemindersSeen) -> None:
        reminders.see(self.store, actor, command)

    def on_scheduled_add(self, actor: Actor, command: ScheduledAdd) -> ScheduledResult:
        return scheduled.add(self.store, actor, command)

    def on_scheduled_list(self, actor: Actor, command: ScheduledList) -> ScheduledListResult:
        return scheduled.listing(self.store, actor, command)

    def on_scheduled_change(self, actor: Actor, command: ScheduledChange) -> ScheduledResult:
        return scheduled.change(self.store, actor, command)

    def on_scheduled_remove(self, actor: Actor, command: ScheduledRemove) -> None:
        scheduled.remove(self.store, actor, command)

    def on_scheduled_send(self, actor: Actor, command: ScheduledSend) -> MessageResult:
        return scheduled.send_now(self.store, actor, command, self.presence.is_here, self.words.called_by)

    def on_presence_set(self, actor: Actor, command: PresenceSet) -> None:
        statuses.choose(self.store, actor, command)

    def on_emoji_list(self, actor: Actor, command: EmojiList) -> EmojiListResult:
        return custom_emoji.listing(self.store, actor, command)

    def on_emoji_remove(self, actor: Actor, command: EmojiRemove) -> None:
        custom_emoji.remove(self.store, actor, command)

    def on_density_set(self, actor: Actor, command: DensitySet) -> None:
        density.choose(self.store, actor, command)

    def on_sections_set(self, actor: Actor, command: SectionsSet) -> None:
        sections.choose(self.store, actor, command)

    def on_quiet_set(self, actor: Actor, command: QuietSet) -> None:
        silence.choose_hours(self.store, actor, command)

    def on_words_set(self, actor: Actor, command: WordsSet) -> None:
        words.choose(self.store, actor, command)

    def on_message_report(self, actor: Actor, command: MessageReport) -> None:
        reports.report(self.store, actor, command)

    def on_report_list(self, actor: Actor, command: ReportList) -> ReportListResult:
        return reports.listing(self.store, actor, command)

    def on_report_context(self, actor: Actor, command: ReportContext) -> MessagesResult:
        return reports.context(self.store, actor, command)

    def on_report_resolve(self, actor: Actor, command: ReportResolve) -> None:
        reports.resolve(self.store, actor, command)

    def on_user_mute(self, actor: Actor, command: UserMute) -> None:
        mutes.mute(self.store, actor, command)

    def on_user_unmute(self, actor: Actor, command: UserUnmute) -> None:
        mutes.unmute(self.store, actor, command)

    def on_user_warn(self, actor: Actor, command: UserWarn) -> None:
        warnings.warn(self.store, actor, command)

    def on_warning_seen(self, actor: Actor, command: WarningSeen) -> None:
        warnings.see(self.store, actor, command)

    def on_room_ban(self, actor: Actor, command: RoomBan) -> None:
        room_bans.ban(self.store, actor, command)

    def on_room_unban(self, actor: Actor, command: RoomUnban) -> None:
        room_bans.unban(self.store, actor, command)

    def on_sanction_list(self, actor: Actor, command: SanctionList) -> SanctionListResult:
        return room_bans.listing(self.store, actor, command)

    def on_user_list(self, actor: Actor, command: UserList) -> UserListResult:
        return UserListResult(self.presence.shown_all(people.find(self.store, actor, command).users))

    def on_user_profile(self, actor: Actor, command: UserProfile) -> ProfileResult:
        profile = profiles.of(self.store, actor, command)
        return msgspec.structs.replace(profile, user=self.presence.shown(profile.user))

    def on_time(self, actor: Actor, command: TimeProbe) -> TimeResult:
        return TimeResult(stamp(now()))

    def hear_typing(self, room: int, user: int, on: bool) -> None:
        """Somebody types here."""
        if self.note_typing(room, user, on):
            self._relay.say(relay.Typing(room, user, on))

    def note_typing(self, room: int, user: int, on: bool) -> bool:
        """Somebody types, here or in another process; returns whether that was news."""
        news = self.typing.set(room, user, on)
        if news:
            self.tell_typing(room, user, on)
        return news

    def tell_typing(self, room: int, user: int, on: bool) -> None:
        fact = TypingFact(room, user, on)
        self.socketio.server.emit("typing", fact, to=room_channel(room), namespace=self.namespace)
        self.tell_visitor_typing(room, user, on)
