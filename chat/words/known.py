"""The words of all accounts, as one process knows them: in memory, since every message is looked through for them."""

from __future__ import annotations

from collections.abc import Iterable

from chat.store.outbox import WordsChosen
from chat.store.threads import Offload
from chat.words.matching import Matcher

_NOBODY: frozenset[int] = frozenset()
# Longer messages leave the hub's thread: a thousand characters take up to half a millisecond.
INLINE_CHARACTERS = 1_000


class Words:
    """Hear of every change, in whatever order; `hear_all` what the database has, in case one got lost."""

    def __init__(self, offload: Offload) -> None:
        self._offload = offload
        self._matcher = Matcher()
        # Asked for every message.
        self._any = False
        self._chosen: dict[int, WordsChosen] = {}

    def hear(self, chosen: WordsChosen) -> None:
        before = self._chosen.get(chosen.user)
        if before is not None:
            if before.rev >= chosen.rev:
                return
            for word in before.words:
                self._matcher.take_away(chosen.user, word)
        self._chosen[chosen.user] = chosen
        for word in chosen.words:
            self._matcher.add(chosen.user, word)
        self._any = bool(self._matcher)

    def hear_all(self, chosen: Iterable[WordsChosen]) -> None:
        for one in chosen:
            self.hear(one)

    def called_by(self, html: str) -> frozenset[int]:
        """Whose words stand in a message, whether they are in its room or not."""
        if not self._any:
            return _NOBODY
        if len(html) > INLINE_CHARACTERS:
            return self._offload(self._matcher.users_in, html)
        return self._matcher.users_in(html)
