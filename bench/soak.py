"""Everything at once, for an hour: whether the server has at the end what it had after its first minutes."""

from __future__ import annotations

import contextlib
import itertools
import random
import re
import time
from collections import Counter
from collections.abc import Callable

from bench import report
from bench.browsers import Browser
from bench.client import Client, connect_all, everybody_follows
from bench.dialects import HUBBUB
from bench.house import Plan
from bench.inventory import Inventory
from bench.loop import Connection, Loop
from bench.measuring import AFTERMATH_SECONDS, Failed, attempt, check, check_acks
from bench.mischief import BAD, HalfUpgrade, Raw, SlowReader, go
from bench.polling import Poller
from bench.servers import HUBBUB_ITSELF, Running
from bench.streams import Stream, cid_of

ROOMS, SIZE = 20, 10
COMING, POLLING, SLOW = 40, 20, 10
STEADY = ROOMS * SIZE
# The loudest room, where the slow readers sit, and all the others together.
LOUD_SECONDS, OTHERS_SECONDS = 0.01, 0.02
HEARTBEAT = 10.0
ROUND_SECONDS = 60.0
QUIET_EVERY = 10  # rounds
PATIENCE_SECONDS = 3 * HEARTBEAT


def plan() -> Plan:
    """Ten steady people to a room, beside them those who come and go and those who poll; the slow ones in room 0."""
    rooms = [list(range(at * SIZE, at * SIZE + SIZE)) for at in range(ROOMS)]
    for number in range(COMING + POLLING):
        rooms[number % ROOMS].append(STEADY + number)
    rooms[0] += range(STEADY + COMING + POLLING, STEADY + COMING + POLLING + SLOW)
    return Plan(STEADY + COMING + POLLING + SLOW, rooms)


class Soak:
    def __init__(self, running: Running, loop: Loop, say: Callable[[str], None]) -> None:
        self._running = running
        self._loop = loop
        self._say = say
        self._chance = random.Random(1)
        self._steady: list[Client] = []
        self._streams: list[Stream] = []
        self._first: dict[Client, int] = {}
        self._coming: dict[int, Client] = {}
        self._pollers: dict[int, Poller] = {}
        self._slow: dict[int, SlowReader] = {}
        self._passing: list[tuple[float, str, Connection]] = []
        self._browser = Browser(loop, running.port)
        self._turn = itertools.count()
        self.counts: Counter[str] = Counter()
        self.inventory = Inventory(running, loop)

    def run(self, minutes: float) -> None:
        """Raises `Failed` and `Late`."""
        loop, running = self._loop, self._running
        # A first round of everything, so that what is opened once is open.
        self._browser.on_signed_in = self._signed_in
        self._browser.sign_in()
        loop.run(lambda: self._browser.sign_ins or self._browser.trouble, lambda: "nobody could sign in")
        self.inventory.begin()
        self._steady, _ = connect_all(loop, running.port, HUBBUB, running.seats[:STEADY])
        rounds = max(2, round(minutes * 60 / ROUND_SECONDS))
        seconds = minutes * 60 / rounds
        early = min(4, rounds - 2)
        for number in range(rounds):
            self._round(seconds)
            self._say(f"  {self.inventory.sample()}  {self.told()}")
            if number == early or number % QUIET_EVERY == QUIET_EVERY - 1 or number == rounds - 1:
                self._become_quiet()
        self._judge()

    def _round(self, seconds: float) -> None:
        """Everything at once; then all that was said must have arrived."""
        loop = self._loop
        self._streams = [
            everybody_follows(self._steady[at : at + SIZE], HUBBUB.message) for at in range(0, STEADY, SIZE)
        ]
        self._first = {client: client.sent for client in self._steady}
        for poller in self._pollers.values():
            poller.messages.clear()
        for slow in self._slow.values():
            slow.close(reset=True)
        for every, what in (
            (LOUD_SECONDS, self._speak_loudly),
            (OTHERS_SECONDS, self._speak),
            (0.1, self._read),
            (0.2, self._come),
            (0.5, self._misbehave),
            (2.0, self._browse),
            (5.0, self._poll),
            (5.0, self._dawdle),
            (1.0, self._part),
        ):
            loop.every(every, what)
        loop.rest(seconds)
        loop.stop_repeating()
        self._catch_up()

    def _speak_loudly(self) -> None:
        self._steady[next(self._turn) % SIZE].say()

    def _speak(self) -> None:
        self._steady[self._chance.randrange(SIZE, STEADY)].say()

    def _read(self) -> None:
        client = self._chance.choice(self._steady)
        room = client.seat.rooms[0]
        make = self._chance.choice(
            (
                lambda number: HUBBUB.command("history", number, room=room, limit=50),
                lambda number: HUBBUB.command("room_sync", number, room=room, rev=0, limit=50),
                lambda number: HUBBUB.command("room_members", number, room=room),
                lambda number: HUBBUB.command("history", number, room=0, limit=-1),
                lambda number: HUBBUB.command("no_such_command", number, room="x"),
            )
        )
        client.call(make, lambda _: self.counts.update(["reads and wrong commands"]))

    def _come(self) -> None:
        """Somebody comes, joins and leaves a public room, stays for a while and goes in one of many ways."""
        number = STEADY + self._chance.randrange(COMING)
        before = self._coming.get(number)
        if before is not None and not before.closed:
            return
        client = Client(self._loop, self._running.port, HUBBUB, self._running.seats[number], number)
        self._coming[number] = client

        def joined(payload: bytes) -> None:
            found = re.search(rb'"room":\{"id":(\d+)', payload)
            if found is None:
                raise ValueError(f"room_join: {payload[:200]!r}")
            self.counts["joins"] += 1
            room = int(found[1])
            client.call(lambda at: HUBBUB.command("room_leave", at, room=room), lambda _: None)

        def seated() -> None:
            client.call(lambda at: HUBBUB.command("room_join", at, room="general"), joined)
            stay = self._chance.uniform(0, 5)
            self._loop.after(stay, lambda: go(client, self._chance))
            self._passing.append((time.monotonic() + stay + PATIENCE_SECONDS, "one that fell silent", client))

        client.on_seated = seated
        self.counts["came and went"] += 1

    def _misbehave(self) -> None:
        port = self._running.port
        if self._chance.random() < 0.3:
            number = STEADY + self._chance.randrange(COMING)
            half = HalfUpgrade(self._loop, port, self._running.seats[number])
            self._loop.after(15, half.close)
            self.counts["half upgrades"] += 1
            return
        name = self._chance.choice(list(BAD))
        self._passing.append((time.monotonic() + PATIENCE_SECONDS, name, Raw(self._loop, port, BAD[name])))
        self.counts["bad clients"] += 1

    def _browse(self) -> None:
        if not self._browser.trouble:
            self._browser.sign_in()

    def _signed_in(self) -> None:
        self.counts["sign-ins"] += 1

    def _poll(self) -> None:
        """A polling client takes the place of one that is gone, or of one that goes now without a word."""
        number = STEADY + COMING + self._chance.randrange(POLLING)
        before = self._pollers.pop(number, None)
        if before is not None:
            if before.trouble:
                raise Failed(f"a polling client: {before.trouble}")
            before.close()
        self._pollers[number] = Poller(self._loop, self._running.port, HUBBUB, self._running.seats[number], number)
        self.counts["polling clients"] += 1

    def _dawdle(self) -> None:
        number = STEADY + COMING + POLLING + self._chance.randrange(SLOW)
        before = self._slow.get(number)
        if before is not None:
            if not before.closed:
                return
            self.counts["slow readers dropped"] += 1
        self._slow[number] = SlowReader(self._loop, self._running.port, self._running.seats[number], HEARTBEAT / 2)
        self.counts["slow readers"] += 1

    def _part(self) -> None:
        """Close what has been open for long enough; of bad clients, most are closed by the server before."""
        now = time.monotonic()
        for end, name, connection in self._passing:
            if connection.closed:
                self.counts["closed by the server"] += connection.closed != "closed by us"
            elif end < now:
                raise Failed(f"{name}: not closed by the server in {PATIENCE_SECONDS:.0f} s")
        self._passing = [one for one in self._passing if not one[2].closed]

    def _catch_up(self) -> None:
        """Everything said in this round has arrived, exactly once. Raises `Failed` and `Late`."""
        lost = next((client for client in self._steady if client.closed), None)
        if lost is not None:
            raise Failed(f"a steady client was lost: {lost.closed}")
        sent = [
            sum(client.sent - self._first[client] for client in self._steady[at : at + SIZE])
            for at in range(0, STEADY, SIZE)
        ]
        pairs = list(zip(self._streams, sent, strict=True))
        self._loop.run(
            lambda: all(stream.completed >= count for stream, count in pairs),
            lambda: f"{sum(stream.outstanding(count) for stream, count in pairs)} deliveries did not arrive",
            seconds=60,
        )
        self._loop.rest(AFTERMATH_SECONDS)
        for at, stream in enumerate(self._streams):
            members = self._steady[at * SIZE : at * SIZE + SIZE]
            check(stream, {client.name: range(self._first[client], client.sent) for client in members})
            self.counts["deliveries"] += stream.deliveries
        for client in self._steady:
            check_acks(client)
        self._check_pollers()

    def _check_pollers(self) -> None:
        """Each has the end of its room's stream: all of it, unless it came later."""
        self._loop.rest(1.0)
        for number, poller in self._pollers.items():
            stream = self._streams[(number - STEADY) % ROOMS]
            said = [cid_of(payload) for payload in stream.payloads()]
            seen = [cid_of(payload) for payload in poller.messages]
            if poller.trouble or seen != said[len(said) - len(seen) :]:
                raise Failed(f"a polling client: {poller.trouble or 'messages are missing or came twice'}")

    def _become_quiet(self) -> None:
        """Send everybody away but the steady ones; then the server must have forgotten the others."""
        for poller in self._pollers.values():
            poller.close()
        for kind in (self._coming, self._slow, self._pollers, self._passing):
            kind.clear()
        staying = {client.fd for client in self._steady} | {self._browser.fd}
        for connection in list(self._loop.connections.values()):
            if connection.fd not in staying:
                connection.close(reset=True)
        self._say(f"  quiet: {self.inventory.settle()}")

    def _judge(self) -> None:
        if self._browser.trouble:
            raise Failed(f"signing in: {self._browser.trouble}")
        for client in self._steady:
            client.close()
        self.inventory.judge()

    def told(self) -> str:
        return ", ".join(f"{count:,} {what}" for what, count in sorted(self.counts.items()))


def soak(minutes: float, say: Callable[[str], None]) -> tuple[bool, str]:
    """Returns whether everything held, and a page that says what was seen."""
    heartbeat = str(HEARTBEAT)
    with (
        HUBBUB_ITSELF.run(plan(), inspected=True, ping_interval=heartbeat, ping_timeout=heartbeat) as running,
        contextlib.closing(Loop(minutes * 60 * 1.5 + 300)) as loop,
    ):
        run = Soak(running, loop, say)
        good, verdict = attempt(lambda: run.run(minutes), say)
    lines = [
        f"# Mixed load for {minutes:g} minutes, one process",
        "",
        *report.machine(),
        f"- {STEADY} steady clients in {ROOMS} rooms, {1 / LOUD_SECONDS + 1 / OTHERS_SECONDS:.0f} messages a second",
        f"- beside them, {run.told() or 'nothing'}",
        f"- every {ROUND_SECONDS:.0f} s: whether each steady client has each message of its room exactly once",
        "",
        verdict,
        "",
        *run.inventory.lines(),
    ]
    return good, "\n".join(lines) + "\n"
