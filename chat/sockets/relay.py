"""What the processes of one server tell each other: effects of commits, who is connected where, and what was used up.

Every process delivers to its own connections by itself; with a broker it also hears the effects of the others, and
carries them out as its own. Who is connected is told as it changes, a second's changes at a time, and whole to who has
just come or has missed something. All of it is soft: the database is the truth, a process that is gone takes what it
told with it, and what was missed is read again (`pulse.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import msgspec
from msgspec import Raw, Struct

from chat.events import Bucket
from chat.events.admin import ConnectionInfo, ConnectionList, Stats, StatsSeries
from chat.events.help import HelpChanged
from chat.events.objects import Head
from chat.events.people import UserChanged
from chat.events.reading import Heads
from chat.events.values import Status
from chat.helpdesk import showing
from chat.presence import Presence
from chat.sockets.delivery import Delivery
from chat.sockets.limits import Buckets
from chat.store.outbox import (
    Effect,
    EndSessions,
    Enter,
    HelpBegun,
    Inside,
    Leave,
    MembersTouched,
    Muted,
    NetworksBlocked,
    NetworksFreed,
    Publish,
    SettingsChosen,
    Shared,
    Unmuted,
    WordsChosen,
    help_channel,
    room_channel,
)


class Told(Struct, frozen=True, tag=True):
    """A `Publish`, with its fact as JSON."""

    channel: str | tuple[str, ...]
    event: str
    fact: Raw


class Typing(Struct, frozen=True, tag=True):
    room: int
    user: int
    on: bool


class Here(Struct, frozen=True, tag=True):
    """The accounts connected to the process that says so: chosen status and number of connections, 0 for none.

    `whole`: all of them, and nobody else.
    """

    users: Mapping[int, tuple[Status, int]]
    whole: bool = False


class Spent(Struct, frozen=True, tag=True):
    """How many commands of a kind an account has sent to the process that says so, since it said so last."""

    user: int
    counts: dict[Bucket, int]


class Arrived(Struct, frozen=True, tag=True):
    """How many connections came to the process that says so from each address, since it said so last."""

    counts: dict[str, int]


class Tried(Struct, frozen=True, tag=True):
    """Somebody has tried something that is counted by address, and perhaps by account (`web/limits.py`)."""

    what: str
    address: str
    account: str | None


class FindConnections(Struct, frozen=True, tag=True):
    """Which connections do you have?"""

    wanted: ConnectionList


Key = int | str


class FoundConnections(Struct, frozen=True, tag=True):
    """The first of them, with what they are sorted by; `count` of them in all, and `more` behind these."""

    connections: list[ConnectionInfo]
    keys: list[Key]
    count: int
    more: bool


class CloseConnection(Struct, frozen=True, tag=True):
    """Cut this connection of somebody's, if you have it."""

    id: str
    user: int


class Closed(Struct, frozen=True, tag=True):
    done: bool


class TellSeries(Struct, frozen=True, tag=True):
    """What did you do in the last hour?"""


class ToldSeries(Struct, frozen=True, tag=True):
    series: StatsSeries


Question = FindConnections | CloseConnection | TellSeries
Answer = FoundConnections | Closed | ToldSeries


class Asked(Struct, frozen=True, tag=True):
    """Everybody is to answer, under the question's number."""

    id: str
    what: Question


class Answered(Struct, frozen=True, tag=True):
    id: str
    what: Answer


class Watching(Struct, frozen=True, tag=True):
    """Somebody looks at the figures, at the process that says so: for a while, tell yours."""


class Line(Struct, frozen=True, tag=True):
    """What the process that says so does just now."""

    stats: Stats


Effects = (
    Enter
    | Leave
    | MembersTouched
    | EndSessions
    | WordsChosen
    | Muted
    | Unmuted
    | NetworksBlocked
    | NetworksFreed
    | SettingsChosen
    | HelpBegun
)
Item = Told | Effects | Typing | Here | Spent | Arrived | Tried | Asked | Answered | Watching | Line
_decode = msgspec.json.Decoder(list[Item]).decode


class Others(Protocol):
    """The other processes: `transport.broker.Broker`."""

    def send(self, payload: bytes) -> None: ...


class Relay:
    """One process' side. `heard`, `missed`, `met` and `gone` are what the broker calls."""

    def __init__(self, delivery: Delivery, presence: Presence, buckets: Buckets) -> None:
        self._delivery = delivery
        self._presence = presence
        self._buckets = buckets
        self._others: Others | None = None
        self._whole = False
        self.on_typing: Callable[[int, int, bool], object] = lambda room, user, on: None
        self.on_tried: Callable[[str, str, str | None], object] = lambda what, address, account: None
        self.on_asked: Callable[[str, Asked], object] = lambda origin, asked: None
        self.on_answered: Callable[[str, Answered], object] = lambda origin, answered: None
        self.on_watching: Callable[[str], object] = lambda origin: None
        self.on_line: Callable[[Stats], object] = lambda stats: None
        self.origins: set[str] = set()
        """The other processes, by the names that the broker gives them."""
        self.catch_up = False
        """Whether something was missed since this was last set to False."""

    def join(self, others: Others) -> None:
        """From now on there are other processes."""
        self._others = others
        self._presence.note_moves = self._buckets.note_spent = True

    # Saying

    def publish(self, effects: Sequence[Effect]) -> None:
        """The store's publisher: called after every commit, in the order of commits."""
        self._delivery.publish(effects)
        # A conversation that has just begun is known by now. A server without any looks at nothing.
        known = self._delivery.known
        visitors = known.help.visitors
        for_visitors = showing.facts(effects, visitors, known.link_key) if visitors else None
        if for_visitors:
            self._delivery.publish(for_visitors)
            effects = [*effects, *for_visitors]
        if self._others is not None:
            self.say(*(_item(effect) for effect in effects if not isinstance(effect, Inside)))

    def say(self, *items: Item) -> None:
        if self._others is not None:
            self._others.send(msgspec.json.encode(items))

    def tell_head(self, room: int, head: Head) -> None:
        """To the room's members in all processes."""
        self._delivery.tell_head(room, head)
        self.say(Told(room_channel(room), "heads", Raw(msgspec.json.encode(Heads({room: head})))))
        if room in self._delivery.known.help.visitors:
            moved = HelpChanged(head.rev, None, None)
            self.say(Told(help_channel(room), "help_changed", Raw(msgspec.json.encode(moved))))

    def tell_tried(self, what: str, address: str, account: str | None) -> None:
        self.say(Tried(what, address, account))

    def beat(self) -> None:
        """Tell what has gathered: who came and went, from where, and what accounts that are elsewhere have spent."""
        if self._others is None:
            return
        whole, self._whole = self._whole, False
        moved = self._presence.moved()
        users = self._presence.here() if whole else moved
        if whole or users:
            self.say(Here(users, whole))
        spent = self._buckets.spent(self._presence.is_elsewhere)
        if spent:
            self.say(*(Spent(user, counts) for user, counts in spent.items()))
        arrived = self._buckets.arrived()
        if arrived:
            self.say(Arrived(arrived))

    # Hearing

    def heard(self, origin: str, payload: bytes) -> None:
        effects: list[Effect] = []
        for item in _decode(payload):
            match item:
                case Told():
                    effects.append(_effect(item))
                case Here(users, whole):
                    self._presence.hear(origin, users, whole)
                case Spent(user, counts):
                    for bucket, count in counts.items():
                        self._buckets.charge(user, bucket, count)
                case Arrived(counts):
                    for where, count in counts.items():
                        self._buckets.charge_to_connect(where, count)
                case Tried(what, address, account):
                    self.on_tried(what, address, account)
                case Typing(room, user, on):
                    self.on_typing(room, user, on)
                case Asked() | Answered() | Watching() | Line():
                    self._heard_of_console(origin, item)
                case _:
                    effects.append(item)
        if effects:
            self._delivery.publish(effects)

    def _heard_of_console(self, origin: str, item: Asked | Answered | Watching | Line) -> None:
        match item:
            case Asked():
                self.on_asked(origin, item)
            case Answered():
                self.on_answered(origin, item)
            case Watching():
                self.on_watching(origin)
            case Line(stats):
                self.on_line(stats)

    def missed(self) -> None:
        self.catch_up = True

    def met(self, origin: str) -> None:
        self.origins.add(origin)
        self._whole = True

    def gone(self, origin: str) -> None:
        self.origins.discard(origin)
        self._presence.forget(origin)


def _item(effect: Shared) -> Item:
    if isinstance(effect, Publish):
        return Told(effect.channel, effect.event, Raw(msgspec.json.encode(effect.fact)))
    return effect


def _effect(told: Told) -> Publish:
    # The process itself takes something from this fact; all others pass through as they are.
    fact = msgspec.json.decode(told.fact, type=UserChanged) if told.event == "user_changed" else told.fact
    return Publish(told.channel, told.event, fact)
