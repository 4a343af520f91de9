"""From what was said to the push services: gathered by room, bounded, tried again, on threads of its own.

Only the process that committed a message pushes it. Nothing of the queue is kept: what was said is in the database, and
a push that is lost with its process is a hint that nobody got.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from math import inf
from typing import Any, NamedTuple, Protocol

import msgspec
import structlog
from msgspec import Struct

from chat.config import Settings
from chat.errors import ChatError
from chat.events.help import HelpConversation, HelpQueueChanged
from chat.events.messages import Called, MessageNew
from chat.events.objects import Message
from chat.metrics.counters import Counters, count
from chat.push import readers, sealing, subscriptions
from chat.push.readers import Push
from chat.store import Store
from chat.store.outbox import Effect, Publish, Reminded
from chat.store.threads import Offload
from chat.times import now

log = structlog.get_logger(__name__)

BEAT_SECONDS = 0.25
# Who reads it meanwhile, on whichever device, need not be told; and what is said in one breath goes together.
GATHER_SECONDS = 2.0
SEND_SECONDS = 10.0
# As many at a time, each on a thread.
LANES = 4
# Commits that are looked at together, when they are gathered by room.
MOST_NOTED = 1_000
MOST_ROOMS = 2_000
MOST_MESSAGES = 50
MOST_REMINDERS = 1_000
MOST_VISITORS = 1_000
MOST_WAITING = 5_000
MOST_TRIES = 5
# What could not be sent until then is no news any more; for as long may a service keep it for a device that is off.
STALE_SECONDS = 600.0
TTL_SECONDS = 86_400
# Pushes to one person: so many at once, and then one every so many seconds.
AT_ONCE, EVERY_SECONDS = 10, 3.0
COMPLAIN_SECONDS = 60.0
TOKEN_LASTS = 3600


class Answer(Protocol):
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


class Post(Protocol):
    """Sends one request and returns the answer; raises `OSError`. Waits, so it is called on a thread."""

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes, *, seconds: float, local: bool) -> Answer: ...


class _Noted(NamedTuple):
    at: float
    effects: Sequence[Effect]


class _Gathered(Struct):
    """What was said in a room. `worded` call somebody though they name nobody."""

    since: float
    messages: list[Message]
    worded: set[int]


class _Job(Struct):
    push: Push
    born: float
    due: float
    tries: int = 0


class Pusher:
    """Call `note` with the effects of every commit, `beat` every now and then, and `work` too, from as many tasks as
    are to send at a time. `clock` gives seconds that never go back.
    """

    def __init__(
        self, store: Store, counters: Counters, post: Post, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._counters = counters
        self._post = post
        self._clock = clock
        self._lock = threading.Lock()
        self._noted: deque[_Noted] = deque()
        self._gathered: OrderedDict[int, _Gathered] = OrderedDict()
        self._reminded: list[Reminded] = []
        self._visitors: list[HelpConversation] = []
        self._jobs: OrderedDict[tuple[int, str], _Job] = OrderedDict()
        self._free: dict[int, float] = {}
        self._tokens: dict[str, tuple[str, int]] = {}
        self._complained: dict[str, float] = {}
        self._key: str | None = None

    @property
    def waiting(self) -> int:
        return len(self._jobs)

    def public_key(self) -> str:
        """What browsers are told, to know this server by."""
        return sealing.encoded(sealing.public(sealing.private(self._server_key())))

    # Gathering

    def note(self, effects: Sequence[Effect]) -> None:
        """Messages pass here before their senders hear that they were kept: they are put aside, and no more."""
        self._noted.append(_Noted(self._clock(), effects))
        if len(self._noted) > MOST_NOTED:
            self._gather(self._noted)
            self._noted = deque()

    def _gather(self, noted: Iterable[_Noted]) -> None:
        for at, effects in noted:
            worded: set[int] = set()
            for effect in effects:
                if isinstance(effect, Publish) and isinstance(effect.fact, Called):
                    worded.add(effect.fact.message)
                elif isinstance(effect, Publish) and isinstance(effect.fact, MessageNew):
                    self._gather_one(effect.fact.message, at, worded)
                elif isinstance(effect, Publish) and isinstance(effect.fact, HelpQueueChanged):
                    if effect.fact.calls and len(self._visitors) < MOST_VISITORS:
                        self._visitors.append(effect.fact.conversation)
                elif isinstance(effect, Reminded) and len(self._reminded) < MOST_REMINDERS:
                    self._reminded.append(effect)

    def _gather_one(self, message: Message, at: float, worded: set[int]) -> None:
        # What has happened in a room stands there to be found: it has no words, and counts as unread for nobody.
        if message.kind == "system":
            return
        gathered = self._gathered.get(message.room)
        if gathered is None:
            if len(self._gathered) >= MOST_ROOMS:
                return
            self._gathered[message.room] = gathered = _Gathered(at, [], set())
        gathered.messages.append(message)
        if message.id in worded:
            gathered.worded.add(message.id)
        if len(gathered.messages) > MOST_MESSAGES:
            _thin(gathered)

    def beat(self) -> None:
        """Find out whom to tell of what has been said."""
        moment = self._clock()
        if moment - self._oldest() < GATHER_SECONDS:
            return
        # What is said from here on may be for the first browser that takes pushes.
        noted, self._noted = self._noted, deque()
        with self._store.read() as conn:
            if not subscriptions.are_any(conn):
                self._gathered.clear()
                self._reminded.clear()
                self._visitors.clear()
                return
        self._gather(noted)
        due = [room for room, one in self._gathered.items() if moment - one.since >= GATHER_SECONDS]
        said = [self._gathered.pop(room).messages for room in due]
        self._free = {user: at for user, at in self._free.items() if at > moment}
        for messages in said:
            self._ask(readers.pushes, sorted(messages, key=lambda message: message.seq))
        reminded, self._reminded = self._reminded, []
        for one in reminded:
            self._ask(readers.reminders, one.user, one.message)
        visitors, self._visitors = self._visitors, []
        for conversation in visitors:
            self._ask(readers.visitors, conversation)

    def _oldest(self) -> float:
        """When the first of what has not been looked at was said."""
        first = next(iter(self._gathered.values()), None)
        return min(first.since if first else inf, self._noted[0].at if self._noted else inf)

    def _ask(self, find: Callable[..., list[Push]], *about: Any) -> None:
        settings = self._store.settings
        how = {"language": settings.language, "with_text": settings.push_text == "on"}
        with self._store.read() as conn:
            found = self._store.offload(partial(find, conn, *about, now(), **how))
        for push in found:
            self._put(push)

    def _put(self, push: Push) -> None:
        """Of a room, only the newest goes to a browser."""
        moment = self._clock()
        key = (push.subscription, push.about)
        with self._lock:
            before = self._jobs.pop(key, None)
            self._jobs[key] = _Job(push, moment, before.due if before else moment)
            if len(self._jobs) > MOST_WAITING:
                self._jobs.popitem(last=False)
                count(self._counters.pushes, "dropped")

    # Sending

    def work(self, lane: Offload) -> None:
        """Send what is due, one after another, on the thread of `lane`."""
        while (job := self._take()) is not None:
            # From the database, so not on that thread.
            self._server_key()
            try:
                answer = lane(self._send, job.push)
            except OSError as error:
                self._failed(job, type(error).__name__, None)
            else:
                self._answered(job, answer)

    def _take(self) -> _Job | None:
        moment = self._clock()
        with self._lock:
            for key, job in list(self._jobs.items()):
                if moment - job.born > STALE_SECONDS:
                    del self._jobs[key]
                    count(self._counters.pushes, "dropped")
                elif job.due <= moment and self._may(job.push.user, moment):
                    del self._jobs[key]
                    return job
        return None

    def _may(self, user: int, moment: int | float) -> bool:
        """Whether this person can get another one now; if so, it is counted."""
        free = max(self._free.get(user, 0.0), moment)
        if free - moment > (AT_ONCE - 1) * EVERY_SECONDS:
            return False
        self._free[user] = free + EVERY_SECONDS
        return True

    def _send(self, push: Push) -> Answer:
        """On another thread: no logging."""
        settings = self._store.settings
        headers = {
            "Authorization": self._token(subscriptions.origin(push.endpoint)),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL_SECONDS),
            "Topic": _topic(self._store.epoch, push.about),
            "Urgency": "high" if push.called else "normal",
        }
        body = sealing.seal(push.plain, push.p256dh, push.auth)
        return self._post(push.endpoint, headers, body, seconds=SEND_SECONDS, local=settings.push_local == "on")

    def _token(self, origin: str) -> str:
        moment = int(time.time())
        kept = self._tokens.get(origin)
        if kept is not None and kept[1] > moment:
            return kept[0]
        if len(self._tokens) > 200:
            self._tokens.clear()
        key = sealing.private(self._server_key())
        made = sealing.token(key, origin, _contact(self._store.settings), moment)
        self._tokens[origin] = (made, moment + TOKEN_LASTS)
        return made

    def _server_key(self) -> str:
        if self._key is None:
            self._key = subscriptions.server_key(self._store)
        return self._key

    def _answered(self, job: _Job, answer: Answer) -> None:
        status = answer.status
        if 200 <= status < 300:
            count(self._counters.pushes, "sent")
        elif status in (404, 410):
            count(self._counters.pushes, "gone")
            try:
                subscriptions.drop(self._store, job.push.subscription)
            except ChatError:
                log.debug("a push subscription is gone and stays for now", subscription=job.push.subscription)
        elif status == 429 or status >= 500:
            self._failed(job, f"status {status}", _seconds(answer.headers.get("retry-after")))
        else:
            # Our mistake, or that of whoever set this server up: the browser may well be there.
            count(self._counters.pushes, "refused")
            self._complain(subscriptions.origin(job.push.endpoint), status)

    def _failed(self, job: _Job, why: str, wait: float | None) -> None:
        job.tries += 1
        moment = self._clock()
        job.due = moment + (wait if wait is not None else 2.0**job.tries)
        if job.tries >= MOST_TRIES or job.due - job.born > STALE_SECONDS:
            count(self._counters.pushes, "failed")
            log.info("a push was given up", why=why, service=subscriptions.origin(job.push.endpoint))
            return
        with self._lock:
            # A newer one of the same room goes in its place, and waits as long.
            newer = self._jobs.setdefault((job.push.subscription, job.push.about), job)
            newer.due = max(newer.due, job.due)
            newer.tries = max(newer.tries, job.tries)

    def _complain(self, service: str, status: int) -> None:
        moment = self._clock()
        if moment - self._complained.get(service, -COMPLAIN_SECONDS) < COMPLAIN_SECONDS:
            return
        if len(self._complained) > 200:
            self._complained.clear()
        self._complained[service] = moment
        log.error("a push service refuses our pushes", service=service, status=status)


def _thin(gathered: _Gathered) -> None:
    """Let the oldest go that calls nobody in particular; the notification shows the last ones."""
    messages = gathered.messages
    for place, message in enumerate(messages[:-1]):
        if not message.mentions and message.call is None and message.id not in gathered.worded:
            del messages[place]
            return
    del messages[0]


def _topic(epoch: str, about: str) -> str:
    """What a service may replace by what: 32 characters at most, which tell it nothing."""
    digest = hashlib.sha256(msgspec.json.encode([epoch, about])).digest()
    return sealing.encoded(digest[:24])


def _contact(settings: Settings) -> str:
    """Whom a service may write to about our pushes."""
    return settings.push_contact or (settings.public_url if settings.https else "mailto:push@localhost")


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 8 else None
