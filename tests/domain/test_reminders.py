"""Reminders: when they call, how often, and whom they reach then."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial

import pytest

from chat import members, messages, reminders, rooms, saved
from chat.actor import Actor
from chat.events.messages import MessageDelete, MessageSend
from chat.events.rooms import RoomCreate, RoomLeave
from chat.events.saved import Reminder, RemindersChanged, ReminderSet, RemindersSeen, SavedIds, SavedList, SavedSet
from chat.store import Store
from chat.store.outbox import Reminded
from chat.times import YEAR, now, stamp
from tests.domain.support import Published, refusal, together

MINUTE = 60_000
_cids = itertools.count(1)


def say(store: Store, actor: Actor, text: str, room: int = 1) -> int:
    return messages.send(store, actor, MessageSend(room, f"reminder-{next(_cids)}", text)).message.id


def remind(store: Store, actor: Actor, message: int, minutes: float | None) -> str | None:
    """Returns the time that it has, as it is told."""
    at = None if minutes is None else stamp(now() + round(minutes * MINUTE))
    reminders.choose(store, actor, ReminderSet(message, at))
    return at


def kept(store: Store, actor: Actor) -> dict[int, str]:
    return {one.message: one.state for one in saved.ids(store, actor, SavedIds()).reminders}


def listed(store: Store, actor: Actor) -> tuple[list[str], list[str]]:
    """What stands before all others, and the list."""
    found = saved.listing(store, actor, SavedList())
    return [message.text for message in found.due], [message.text for message in found.messages]


@pytest.fixture
def let_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """From now on it is so many minutes later."""

    def let(minutes: float) -> None:
        moment = now() + round(minutes * MINUTE)
        monkeypatch.setattr("chat.reminders.now", lambda: moment)

    return let


def test_its_time_comes_once_and_it_stays_until_it_is_done(
    store: Store, owner: Actor, published: Published, let_pass: Callable[[float], None]
) -> None:
    first, second, plain = (say(store, owner, text) for text in ("first", "second", "plain"))
    at = remind(store, owner, first, 60)
    remind(store, owner, second, 20)
    saved.choose(store, owner, SavedSet(plain, True))
    # It is saved with it, and each is a change of its own of the list.
    assert [fact.rev for fact in published.facts("saved_changed")] == [1, 3, 5]
    assert published.facts("reminders_changed")[0] == RemindersChanged(2, [Reminder(first, 1, str(at), "waiting")])
    reminders.call(store)
    assert kept(store, owner) == {first: "waiting", second: "waiting"}
    assert listed(store, owner) == ([], ["plain", "second", "first"])

    let_pass(30)
    for _ in range(2):
        reminders.call(store)
    let_pass(90)
    reminders.call(store)
    assert [(one.user, one.message.text) for one in published.of_kind(Reminded)] == [
        (owner.user, "second"),
        (owner.user, "first"),
    ]
    told = published.facts("reminders_changed")[2:]
    assert [(fact.rev, fact.message.text, fact.changed[0].state) for fact in told] == [
        (6, "second", "due"),
        (7, "first", "due"),
    ]
    # The last one that came is the first; in the list all have their place.
    assert listed(store, owner) == (["first", "second"], ["plain", "second", "first"])

    for _ in range(2):
        reminders.see(store, owner, RemindersSeen())
    assert kept(store, owner) == {first: "seen", second: "seen"}
    assert [len(fact.changed) for fact in published.facts("reminders_changed")[4:]] == [2]
    # Put off, done but saved, and taken off altogether.
    remind(store, owner, first, 200)
    for _ in range(2):
        remind(store, owner, second, None)
    assert kept(store, owner) == {first: "waiting"}
    assert listed(store, owner) == ([], ["plain", "second", "first"])
    saved.choose(store, owner, SavedSet(first, False))
    saved.choose(store, owner, SavedSet(first, True))
    assert kept(store, owner) == {}
    revs = [fact.rev for name in ("saved_changed", "reminders_changed") for fact in published.facts(name)]
    assert sorted(revs) == list(range(1, len(revs) + 1))
    assert saved.ids(store, owner, SavedIds()).rev == len(revs)


def test_a_time_must_be_to_come_and_within_a_year(store: Store, owner: Actor) -> None:
    message = say(store, owner, "when?")
    for at in ("soon", "2026-11-22T10:00:00", stamp(now() - 1000), stamp(now() + YEAR + MINUTE)):
        assert refusal(partial(reminders.choose, store, owner, ReminderSet(message, at))) == ("bad_request", "at")
    assert refusal(partial(remind, store, owner, 987_654, 5)) == ("not_found", "message")
    assert saved.ids(store, owner, SavedIds()).rev == 0
    reminders.choose(store, owner, ReminderSet(message, "2027-01-01T00:00:00+08:00"))
    assert saved.ids(store, owner, SavedIds()).reminders[0].at == "2026-12-31T16:00:00.000Z"


def test_too_many_saved_ones_take_no_reminder_more(store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST", 1)
    first, second = say(store, owner, "first"), say(store, owner, "second")
    saved.choose(store, owner, SavedSet(first, True))
    assert refusal(partial(remind, store, owner, second, 5)) == ("conflict", "message")
    remind(store, owner, first, 5)
    assert kept(store, owner) == {first: "waiting"}


def test_who_has_left_the_room_is_told_nothing_of_the_message(
    store: Store, owner: Actor, member: Actor, published: Published, let_pass: Callable[[float], None]
) -> None:
    room = rooms.create(store, owner, RoomCreate("away", "private", members=[member.user])).room.id
    message = say(store, owner, "secret plans", room)
    remind(store, member, message, 20)
    members.leave(store, member, RoomLeave(room))
    let_pass(30)
    reminders.call(store)
    (fact,) = published.facts("reminders_changed")[1:]
    assert (fact.message, [one.state for one in fact.changed]) == (None, ["due"])
    assert published.of_kind(Reminded) == []
    assert listed(store, member) == ([], [])
    # It can be done all the same.
    remind(store, member, message, None)
    assert kept(store, member) == {}


def test_a_deleted_message_reminds_nobody(
    store: Store, owner: Actor, member: Actor, published: Published, let_pass: Callable[[float], None]
) -> None:
    room = rooms.create(store, owner, RoomCreate("shared", "public", members=[member.user])).room.id
    message = say(store, owner, "never mind", room)
    for actor in (owner, member):
        remind(store, actor, message, 20)
    messages.remove(store, owner, MessageDelete(message))
    assert [(fact.rev, fact.removed) for fact in published.facts("reminders_changed")[2:]] == [(3, message)] * 2
    let_pass(30)
    reminders.call(store)
    assert published.of_kind(Reminded) == []
    assert (kept(store, owner), kept(store, member)) == ({}, {})


def test_of_two_processes_one_calls(
    store: Store, make_store: Callable[..., Store], owner: Actor, let_pass: Callable[[float], None]
) -> None:
    """Neither of them has heard of it: it is in the database."""
    said = [say(store, owner, f"m{number}") for number in range(5)]
    for message in said:
        remind(store, owner, message, 20)
    let_pass(30)
    told = Published()
    others = [make_store(), make_store()]
    for other in others:
        other.publish = told.take
    together(*(partial(reminders.call, other) for other in others))
    assert sorted(one.message.id for one in told.of_kind(Reminded)) == said
    assert len(told.facts("reminders_changed")) == 5
