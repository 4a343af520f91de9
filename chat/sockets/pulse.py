"""What happens by itself, a few times a second: gathered facts go out, leases lapse, what is believed is checked again.

`beat` is called by a background task; tests call it by hand with a clock of their own.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress

from chat import members, rooms, statuses
from chat.errors import ChatError
from chat.events.values import Status
from chat.sockets.chat import ChatNamespace
from chat.sockets.console import Console
from chat.sockets.delivery import Delivery
from chat.sockets.desk_status import DeskStatus
from chat.sockets.recheck import CHUNK, Recheck, chunks
from chat.sockets.relay import Relay
from chat.store import Store

BEAT_SECONDS = 0.5
GATHER_SECONDS = 1.0
QUIET_SECONDS = 15.0
RECHECK_SECONDS = 15.0
# Reading everything again costs something, however often the line to the others drops a word.
CATCH_UP_SECONDS = 2.0

# In larger rooms nobody watches every dot: `room_members` tells the presence of those who are looked at.
MOST_MEMBERS_FOR_PRESENCE = 300
MOST_CHANGES_A_BEAT = 500


class Pulse:
    """`clock` gives seconds that never go back."""

    def __init__(
        self,
        store: Store,
        delivery: Delivery,
        relay: Relay,
        chat: ChatNamespace,
        console: Console,
        desk: DeskStatus,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._relay = relay
        self._chat = chat
        self._console = console
        self._desk = desk
        self._recheck = Recheck(store, delivery)
        self._clock = clock
        self._gathered_at = self._checked_at = clock()
        self._caught_up_at = -CATCH_UP_SECONDS
        self._talked_at: dict[int, float] = {}

    def beat(self) -> None:
        now = self._clock()
        self._console.beat()
        for room, user in self._chat.typing.lapsed():
            self._chat.tell_typing(room, user, False)
        if now - self._gathered_at >= GATHER_SECONDS:
            self._gathered_at = now
            self._relay.beat()
            self._tell_members()
            self._tell_presence()
            self._expire_statuses()
            self._desk.beat()
            self._recheck.consoles()
        self._tell_heads_of_quiet_rooms(now)
        missed = self._relay.catch_up and now - self._caught_up_at >= CATCH_UP_SECONDS
        if missed:
            self._relay.catch_up = False
            self._caught_up_at = now
            self._recheck.heads()
        if missed or now - self._checked_at >= RECHECK_SECONDS:
            self._checked_at = now
            self._recheck.words()
            self._recheck.sanctions()
            self._recheck.settings()
            self._recheck.help()
            self._recheck.memberships()
            self._recheck.credentials()
            if not (missed or self._relay.catch_up):
                self._recheck.caught_up()

    def _tell_members(self) -> None:
        touched, self._delivery.touched = self._delivery.touched, {}
        for room, users in touched.items():
            for chunk in chunks(users):
                self._delivery.tell_members(self._recheck.asked(members.changed, room, chunk))

    def _tell_presence(self) -> None:
        changes = self._delivery.presence.changes(MOST_CHANGES_A_BEAT)
        if not changes:
            return
        by_room: dict[int, dict[int, Status]] = defaultdict(dict)
        for room, user in self._recheck.asked(rooms.memberships_of, list(changes), MOST_MEMBERS_FOR_PRESENCE):
            by_room[room][user] = changes[user]
        for room, changed in by_room.items():
            self._delivery.tell_presence(room, changed)

    def _expire_statuses(self) -> None:
        # The store has said what is wrong, and other facts need not wait for it.
        with suppress(ChatError):
            statuses.expire(self._store)

    def _tell_heads_of_quiet_rooms(self, now: float) -> None:
        """A fact that was lost as the last one of a burst would else be missed until somebody speaks again."""
        talked, self._delivery.talked_in = self._delivery.talked_in, set()
        for room in talked:
            self._talked_at[room] = now
        quiet = [room for room, at in self._talked_at.items() if now - at >= QUIET_SECONDS][:CHUNK]
        if not quiet:
            return
        heads = self._recheck.asked(rooms.heads, quiet)
        for room in quiet:
            del self._talked_at[room]
        for room, head in heads.items():
            self._relay.tell_head(room, head)
