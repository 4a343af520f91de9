"""What visitors are told of the desk: how many agents are connected, whether it is their hour, who comes before them.

Asked of the database once a second while anybody has a window open, so that nothing is missed, and told to those for
whom it is another than before. Windows of a web site that was closed meanwhile close here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from flask_socketio import SocketIO
from sqlalchemy import Connection as Database

from chat.errors import ChatError
from chat.events.help import HelpStatus
from chat.events.session import SessionEnded
from chat.helpdesk import agents, conversations, sites
from chat.helpdesk.sites import Site
from chat.presence import Presence
from chat.sockets.delivery import HELP
from chat.sockets.windows import Window, Windows
from chat.store import Store

FRESH_SECONDS = 2.0


class _Desk(NamedTuple):
    sites: Mapping[int, Site]
    agents: list[int]
    # How many wait before each conversation, by its room.
    places: Mapping[int, int]


def _read(conn: Database) -> _Desk:
    places = {room: place for place, room in enumerate(conversations.queue(conn))}
    return _Desk(sites.everyone(conn), agents.ids(conn), places)


class DeskStatus:
    """`clock` gives seconds that never go back."""

    def __init__(
        self,
        socketio: SocketIO,
        store: Store,
        windows: Windows,
        presence: Presence,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._socketio = socketio
        self._store = store
        self._windows = windows
        self._presence = presence
        self._clock = clock
        self._known: _Desk | None = None
        self._known_at = 0.0

    def beat(self) -> None:
        """Tell every window what has changed for it."""
        if not len(self._windows):
            return
        try:
            with self._store.read() as conn:
                desk = self._learn(self._store.offload(_read, conn))
        except ChatError:
            # The store has said what is wrong; the next beat asks again.
            return
        for window in self._windows:
            self._look(window, desk)

    def welcome(self, window: Window) -> None:
        """Tell one that has just been opened; what is a moment old will do, for all may come back at once."""
        desk = self._known
        if desk is None or self._clock() - self._known_at > FRESH_SECONDS:
            with self._store.read() as conn:
                desk = self._learn(_read(conn))
        self._look(window, desk)

    def _learn(self, desk: _Desk) -> _Desk:
        self._known, self._known_at = desk, self._clock()
        return desk

    def _look(self, window: Window, desk: _Desk) -> None:
        # One that was made a moment ago may be missing.
        site = desk.sites.get(window.visit.site.id, window.visit.site)
        if site.closed:
            self._end(window)
            return
        if site != window.visit.site:
            window.visit = replace(window.visit, site=site)
        here = sum(self._presence.is_here(user) for user in desk.agents)
        place = None if window.room is None else desk.places.get(window.room)
        self._tell(window, HelpStatus(here, place, sites.somebody_is_there(site)))

    def _tell(self, window: Window, status: HelpStatus) -> None:
        if window.told != status:
            window.told = status
            self._socketio.server.emit("help_status", status, to=window.sid, namespace=HELP)

    def _end(self, window: Window) -> None:
        server = self._socketio.server
        server.emit("session_ended", SessionEnded("closed"), to=window.sid, namespace=HELP)
        server.disconnect(window.sid, namespace=HELP)
