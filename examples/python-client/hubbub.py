"""A client of Hubbub's wire contract on python-socketio: what was said arrives once and in order, whatever happens.

    with Client("http://localhost:5000", token) as client:
        client.on("message", lambda room, message: print(message["text"]))
        client.connect()
        room = client.join("general", create=True)
        client.send(room, "Hello").outcome.result()

Each client has one thread of its own, the worker, and nothing else touches its state: packets, timers and what the
program asks for are jobs that it does one after the other. So there are no locks, and facts and acks are taken in the
order in which they came. Handlers run on that thread too: they may `send` and `ask`, but not `call`, which would wait
for itself. `send`, `ask`, `call` and `close` may be used from any thread.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import json
import logging
import queue
import random
import secrets
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import socketio

NAMESPACE = "/chat"
PROTOCOL = 1
# Refusals that trying again would meet again.
FINAL = frozenset({"unauthenticated", "banned", "forbidden_origin", "protocol"})
# Answers of a room that is not ours to read any more.
OUTSIDE = frozenset({"not_found", "forbidden", "bad_request", "unauthenticated", "closed"})
MOST_HELD = 1_000
MOST_POST_BYTES = 60_000
MOST_POST_PACKETS = 60
OPEN_TIMEOUT = 10

# An object of the protocol, as docs/events.md has it.
Wire = dict[str, Any]
log = logging.getLogger("hubbub")


class HubbubError(Exception):
    """A refused command, or one whose fate is unknown: `timeout`, `disconnected`, `closed`."""

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        field: str | None = None,
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message or code
        self.field = field
        self.retryable = retryable
        self.retry_after = retry_after


def new_cid() -> str:
    """A UUID of version 7 (RFC 9562). It begins with the time, so the server's index of them grows at one end."""
    number = int(time.time() * 1000) << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 0x7 << 76
    return str(uuid.UUID(int=number & ~(0x3 << 62) | 0x2 << 62))


class Backoff:
    """Try n waits between half and the whole of `base * 2^n` seconds, at most `most`."""

    def __init__(self, base: float, most: float) -> None:
        self.base = base
        self.most = most
        self.tries = 0

    def next(self) -> float:
        whole = min(self.most, self.base * 2 ** min(self.tries, 30))
        self.tries += 1
        return random.uniform(whole / 2, whole)

    def reset(self) -> None:
        self.tries = 0


class Change(NamedTuple):
    """What a room has taken in: a message, where it is one, and whether the program has not heard of it before."""

    rev: int
    message: Wire | None
    new: bool


class Room:
    """One room as its member sees it. It knows the rules of `rev` and nothing of connections or time.

    `rev` is the last change applied; None means that nothing is known, and `history` has to be read. `messages` has the
    newest `keep` messages by seq (None: all) that were said since the room was entered.
    """

    def __init__(self, info: Wire, *, keep: int | None, backlog: bool = False) -> None:
        self.id: int = info["id"]
        self.info = info
        self.rev: int | None = None if backlog else info["head"]["rev"]
        self.messages: dict[int, Wire] = {}
        self._keep = keep
        # Messages beyond this seq are new to the program. None: whatever `history` brings replaces what was told.
        self._told: int | None = 0 if backlog else info["head"]["seq"]
        self._held: dict[int, tuple[Wire | None, Wire | None]] = {}

    @property
    def gap(self) -> bool:
        """Whether facts wait for one before them."""
        return bool(self._held)

    def offer(self, rev: int, message: Wire | None = None, info: Wire | None = None) -> list[Change]:
        """A fact: applied if it is the next, dropped if it is known, held if it is early. Returns what was applied."""
        if self.rev is not None and rev <= self.rev:
            return []
        # Beyond so many the gap is read with `room_sync` anyway.
        if len(self._held) < MOST_HELD or (self.rev is not None and rev == self.rev + 1):
            self._held[rev] = (message, info)
        return self._release()

    def synced(self, messages: Iterable[Wire], head: Wire, info: Wire | None = None) -> list[Change]:
        """All pages of `room_sync` together; `head` is the last one's. They come by rev and are told by seq."""
        if info is not None:
            self.info = info
        known = self.rev or 0
        # A page may be older than a fact that came meanwhile.
        found = [change for each in _by_seq(messages) if each["rev"] > known for change in self._take(each)]
        self.rev = max(known, head["rev"])
        return found + self._release()

    def loaded(self, messages: Iterable[Wire], head: Wire) -> list[Change]:
        """Pages of `history`, from the newest back; `head` is the first one's, for the others were read after it."""
        if self._told is not None and self._told > head["seq"]:
            self._told = None
        if self._told is None:
            self._told = head["seq"]
        found = [change for each in _by_seq(messages) for change in self._take(each)]
        self._told = max(self._told, head["seq"])
        self.rev = head["rev"]
        return found + self._release()

    def restart(self, *, forget: bool) -> None:
        """Drop everything until `loaded`; with `forget` also what the program was told of: it is another history."""
        self.rev = None
        self.messages.clear()
        self._held.clear()
        if forget:
            self._told = None

    def lost(self) -> None:
        """The connection is gone, and whatever would fill the gap with it."""
        self._held.clear()

    def _release(self) -> list[Change]:
        if self.rev is None:
            return []
        for rev in [rev for rev in self._held if rev <= self.rev]:
            del self._held[rev]
        found = []
        while self.rev + 1 in self._held:
            self.rev += 1
            message, info = self._held.pop(self.rev)
            if info is not None:
                self.info = {**self.info, **info}
            found += [Change(self.rev, None, False)] if message is None else self._take(message)
        return found

    def _take(self, message: Wire) -> list[Change]:
        seq, known = message["seq"], self.messages.get(message["seq"])
        if known is not None and known["rev"] >= message["rev"]:
            return []
        self.messages[seq] = message
        while self._keep is not None and len(self.messages) > self._keep:
            del self.messages[min(self.messages)]
        new = seq > (self._told or 0)
        if new:
            self._told = seq
        return [Change(message["rev"], message, new)]


def _by_seq(messages: Iterable[Wire]) -> list[Wire]:
    """Each message once, as it was read last."""
    newest: dict[int, Wire] = {}
    for message in messages:
        known = newest.get(message["seq"])
        if known is None or known["rev"] < message["rev"]:
            newest[message["seq"]] = message
    return [newest[seq] for seq in sorted(newest)]


class Timer:
    """A job of the worker that can be called off."""

    def __init__(self, job: Callable[[], None]) -> None:
        self.job: Callable[[], None] | None = job

    def cancel(self) -> None:
        self.job = None


class Worker:
    """A thread that does one job after the other, each when it is due."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Timer]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="hubbub", daemon=True)
        self._thread.start()

    @property
    def is_current(self) -> bool:
        return threading.current_thread() is self._thread

    def post(self, job: Callable[[], None], after: float = 0) -> Timer:
        timer = Timer(job)
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + after, next(self._numbers), timer))
            self._changed.notify()
        return timer

    def submit(self, job: Callable[[], None]) -> None:
        """`post`, but once the worker has ended the job is done here: all that is left to do is to say no."""
        with self._changed:
            if not self._ended:
                self.post(job)
                return
        job()

    def end(self) -> None:
        """Do what is due by now, and no more."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        if not self.is_current:
            self._thread.join()

    def _run(self) -> None:
        while (timer := self._next()) is not None:
            if timer.job is not None:
                try:
                    timer.job()
                except Exception:  # a handler of the program's must not end its client
                    log.exception("a handler failed")

    def _next(self) -> Timer | None:
        with self._changed:
            while True:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                if self._ended:
                    return None
                self._changed.wait(wait)


class Sending(NamedTuple):
    """A message on its way: `outcome` gets the stored message, or the `HubbubError` of a final no."""

    cid: str
    outcome: Future[Wire]


@dataclass
class _Entry:
    room: int
    cid: str
    fields: Wire
    outcome: Future[Wire]
    sent_at: float | None = None


@dataclass
class _Lane:
    """The messages of one room, the first of which may be in flight or wait for its next try."""

    backoff: Backoff
    entries: deque[_Entry] = field(default_factory=deque)
    busy: bool = False
    timer: Timer | None = None


@dataclass
class _Reading:
    """What is being read of one room: one thing at a time."""

    backoff: Backoff
    running: bool = False
    # Asked for again meanwhile: what is missing now may be newer than the answer on its way.
    again: bool = False
    timer: Timer | None = None


Answer = Callable[[Wire | None, HubbubError | None], None]


class Client:
    """An account's connection to `/chat`, kept up until `close` or a final refusal.

    `transports` are python-socketio's; without them it begins with long-polling and upgrades to a WebSocket. Waits
    between tries grow from `backoff[0]` to `backoff[1]` seconds. Each room keeps its newest `keep` messages (None:
    all); with `backlog` also those from before it was entered. `record` hears, as flat objects, of everything that a
    checker has to know: the facts that came, what was applied, and what became of what was sent.

    Events for `on`: `connected` (welcome), `disconnected` (reason), `retrying` (reason, seconds until then), `gone`
    (error: no more tries), `message` (room, message: a new one), `changed` (room, message), `room_added` (room),
    `room_changed` (room), `room_removed` (room, reason), `reset` (room: `room.messages` replaces all that was told),
    and the facts `typing`, `read`, `presence`, `members_changed`, `user_changed` and `notice` with what they carry.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        name: str = "python-client",
        transports: Sequence[str] | None = None,
        ack_timeout: float = 10,
        backoff: tuple[float, float] = (0.2, 5),
        hold: float = 0.3,
        keep: int | None = 500,
        backlog: bool = False,
        record: Callable[[Wire], None] | None = None,
    ) -> None:
        self.rooms: dict[int, Room] = {}
        self.user: Wire | None = None
        self.epoch: str | None = None
        self.error: HubbubError | None = None
        self._url = url
        self._auth = {"token": token, "client": name, "protocol": PROTOCOL}
        self._transports = list(transports) if transports else None
        self._ack_timeout = ack_timeout
        self._waits = backoff
        self._hold = hold
        self._keep = keep
        self._backlog = backlog
        self._hook = record
        self._handlers: dict[str, list[Callable[..., Any]]] = {}
        self._worker = Worker()
        self._changed = threading.Condition()
        self._ready = False
        self._backoff = Backoff(*backoff)
        self._opened_at = 0.0
        self._socket: Any = None
        self._opening: threading.Thread | None = None
        # Facts before `welcome` may be of changes that came after the heads in it were read.
        self._early: list[tuple[str, Wire]] = []
        self._asked: dict[int, tuple[Answer, Timer]] = {}
        self._numbers = itertools.count()
        self._lanes: dict[int, _Lane] = {}
        self._readings: dict[Room, _Reading] = {}
        self._facts: dict[str, Callable[[Wire], None]] = {
            "welcome": self._welcome,
            "message_new": lambda fact: self._offer(fact["room"], fact["rev"], message=fact["message"]),
            "message_changed": lambda fact: self._offer(fact["room"], fact["rev"], message=fact["message"]),
            "room_changed": lambda fact: self._offer(fact["room"]["id"], fact["rev"], info=fact["room"]),
            "room_added": lambda fact: self._put(fact["room"]),
            "room_removed": lambda fact: self._remove(fact["room"], fact["reason"]),
            "heads": self._heads,
            "session_ended": lambda fact: self._gone(HubbubError("session_ended", fact["reason"])),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What a program asks for, from any thread.

    def on(self, event: str, handler: Callable[..., Any]) -> None:
        """Have `handler` called on the worker. Register before `start`."""
        self._handlers.setdefault(event, []).append(handler)

    def start(self) -> None:
        """Begin to connect, and return at once."""
        self._worker.post(self._open)

    def connect(self, timeout: float | None = None) -> None:
        """`start`, and wait until the server has said welcome. Raises `HubbubError` where it never will."""
        self.start()
        self.wait(timeout)

    def wait(self, timeout: float | None = None) -> None:
        """Wait until the client is connected. Raises `HubbubError` if it is gone or `timeout` is over."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._ready or self.error is not None, timeout):
                raise HubbubError("timeout", "There is no connection.", retryable=True)
        if self.error is not None:
            raise self.error

    def send(self, room: int, text: str, *, cid: str | None = None, reply_to: int | None = None) -> Sending:
        """Put a message into the outbox. It is sent after those before it in its room, as often as it takes."""
        cid = cid or new_cid()
        fields: Wire = {"room": room, "cid": cid, "text": text}
        if reply_to is not None:
            fields["reply_to"] = reply_to
        entry = _Entry(room, cid, fields, Future())
        self._worker.submit(lambda: self._enqueue(entry))
        return Sending(cid, entry.outcome)

    def ask(self, command: str, fields: Wire | None = None, *, timeout: float | None = None) -> Future[Wire]:
        """One try of a command. Without a connection it fails at once with `disconnected`."""
        future: Future[Wire] = Future()

        def answered(result: Wire | None, error: HubbubError | None) -> None:
            if result is None:
                future.set_exception(error or HubbubError("internal"))
                return
            if command in {"room_join", "room_create", "direct_open"}:
                self._put(result["room"])
            future.set_result(result)

        self._worker.submit(lambda: self._ask(command, fields or {}, answered, timeout))
        return future

    def call(self, command: str, fields: Wire | None = None, *, timeout: float | None = None) -> Wire:
        """`ask`, and wait for the result. Raises `HubbubError`."""
        if self._worker.is_current:
            raise RuntimeError("a handler can't wait for an answer: use `ask`")
        return self.ask(command, fields, timeout=timeout).result()

    def join(self, room: int | str, *, create: bool = False) -> int:
        """Become a member; returns the room's id, by which it is known in `rooms`."""
        number: int = self.call("room_join", {"room": room, "create": create})["room"]["id"]
        return number

    def leave(self, room: int) -> None:
        self.call("room_leave", {"room": room})

    def history(self, room: int, **fields: Any) -> Wire:
        return self.call("history", {"room": room, **fields})

    def sync(self, room: int, rev: int, **fields: Any) -> Wire:
        return self.call("room_sync", {"room": room, "rev": rev, **fields})

    def members(self, room: int, **fields: Any) -> Wire:
        return self.call("room_members", {"room": room, **fields})

    def read_mark(self, room: int, seq: int) -> None:
        self.call("read_mark", {"room": room, "seq": seq})

    def typing(self, room: int, *, on: bool) -> None:
        self.call("typing", {"room": room, "on": on})

    def look(self, room: int) -> tuple[int | None, list[Wire]]:
        """The `rev` and the messages of a room, as of one moment."""
        found: Future[tuple[int | None, list[Wire]]] = Future()

        def copy() -> None:
            view = self.rooms.get(room)
            found.set_result((view.rev, _by_seq(view.messages.values())) if view else (None, []))

        self._worker.submit(copy)
        return found.result()

    def close(self) -> None:
        """End the connection and the thread. What was not acknowledged fails with `closed`, its fate unknown."""
        self._worker.post(lambda: self._gone(HubbubError("closed", "The client was closed.", retryable=True)))
        self._worker.end()
        if self._opening is not None and not self._worker.is_current:
            # A try that still waits for an answer sees by itself that it is not wanted any more.
            self._opening.join(2)

    # Connecting.

    def _open(self) -> None:
        if self.error is not None or self._socket is not None:
            return
        self._socket = socket = socketio.Client(reconnection=False, handle_sigint=False, json=_Json)
        socket.eio.queue = _Waiting()
        _take_in_order(socket, self._worker)
        socket.on("*", lambda event, fact: self._heard(socket, event, fact), namespace=NAMESPACE)
        socket.on("connect_error", lambda error=None: self._refused(socket, error), namespace=NAMESPACE)
        # Not python-socketio's `disconnect`: it is not told of a line that is lost before `connect` has returned.
        ended = socket.eio.handlers["disconnect"]

        def lost(reason: str) -> None:
            ended(reason)
            # python-engineio leaves a WebSocket open whose line was reset.
            if socket.eio.ws is not None and reason != socket.reason.CLIENT_DISCONNECT:
                socket.eio.ws.shutdown()
            self._worker.post(lambda: self._lost(socket, reason))

        socket.eio.on("disconnect", lost)
        self._opening = threading.Thread(target=self._try, args=(socket,), daemon=True)
        self._opening.start()
        # A server may accept a connection and then say nothing.
        self._worker.post(lambda: None if self._ready else self._abandon(socket), after=2 * OPEN_TIMEOUT)

    def _try(self, socket: Any) -> None:
        """One try to connect, which blocks; so it has a thread of its own. It goes on as the worker's jobs."""
        try:
            socket.connect(
                self._url,
                auth=self._auth,
                transports=self._transports,
                namespaces=[NAMESPACE],
                wait_timeout=OPEN_TIMEOUT,
            )
        except Exception as error:  # noqa: BLE001 - whatever it was, the next try may do better
            reason = str(error)
            self._worker.post(lambda: self._lost(socket, reason))
        if socket is not self._socket:
            socket.disconnect()

    def _refused(self, socket: Any, error: Any) -> None:
        data = error.get("data") if isinstance(error, dict) else None
        if socket is not self._socket or not isinstance(data, dict):
            return
        if data.get("code") in FINAL:
            self._gone(HubbubError(data["code"], error["message"]))

    def _lost(self, socket: Any, reason: str) -> None:
        if socket is not self._socket:
            return
        self._socket = None
        self._end_connection(reason)
        wait = self._backoff.next()
        self._worker.post(self._open, after=wait)
        self._tell("retrying", reason, wait)

    def _abandon(self, socket: Any) -> None:
        if socket is self._socket:
            self._lost(socket, "timeout")
            self._disconnect(socket)

    def _disconnect(self, socket: Any) -> None:
        """In a thread of its own, for this waits for threads that may wait for the worker."""
        if socket.connected:
            self._opening = threading.Thread(target=socket.disconnect, daemon=True)
            self._opening.start()

    def _end_connection(self, reason: str) -> None:
        was_ready, self._ready = self._ready, False
        self._early.clear()
        asked, self._asked = self._asked, {}
        for answer, timer in asked.values():
            timer.cancel()
            answer(None, HubbubError("disconnected", reason, retryable=True))
        for room in self.rooms.values():
            room.lost()
        # Not at once: a server that takes and drops connections must not be asked faster and faster.
        if was_ready and time.monotonic() - self._opened_at > self._waits[1]:
            self._backoff.reset()
        if was_ready:
            self._record("state", state="disconnected", reason=reason)
            self._tell("disconnected", reason)

    def _gone(self, error: HubbubError) -> None:
        """The end: nothing is tried any more."""
        if self.error is not None:
            return
        socket, self._socket = self._socket, None
        with self._changed:
            self.error = error
            self._changed.notify_all()
        self._end_connection(error.message)
        for lane in self._lanes.values():
            for entry in lane.entries:
                self._settle(entry, error=error)
            lane.entries.clear()
        if socket is not None:
            self._disconnect(socket)
        self._record("state", state="gone", reason=error.code)
        self._tell("gone", error)

    # Facts.

    def _heard(self, socket: Any, event: str, fact: Wire) -> None:
        if socket is not self._socket:
            return
        if not self._ready and event not in {"welcome", "session_ended", "notice"}:
            self._early.append((event, fact))
            return
        known = self._facts.get(event)
        if known is None:
            self._tell(event, fact)
        else:
            known(fact)

    def _welcome(self, fact: Wire) -> None:
        self.user = fact["user"]
        again, self.epoch = self.epoch not in {None, fact["epoch"]}, fact["epoch"]
        self._opened_at = time.monotonic()
        self._record("state", state="connected", reason=self.epoch)
        with self._changed:
            self._ready = True
            self._changed.notify_all()
        if again:
            for room in self.rooms.values():
                room.restart(forget=True)
        for gone in self.rooms.keys() - {info["id"] for info in fact["rooms"]}:
            self._remove(gone, "removed")
        for info in fact["rooms"]:
            self._put(info)
        early, self._early = self._early, []
        for event, each in early:
            self._heard(self._socket, event, each)
        for number in self._lanes:
            self._drain(number)
        self._tell("connected", fact)

    def _put(self, info: Wire) -> None:
        """A room that we are in, as `welcome`, `room_added` or an ack tells it."""
        room = self.rooms.get(info["id"])
        if room is None:
            room = self.rooms[info["id"]] = Room(info, keep=self._keep, backlog=self._backlog)
            self._readings[room] = _Reading(Backoff(*self._waits))
            self._record("room", room=room.id, state="added", rev=room.rev)
            self._tell("room_added", room)
        else:
            room.info = info
        if room.rev != info["head"]["rev"]:
            self._catch_up(room)

    def _remove(self, number: int, reason: str) -> None:
        room = self.rooms.pop(number, None)
        if room is None:
            return
        reading = self._readings.pop(room)
        if reading.timer is not None:
            reading.timer.cancel()
        self._record("room", room=number, state="removed", reason=reason)
        self._tell("room_removed", room, reason)

    def _heads(self, fact: Wire) -> None:
        for number, head in fact["rooms"].items():
            room = self.rooms.get(int(number))
            if room is not None and (room.rev is None or head["rev"] > room.rev):
                self._catch_up(room)

    def _offer(self, number: int, rev: int, *, message: Wire | None = None, info: Wire | None = None) -> None:
        room = self.rooms.get(number)
        self._record("heard", **{"room": number, "rev": rev, **_marks(message)})
        if room is not None:
            self._took(room, room.offer(rev, message, info), "fact")

    def _took(self, room: Room, changes: list[Change], how: str) -> None:
        for rev, message, new in changes:
            self._record("applied", **{"room": room.id, "rev": rev, "how": how, "new": new, **_marks(message)})
            if message is None:
                self._tell("room_changed", room)
            elif new:
                self._tell("message", room, message)
            elif how != "history":
                self._tell("changed", room, message)
        reading = self._readings.get(room)
        if room.gap and reading is not None and not reading.running and reading.timer is None:
            reading.timer = self._worker.post(lambda: self._overdue(room), after=self._hold)

    # Reading what was missed.

    def _overdue(self, room: Room) -> None:
        reading = self._readings.get(room)
        if reading is not None:
            reading.timer = None
            if room.gap or room.rev is None:
                self._catch_up(room)

    def _catch_up(self, room: Room) -> None:
        reading = self._readings.get(room)
        if reading is None or not self._ready:
            return
        if reading.running:
            reading.again = True
            return
        reading.running, reading.again = True, False
        if room.rev is None:
            self._load(room, [], None)
        else:
            self._sync(room, room.rev, [], None)

    def _sync(self, room: Room, rev: int, messages: list[Wire], info: Wire | None) -> None:
        def answered(page: Wire) -> None:
            if page.get("reset"):
                room.restart(forget=False)
                self._load(room, [], None)
                return
            found = page.get("messages", [])
            together, latest = messages + found, page.get("room") or info
            if page.get("more"):
                self._sync(room, found[-1]["rev"], together, latest)
            else:
                self._caught_up(room, room.synced(together, page["head"], latest), "sync")

        self._read(room, "room_sync", {"room": room.id, "rev": rev, "limit": 500}, answered)

    def _load(self, room: Room, messages: list[Wire], head: Wire | None) -> None:
        def answered(page: Wire) -> None:
            together, first = page["messages"] + messages, head or page["head"]
            if page["more_before"] and (self._keep is None or len(together) < self._keep):
                self._load(room, together, first)
                return
            self._record("room", room=room.id, state="reset", rev=first["rev"])
            changes = room.loaded(together, first)
            self._tell("reset", room)
            self._caught_up(room, changes, "history")

        before = {"before": messages[0]["seq"]} if messages else {}
        self._read(room, "history", {"room": room.id, "limit": 100, **before}, answered)

    def _caught_up(self, room: Room, changes: list[Change], how: str) -> None:
        reading = self._readings[room]
        reading.running = False
        reading.backoff.reset()
        self._record("read", room=room.id, rev=room.rev, how=how)
        self._took(room, changes, how)
        if reading.again:
            self._catch_up(room)

    def _read(self, room: Room, command: str, fields: Wire, answered: Callable[[Wire], None]) -> None:
        def then(result: Wire | None, error: HubbubError | None) -> None:
            reading = self._readings.get(room)
            if reading is None:
                # We are not in the room any more.
                return
            if result is not None:
                answered(result)
                return
            reading.running = False
            # After a lost connection `welcome` tells anew what is missing; a final no means that we are out.
            if error is not None and error.code not in {"disconnected", *OUTSIDE}:
                wait = max(reading.backoff.next(), error.retry_after or 0)
                self._worker.post(lambda: self._catch_up(room), after=wait)

        self._ask(command, fields, then)

    # Sending.

    def _enqueue(self, entry: _Entry) -> None:
        if self.error is not None:
            self._settle(entry, error=self.error)
            return
        self._lanes.setdefault(entry.room, _Lane(Backoff(*self._waits))).entries.append(entry)
        self._drain(entry.room)

    def _drain(self, number: int) -> None:
        """Send the room's next message, unless one is in flight or waits for its time."""
        lane = self._lanes[number]
        if lane.busy or not lane.entries or not self._ready:
            return
        lane.busy = True
        entry = lane.entries[0]
        if entry.sent_at is None:
            entry.sent_at = time.time()
        self._record("sent", room=number, cid=entry.cid)

        def answered(result: Wire | None, error: HubbubError | None) -> None:
            lane.busy = False
            if error is not None and error.code == "disconnected":
                return
            if error is not None and error.retryable:
                lane.busy = True
                self._worker.post(retry, after=max(lane.backoff.next(), error.retry_after or 0))
                return
            lane.backoff.reset()
            self._settle(lane.entries.popleft(), result=result, error=error)
            self._drain(number)

        def retry() -> None:
            lane.busy = False
            self._drain(number)

        self._ask("message_send", entry.fields, answered)

    def _settle(self, entry: _Entry, *, result: Wire | None = None, error: HubbubError | None = None) -> None:
        marks: Wire = {}
        if result is not None:
            marks = _marks(result["message"])
            outcome = "duplicate" if result["duplicate"] else "sent"
        else:
            outcome = error.code if error is not None else "internal"
        marks |= {"room": entry.room, "cid": entry.cid, "outcome": outcome, "sent_at": entry.sent_at}
        self._record("settled", **marks)
        if not entry.outcome.set_running_or_notify_cancel():
            return
        if result is not None:
            entry.outcome.set_result(result["message"])
        else:
            entry.outcome.set_exception(error or HubbubError("internal"))

    # Commands.

    def _ask(self, command: str, fields: Wire, answer: Answer, timeout: float | None = None) -> None:
        """One try. `answer` is called once, with a result or an error."""
        if not self._ready:
            answer(None, self.error or HubbubError("disconnected", "There is no connection.", retryable=True))
            return
        number = next(self._numbers)
        overdue = HubbubError("timeout", "There was no answer in time.", retryable=True)
        timer = self._worker.post(lambda: self._answered(number, error=overdue), after=timeout or self._ack_timeout)
        self._asked[number] = (answer, timer)
        try:
            self._socket.emit(
                command, fields, namespace=NAMESPACE, callback=lambda ack=None: self._acknowledged(number, ack)
            )
        except socketio.exceptions.SocketIOError as error:
            # The connection has ended a moment ago, and the worker will hear of it.
            self._answered(number, error=HubbubError("disconnected", str(error), retryable=True))

    def _acknowledged(self, number: int, ack: Any) -> None:
        if isinstance(ack, dict) and ack.get("ok") is True:
            self._answered(number, result=ack)
            return
        error = ack.get("error", {}) if isinstance(ack, dict) else {}
        refusal = HubbubError(
            error.get("code", "internal"),
            error.get("message", ""),
            field=error.get("field"),
            retryable=error.get("retryable", False),
            retry_after=error.get("retry_after"),
        )
        self._answered(number, error=refusal)

    def _answered(self, number: int, *, result: Wire | None = None, error: HubbubError | None = None) -> None:
        # An ack that comes after its time is not waited for any more.
        if number in self._asked:
            answer, timer = self._asked.pop(number)
            timer.cancel()
            answer(result, error)

    # Telling.

    def _tell(self, event: str, *values: Any) -> None:
        for handler in self._handlers.get(event, ()):
            try:
                handler(*values)
            except Exception:  # the program's mistake must not stop what is to be done after it
                log.exception("a handler of %s failed", event)

    def _record(self, kind: str, **fields: Any) -> None:
        if self._hook is not None:
            self._hook({"at": time.time(), "kind": kind, **fields})


def _marks(message: Wire | None) -> Wire:
    """What tells a message from all others."""
    return {key: message[key] for key in ("id", "seq", "rev", "cid") if key in message} if message else {}


class _Json:
    """Escapes would make text in other alphabets several times as long, and a packet may have only so many bytes."""

    loads = staticmethod(json.loads)
    dumps = staticmethod(functools.partial(json.dumps, ensure_ascii=False))


class _Waiting(queue.Queue[Any]):
    """Packets that wait to be sent. python-engineio makes one POST of all that it gets without waiting.

    The server takes only so much at once: what is too much would be refused with every new try.
    """

    _bytes = _packets = 0

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        if block:
            self._bytes = self._packets = 0
        elif self.queue and (
            self._packets == MOST_POST_PACKETS or self._bytes + _size(self.queue[0]) > MOST_POST_BYTES
        ):
            raise queue.Empty
        packet = super().get(block, timeout)
        self._bytes += _size(packet) + 1
        self._packets += 1
        return packet


def _size(packet: Any) -> int:
    return 0 if packet is None else len(packet.encode().encode())


def _take_in_order(socket: Any, worker: Worker) -> None:
    """Have packets taken by the worker: python-engineio starts a thread for each, and threads change places."""
    start = socket.eio.start_background_task

    def start_or_post(target: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if target == socket.eio.handlers.get("message"):
            return worker.post(lambda: target(*args, **options))
        return start(target, *args, **options)

    socket.eio.start_background_task = start_or_post
