"""The mutes that are in force, as one process knows them: in memory, since every message asks for them."""

from __future__ import annotations

from collections.abc import Iterable

from chat.errors import forbidden
from chat.store.outbox import Muted, Unmuted
from chat.times import now


class Mutes:
    """Hear of every change, in whatever order; `hear_all` what the database has, in case one got lost."""

    def __init__(self) -> None:
        self._mutes: dict[tuple[int, int | None], Muted] = {}
        # Lifted for good: of these, what is heard late is no news.
        self._lifted: set[int] = set()

    def hear(self, told: Muted | Unmuted) -> None:
        if isinstance(told, Unmuted):
            self._lifted.update(told.ids)
            self._mutes = {place: mute for place, mute in self._mutes.items() if mute.id not in told.ids}
            return
        place = told.user, told.room
        before = self._mutes.get(place)
        if told.id not in self._lifted and (before is None or before.id < told.id):
            self._mutes[place] = told

    def hear_all(self, found: Iterable[Muted], last: int) -> None:
        """All that are in force, read when `last` was the last sanction."""
        later = [mute for mute in self._mutes.values() if mute.id > last]
        self._mutes = {}
        seen = set()
        for mute in (*found, *later):
            seen.add(mute.id)
            self.hear(mute)
        self._lifted &= seen

    def require_voice(self, user: int, room: int) -> None:
        """Raises `forbidden` for who may say nothing in this room at present."""
        if self._mutes and (self._silences((user, None)) or self._silences((user, room))):
            raise forbidden("You are muted, and can't say anything here at present.", "room")

    def _silences(self, place: tuple[int, int | None]) -> bool:
        mute = self._mutes.get(place)
        return mute is not None and (mute.until is None or mute.until > now())
