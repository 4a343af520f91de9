"""What the database says, against what this process believes: facts and effects are only hints, and may get lost.

All that is asked concerns everybody who is connected, so it is read off the hub, in pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from chat import people, rooms, server_settings, sessions, tokens, words
from chat.events.objects import Head
from chat.helpdesk.conversations import AGAIN
from chat.helpdesk.known import recent
from chat.sanctions import blocks, mutes
from chat.sockets.connections import Connections
from chat.sockets.delivery import CONSOLE, NAMESPACE, Delivery, Heard
from chat.store import Store

T = TypeVar("T")

CHUNK = 500


class Recheck:
    def __init__(self, store: Store, delivery: Delivery) -> None:
        self._store = store
        self._delivery = delivery
        # What this process has told of a room while it was missing facts.
        self._heads: dict[int, Head] = {}

    def credentials(self) -> None:
        """A "signed out" or a new role that got lost is found here: no connection outlives its session for long."""
        self._credentials(self._delivery.connections, NAMESPACE)

    def consoles(self) -> None:
        """The same for those of the server's staff, who are few: a console may not outlive a role by a second."""
        if self._delivery.consoles:
            self._credentials(self._delivery.consoles, CONSOLE)

    def _credentials(self, connections: Connections, namespace: str) -> None:
        actors = [connection.actor for connection in connections]
        for chunk in chunks({actor.session for actor in actors}):
            if gone := set(chunk) - self.asked(sessions.living, chunk):
                self._delivery.end(connections.with_credentials(gone, ()), "expired", namespace)
        for chunk in chunks({actor.token for actor in actors}):
            if gone := set(chunk) - self.asked(tokens.living, chunk):
                self._delivery.end(connections.with_credentials((), gone), "expired", namespace)
        for chunk in chunks({actor.user for actor in actors}):
            for user in self.asked(people.load, chunk).values():
                self._delivery.refresh(user)

    def words(self) -> None:
        """Words that somebody chose call, though the effect got lost."""
        self._delivery.known.words.hear_all(self.asked(words.all_chosen))

    def sanctions(self) -> None:
        """Who was muted is, and what was blocked is, and what was lifted is not, though the effect got lost."""
        self._delivery.known.mutes.hear_all(*self.asked(mutes.all_in_force))
        self._delivery.known.blocks.hear_all(*self.asked(blocks.all_in_force))

    def settings(self) -> None:
        """What staff changed holds, though the effect got lost."""
        self._delivery.known.settings.hear(self.asked(server_settings.read))

    def help(self) -> None:
        """Visitors hear their conversation, though the effect got lost."""
        self._delivery.known.help.hear_all(self.asked(recent, AGAIN))

    def memberships(self) -> None:
        """Who was put out of a room hears it no more, and who came into one does, though the effect got lost."""
        for chunk in chunks({connection.actor.user for connection in self._delivery.connections}):
            # In this order whoever hears a room was in it before the database is asked.
            heard = {user: self._delivery.heard_by(user) for user in chunk}
            joined = self.asked(rooms.ids_of_users, chunk)
            for user in chunk:
                if _differing(heard[user], joined[user]):
                    self._mend(user)

    def _mend(self, user: int) -> None:
        # Asked once more, on the hub, where no effect comes in between: one that was on its way has arrived by now.
        with self._store.read() as conn:
            joined = rooms.ids_of_users(conn, [user])[user]
            heard = self._delivery.heard_by(user)
            for room in _differing(heard, joined):
                if room in joined:
                    self._delivery.let_in(user, rooms.view(conn, user, room))
                else:
                    self._delivery.put_out(user, room)

    def heads(self) -> None:
        """Tell how far the rooms are whose facts may have been missed; whoever is behind then asks for the rest."""
        for chunk in chunks(self._delivery.rooms()):
            for room, head in self.asked(rooms.heads, chunk).items():
                if self._heads.get(room) != head:
                    self._heads[room] = head
                    self._delivery.tell_head(room, head)

    def caught_up(self) -> None:
        """Nothing is missed any more: the next time, all heads are told again."""
        self._heads.clear()

    def asked(self, query: Callable[..., T], *args: Any) -> T:
        """What `query(connection, *args)` finds."""
        with self._store.read() as conn:
            return self._store.offload(query, conn, *args)


def _differing(heard: Heard | None, joined: set[int]) -> set[int]:
    if heard is None:
        return set()
    return (heard.by_any - joined) | (joined - heard.by_all)


def chunks(ids: Iterable[int | None]) -> Iterator[list[int]]:
    """The ids, in pieces that fit into one query."""
    ordered = sorted(found for found in ids if found is not None)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
