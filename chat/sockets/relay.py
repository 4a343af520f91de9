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
from chat.events.objects import Head
from chat.events.people import UserChanged
from chat.events.reading import Heads
from chat.events.values import Status
from chat.presence import Presence
from chat.sockets.delivery import Delivery
from chat.sockets.limits import Buckets
from chat.store.outbox import (
    Effect,
    EndSessions,
    Enter,
    Inside,
    Leave,
    MembersTouched,
    Muted,
    NetworksBlocked,
    NetworksFreed,
    Publish,
    Shared,
    Unmuted,
    WordsChosen,
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


Effects = Enter | Leave | MembersTouched | EndSessions | WordsChosen | Muted | Unmuted | NetworksBlocked | NetworksFreed
Item = Told | Effects | Typing | Here | Spent | Arrived | Tried
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
        if self._others is not None:
            self.say(*(_item(effect) for effect in effects if not isinstance(effect, Inside)))

    def say(self, *items: Item) -> None:
        if self._others is not None:
            self._others.send(msgspec.json.encode(items))

    def tell_head(self, room: int, head: Head) -> None:
        """To the room's members in all processes."""
        self._delivery.tell_head(room, head)
        self.say(Told(room_channel(room), "heads", Raw(msgspec.json.encode(Heads({room: head})))))

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
                case _:
                    effects.append(item)
        if effects:
            self._delivery.publish(effects)

    def missed(self) -> None:
        self.catch_up = True

    def met(self, origin: str) -> None:
        self._whole = True

    def gone(self, origin: str) -> None:
        self._presence.forget(origin)


def _item(effect: Shared) -> Item:
    if isinstance(effect, Publish):
        return Told(effect.channel, effect.event, Raw(msgspec.json.encode(effect.fact)))
    return effect


def _effect(told: Told) -> Publish:
    # The process itself takes something from this fact; all others pass through as they are.
    fact = msgspec.json.decode(told.fact, type=UserChanged) if told.event == "user_changed" else told.fact
    return Publish(told.channel, told.event, fact)
