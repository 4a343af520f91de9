"""What goes together in a batch comes out as if it had gone one after another."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from chat import history, members, messages, rooms
from chat.actor import Actor
from chat.errors import conflict
from chat.events.messages import MessageSend
from chat.events.reading import History
from chat.events.rooms import RoomCreate, RoomJoin, RoomLeave
from chat.store import Store, Transaction
from chat.store.hot import Hot, New, Sent
from chat.store.tables import messages as message_table
from chat.store.tables import rooms as room_table
from chat.store.together import KEEP
from tests.domain.support import Published, batched, counted, counted_hot, on_postgres, together
from tests.domain.test_hot import outcome, send


@pytest.fixture
def others(store: Store, owner: Actor, member: Actor) -> list[int]:
    """Rooms beside the first one, with both in them."""
    made = [rooms.create(store, owner, RoomCreate(f"room{n}", "public")).room.id for n in range(3)]
    for room in made:
        members.join(store, member, RoomJoin(room))
    return made


def kept(store: Store, room: int = 1) -> list[tuple[int, int, str]]:
    table = message_table
    with store.read() as conn:
        rows = conn.execute(
            select(table.c.seq, table.c.rev, table.c.cid).where(table.c.room_id == room).order_by("seq")
        )
        found = [tuple(row) for row in rows]
        head = conn.execute(select(room_table.c.seq, room_table.c.rev).where(room_table.c.id == room)).one()
    assert tuple(head) == (found[-1][:2] if found else (0, 0))
    return found


def test_messages_of_many_rooms(
    store: Store, owner: Actor, member: Actor, others: list[int], published: Published
) -> None:
    everywhere = [1, *others]
    works = [
        send(store, actor, f"{actor.username}-{room}-{n}", room=room, text=f"“{n}” \\ '%s' \U0001f600\n\u4f60\u597d")
        for n in range(3)
        for room in everywhere
        for actor in (owner, member)
    ]
    results = batched(store, *works)
    for room in everywhere:
        stored = kept(store, room)
        assert [(seq, rev) for seq, rev, _ in stored] == [(n, n) for n in range(1, 7)]
        mine = [result.message for result in results if result.message.room == room]
        assert {(m.seq, m.rev, m.cid) for m in mine} == set(stored)
        assert sorted(mine, key=lambda m: m.seq) == sorted(mine, key=lambda m: m.id)
        told = [fact.message for fact in published.facts("message_new") if fact.room == room]
        assert [m.seq for m in told] == list(range(1, 7))
    with store.read() as conn:
        found = conn.execute(select(message_table.c.id, message_table.c.text, message_table.c.born))
        texts = {row.id: (row.text, row.born) for row in found}
    assert all(texts[r.message.id] == (r.message.text, r.message.seq) for r in results)


def test_one_after_another_in_a_room(store: Store, owner: Actor) -> None:
    works = [send(store, owner, f"c{n}") for n in range(8)]
    assert [outcome(result) for result in batched(store, *works)] == list(range(1, 9))
    assert [cid for _, _, cid in kept(store)] == [f"c{n}" for n in range(8)]


@on_postgres
def test_the_statements_do_not_grow_with_the_messages(store: Store, owner: Actor, others: list[int]) -> None:
    answered = [send(store, owner, f"first {room}", room=room)().message.id for room in others]
    for count in (4, 40):
        with counted_hot() as hot, counted(store._writer) as slow:
            places = [(others[n % 3], answered[n % 3] if n % 2 else None) for n in range(count)]
            batched(
                store,
                *[send(store, owner, f"{count}-{n}", room=room, reply_to=to) for n, (room, to) in enumerate(places)],
            )
        assert (len(hot), slow) == (3, [])


def test_what_was_sent_before_is_found(store: Store, owner: Actor, others: list[int]) -> None:
    assert outcome(send(store, owner, "old")()) == 1
    works = [
        send(store, owner, "new 1"),
        send(store, owner, "old"),
        send(store, owner, "twice"),
        send(store, owner, "twice"),
        send(store, owner, "old", text="another"),
        send(store, owner, "old", room=others[0]),
        send(store, owner, "new 2"),
    ]
    results = [outcome(result) for result in batched(store, *works)]
    assert results == [2, ("duplicate", 1), 3, ("duplicate", 3), "conflict", "conflict", 4]
    assert [cid for _, _, cid in kept(store)] == ["old", "new 1", "twice", "new 2"]
    assert kept(store, others[0]) == []


def test_who_may_not_is_refused_alone(
    store: Store, owner: Actor, make_member: Callable[..., Actor], others: list[int]
) -> None:
    stranger = make_member("stranger")
    with store.read() as conn:
        assert others[0] not in rooms.ids_of_user(conn, stranger.user)
    store.write(
        lambda tx: tx.conn.execute(update(room_table).where(room_table.c.id == others[1]).values(archived_at=1))
    )
    works = [
        send(store, owner, "a"),
        send(store, stranger, "b", room=others[0]),
        send(store, owner, "c", room=others[1]),
        send(store, owner, "d", room=9999),
        send(store, owner, "e", reply_to=9999),
        send(store, owner, "f"),
    ]
    results = [outcome(result) for result in batched(store, *works)]
    assert results == [1, "not_found", "forbidden", "not_found", "not_found", 2]
    assert [cid for _, _, cid in kept(store)] == ["a", "f"]


def test_answers_among_others(store: Store, owner: Actor, member: Actor) -> None:
    first = send(store, member, "first")().message
    mine = send(store, owner, "mine")().message
    works = [
        send(store, owner, "a"),
        send(store, owner, "b", reply_to=first.id),
        send(store, owner, "c"),
        send(store, owner, "d", reply_to=mine.id),
        send(store, owner, "e"),
    ]
    results = batched(store, *works)
    assert [outcome(result) for result in results] == [3, 4, 5, 6, 7]
    assert [cid for _, _, cid in kept(store)] == ["first", "mine", "a", "b", "c", "d", "e"]
    assert [result.message.reply_author for result in results] == [None, member.user, None, None, None]
    assert history.page(store, owner, History(1)).messages[2:] == [result.message for result in results]


def test_other_work_in_the_same_batch(store: Store, owner: Actor, member: Actor, others: list[int]) -> None:
    """Messages go first; what changes the room comes behind them, each as it would alone."""
    room = others[0]
    works: list[Callable[[], Any]] = [
        *[send(store, member, f"c{n}", room=room) for n in range(4)],
        lambda: members.leave(store, member, RoomLeave(room)),
        lambda: messages.send(store, owner, MessageSend(1, "mine", "mine")),
    ]
    results = batched(store, *works)
    assert [outcome(result) for result in results[:4]] == [1, 2, 3, 4]
    assert (results[4], outcome(results[5])) == (None, 1)
    assert outcome(attempt(send(store, member, "late", room=room))) == "not_found"
    assert [cid for _, _, cid in kept(store, room)] == ["c0", "c1", "c2", "c3"]


def attempt(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - the test looks at it
        return error


@pytest.mark.parametrize("reads_first", [True, False])
def test_one_that_fails_behind_its_message_takes_back_its_own_only(
    store: Store, owner: Actor, reads_first: bool
) -> None:
    def fail(tx: Transaction) -> None:
        if reads_first:
            tx.conn  # noqa: B018 - makes a savepoint
        place = tx.hot.place(1, owner.user)
        assert place is not None
        assert tx.hot.add(place, New(1, owner.user, "taken back", "x", "x", None, 0, None))
        raise conflict("No.")

    failing = partial(store.write, fail, room=1, sends=Sent(owner.user, "taken back"))
    works: list[Callable[[], Any]] = [
        send(store, owner, "a"),
        failing,
        *[send(store, owner, f"b{n}") for n in range(4)],
    ]
    results = [outcome(result) for result in batched(store, *works)]
    assert results == [1, "conflict", 2, 3, 4, 5]
    assert [cid for _, _, cid in kept(store)] == ["a", "b0", "b1", "b2", "b3"]


@on_postgres
def test_an_id_that_another_process_uses_in_this_moment(
    store: Store, make_store: Callable[..., Store], owner: Actor, others: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same program, sending again through another process to another room, after ours has looked."""
    there = make_store()
    real = Hot._execute
    came: list[Any] = []

    def first(self: Hot, statement: str, values: Any) -> Any:
        if statement == KEEP and not came:
            came.append("here it comes")
            came.append(outcome(send(there, owner, "c2", room=others[2])()))
        return real(self, statement, values)

    monkeypatch.setattr(Hot, "_execute", first)
    works = [send(store, owner, f"c{n}") for n in range(6)]
    results = [outcome(result) for result in batched(store, *works)]
    assert came[1] == 1
    assert results == [1, 2, "conflict", 3, 4, 5]
    assert [(seq, rev) for seq, rev, _ in kept(store)] == [(n, n) for n in range(1, 6)]
    assert [cid for _, _, cid in kept(store, others[2])] == ["c2"]


@on_postgres
def test_processes_that_send_to_the_same_rooms_at_once(
    store: Store, make_store: Callable[..., Store], owner: Actor, member: Actor, others: list[int]
) -> None:
    there = make_store()
    works = [
        send(where, actor, f"{name}-{room}-{n}", room=room)
        for where, actor, name in ((store, owner, "here"), (there, member, "there"))
        for n in range(25)
        for room in others
    ]
    outcomes = [outcome(result) for result in together(*works)]
    assert [what for what in outcomes if not isinstance(what, int)] == []
    for room in others:
        assert [(seq, rev) for seq, rev, _ in kept(store, room)] == [(n, n) for n in range(1, 51)]


@on_postgres
def test_a_failure_of_all_is_not_taken_for_one_piece_of_work_s(
    store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who is named makes what has gathered be kept, and must not be the only one who hears that it was not."""
    real = Hot._execute
    failed: list[str] = []

    def fail(self: Hot, statement: str, values: Any) -> Any:
        if statement == KEEP and not failed:
            failed.append("once")
            raise ValueError("sample")
        return real(self, statement, values)

    monkeypatch.setattr(Hot, "_execute", fail)
    works = [send(store, owner, f"a{n}") for n in range(4)]
    results = batched(store, *works, send(store, owner, "call", text=f"@{owner.username}"), send(store, owner, "b"))
    assert failed
    # Messages that call somebody come behind the others.
    assert [outcome(result) for result in results] == [1, 2, 3, 4, 6, 5]
    assert [cid for _, _, cid in kept(store)] == ["a0", "a1", "a2", "a3", "b", "call"]
