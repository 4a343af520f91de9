"""What has a time of its own: scheduled messages are sent, and reminders call.

The database is asked for what is due every now and then, by two indexes that hold only what waits: nothing is kept in a
process, so what another one was told, or what was due while the server was down, is found as well.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from chat import reminders, scheduled
from chat.errors import ChatError
from chat.mentions import CalledBy, IsHere, nobodys_words
from chat.store import Store

BEAT_SECONDS = 2.0


class Due:
    """Call `beat` every now and then. `pay` takes what a message costs its author, or raises `ChatError`."""

    def __init__(
        self, store: Store, is_here: IsHere, pay: Callable[[int], None], called_by: CalledBy = nobodys_words
    ) -> None:
        self._store = store
        self._is_here = is_here
        self._called_by = called_by
        self._pay = pay

    def beat(self) -> None:
        # The store has said what is wrong, and neither need wait for the other.
        with suppress(ChatError):
            reminders.call(self._store)
        with suppress(ChatError):
            scheduled.send_due(self._store, self._is_here, self._pay, self._called_by)
