"""From messages to previews of what they link to: a bounded queue, a few fetches at once, each on a thread.

Only the process that committed a message looks at its links. Nothing of the queue is kept: a message that misses its
preview is a message with a link.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

import structlog

from chat.events.messages import MessageNew
from chat.metrics.counters import Counters, count
from chat.previews import links
from chat.previews.fetching import Fetched, Get, fetch, small
from chat.previews.keeping import Kept, Previews
from chat.previews.links import Written
from chat.store import Store
from chat.store.outbox import Effect, Publish, Rewritten
from chat.store.threads import Offload

log = structlog.get_logger(__name__)

BEAT_SECONDS = 0.25
# As many at a time, each on a thread.
LANES = 4
MOST_WAITING = 200
# Pages that one person's messages may have fetched: so many at once, and then one every so many seconds.
AT_ONCE, EVERY_SECONDS = 10, 6.0
AGENT = "Mozilla/5.0 (compatible; Hubbub; preview of a link)"


class Previewer:
    """Call `note` with the effects of every commit, and `work` every now and then, from as many tasks as are to fetch
    at a time. `clock` gives seconds that never go back.
    """

    def __init__(
        self,
        store: Store,
        previews: Previews,
        counters: Counters,
        get: Get,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._previews = previews
        self._counters = counters
        self._get = get
        self._clock = clock
        self._on = store.settings.link_previews == "on"
        self._own = links.host(store.settings.public_url)
        self._headers = {
            "User-Agent": AGENT,
            "Accept": "text/html,application/xhtml+xml,image/*;q=0.8",
            "Accept-Encoding": "gzip",
            "Accept-Language": f"{store.settings.language}, en;q=0.8, *;q=0.5",
        }
        self._lock = threading.Lock()
        self._waiting: deque[Written] = deque()
        # What is being looked at now, and for whom: whoever links to the same waits for it, and of one person, one
        # message after another, so that slow pages hold up nobody else.
        self._links: set[str] = set()
        self._authors: set[int] = set()
        self._free: dict[int, float] = {}
        # A picture takes a processor and much memory while it is decoded.
        self._place = threading.Semaphore(1)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def note(self, effects: Sequence[Effect]) -> None:
        """Messages pass here before their senders hear that they were kept: a look at each, and no more."""
        if not self._on:
            return
        for effect in effects:
            if isinstance(effect, Rewritten):
                self._put(Written(effect.message, effect.room, effect.author, links.of(effect.html)))
            elif isinstance(effect, Publish) and isinstance(effect.fact, MessageNew):
                message = effect.fact.message
                found = links.of(message.html)
                if found:
                    self._put(Written(message.id, message.room, message.author.id, found))

    def _put(self, written: Written) -> None:
        with self._lock:
            if len(self._waiting) < MOST_WAITING:
                self._waiting.append(written)
                return
        count(self._counters.previews, "dropped")

    def work(self, lane: Offload) -> None:
        """Look at the links that wait, one message after another; pages are fetched on the thread of `lane`."""
        while (written := self._take()) is not None:
            try:
                found = [self._look(url, written.author, lane) for url in written.links]
                self._previews.attach(written, [kept for kept in found if kept is not None])
            finally:
                with self._lock:
                    self._links.difference_update(written.links)
                    self._authors.discard(written.author)

    def _take(self) -> Written | None:
        with self._lock:
            for place, written in enumerate(self._waiting):
                if written.author not in self._authors and self._links.isdisjoint(written.links):
                    del self._waiting[place]
                    self._links.update(written.links)
                    self._authors.add(written.author)
                    return written
        return None

    def _look(self, url: str, author: int, lane: Offload) -> Kept | None:
        """What a page says, as it is known or fetched now; None where it is not to be asked."""
        if self._own and links.host(url) == self._own:
            return None
        known = self._previews.known(url)
        if known is not None:
            count(self._counters.previews, "known")
            return known
        if not self._may(author):
            count(self._counters.previews, "dropped")
            return None
        fetched = self._fetched(url, lane)
        picture = None
        if fetched is not None and fetched.picture is not None:
            with self._place:
                picture = self._store.offload_heavy(small, fetched.picture)
        return self._previews.keep(url, fetched and fetched.said, picture)

    def _fetched(self, url: str, lane: Offload) -> Fetched | None:
        try:
            fetched = lane(fetch, self._get, url, self._headers)
        except OSError as error:
            # Whom people link to is nobody's business in a log.
            log.debug("a page was not to be had", why=type(error).__name__)
            count(self._counters.previews, "failed")
            return None
        count(self._counters.previews, "nothing" if fetched is None else "fetched")
        return fetched

    def _may(self, author: int) -> bool:
        """Whether this person's messages can have another page fetched now; if so, it is counted."""
        moment = self._clock()
        if len(self._free) > MOST_WAITING:
            self._free = {user: at for user, at in self._free.items() if at > moment}
        free = max(self._free.get(author, 0.0), moment)
        if free - moment > (AT_ONCE - 1) * EVERY_SECONDS:
            return False
        self._free[author] = free + EVERY_SECONDS
        return True
