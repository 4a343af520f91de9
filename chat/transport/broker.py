"""Several processes of one server, joined by Redis' publish and subscribe: what one says, all others hear in its order.

Redis keeps nothing of it and tells nobody what was lost, so each process numbers what it says (`peers.py`), and repeats
the last number every second. What was missed, by a cut line or by a process that died before it could say what it had
committed, is noticed within seconds, and the listener looks into the database. Each process hears itself too: while its
own voice comes back, both ways to Redis work.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import structlog

from chat.transport.concurrency.background import Task, spawn
from chat.transport.peers import SILENT_SECONDS, Kind, Peers, Voice

log = structlog.get_logger(__name__)

BEAT_SECONDS = 1.0
# For one command, and for the way to Redis.
TIMEOUT_SECONDS = 2.0
RETRY_SECONDS = (0.1, 1.0)
# While something goes on being missed, the database is looked into this often.
MISSED_SECONDS = 5.0
MOST_QUEUED_BYTES = 16_000_000
# What has gathered is sent as one message of about this size.
MESSAGE_BYTES = 262_144


class Listener(Protocol):
    """What a process does with what it hears. `payload` is what another has given to `send`."""

    def heard(self, origin: str, payload: bytes) -> None: ...

    def missed(self) -> None:
        """Something that others have said was not heard. Called again every few seconds for as long as that goes on."""

    def met(self, origin: str) -> None:
        """A process is here that knows nothing of this one, or has missed something."""

    def gone(self, origin: str) -> None:
        """A process has ended, or has been silent for too long."""


class Broker:
    """One process' place among the others, who use the same channel.

    `url` is for redis-py: redis://, rediss:// (TLS) or unix://, with the user and password that Redis wants.
    """

    def __init__(self, url: str, channel: str, listener: Listener, clock: Callable[[], float] = time.monotonic) -> None:
        self.origin = secrets.token_hex(6)
        self._url = url
        self._channel = channel
        self._listener = listener
        self._clock = clock
        self._peers = Peers()
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0
        self._dropped = False
        self._number = 0
        self._lock = threading.Lock()
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._joined = threading.Event()
        self._speaking: Task | None = None
        self._connected = False
        self._lost_because = ""
        self._echoed_at = self._missed_at = clock()

    @property
    def connected(self) -> bool:
        """Whether what is said comes back from Redis."""
        return self._connected

    def check(self) -> None:
        """Raises `ConnectionError` while it does not."""
        if not self._connected:
            raise ConnectionError(self._lost_because)

    def start(self, wait: float = 0.0) -> None:
        """Begin, and wait so many seconds at most for Redis, which may come later too.

        Raises `ImportError` where redis-py is not installed, and `ValueError` for a URL that it can't read.
        """
        self._client().close()
        self._speaking = spawn(self._speak)
        spawn(self._listen)
        if wait:
            self._joined.wait(wait)

    def stop(self, wait: float = TIMEOUT_SECONDS) -> None:
        """Say what is queued, and goodbye, if Redis is there."""
        self._stopping.set()
        self._bell.set()
        if self._speaking is not None:
            self._speaking.stop(wait)

    def send(self, payload: bytes) -> None:
        """Say something, without newlines, to all others. Never waits: what can't be said now is missed by them."""
        with self._lock:
            if not self._connected or self._queued_bytes + len(payload) > MOST_QUEUED_BYTES:
                self._dropped = True
                return
            self._queue.append(payload)
            self._queued_bytes += len(payload)
        if not self._bell.is_set():
            self._bell.set()

    def _client(self) -> Any:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        return redis.Redis.from_url(
            self._url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            # A message that was sent twice would be heard twice; what was lost is noticed.
            retry=Retry(NoBackoff(), 0),
            client_name=f"hubbub-{self.origin}",
        )

    # Speaking

    def _speak(self) -> None:
        client = self._client()
        beat_at = self._clock()
        while not self._stopping.is_set():
            self._bell.wait(max(0.0, beat_at - self._clock()))
            self._bell.clear()
            try:
                while self._queue:
                    self._publish(client, Kind.SAID, self._gathered())
                if self._clock() >= beat_at:
                    beat_at = self._clock() + BEAT_SECONDS
                    self._publish(client, Kind.HERE)
            except _errors() as error:
                self._lose(error)
                client.close()
                self._stopping.wait(random.uniform(*RETRY_SECONDS))
            self._look_after()
        try:
            while self._queue:
                self._publish(client, Kind.SAID, self._gathered())
            self._publish(client, Kind.BYE)
        except _errors():
            log.debug("no goodbye")
        client.close()

    def _gathered(self) -> bytes:
        with self._lock:
            said = [self._queue.popleft()]
            size = len(said[0])
            while self._queue and size < MESSAGE_BYTES:
                said.append(self._queue.popleft())
                size += len(said[-1])
            self._queued_bytes -= size
        return b"\n".join(said)

    def _publish(self, client: Any, kind: Kind, payload: bytes = b"") -> None:
        with self._lock:
            # What was dropped has a number all the same, or nobody would notice.
            self._number += (kind is Kind.SAID) + self._dropped
            self._dropped = False
        client.publish(self._channel, Voice(self.origin, kind, self._number, payload).encode())

    def _look_after(self) -> None:
        """Notice who is not heard any more, this process included."""
        now = self._clock()
        if self._connected and now - self._echoed_at > SILENT_SECONDS:
            self._lose(TimeoutError("what is said does not come back"))
        for origin in self._peers.gone(now):
            self._call(self._listener.gone, origin)
        # A process that was killed may have committed what it could not say any more.
        silent = self._peers.fallen_silent(now)
        going_on = not self._connected or self._peers.any_silent
        if silent or (going_on and now - self._missed_at >= MISSED_SECONDS):
            self._miss()

    # Listening

    def _listen(self) -> None:
        while not self._stopping.is_set():
            client = self._client()
            try:
                with client.pubsub() as subscription:
                    subscription.subscribe(self._channel)
                    self._follow(subscription)
            except _errors() as error:
                self._lose(error)
            finally:
                client.close()
            self._stopping.wait(random.uniform(*RETRY_SECONDS))

    def _follow(self, subscription: Any) -> None:
        began = self._clock()
        while not self._stopping.is_set():
            message = subscription.get_message(timeout=BEAT_SECONDS)
            if message is not None and message["type"] == "message":
                self._hear(message["data"])
            elif self._clock() - max(began, self._echoed_at) > SILENT_SECONDS:
                raise TimeoutError("nothing is heard")

    def _hear(self, data: bytes) -> None:
        try:
            voice = Voice.decode(data)
        except ValueError:
            log.warning("something else speaks on the channel", channel=self._channel)
            return
        if voice.origin == self.origin:
            self._echoed_at = self._clock()
            if not self._connected:
                self._found()
            return
        if voice.kind is Kind.BYE:
            if self._peers.forget(voice.origin):
                self._call(self._listener.gone, voice.origin)
            return
        known = voice.origin in self._peers
        heard = self._peers.hear(voice, self._clock())
        if heard.fresh:
            for payload in voice.payload.split(b"\n"):
                self._call(self._listener.heard, voice.origin, payload)
        if heard.missed or not known:
            self._call(self._listener.met, voice.origin)
        if heard.missed:
            self._miss()

    def _found(self) -> None:
        self._connected = True
        self._joined.set()
        if self._lost_because:
            log.info("Redis is back")
            self._lost_because = ""
        self._miss()
        for origin in self._peers:
            self._call(self._listener.met, origin)

    def _lose(self, error: BaseException) -> None:
        with self._lock:
            self._connected = False
            self._dropped = self._dropped or bool(self._queue)
            self._queue.clear()
            self._queued_bytes = 0
        why = f"{type(error).__name__}: {error}"
        if why != self._lost_because:
            self._lost_because = why
            log.warning("Redis is lost; other processes are not heard", why=why)

    def _miss(self) -> None:
        self._missed_at = self._clock()
        self._call(self._listener.missed)

    def _call(self, work: Callable[..., None], *args: Any) -> None:
        try:
            work(*args)
        except Exception:  # the next message may well be understood
            log.exception("what was heard could not be carried out")


def _errors() -> tuple[type[BaseException], ...]:
    import redis

    return redis.exceptions.RedisError, OSError
