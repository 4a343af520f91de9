"""/help: visitors of web sites, each with one conversation and a handful of commands. No cookie counts, no token."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from chat.actor import Actor
from chat.addresses import counted
from chat.errors import ChatError
from chat.events import HELP_COMMANDS, PROTOCOL, Bucket, CommandSpec
from chat.events.help import (
    HelpChanged,
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
from chat.helpdesk.visiting import Visit
from chat.messages import MOST_CHARACTERS
from chat.metrics.counters import Counters
from chat.sanctions import blocks
from chat.sockets import admission, origin
from chat.sockets.base import Door
from chat.sockets.connections import Connection
from chat.sockets.delivery import HELP
from chat.sockets.desk_status import DeskStatus
from chat.sockets.limits import RATES, Buckets, Rate
from chat.sockets.windows import Window, Windows
from chat.store import Store
from chat.store.outbox import HelpBegun, help_channel
from chat.times import HOUR, now, stamp

NoteTyping = Callable[[int, int, bool], object]
# What all windows of one address, and all of this process, may ask for, so that members do not wait for them. After a
# restart all windows ask once in the same moment.
OF_AN_ADDRESS = Rate(400, 100)
OF_ALL = Rate(2000, 200)
# So many of their commands are carried out at a time, and what members send comes between them.
AT_ONCE = 4
# How long whoever does not wait when told to waits for the next refusal, in seconds; a client gives up after ten.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 5.0
MOST_HASTY = 10
_LONGEST_BROWSER = 300


class Auth(msgspec.Struct, frozen=True):
    """What a window sends with its CONNECT."""

    site: Annotated[str, Meta(max_length=32)]
    visitor: Annotated[str, Meta(min_length=32, max_length=100)]
    language: Annotated[str, Meta(max_length=16)] = ""
    protocol: int = PROTOCOL


class HelpNamespace(Door):
    """`typing` is told who writes in which room."""

    commands: ClassVar[Mapping[str, CommandSpec]] = HELP_COMMANDS

    def __init__(
        self,
        store: Store,
        windows: Windows,
        buckets: Buckets,
        counters: Counters,
        typing: NoteTyping,
        desk: DeskStatus,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        super().__init__(HELP, windows.get, buckets, counters)
        self.store = store
        self.windows = windows
        self._typing = typing
        self._desk = desk
        self._wait = wait
        self._places = threading.Semaphore(AT_ONCE)

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
        browser = str(environ.get("HTTP_USER_AGENT", ""))[:_LONGEST_BROWSER]
        visit = Visit(site, wanted.visitor, address, browser, wanted.language)
        if not self.windows.has_room_for(visit):
            raise admission.refusal("too_many_connections", "Too many windows are open already.")
        self.windows.add(Window(sid, Actor(0, "", "", "visitor", address=address), visit=visit))

    def connected(self, sid: str) -> None:
        """The CONNECT packet is out."""
        window = self.windows.get(sid)
        if window is None:
            return
        visit = window.visit
        with self.store.read() as conn:
            here = visiting.place(conn, visit)
        if here is not None:
            self._enter(window, here.room)
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
            here=sites.somebody_is_there(site),
            conversation=own,
            text_limit=MOST_CHARACTERS,
            file_limit=files.largest(self.store),
        )
        self.socketio.server.emit("help_welcome", fact, to=sid, namespace=self.namespace)
        self._desk.welcome(window)

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
        self.buckets.take((HELP, "file", counted(visit.address)), self._new_ones())
        return visiting.handing_in(self.store, visit)

    def left(self, sid: str) -> None:
        self.windows.drop(sid)

    def begun(self, effect: HelpBegun) -> None:
        """Windows that its visitor has open hear the conversation from now on, in whichever process it began."""
        for window in self.windows.of_visitor(effect.secret_hash):
            self._enter(window, effect.room)

    def found(self, effect: HelpBegun) -> None:
        """The same long after; a window that did not hear it is told how it stands, and asks for what was said."""
        missed = [one for one in self.windows.of_visitor(effect.secret_hash) if one.room != effect.room]
        for window in missed:
            with self.store.read() as conn:
                here = visiting.place(conn, window.visit)
                own = None if here is None else visiting.welcome(conn, here)
            if here is None or own is None or here.room != effect.room:
                continue
            self._enter(window, effect.room)
            fact = HelpChanged(own.rev, None, own)
            self.socketio.server.emit("help_changed", fact, to=window.sid, namespace=self.namespace)

    def charge(self, connection: Connection, bucket: Bucket) -> None:
        window = _window(connection)
        with self._patience(window):
            self._take(window.visit, bucket)

    @contextmanager
    def _patience(self, window: Window) -> Iterator[None]:
        """A refusal costs time as well: it comes after a while where one has come before, and the window's next command
        waits for it.
        """
        try:
            yield
        except ChatError as error:
            if error.code == "rate_limited":
                if window.hasty:
                    self._wait(min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** (window.hasty - 1)))
                window.hasty = min(window.hasty + 1, MOST_HASTY)
            raise

    def _take(self, visit: Visit, bucket: Bucket) -> None:
        self.buckets.take((HELP, counted(visit.address)), OF_AN_ADDRESS)
        settings = self.store.settings
        if bucket == "message":
            self.buckets.take((HELP, visit.secret), _by_the_minute(settings.help_messages_per_minute))
            every = settings.help_messages_per_second
            self.buckets.take((HELP, "messages"), Rate(2 * every, every))
        else:
            self.buckets.take((HELP, visit.secret, bucket), RATES[bucket])
        # Last, so that who asks for too much takes nothing from the others.
        self.buckets.take(HELP, OF_ALL)

    def carry_out(self, connection: Connection, event: str, command: Any) -> Any:
        window = _window(connection)
        with self._patience(window), self._places:
            result = getattr(self, f"on_{event}")(window.visit, command)
        window.hasty = max(0, window.hasty - 1)
        return result

    def _new_ones(self) -> Rate:
        every = self.store.settings.help_new_per_hour
        return Rate(every, every * 1000 / HOUR)

    def on_help_send(self, visit: Visit, command: HelpSend) -> HelpSendResult:
        with self.store.read() as conn:
            begun = visiting.place(conn, visit) is not None
        if not begun:
            self.buckets.take((HELP, "begun", counted(visit.address)), self._new_ones())
        return visiting.send(self.store, visit, command)

    def on_help_history(self, visit: Visit, command: HelpHistory) -> HelpHistoryResult:
        return visiting.read(self.store, visit, command)

    def on_help_sync(self, visit: Visit, command: HelpSync) -> HelpSyncResult:
        return visiting.sync(self.store, visit, command)

    def on_help_typing(self, visit: Visit, command: HelpTyping) -> None:
        with self.store.read() as conn:
            here = visiting.place(conn, visit)
        if here is not None:
            self.store.require_voice(here.actor.user, here.room)
            self._typing(here.room, here.actor.user, command.on)

    def on_help_details(self, visit: Visit, command: HelpDetails) -> None:
        visiting.describe(self.store, visit, command)

    def on_help_close(self, visit: Visit, command: HelpClose) -> None:
        visiting.close(self.store, visit, command)

    def on_time(self, visit: Visit, command: TimeProbe) -> TimeResult:
        return TimeResult(stamp(now()))

    def _enter(self, window: Window, room: int) -> None:
        """An earlier conversation is over, and not heard any more."""
        if window.room is not None and window.room != room:
            self.socketio.server.leave_room(window.sid, help_channel(window.room), namespace=self.namespace)
        window.room = room
        self.socketio.server.enter_room(window.sid, help_channel(room), namespace=self.namespace)


def _window(connection: Connection) -> Window:
    if not isinstance(connection, Window):
        raise TypeError(f"a {type(connection).__name__} among windows")
    return connection


def _by_the_minute(count: int) -> Rate:
    return Rate(min(count, RATES["message"].at_once), count / 60)
