"""Scheduled messages: sent once, at their time, by what holds then; and what becomes of those that are refused."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from chat import members, messages, room_settings, rooms, scheduled
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.messages import MessageSend
from chat.events.objects import Message
from chat.events.rooms import RoomCreate, RoomLeave, RoomUpdate
from chat.events.scheduled import (
    Scheduled,
    ScheduledAdd,
    ScheduledChange,
    ScheduledList,
    ScheduledListResult,
    ScheduledRemove,
    ScheduledSend,
)
from chat.store import Store
from chat.store.tables import messages as message_table
from chat.store.tables import scheduled_messages, users
from chat.times import YEAR, now, stamp
from tests.domain.support import Published, refusal, together

MINUTE = 60_000
_cids = itertools.count(1)


def later(minutes: float = 20) -> str:
    return stamp(now() + round(minutes * MINUTE))


def schedule(store: Store, actor: Actor, text: str, minutes: float = 20, room: int = 1, **more: Any) -> int:
    command = ScheduledAdd(room, more.pop("cid", f"later-{next(_cids)}"), text, later(minutes), **more)
    return scheduled.add(store, actor, command).scheduled.id


def listed(store: Store, actor: Actor) -> list[Scheduled]:
    return scheduled.listing(store, actor, ScheduledList()).scheduled


def said(store: Store, room: int = 1) -> list[str]:
    texts = select(message_table.c.text).where(message_table.c.room_id == room, message_table.c.kind == "text")
    with store.read() as conn:
        return list(conn.scalars(texts.order_by(message_table.c.seq)))


def send_due(store: Store, pay: Callable[[int], None] = lambda user: None) -> None:
    scheduled.send_due(store, lambda user: False, pay)


@pytest.fixture
def let_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """From now on it is so many minutes later."""

    def let(minutes: float) -> None:
        moment = now() + round(minutes * MINUTE)
        monkeypatch.setattr("chat.scheduled.now", lambda: moment)

    return let


@pytest.fixture
def room(store: Store, owner: Actor, member: Actor) -> int:
    return rooms.create(store, owner, RoomCreate("launch", "public", members=[member.user])).room.id


def test_it_is_sent_at_its_time_as_if_it_was_said_then(
    store: Store, owner: Actor, member: Actor, room: int, published: Published, let_pass: Callable[[float], None]
) -> None:
    question = messages.send(store, owner, MessageSend(room, "q", "When?")).message.id
    second = schedule(store, member, "and **@ada**", 40, room)
    first = schedule(store, member, "Soon", 20, room, reply_to=question)
    assert [(one.id, one.text, one.reply_to, one.error) for one in listed(store, member)] == [
        (first, "Soon", question, None),
        (second, "and **@ada**", None, None),
    ]
    assert listed(store, owner) == []
    send_due(store)
    assert said(store, room) == ["When?"]
    let_pass(30)
    for _ in range(2):
        send_due(store)
    assert said(store, room) == ["When?", "Soon"]
    let_pass(50)
    send_due(store)
    answer, call = (fact.message for fact in published.facts("message_new")[-2:])
    assert (answer.author.id, answer.reply_to, answer.reply_author) == (member.user, question, owner.user)
    assert call.mentions == [owner.user]
    assert "<strong>" in call.html
    facts = published.facts("scheduled_changed")
    assert [(fact.rev, fact.removed) for fact in facts] == [(1, None), (2, None), (3, first), (4, second)]
    assert scheduled.listing(store, member, ScheduledList()) == ScheduledListResult(4, [])


def test_the_same_again_is_one(store: Store, owner: Actor, let_pass: Callable[[float], None]) -> None:
    number = schedule(store, owner, "once", cid="one")
    assert schedule(store, owner, "once", cid="one") == number
    assert scheduled.listing(store, owner, ScheduledList()).rev == 1
    let_pass(30)
    send_due(store)
    # The client heard of neither, and asks a third time.
    schedule(store, owner, "once", 60, cid="one")
    let_pass(90)
    send_due(store)
    assert (said(store), listed(store, owner)) == (["once"], [])


def test_what_cant_be_said_is_not_taken(store: Store, owner: Actor, member: Actor, room: int) -> None:
    hidden = rooms.create(store, owner, RoomCreate("secret", "private")).room.id
    elsewhere = messages.send(store, owner, MessageSend(1, "e", "elsewhere")).message.id
    gone = rooms.create(store, owner, RoomCreate("gone", "public", members=[member.user])).room.id
    room_settings.change(store, owner, RoomUpdate(gone, archived=True))
    tries: dict[tuple[str, str | None], dict[str, Any]] = {
        ("not_found", "room"): {"room": hidden},
        ("forbidden", "room"): {"room": gone},
        ("not_found", "reply_to"): {"room": room, "reply_to": elsewhere},
        ("bad_request", "text"): {"room": room, "text": " \n "},
        ("bad_request", "cid"): {"room": room, "cid": " x"},
    }
    for expected, fields in tries.items():
        assert refusal(partial(schedule, store, member, fields.pop("text", "x"), **fields)) == expected
    for at in ("soon", "2026-11-22T10:00:00", stamp(now() - 1000), stamp(now() + YEAR + MINUTE)):
        assert refusal(partial(scheduled.add, store, member, ScheduledAdd(room, "c", "x", at))) == ("bad_request", "at")
    assert scheduled.listing(store, member, ScheduledList()) == ScheduledListResult(0, [])


def test_text_and_time_can_be_changed_and_it_can_be_taken_back(
    store: Store, owner: Actor, member: Actor, room: int, let_pass: Callable[[float], None]
) -> None:
    number, gone = schedule(store, member, "draft", 20, room), schedule(store, member, "never", 20, room)
    at = later(60)
    changed = scheduled.change(store, member, ScheduledChange(number, "final", at)).scheduled
    assert (changed.text, changed.at) == ("final", at)
    for _ in range(2):
        scheduled.remove(store, member, ScheduledRemove(gone))
    # Nobody else's, and nothing that is not there.
    for actor, one in ((owner, number), (member, gone)):
        assert refusal(partial(scheduled.change, store, actor, ScheduledChange(one, "x"))) == ("not_found", "id")
        assert refusal(partial(scheduled.send_now, store, actor, ScheduledSend(one))) == ("not_found", "id")
    scheduled.remove(store, owner, ScheduledRemove(number))
    assert refusal(partial(scheduled.change, store, member, ScheduledChange(number))) == ("bad_request", "at")
    let_pass(30)
    send_due(store)
    assert said(store, room) == []
    let_pass(90)
    send_due(store)
    assert said(store, room) == ["final"]


def test_it_can_be_sent_now_and_stays_where_that_is_refused(
    store: Store, owner: Actor, member: Actor, room: int, let_pass: Callable[[float], None]
) -> None:
    number = schedule(store, member, "now", 20, room)
    assert scheduled.send_now(store, member, ScheduledSend(number)).message.text == "now"
    assert listed(store, member) == []
    room_settings.change(store, owner, RoomUpdate(room, slow_mode=3600))
    held = schedule(store, member, "too soon", 20, room)
    messages.send(store, member, MessageSend(room, "spoke", "I spoke"))
    assert refusal(partial(scheduled.send_now, store, member, ScheduledSend(held))) == ("rate_limited", "room")
    (kept,) = listed(store, member)
    assert (kept.id, kept.error) == (held, None)
    # At its time slow mode makes it wait, and nothing is said of that.
    let_pass(30)
    send_due(store)
    assert (len(said(store, room)), listed(store, member)) == (2, [kept])
    room_settings.change(store, owner, RoomUpdate(room, slow_mode=0))
    send_due(store)
    assert len(said(store, room)) == 2
    let_pass(120)
    send_due(store)
    assert said(store, room) == ["now", "I spoke", "too soon"]


def test_what_is_refused_at_its_time_waits_for_its_author(
    store: Store, owner: Actor, member: Actor, room: int, published: Published, let_pass: Callable[[float], None]
) -> None:
    left = rooms.create(store, owner, RoomCreate("left", "public", members=[member.user])).room.id
    in_left, in_room = schedule(store, member, "gone", 20, left), schedule(store, member, "late", 25, room)
    members.leave(store, member, RoomLeave(left))
    room_settings.change(store, owner, RoomUpdate(room, archived=True))
    let_pass(30)
    for _ in range(2):
        send_due(store)
    found = listed(store, member)
    assert [(one.id, one.error and (one.error.code, one.error.field)) for one in found] == [
        (in_left, ("not_found", "room")),
        (in_room, ("forbidden", "room")),
    ]
    facts = published.facts("scheduled_changed")[2:]
    assert [(fact.rev, fact.changed) for fact in facts] == [(3, found[0]), (4, found[1])]
    # Other words leave it there; another time is another try, and so is now.
    room_settings.change(store, owner, RoomUpdate(room, archived=False))
    assert scheduled.change(store, member, ScheduledChange(in_room, "later")).scheduled.error is not None
    let_pass(0)
    assert scheduled.change(store, member, ScheduledChange(in_room, at=later(20))).scheduled.error is None
    assert refusal(partial(scheduled.send_now, store, member, ScheduledSend(in_left))) == ("not_found", "room")
    assert [one.error is None for one in listed(store, member)] == [False, True]
    let_pass(60)
    send_due(store)
    assert (said(store, room), said(store, left)) == (["later"], [])


def test_an_account_that_is_deactivated_says_nothing(
    store: Store, member: Actor, room: int, let_pass: Callable[[float], None]
) -> None:
    schedule(store, member, "from beyond", 20, room)
    store.write(lambda tx: tx.conn.execute(update(users).where(users.c.id == member.user).values(deactivated_at=1)))
    let_pass(30)
    send_due(store)
    assert said(store, room) == []
    (kept,) = listed(store, member)
    assert kept.error is not None
    assert kept.error.code == "forbidden"


def test_one_who_has_scheduled_much_pays_for_each_and_holds_up_nobody(
    store: Store, owner: Actor, member: Actor, room: int, let_pass: Callable[[float], None]
) -> None:
    for number in range(4):
        schedule(store, member, f"m{number}", 20 + number, room)
    schedule(store, owner, "mine", 25, room)
    paid: list[int] = []

    def pay(user: int) -> None:
        if paid.count(user) == 2:
            raise ChatError("rate_limited", "Slowly.", retryable=True, retry_after=1.0)
        paid.append(user)

    let_pass(30)
    send_due(store, pay)
    assert said(store, room) == ["m0", "m1", "mine"]
    paid.clear()
    send_due(store, pay)
    assert said(store, room) == ["m0", "m1", "mine", "m2", "m3"]


def test_of_several_processes_one_sends_each(
    store: Store, make_store: Callable[..., Store], member: Actor, room: int, let_pass: Callable[[float], None]
) -> None:
    texts = [f"m{number}" for number in range(12)]
    for text in texts:
        schedule(store, member, text, 20, room)
    let_pass(30)
    told = Published()
    others = [make_store(), make_store()]
    for other in others:
        other.publish = told.take
    together(*(partial(send_due, other) for other in others))
    assert sorted(said(store, room)) == sorted(texts)
    sent: list[Message] = [fact.message for fact in told.facts("message_new")]
    assert len(sent) == len({message.cid for message in sent}) == len(texts)
    assert (len(told.facts("scheduled_changed")), listed(store, member)) == (len(texts), [])


def test_what_a_process_was_at_when_it_died_is_sent_once(
    store: Store, member: Actor, room: int, monkeypatch: pytest.MonkeyPatch, let_pass: Callable[[float], None]
) -> None:
    before, after = schedule(store, member, "before", 20, room), schedule(store, member, "after", 21, room)
    let_pass(30)
    real = scheduled._send

    def dies(store: Store, actor: Actor, row: Any, is_here: Any, called_by: Any) -> Any:
        if row.id == after:
            messages.send(store, actor, MessageSend(row.room_id, row.cid, row.text))
        raise KeyboardInterrupt

    monkeypatch.setattr(scheduled, "_send", dies)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            send_due(store)
    monkeypatch.setattr(scheduled, "_send", real)
    # Whoever has taken it may be at it still: nobody else touches it, and it can't be held.
    send_due(store)
    assert said(store, room) == ["after"]
    for work in (
        partial(scheduled.change, store, member, ScheduledChange(before, "other")),
        partial(scheduled.remove, store, member, ScheduledRemove(after)),
        partial(scheduled.send_now, store, member, ScheduledSend(before)),
    ):
        assert refusal(work) == ("conflict", "id")
    let_pass(32)
    send_due(store)
    assert (said(store, room), listed(store, member)) == (["after", "before"], [])


def test_the_limits_are_exact_with_two_processes(
    store: Store, make_store: Callable[..., Store], owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduled, "MOST", 3)
    stores = (store, make_store())
    results = together(*(partial(schedule, stores[n % 2], owner, f"m{n}") for n in range(6)))
    refused = [result for result in results if isinstance(result, ChatError)]
    assert (len(refused), {(error.code, error.field) for error in refused}) == (3, {("conflict", "text")})
    assert scheduled.listing(store, owner, ScheduledList()).rev == 3
    monkeypatch.setattr(scheduled, "MOST_CHARACTERS", 20)
    first, *_ = listed(store, owner)
    scheduled.change(store, owner, ScheduledChange(first.id, "x" * 16))
    longer = ScheduledChange(first.id, "x" * 17)
    assert refusal(partial(scheduled.change, store, owner, longer)) == ("conflict", "text")


def test_one_that_fails_keeps_no_other_waiting(
    store: Store, owner: Actor, member: Actor, room: int, let_pass: Callable[[float], None]
) -> None:
    schedule(store, member, "broken", 20, room, cid="broken")
    schedule(store, owner, "whole", 25, room)
    with_error = update(users).where(users.c.id == member.user).values(role="unheard of")
    store.write(lambda tx: tx.conn.execute(with_error))
    let_pass(30)
    send_due(store)
    assert said(store, room) == ["whole"]
    with store.read() as conn:
        (row,) = conn.execute(select(scheduled_messages)).all()
    assert (row.cid, row.due_at) == ("broken", None)
