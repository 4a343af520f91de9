"""The wire contract, version 1: one typed struct per command, result, fact and shared object.

Everything that crosses a socket is declared here once. The structs drive decoding, `static/js/events.js`,
`docs/events.md`, `docs/asyncapi.json` and the tests, so a change here is a change of the protocol.

Commands forbid unknown fields: a client's typing mistake is an error, not a silence. Ids are positive integers below
2^53, which JavaScript can hold. Times are RFC 3339 in UTC with milliseconds and `Z`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

from chat.events.admin import (
    AccountList,
    AccountListResult,
    AdminWelcome,
    ConnectionClose,
    ConnectionList,
    ConnectionListResult,
    MessageRemove,
    NoticeSend,
    RoomActivity,
    RoomActivityResult,
    RoomArchive,
    SanctionSearch,
    SanctionSearchResult,
    Stats,
    StatsWatch,
    StatsWatchResult,
    UserDeactivate,
    UserReactivate,
    UserRole,
    UserSignOut,
)
from chat.events.emoji import EmojiChanged, EmojiList, EmojiListResult, EmojiRemove
from chat.events.files import RoomFiles, RoomFilesResult
from chat.events.help import (
    HelpAgents,
    HelpAgentsResult,
    HelpAnswerRemove,
    HelpAnswers,
    HelpAnswerSet,
    HelpAnswersResult,
    HelpAssign,
    HelpChanged,
    HelpClose,
    HelpDetails,
    HelpEarlier,
    HelpEarlierResult,
    HelpFigures,
    HelpFiguresResult,
    HelpHistory,
    HelpHistoryResult,
    HelpList,
    HelpListResult,
    HelpLookAt,
    HelpLookAtResult,
    HelpMessageFact,
    HelpNote,
    HelpQueueChanged,
    HelpResolve,
    HelpSend,
    HelpSendResult,
    HelpStatus,
    HelpSync,
    HelpSyncResult,
    HelpTyping,
    HelpTypingFact,
    HelpWelcome,
)
from chat.events.messages import (
    Called,
    ChangedResult,
    MessageChanged,
    MessageDelete,
    MessageEdit,
    MessageGet,
    MessageNew,
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
    AuditEntry,
    AuditList,
    AuditListResult,
    MessageReport,
    ReportChanged,
    ReportContext,
    ReportList,
    ReportListResult,
    ReportResolve,
    RoomBan,
    RoomSanctionsChanged,
    RoomUnban,
    SanctionList,
    SanctionListResult,
    SanctionsChanged,
    UserBan,
    UserMute,
    UserUnban,
    UserUnmute,
    UserWarn,
    WarningSeen,
)
from chat.events.objects import Announcement, Command, Nothing
from chat.events.people import (
    DensityChanged,
    DensitySet,
    PresenceFact,
    PresenceSet,
    ProfileResult,
    QuietChanged,
    QuietSet,
    Typing,
    TypingFact,
    UserChanged,
    UserList,
    UserListResult,
    UserProfile,
    WordsChanged,
    WordsSet,
)
from chat.events.reading import (
    Heads,
    History,
    HistoryResult,
    InboxList,
    InboxResult,
    MessageReaders,
    Read,
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
    MembersChanged,
    RoomAdded,
    RoomChanged,
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
    RoomOwn,
    RoomRemove,
    RoomRemoved,
    RoomResult,
    RoomRole,
    RoomStar,
    RoomUpdate,
)
from chat.events.saved import (
    RemindersChanged,
    ReminderSet,
    RemindersSeen,
    SavedChanged,
    SavedIds,
    SavedIdsResult,
    SavedList,
    SavedListResult,
    SavedSet,
)
from chat.events.scheduled import (
    ScheduledAdd,
    ScheduledChange,
    ScheduledChanged,
    ScheduledList,
    ScheduledListResult,
    ScheduledRemove,
    ScheduledResult,
    ScheduledSend,
)
from chat.events.sections import SectionsChanged, SectionsSet
from chat.events.session import Notice, SessionEnded, TimeProbe, TimeResult, Welcome

PROTOCOL = 1

Bucket = Literal["message", "join", "typing", "search", "edit", "presence", "other"]


class CommandSpec(NamedTuple):
    """What belongs to a command: how it is decoded, what its ack carries, and which token bucket pays for it.

    With `overlaps` the same client's next command may begin as soon as this one's write is queued.
    """

    command: type[Command]
    result: type[Struct]
    bucket: Bucket = "other"
    overlaps: bool = False


CHAT_COMMANDS: dict[str, CommandSpec] = {
    "room_join": CommandSpec(RoomJoin, RoomResult, "join"),
    "room_leave": CommandSpec(RoomLeave, Nothing, "join"),
    "room_create": CommandSpec(RoomCreate, RoomResult, "join"),
    "room_update": CommandSpec(RoomUpdate, RoomResult, "edit"),
    "room_list": CommandSpec(RoomList, RoomListResult, "search"),
    "room_members": CommandSpec(RoomMembers, RoomMembersResult),
    "room_invite": CommandSpec(RoomInvite, Nothing, "join"),
    "room_remove": CommandSpec(RoomRemove, Nothing, "join"),
    "room_role": CommandSpec(RoomRole, Nothing, "edit"),
    "room_link": CommandSpec(RoomLink, RoomLinkResult, "join"),
    "room_star": CommandSpec(RoomStar, Nothing, "edit"),
    "involvement_set": CommandSpec(InvolvementSet, Nothing, "edit"),
    "direct_open": CommandSpec(DirectOpen, RoomResult, "join"),
    "message_send": CommandSpec(MessageSend, MessageResult, "message", overlaps=True),
    "message_edit": CommandSpec(MessageEdit, ChangedResult, "edit"),
    "message_delete": CommandSpec(MessageDelete, ChangedResult, "edit"),
    "message_get": CommandSpec(MessageGet, MessagesResult),
    "message_readers": CommandSpec(MessageReaders, ReadersResult),
    "reaction_add": CommandSpec(ReactionAdd, Nothing, "edit"),
    "reaction_remove": CommandSpec(ReactionRemove, Nothing, "edit"),
    "pin_add": CommandSpec(PinAdd, Nothing, "edit"),
    "pin_remove": CommandSpec(PinRemove, Nothing, "edit"),
    "preview_remove": CommandSpec(PreviewRemove, Nothing, "edit"),
    "pin_list": CommandSpec(PinList, MessagesResult),
    "room_files": CommandSpec(RoomFiles, RoomFilesResult),
    "history": CommandSpec(History, HistoryResult),
    "room_sync": CommandSpec(RoomSync, RoomSyncResult),
    "read_mark": CommandSpec(ReadMark, Nothing),
    "typing": CommandSpec(Typing, Nothing, "typing"),
    "search": CommandSpec(Search, SearchResult, "search"),
    "inbox_list": CommandSpec(InboxList, InboxResult),
    "saved_set": CommandSpec(SavedSet, Nothing, "edit"),
    "saved_list": CommandSpec(SavedList, SavedListResult),
    "saved_ids": CommandSpec(SavedIds, SavedIdsResult),
    "reminder_set": CommandSpec(ReminderSet, Nothing, "edit"),
    "reminders_seen": CommandSpec(RemindersSeen, Nothing, "edit"),
    "scheduled_add": CommandSpec(ScheduledAdd, ScheduledResult, "edit"),
    "scheduled_list": CommandSpec(ScheduledList, ScheduledListResult),
    "scheduled_change": CommandSpec(ScheduledChange, ScheduledResult, "edit"),
    "scheduled_remove": CommandSpec(ScheduledRemove, Nothing, "edit"),
    "scheduled_send": CommandSpec(ScheduledSend, MessageResult, "message"),
    "presence_set": CommandSpec(PresenceSet, Nothing, "presence"),
    "quiet_set": CommandSpec(QuietSet, Nothing, "presence"),
    "words_set": CommandSpec(WordsSet, Nothing, "presence"),
    "emoji_list": CommandSpec(EmojiList, EmojiListResult),
    "emoji_remove": CommandSpec(EmojiRemove, Nothing, "edit"),
    "density_set": CommandSpec(DensitySet, Nothing, "presence"),
    "sections_set": CommandSpec(SectionsSet, Nothing, "edit"),
    "message_report": CommandSpec(MessageReport, Nothing, "edit"),
    "report_list": CommandSpec(ReportList, ReportListResult),
    "report_context": CommandSpec(ReportContext, MessagesResult),
    "report_resolve": CommandSpec(ReportResolve, Nothing, "edit"),
    "user_mute": CommandSpec(UserMute, Nothing, "edit"),
    "user_unmute": CommandSpec(UserUnmute, Nothing, "edit"),
    "user_warn": CommandSpec(UserWarn, Nothing, "edit"),
    "warning_seen": CommandSpec(WarningSeen, Nothing, "edit"),
    "room_ban": CommandSpec(RoomBan, Nothing, "edit"),
    "room_unban": CommandSpec(RoomUnban, Nothing, "edit"),
    "sanction_list": CommandSpec(SanctionList, SanctionListResult),
    "user_list": CommandSpec(UserList, UserListResult, "search"),
    "user_profile": CommandSpec(UserProfile, ProfileResult),
    "time": CommandSpec(TimeProbe, TimeResult),
    "help_list": CommandSpec(HelpList, HelpListResult, "search"),
    "help_look_at": CommandSpec(HelpLookAt, HelpLookAtResult, "join"),
    "help_earlier": CommandSpec(HelpEarlier, HelpEarlierResult),
    "help_assign": CommandSpec(HelpAssign, Nothing, "edit"),
    "help_resolve": CommandSpec(HelpResolve, Nothing, "edit"),
    "help_note": CommandSpec(HelpNote, MessageResult, "message"),
    "help_agents": CommandSpec(HelpAgents, HelpAgentsResult),
    "help_answers": CommandSpec(HelpAnswers, HelpAnswersResult),
    "help_answer_set": CommandSpec(HelpAnswerSet, Nothing, "edit"),
    "help_answer_remove": CommandSpec(HelpAnswerRemove, Nothing, "edit"),
    "help_figures": CommandSpec(HelpFigures, HelpFiguresResult, "search"),
}

CHAT_FACTS: dict[str, type[Struct]] = {
    "welcome": Welcome,
    "message_new": MessageNew,
    "message_changed": MessageChanged,
    "called": Called,
    "room_added": RoomAdded,
    "room_changed": RoomChanged,
    "room_own": RoomOwn,
    "room_removed": RoomRemoved,
    "members_changed": MembersChanged,
    "user_changed": UserChanged,
    "quiet_changed": QuietChanged,
    "words_changed": WordsChanged,
    "emoji_changed": EmojiChanged,
    "density_changed": DensityChanged,
    "sections_changed": SectionsChanged,
    "saved_changed": SavedChanged,
    "reminders_changed": RemindersChanged,
    "scheduled_changed": ScheduledChanged,
    "report_changed": ReportChanged,
    "help_queue_changed": HelpQueueChanged,
    "sanctions_changed": SanctionsChanged,
    "room_sanctions_changed": RoomSanctionsChanged,
    "presence": PresenceFact,
    "typing": TypingFact,
    "read": Read,
    "heads": Heads,
    "session_ended": SessionEnded,
    "announcement": Announcement,
    "notice": Notice,
}

ADMIN_COMMANDS: dict[str, CommandSpec] = {
    "time": CommandSpec(TimeProbe, TimeResult),
    "stats_watch": CommandSpec(StatsWatch, StatsWatchResult),
    "connection_list": CommandSpec(ConnectionList, ConnectionListResult, "search"),
    "connection_close": CommandSpec(ConnectionClose, Nothing),
    "room_activity": CommandSpec(RoomActivity, RoomActivityResult, "search"),
    "user_list": CommandSpec(UserList, UserListResult, "search"),
    "account_list": CommandSpec(AccountList, AccountListResult, "search"),
    "user_role": CommandSpec(UserRole, Nothing, "edit"),
    "user_deactivate": CommandSpec(UserDeactivate, Nothing, "edit"),
    "user_reactivate": CommandSpec(UserReactivate, Nothing, "edit"),
    "user_sign_out": CommandSpec(UserSignOut, Nothing, "edit"),
    "user_ban": CommandSpec(UserBan, Nothing, "edit"),
    "user_unban": CommandSpec(UserUnban, Nothing, "edit"),
    "user_mute": CommandSpec(UserMute, Nothing, "edit"),
    "user_unmute": CommandSpec(UserUnmute, Nothing, "edit"),
    "user_warn": CommandSpec(UserWarn, Nothing, "edit"),
    "room_ban": CommandSpec(RoomBan, Nothing, "edit"),
    "room_unban": CommandSpec(RoomUnban, Nothing, "edit"),
    "sanction_search": CommandSpec(SanctionSearch, SanctionSearchResult),
    "message_remove": CommandSpec(MessageRemove, Nothing, "edit"),
    "room_archive": CommandSpec(RoomArchive, Nothing, "edit"),
    "notice_send": CommandSpec(NoticeSend, Nothing, "edit"),
    "report_list": CommandSpec(ReportList, ReportListResult),
    "report_context": CommandSpec(ReportContext, MessagesResult),
    "report_resolve": CommandSpec(ReportResolve, Nothing, "edit"),
    "audit_list": CommandSpec(AuditList, AuditListResult),
}

ADMIN_FACTS: dict[str, type[Struct]] = {
    "welcome": AdminWelcome,
    "stats": Stats,
    "report_changed": ReportChanged,
    "audit": AuditEntry,
    "session_ended": SessionEnded,
    "notice": Notice,
}

HELP_COMMANDS: dict[str, CommandSpec] = {
    "help_send": CommandSpec(HelpSend, HelpSendResult, "message"),
    "help_history": CommandSpec(HelpHistory, HelpHistoryResult),
    "help_sync": CommandSpec(HelpSync, HelpSyncResult),
    "help_typing": CommandSpec(HelpTyping, Nothing, "typing"),
    "help_details": CommandSpec(HelpDetails, Nothing, "edit"),
    "help_close": CommandSpec(HelpClose, Nothing, "edit"),
}

HELP_FACTS: dict[str, type[Struct]] = {
    "help_welcome": HelpWelcome,
    "help_message": HelpMessageFact,
    "help_changed": HelpChanged,
    "help_typing": HelpTypingFact,
    "help_status": HelpStatus,
    "session_ended": SessionEnded,
    "notice": Notice,
}

# Why a connection may be refused: `connect_error` carries {code} in `err.data`. `forbidden`: not of the server's staff.
REFUSALS = ("unauthenticated", "banned", "forbidden", "forbidden_origin", "too_many_connections", "protocol")
