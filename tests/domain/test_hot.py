"""The statements that bypass SQLAlchemy: what fails among them costs nobody else anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from chat import history, messages, rooms
from chat.actor import Actor
from chat.errors import ChatError, conflict
from chat.events.messages import MessageSend
from chat.events.reading import History
from chat.events.rooms import RoomCreate
from chat.store import Store, Transaction
from chat.store.hot import New
from chat.store.tables import messages as message_table
from chat.store.tables import meta
from tests.domain.support import Published, batched, counted, counted_hot, on_postgres


def send(store: Store, actor: Actor, cid: str, **fields: Any) -> Callable[[], Any]:
    return lambda: messages.send(store, actor, MessageSend(**{"room": 1, "cid": cid, "text": cid, **fields}))


def kept(store: Store) -> list[tuple[int, int, str]]:
    with store.read() as conn:
        rows = conn.execute(select(message_table.c.seq, message_table.c.rev, message_table.c.cid).order_by("seq"))
        return [(row.seq, row.rev, row.cid) for row in rows]


def outcome(result: Any) -> Any:
    """The seq of a new message, "duplicate" with the seq of an old one, or what kind of error it is."""
    if isinstance(result, Exception):
        return result.code if isinstance(result, ChatError) else type(result)
    return ("duplicate", result.message.seq) if result.duplicate else result.message.seq


def add_and_fail(actor: Actor, tx: Transaction) -> None:
    """Fails behind what only a rollback of the whole transaction takes back."""
    place = tx.hot.place(1, actor.user)
    assert place is not None
    assert tx.hot.add(place, New(1, actor.user, "taken back", "x", "x", None, 0, None))
    raise conflict("No.")


def add_then_read_and_fail(actor: Actor, tx: Transaction) -> None:
    with pytest.raises(ChatError):
        add_and_fail(actor, tx)
    tx.conn.execute(meta.insert().values(key="taken back", value=""))
    raise conflict("No.")


def test_a_batch_of_messages_takes_no_savepoints(store: Store, owner: Actor, member: Actor) -> None:
    first = send(store, owner, "first")().message.id
    works = [
        send(store, actor, f"c{n}", reply_to=to) for n, to in enumerate([None, first] * 3) for actor in (owner, member)
    ]
    with counted(store._writer) as writes, counted(store._writer, "savepoint") as savepoints:
        assert [outcome(r) for r in batched(store, *works)] == list(range(2, 14))
    assert (set(writes) - {"BEGIN IMMEDIATE"}, savepoints) == (set(), [])


def test_one_cid_twice_in_a_batch_is_one_message(store: Store, owner: Actor, published: Published) -> None:
    other = rooms.create(store, owner, RoomCreate("other", "public")).room.id
    works = [
        send(store, owner, "same"),
        send(store, owner, "between"),
        send(store, owner, "same"),
        send(store, owner, "same", text="another"),
        send(store, owner, "same", room=other),
        send(store, owner, "last"),
    ]
    results = [outcome(r) for r in batched(store, *works)]
    assert results == [1, 2, ("duplicate", 1), "conflict", "conflict", 3]
    assert kept(store) == [(1, 1, "same"), (2, 2, "between"), (3, 3, "last")]
    assert [fact.message.cid for fact in published.facts("message_new")] == ["same", "between", "last"]


def test_what_is_refused_before_it_changes_anything_costs_no_rollback(
    store: Store, owner: Actor, member: Actor
) -> None:
    room = rooms.create(store, owner, RoomCreate("closed", "private")).room.id
    works = [
        send(store, owner, "a"),
        send(store, member, "b", room=room),
        send(store, member, "c", room=999),
        send(store, member, "d", reply_to=999),
        send(store, replace(member, role="nobody"), "e"),  # type: ignore[arg-type]
        send(store, owner, "f"),
    ]
    with counted(store._writer, "rollback") as rollbacks:
        results = [outcome(r) for r in batched(store, *works)]
    assert results == [1, "not_found", "not_found", "not_found", "forbidden", 2]
    assert rollbacks == []


@pytest.mark.parametrize("work", [add_and_fail, add_then_read_and_fail])
def test_what_fails_behind_a_change_is_taken_back_alone(
    store: Store, owner: Actor, published: Published, work: Any
) -> None:
    failing = partial(store.write, partial(work, owner), room=1)
    results = batched(
        store, send(store, owner, "a"), failing, send(store, owner, "b"), failing, send(store, owner, "c")
    )
    assert [outcome(r) for r in results] == [1, "conflict", 2, "conflict", 3]
    assert kept(store) == [(1, 1, "a"), (2, 2, "b"), (3, 3, "c")]
    assert len(published.facts("message_new")) == 3
    with store.read() as conn:
        assert conn.scalar(select(func.count()).where(meta.c.key == "taken back")) == 0
    # By itself too.
    assert [outcome(r) for r in batched(store, failing)] == ["conflict"]
    assert outcome(send(store, owner, "d")()) == 4


def test_a_message_that_the_database_refuses_fails_alone(store: Store, owner: Actor) -> None:
    def of_nobody(tx: Transaction) -> None:
        place = tx.hot.place(1, owner.user)
        assert place is not None
        tx.hot.add(place, New(1, 999, "x", "x", "x", None, 0, None))

    results = batched(store, send(store, owner, "a"), partial(store.write, of_nobody, room=1), send(store, owner, "b"))
    assert [outcome(r) for r in results] == [1, IntegrityError, 2]
    assert kept(store) == [(1, 1, "a"), (2, 2, "b")]


def test_who_has_left_finds_what_was_kept(store: Store, owner: Actor, member: Actor) -> None:
    """The answer of the first try got lost, and meanwhile the author is no member any more."""
    assert outcome(send(store, member, "a")()) == 1
    store.write(lambda tx: tx.conn.execute(text(f"DELETE FROM memberships WHERE user_id = {member.user}")))
    assert outcome(send(store, member, "a")()) == ("duplicate", 1)
    assert [outcome(r) for r in batched(store, send(store, member, "b"))] == ["not_found"]


def test_messages_and_other_work_share_a_batch(store: Store, owner: Actor) -> None:
    def note(tx: Transaction) -> None:
        tx.conn.execute(meta.insert().values(key="noted", value=""))

    noting = partial(store.write, note)
    results = batched(store, send(store, owner, "a"), noting, noting, send(store, owner, "b"))
    assert (results[1], type(results[2])) == (None, IntegrityError)
    assert history.page(store, owner, History(1)).head.seq == 2
    with store.read() as conn:
        assert conn.scalar(select(func.count()).where(meta.c.key == "noted")) == 1


@on_postgres
def test_a_connection_that_goes_in_between_is_replaced(store: Store, owner: Actor) -> None:
    killed: list[int] = []

    def die(tx: Transaction) -> str:
        if not killed:
            killed.append(1)
            tx.conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return "risen"

    a, risen, b = batched(store, send(store, owner, "a"), partial(store.write, die, room=1), send(store, owner, "b"))
    assert (outcome(a), risen, outcome(b)) == (1, "risen", 2)

    def terminate() -> None:
        with store.read() as conn:
            conn.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )

    def cut_off(tx: Transaction) -> int | None:
        if len(killed) == 1:
            killed.append(2)
            terminate()
        place = tx.hot.place(1, owner.user)
        return place and place.seq

    # Messages go first.
    a, seq, b = batched(store, send(store, owner, "c"), partial(store.write, cut_off, room=1), send(store, owner, "d"))
    assert (outcome(a), seq, outcome(b)) == (3, 4, 4)
    assert [number for number, _, _ in kept(store)] == [1, 2, 3, 4]


@on_postgres
@pytest.mark.parametrize("trouble", ["DEALLOCATE ALL", "twice"])
def test_where_nothing_stays_prepared_messages_are_kept_all_the_same(store: Store, owner: Actor, trouble: str) -> None:
    """As behind a pooler that hands out another connection for each transaction."""
    assert outcome(send(store, owner, "before")()) == 1

    def forget(tx: Transaction) -> None:
        if trouble == "twice":
            tx.conn.connection.info.clear()
        else:
            tx.conn.exec_driver_sql(trouble)

    store.write(forget)
    works = [send(store, owner, f"c{number}") for number in range(3)]
    assert sorted(outcome(result) for result in batched(store, *works)) == [2, 3, 4]
    with counted_hot() as hot:
        assert outcome(send(store, owner, "after")()) == 5
        assert outcome(send(store, owner, "after")()) == ("duplicate", 5)
    assert {statement.split()[0] for statement in hot} == {"SELECT", "WITH"}
    assert [(seq, rev) for seq, rev, _ in kept(store)] == [(n, n) for n in range(1, 6)]
