"""The settings in force, as one process knows them: `Store.settings` is changed under everybody who asks it."""

from __future__ import annotations

import structlog

from chat.config import Settings, SettingsError
from chat.errors import ChatError, forbidden
from chat.events.objects import Announcement
from chat.store import Store
from chat.store.outbox import SettingsChosen
from chat.words.matching import Matcher

log = structlog.get_logger(__name__)

# The matcher tells whose words it found; these are nobody's.
_NOBODY = 0
# Longer messages leave the hub's thread, as for words that call.
INLINE_CHARACTERS = 1_000


class ServerSettings:
    """Hear of every change, in whatever order, and of what the database has, in case one got lost."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rev = 0
        self.announcement: Announcement | None = None
        self.logo = ""
        self._matcher = Matcher()

    def hear(self, chosen: SettingsChosen) -> None:
        if chosen.rev <= self._rev:
            return
        self._rev = chosen.rev
        self.announcement, self.logo = chosen.announcement, chosen.logo
        self._store.settings = _over(self._store.started_with, chosen)
        matcher = Matcher()
        for word in chosen.blocked_words:
            matcher.add(_NOBODY, word)
        self._matcher = matcher

    def objection(self, html: str) -> ChatError | None:
        """Why a message is not taken: it has a word that the server does not take."""
        if not self._matcher:
            return None
        long = len(html) > INLINE_CHARACTERS
        found = self._store.offload(self._matcher.users_in, html) if long else self._matcher.users_in(html)
        return forbidden("A word in this is not allowed on this server.", "text") if found else None


def _over(settings: Settings, chosen: SettingsChosen) -> Settings:
    """A value that this version does not take, kept by another one, changes nothing."""
    for field, text in chosen.values.items():
        try:
            settings = settings.with_values({field: text})
        except SettingsError as error:
            log.warning("a kept setting can't be used", setting=field, error=str(error))
    return settings
