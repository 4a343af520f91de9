"""/help: visitors of web sites, each with one conversation and a handful of commands. No cookie counts, no token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from chat import silence
from chat.actor import Actor
from chat.addresses import counted
from chat.errors import ChatError
from chat.events import HELP_COMMANDS, PROTOCOL, Bucket, CommandSpec
from chat.events.help import (
    HelpClose,
    HelpDetails,
    HelpHistory,
    HelpHistoryResult,
    HelpSend,
    HelpSendResult,
    HelpSync,
    HelpSyncResult,
    HelpTyping,
    HelpWelcome,
)
from chat.events.session import TimeProbe, TimeResult
from chat.helpdesk import files, sites, visiting
from chat.helpdesk.sites import Site
from chat.helpdesk.visiting import Visit
from chat.messages import MOST_CHARACTERS
from chat.metrics.counters import Counters
from chat.sanctions import blocks
from chat.sockets import admission, origin
from chat.sockets.base import Door
from chat.sockets.connections import Connection, Connections
from chat.sockets.delivery import HELP
from chat.sockets.limits import RATES, Buckets, Rate
from chat.store import Store
from chat.store.outbox import help_channel
from chat.times import HOUR, now, stamp

NoteTyping = Callable[[int, int, bool], object]
# Windows that one browser may have open.
MOST_WINDOWS = 10
_LONGEST_BROWSER = 300


class Auth(msgspec.Struct, frozen=True):
    """What a window sends with its CONNECT."""

    site: Annotated[str, Meta(max_length=32)]
    visitor: Annotated[str, Meta(min_length=32, max_length=100)]
    language: Annotated[str, Meta(max_length=16)] = ""
    protocol: int = PROTOCOL


@dataclass(slots=True)
class Window(Connection):
    """`actor` is nobody: what a visitor may do, their secret says, each time anew."""

    visit: Visit | None = None


class HelpNamespace(Door):
    """`typing` is told who writes in which room."""

    commands: ClassVar[Mapping[str, CommandSpec]] = HELP_COMMANDS

    def __init__(
        self, store: Store, windows: Connections, buckets: Buckets, counters: Counters, typing: NoteTyping
    ) -> None:
        super().__init__(HELP, windows, buckets, counters)
        self.store = store
        self._typing = typing
        self._by_secret: dict[str, set[str]] = {}
        self._begun = Rate(store.settings.help_new_per_hour, store.settings.help_new_per_hour * 1000 / HOUR)

    def admit(self, sid: str, environ: Mapping[str, Any], auth: Any) -> None:
        address = admission.address(environ)
        if not origin.is_allowed(self.store.settings, environ):
            raise admission.refusal("forbidden_origin", "Pages of this web site may not connect here.")
        try:
            wanted = msgspec.convert(auth, Auth)
        except (msgspec.ValidationError, RecursionError):
            raise admission.refusal("protocol", "The `auth` object of the connection can't be read.") from None
        if wanted.protocol != PROTOCOL:
            raise admission.refusal("protocol", f"This server speaks protocol {PROTOCOL}. Please reload the page.")
        try:
            self.buckets.take_to_connect(address)
            blocks.require_open(self.store, address, None)
        except ChatError as error:
            code = "banned" if error.code == "forbidden" else "too_many_connections"
            raise admission.refusal(code, error.message) from None
        site = sites.by_key(self.store, wanted.site)
        if site is None:
            raise admission.refusal("unauthenticated", "There is no help window for this web site.")
        mine = self._by_secret.setdefault(wanted.visitor, set())
        if len(mine) >= MOST_WINDOWS:
            raise admission.refusal("too_many_connections", "Too many windows are open already.")
        mine.add(sid)
        browser = str(environ.get("HTTP_USER_AGENT", ""))[:_LONGEST_BROWSER]
        visit = Visit(site, wanted.visitor, address, browser, wanted.language)
        self.connections.add(Window(sid, Actor(0, "", "", "visitor", address=address), visit=visit))

    def connected(self, sid: str) -> None:
        """The CONNECT packet is out."""
        visit = self._visit(sid)
        if visit is None:
            return
        with self.store.read() as conn:
            here = visiting.place(conn, visit)
        if here is not None:
            self._enter(sid, here.room)
        with self.store.read() as conn:
            here = visiting.place(conn, visit)
            own = None if here is None else visiting.welcome(conn, here)
        site = visit.site
        fact = HelpWelcome(
            protocol=PROTOCOL,
            epoch=self.store.epoch,
            time=stamp(now()),
            site=site.name,
            look=site.look,
            here=_somebody_is_there(site),
            conversation=own,
            text_limit=MOST_CHARACTERS,
            file_limit=files.largest(self.store),
        )
        self.socketio.server.emit("help_welcome", fact, to=sid, namespace=self.namespace)

    def require_own_page(self, environ: Mapping[str, Any]) -> None:
        """Raises `forbidden` where another web site's page has sent a request."""
        if not origin.is_allowed(self.store.settings, environ):
            raise ChatError("forbidden", "Pages of this web site may not connect here.")

    def begin_with_file(self, visit: Visit) -> Actor:
        """Whose a file is; an address brings so many new visitors with files as conversations. Raises as
        `visiting.handing_in`.
        """
        with self.store.read() as conn:
            known = visiting.known(conn, visit)
        if known is not None:
            return known
        self.buckets.take((HELP, "file", counted(visit.address)), self._begun)
        return visiting.handing_in(self.store, visit)

    def left(self, sid: str) -> None:
        window = self.connections.drop(sid)
        if isinstance(window, Window) and window.visit is not None:
            mine = self._by_secret.get(window.visit.secret, set())
            mine.discard(sid)
            if not mine:
                self._by_secret.pop(window.visit.secret, None)

    def charge(self, connection: Connection, bucket: Bucket) -> None:
        self.buckets.take((HELP, _visit_of(connection).secret, bucket), RATES[bucket])

    def carry_out(self, connection: Connection, event: str, command: Any) -> Any:
        return getattr(self, f"on_{event}")(_visit_of(connection), command)

    def on_help_send(self, visit: Visit, command: HelpSend) -> HelpSendResult:
        with self.store.read() as conn:
            begun = visiting.place(conn, visit) is not None
        if not begun:
            self.buckets.take((HELP, "begun", counted(visit.address)), self._begun)
        result = visiting.send(self.store, visit, command)
        if not begun:
            self._come_in(visit)
        return result

    def on_help_history(self, visit: Visit, command: HelpHistory) -> HelpHistoryResult:
        self._come_in(visit)
        return visiting.read(self.store, visit, command)

    def on_help_sync(self, visit: Visit, command: HelpSync) -> HelpSyncResult:
        return visiting.sync(self.store, visit, command)

    def on_help_typing(self, visit: Visit, command: HelpTyping) -> None:
        with self.store.read() as conn:
            here = visiting.place(conn, visit)
        if here is not None:
            self._typing(here.room, here.actor.user, command.on)

    def on_help_details(self, visit: Visit, command: HelpDetails) -> None:
        visiting.describe(self.store, visit, command)

    def on_help_close(self, visit: Visit, command: HelpClose) -> None:
        visiting.close(self.store, visit, command)

    def on_time(self, visit: Visit, command: TimeProbe) -> TimeResult:
        return TimeResult(stamp(now()))

    def _come_in(self, visit: Visit) -> None:
        """All windows of this browser hear the conversation from now on."""
        with self.store.read() as conn:
            here = visiting.place(conn, visit)
        if here is not None:
            for sid in list(self._by_secret.get(visit.secret, ())):
                self._enter(sid, here.room)

    def _enter(self, sid: str, room: int) -> None:
        self.socketio.server.enter_room(sid, help_channel(room), namespace=self.namespace)

    def _visit(self, sid: str) -> Visit | None:
        connection = self.connections.get(sid)
        return None if connection is None else _visit_of(connection)


def _visit_of(connection: Connection) -> Visit:
    if not isinstance(connection, Window) or connection.visit is None:
        raise ChatError("unauthenticated", "This window is closed.")
    return connection.visit


def _somebody_is_there(site: Site) -> bool:
    hours = site.look.hours
    return hours is None or silence.within(hours, now())
