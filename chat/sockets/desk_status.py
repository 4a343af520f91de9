"""What visitors are told of the desk: how many agents are connected, whether it is their hour, who comes before them.

Asked of the database once a second while anybody has a window open, so that nothing is missed, and told to those for
whom it is another than before. Windows of a web site that was closed meanwhile close here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


class _Desk(NamedTuple):
    sites: Mapping[int, Site]
    agents: list[int]
    # The rooms of conversations that wait, by who is next.
    queue: list[int]


def _read(conn: Database) -> _Desk:
    return _Desk(sites.everyone(conn), agents.ids(conn), conversations.queue(conn))


class DeskStatus:
    def __init__(self, socketio: SocketIO, store: Store, windows: Windows, presence: Presence) -> None:
        self._socketio = socketio
        self._store = store
        self._windows = windows
        self._presence = presence

    def beat(self) -> None:
        """Tell every window what has changed for it."""
        if len(self._windows):
            self.tell(self._windows)

    def tell(self, windows: Iterable[Window]) -> None:
        try:
            with self._store.read() as conn:
                desk = self._store.offload(_read, conn)
        except ChatError:
            # The store has said what is wrong; the next beat asks again.
            return
        here = sum(self._presence.is_here(user) for user in desk.agents)
        places = {room: place for place, room in enumerate(desk.queue)}
        for window in windows:
            site = desk.sites[window.visit.site.id]
            if site.closed:
                self._end(window)
                continue
            if site != window.visit.site:
                window.visit = replace(window.visit, site=site)
            place = None if window.room is None else places.get(window.room)
            self._tell(window, HelpStatus(here, place, sites.somebody_is_there(site)))

    def _tell(self, window: Window, status: HelpStatus) -> None:
        if window.told != status:
            window.told = status
            self._socketio.server.emit("help_status", status, to=window.sid, namespace=HELP)

    def _end(self, window: Window) -> None:
        server = self._socketio.server
        server.emit("session_ended", SessionEnded("closed"), to=window.sid, namespace=HELP)
        server.disconnect(window.sid, namespace=HELP)
