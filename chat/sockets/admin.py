"""/admin: what the server's owner and admins do, each command of it for them alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from msgspec import Struct, structs

from chat import activity, administration, audit, people, permissions, reports, room_settings, server_settings
from chat.actor import Actor
from chat.errors import not_found
from chat.events import ADMIN_COMMANDS, PROTOCOL, CommandSpec
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
    StatsWatch,
    StatsWatchResult,
    UserDeactivate,
    UserReactivate,
    UserRole,
    UserSignOut,
)
from chat.events.messages import MessagesResult
from chat.events.moderation import (
    AuditList,
    AuditListResult,
    ReportContext,
    ReportList,
    ReportListResult,
    ReportResolve,
    RoomBan,
    RoomUnban,
    UserBan,
    UserMute,
    UserUnban,
    UserUnmute,
    UserWarn,
)
from chat.events.people import UserList, UserListResult
from chat.events.session import TimeProbe, TimeResult
from chat.metrics.counters import Counters
from chat.presence import Presence
from chat.sanctions import bans, cleaning, ending, mutes, overview, room_bans, warnings
from chat.server_settings import Wanted
from chat.sockets import admission, census
from chat.sockets.asking import Asking
from chat.sockets.base import Door
from chat.sockets.census import Census
from chat.sockets.connections import Connection, Connections
from chat.sockets.console import Console
from chat.sockets.delivery import CONSOLE
from chat.sockets.limits import Buckets
from chat.sockets.relay import (
    Answer,
    CloseConnection,
    Closed,
    FindConnections,
    FoundConnections,
    Question,
    Relay,
    TellSeries,
    ToldSeries,
)
from chat.store import Store
from chat.store.outbox import STAFF, user_channel
from chat.text import clean
from chat.times import now, stamp

Start = Callable[[Callable[[], object]], object]


class AdminNamespace(Door):
    """`start` runs something beside the caller."""

    commands: ClassVar[Mapping[str, CommandSpec]] = ADMIN_COMMANDS

    def __init__(
        self,
        store: Store,
        consoles: Connections,
        presence: Presence,
        buckets: Buckets,
        counters: Counters,
        relay: Relay,
        console: Console,
        counted: Census,
        build: str,
        start: Start,
    ) -> None:
        super().__init__(CONSOLE, consoles.get, buckets, counters)
        self.connections = consoles
        self.store = store
        self._presence = presence
        self._console = console
        self._census = counted
        self._build = build
        self._start = start
        self._asking = Asking(relay, self._answer, start)

    def admit(self, sid: str, environ: Mapping[str, Any], auth: Any) -> None:
        actor = admission.admitted(self.store, self.buckets, environ, auth)
        if not actor.is_staff:
            raise admission.refusal("forbidden", "This is for the server's owner and admins.")
        if len(self.connections.of_user(actor.user)) >= self.store.settings.connections_per_user:
            raise admission.refusal("too_many_connections", "Too many windows or programs are connected already.")
        self.connections.add(Connection(sid, actor, admission.program(auth)))

    def connected(self, sid: str) -> None:
        """The CONNECT packet is out."""
        connection = self.connections.get(sid)
        if connection is None:
            return
        user = connection.actor.user
        for channel in (user_channel(user), STAFF):
            self.socketio.server.enter_room(sid, channel, namespace=self.namespace)
        with self.store.read() as conn:
            me = people.one(conn, user)
        shown = self._presence.shown(me)
        fact = AdminWelcome(PROTOCOL, self.store.epoch, stamp(now()), shown, self._census.process, self._build)
        self.socketio.server.emit("welcome", fact, to=sid, namespace=self.namespace)

    def left(self, sid: str) -> None:
        self._console.left(sid)
        self.connections.drop(sid)

    def carry_out(self, connection: Connection, event: str, command: Any) -> Struct | None:
        # What was asked waits for what was asked before, and a role can be lost meanwhile.
        permissions.require(connection.actor, "console")
        if isinstance(command, StatsWatch):
            return self._watch(connection.sid, command)
        return super().carry_out(connection, event, command)

    def on_time(self, actor: Actor, command: TimeProbe) -> TimeResult:
        return TimeResult(stamp(now()))

    # What the processes do, and who is connected to them

    def _watch(self, sid: str, command: StatsWatch) -> StatsWatchResult:
        self._console.watch(sid, command.on)
        if not command.on:
            return StatsWatchResult()
        told, silent = self._asking.ask(TellSeries(), ToldSeries)
        return StatsWatchResult([one.series for one in told], silent)

    def on_connection_list(self, actor: Actor, command: ConnectionList) -> ConnectionListResult:
        clean(command.query, "query", most=200)
        census.place(command)
        found, silent = self._asking.ask(FindConnections(command), FoundConnections)
        rows, end = census.merged(found, command)
        count = sum(page.count for page in found)
        return ConnectionListResult(rows, count, silent, None if end is None else census.cursor(end))

    def on_connection_close(self, actor: Actor, command: ConnectionClose) -> None:
        ending.require_to_close(self.store, actor, command)
        answers, _ = self._asking.ask(CloseConnection(command.id, command.user), Closed)
        if not any(answer.done for answer in answers):
            raise not_found("There is no such connection.", "id")
        ending.note_closed(self.store, actor, command)

    def _answer(self, question: Question) -> Answer:
        """For this process."""
        match question:
            case FindConnections():
                return self._census.find(question)
            case CloseConnection(sid, user):
                return Closed(self._census.close(sid, user))
            case _:
                return ToldSeries(self._console.series())

    def on_room_activity(self, actor: Actor, command: RoomActivity) -> RoomActivityResult:
        return activity.of_rooms(self.store, actor, command)

    # People

    def on_user_list(self, actor: Actor, command: UserList) -> UserListResult:
        return UserListResult(self._presence.shown_all(people.find(self.store, actor, command).users))

    def on_account_list(self, actor: Actor, command: AccountList) -> AccountListResult:
        page = administration.listing(self.store, actor, command)
        shown = [structs.replace(one, user=self._presence.shown(one.user)) for one in page.accounts]
        return AccountListResult(shown, page.next)

    def on_user_role(self, actor: Actor, command: UserRole) -> None:
        administration.appoint(self.store, actor, command)

    def on_user_deactivate(self, actor: Actor, command: UserDeactivate) -> None:
        administration.deactivate(self.store, actor, command)

    def on_user_reactivate(self, actor: Actor, command: UserReactivate) -> None:
        administration.reactivate(self.store, actor, command)

    def on_user_sign_out(self, actor: Actor, command: UserSignOut) -> None:
        ending.sign_out(self.store, actor, command)

    def on_user_ban(self, actor: Actor, command: UserBan) -> None:
        bans.ban(self.store, actor, command)
        if command.remove:
            self._start(lambda: cleaning.clean(self.store, actor, command.user, command.remove))

    def on_user_unban(self, actor: Actor, command: UserUnban) -> None:
        bans.unban(self.store, actor, command)

    def on_user_mute(self, actor: Actor, command: UserMute) -> None:
        mutes.mute(self.store, actor, command)

    def on_user_unmute(self, actor: Actor, command: UserUnmute) -> None:
        mutes.unmute(self.store, actor, command)

    def on_user_warn(self, actor: Actor, command: UserWarn) -> None:
        warnings.warn(self.store, actor, command)

    def on_room_ban(self, actor: Actor, command: RoomBan) -> None:
        room_bans.ban(self.store, actor, command)

    def on_room_unban(self, actor: Actor, command: RoomUnban) -> None:
        room_bans.unban(self.store, actor, command)

    def on_sanction_search(self, actor: Actor, command: SanctionSearch) -> SanctionSearchResult:
        return overview.search(self.store, actor, command)

    # What was said, and where

    def on_notice_send(self, actor: Actor, command: NoticeSend) -> None:
        server_settings.change(self.store, actor, Wanted(announcement=command.message))

    def on_room_archive(self, actor: Actor, command: RoomArchive) -> None:
        room_settings.archive(self.store, actor, command)

    def on_message_remove(self, actor: Actor, command: MessageRemove) -> None:
        cleaning.remove(self.store, actor, command)

    def on_report_list(self, actor: Actor, command: ReportList) -> ReportListResult:
        return reports.listing(self.store, actor, command)

    def on_report_context(self, actor: Actor, command: ReportContext) -> MessagesResult:
        return reports.context(self.store, actor, command)

    def on_report_resolve(self, actor: Actor, command: ReportResolve) -> None:
        reports.resolve(self.store, actor, command)

    def on_audit_list(self, actor: Actor, command: AuditList) -> AuditListResult:
        return audit.listing(self.store, actor, command)
