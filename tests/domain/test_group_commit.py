"""The one writer: what shares a commit, what it costs when a piece fails, and what is told when."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from chat import messages
from chat.actor import Actor
from chat.config import Settings
from chat.errors import ChatError, conflict
from chat.events.messages import MessageNew, MessageSend
from chat.events.rooms import RoomCreate
from chat.rooms import create
from chat.store import Store, Transaction, db
from chat.store.outbox import MembersTouched, Publish
from chat.store.tables import messages as message_table
from chat.store.tables import meta
from chat.store.tables import rooms as room_table
from tests.domain.support import Published, batched, counted, on_postgres, together, writer_held
from tests.waiting import DEADLINE, until

ROOT = Path(__file__).parents[2]
OURS = "FROM pg_stat_activity WHERE datname = current_database()"


def note(key: str, value: str = "") -> Callable[[Transaction], str]:
    """Work that keeps something small and publishes that it did."""

    def work(tx: Transaction) -> str:
        tx.conn.execute(meta.insert().values(key=key, value=value))
        tx.after_commit(MembersTouched(0, (len(key),)))
        return key

    return work


def noted(store: Store) -> set[str]:
    with store.read() as conn:
        return set(conn.scalars(select(meta.c.key))) - {"epoch"}


class Deadlock(Exception):
    """As the driver of PostgreSQL tells it."""

    pgcode = "40P01"


def broken(times: int, error: Exception | None = None) -> Callable[[Transaction], str]:
    """Work that meets a database that fails so many times and then succeeds."""
    left = [times]

    def work(tx: Transaction) -> str:
        tx.conn.execute(meta.insert().values(key=f"broken {times}", value=""))
        if left[0]:
            left[0] -= 1
            raise OperationalError("made up", {}, error or Exception("a full disk, say"))
        return "mended"

    return work


@pytest.mark.parametrize("threads", [1, 16])
def test_many_threads_write_one_order(store: Store, owner: Actor, published: Published, threads: int) -> None:
    each = 8
    rooms = [create(store, owner, RoomCreate(f"room-{number}", "public")).room.id for number in range(3)]

    def talk(thread: int) -> list[Any]:
        commands = [MessageSend(rooms[(thread + n) % 3], f"{thread}-{n}", f"{thread} {n}") for n in range(each)]
        return [messages.send(store, owner, command).message for command in commands]

    said = [m for result in together(*(lambda t=t: talk(t) for t in range(threads))) for m in result]
    assert len(said) == threads * each
    facts: list[MessageNew] = published.facts("message_new")
    for room in rooms:
        told = [fact.message for fact in facts if fact.room == room]
        assert [m.seq for m in told] == [m.rev for m in told] == list(range(1, len(told) + 1))
        assert sorted(m.seq for m in said if m.room == room) == [m.seq for m in told]
        with store.read() as conn:
            row = conn.execute(select(room_table).where(room_table.c.id == room)).one()
            kept = conn.execute(select(message_table).where(message_table.c.room_id == room).order_by("seq")).all()
        assert (row.seq, row.rev) == (len(told), len(told))
        assert [(k.seq, k.rev, k.cid) for k in kept] == [(m.seq, m.rev, m.cid) for m in told]


def test_what_gathers_shares_a_commit(store: Store) -> None:
    with counted(store._writer, "commit") as commits:
        results = batched(store, *(lambda n=n: store.write(note(f"k{n}")) for n in range(20)))
    assert results == [f"k{n}" for n in range(20)]
    # The one that held the writer, and the batch.
    assert len(commits) == 2


def test_one_rooms_work_keeps_its_order(store: Store) -> None:
    done: list[tuple[int, int]] = []

    def write(room: int, number: int) -> None:
        store.write(lambda tx: done.append((room, number)), room=room)

    batched(store, *(lambda n=n: write(9 - n % 3, n) for n in range(9)))
    assert done == sorted(done)


def test_a_piece_that_fails_spoils_nothing_else(store: Store, published: Published) -> None:
    def refuse(tx: Transaction) -> None:
        note("refused")(tx)
        raise conflict("No.")

    def fail(tx: Transaction) -> None:
        note("failed")(tx)
        raise ZeroDivisionError

    def clash(tx: Transaction) -> None:
        note("clash")(tx)
        note("first")(tx)

    works = [note("first"), refuse, fail, clash, note("last!")]
    with counted(store._writer, "commit") as commits:
        found = batched(store, *(lambda w=w: store.write(w) for w in works))
    assert [type(f) for f in found] == [str, ChatError, ZeroDivisionError, IntegrityError, str]
    assert noted(store) == {"first", "last!"}
    assert published.effects == [MembersTouched(0, (5,)), MembersTouched(0, (5,))]
    assert len(commits) == 2


def test_a_piece_that_breaks_the_transaction_is_tried_again_alone(store: Store, published: Published) -> None:
    works = [note("first"), broken(1), note("last!"), broken(db.TRIES)]
    found = batched(store, *(lambda w=w: store.write(w) for w in works))
    assert found[:3] == ["first", "mended", "last!"]
    assert (found[3].code, found[3].retryable) == ("unavailable", True)
    assert noted(store) == {"first", "broken 1", "last!"}
    assert published.effects == [MembersTouched(0, (5,)), MembersTouched(0, (5,))]


def test_a_database_that_goes_meanwhile_fails_the_rest_at_once(
    store: Store, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tried = store._transact, []

    def transact(batch: Any) -> None:
        tried.append(len(batch))
        if len(tried) > 3:
            raise OperationalError("made up", {}, Exception("gone"))
        real(batch)

    monkeypatch.setattr(store, "_transact", transact)
    works = [note("first"), broken(1), note("third"), note("fourth")]
    found = batched(store, *(lambda w=w: store.write(w) for w in works))
    # The one that held the writer, the batch, the first, and the second, with which it ended.
    assert tried == [1, 4, 1, 1]
    assert [getattr(f, "code", f) for f in found] == ["first", "unavailable", "unavailable", "unavailable"]
    assert published.effects == [MembersTouched(0, (5,))]
    assert noted(store) == {"first"}


def test_a_single_piece_is_tried_again_too(store: Store) -> None:
    assert store.write(broken(1)) == "mended"
    for work in (broken(db.TRIES), broken(db.TRIES_AT_DEADLOCKS, Deadlock())):
        with pytest.raises(ChatError) as caught:
            store.write(work)
        assert caught.value.code == "unavailable"
    assert noted(store) == {"broken 1"}


def test_a_deadlock_is_tried_again_more_often(store: Store) -> None:
    times = db.TRIES_AT_DEADLOCKS - 1
    assert times >= db.TRIES
    # Among others, and beside what breaks for another reason.
    works = [note("first"), broken(times, Deadlock()), broken(db.TRIES), note("last!")]
    found = batched(store, *(lambda w=w: store.write(w) for w in works))
    assert [getattr(each, "code", each) for each in found] == ["first", "mended", "unavailable", "last!"]


def test_effects_come_after_the_commit_and_before_the_answer(store: Store) -> None:
    seen: list[set[str]] = []
    store.publish = lambda effects: seen.append(noted(store))
    store.write(note("a"))
    assert seen == [{"a"}]


def test_effects_come_in_the_order_of_commits(store: Store, owner: Actor, published: Published) -> None:
    rooms = [create(store, owner, RoomCreate(f"room-{n}", "public")).room.id for n in range(3)]
    published.effects.clear()
    sends = [MessageSend(rooms[2 - n % 3], f"c{n}", str(n)) for n in range(12)]
    batched(store, *(lambda s=s: messages.send(store, owner, s) for s in sends))
    with store.read() as conn:
        committed = list(conn.scalars(select(message_table.c.id).order_by(message_table.c.id)))
    assert [fact.message.id for fact in published.facts("message_new")] == committed


def test_a_publisher_that_fails_fails_no_write(store: Store) -> None:
    def fail(effects: object) -> None:
        raise RuntimeError("nobody listens")

    store.publish = fail
    assert store.write(note("a")) == "a"
    assert store.write(note("b")) == "b"


def test_who_gives_up_what_has_not_begun_can_be_sure(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with writer_held(store):
        monkeypatch.setattr(db, "WAIT_SECONDS", 0.01)
        with pytest.raises(ChatError) as caught:
            store.write(note("given up"))
        assert caught.value.code == "unavailable"
    monkeypatch.undo()
    store.write(note("later"))
    assert noted(store) == {"later"}


def test_a_full_queue_refuses_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "MOST_WAITING", 2)
    with writer_held(store):
        threads = [threading.Thread(target=store.write, args=(note(f"k{n}"),)) for n in range(2)]
        for thread in threads:
            thread.start()
        until(lambda: len(store._jobs) == 2)
        with pytest.raises(ChatError) as caught:
            store.write(note("too many"))
        assert (caught.value.code, caught.value.retryable) == ("unavailable", True)
    for thread in threads:
        thread.join(DEADLINE)
    assert noted(store) == {"k0", "k1"}


def test_closing_finishes_what_is_queued(make_store: Callable[..., Store]) -> None:
    store, other = make_store(), make_store()
    threads = [threading.Thread(target=store.write, args=(note(f"k{n}"),)) for n in range(5)]
    with writer_held(store):
        for thread in threads:
            thread.start()
        until(lambda: len(store._jobs) == 5)
        closing = threading.Thread(target=store.close)
        closing.start()
        until(lambda: store._closed)
        with pytest.raises(ChatError) as caught:
            store.write(note("too late"))
        assert caught.value.code == "unavailable"
    for thread in [*threads, closing]:
        thread.join(DEADLINE)
        assert not thread.is_alive()
    assert noted(other) == {f"k{n}" for n in range(5)}


def test_closing_twice_and_unused_is_fine(make_store: Callable[..., Store]) -> None:
    store = make_store()
    store.close()
    store.close()


def test_what_is_read_belongs_to_one_moment(store: Store) -> None:
    with store.read() as conn:
        assert conn.scalar(select(func.count()).select_from(meta)) == 1
        store.write(note("meanwhile"))
        assert conn.scalar(select(func.count()).select_from(meta)) == 1
    assert noted(store) == {"meanwhile"}


def test_what_was_acknowledged_survives_sigkill(
    make_settings: Callable[..., Settings], store: Store, owner: Actor
) -> None:
    settings = make_settings()
    words = [str(settings.data_dir), settings.database_url, "1", str(owner.user)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.domain.acknowledging", *words], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().split() for _ in range(150)]
    process.kill()
    rest, _ = process.communicate(timeout=DEADLINE)
    acknowledged += [line.split() for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    process.stdout.close()

    def kept() -> dict[str, int]:
        with store.read() as conn:
            return {row.cid: row.seq for row in conn.execute(select(message_table.c.cid, message_table.c.seq))}

    # PostgreSQL may still be busy with what the dead process had sent.
    message = messages.send(store, owner, MessageSend(1, "after", "after")).message
    found = kept()
    assert {cid: int(seq) for cid, seq in acknowledged}.items() <= found.items()
    assert sorted(found.values()) == list(range(1, len(found) + 1))
    assert message.seq == len(found)
    with store.read() as conn:
        assert conn.execute(select(room_table.c.seq, room_table.c.rev)).all() == [(len(found), len(found))]


class TestOtherProcesses:
    """Several stores on one database."""

    def test_they_share_one_order(self, make_store: Callable[..., Store], owner: Actor) -> None:
        stores = [make_store() for _ in range(3)]

        def talk(number: int) -> None:
            for n in range(10):
                messages.send(stores[number], owner, MessageSend(1, f"{number}-{n}", "x"))

        assert together(*(lambda n=n: talk(n) for n in range(3))) == [None] * 3
        with stores[0].read() as conn:
            seqs = list(conn.scalars(select(message_table.c.seq).order_by(message_table.c.id)))
        assert seqs == list(range(1, 31))

    @on_postgres
    def test_a_deadlock_costs_nobody_the_message(self, store: Store, owner: Actor, published: Published) -> None:
        one, two = (create(store, owner, RoomCreate(f"room-{n}", "public")).room.id for n in range(2))

        def touch(room: int) -> str:
            return f"UPDATE rooms SET slow_mode = slow_mode + 1 WHERE id = {room}"

        other = psycopg2.connect(store.settings.database_url)
        tries = []

        def work(tx: Transaction) -> str:
            tries.append(1)
            tx.conn.execute(text(touch(one)))
            tx.conn.execute(text(touch(two)))
            return "done"

        def cross() -> None:
            with store.read() as conn:
                until(lambda: bool(conn.scalar(text(f"SELECT count(*) {OURS} AND wait_event_type = 'Lock'"))))
            cursor.execute(touch(one))
            other.commit()

        cursor = other.cursor()
        cursor.execute("SET deadlock_timeout = '1h'")
        cursor.execute(touch(two))
        try:
            assert together(lambda: store.write(work), cross) == ["done", None]
        finally:
            other.close()
        assert len(tries) > 1

    @on_postgres
    def test_a_lost_connection_is_replaced(self, store: Store) -> None:
        store.write(note("before"))
        others = f"SELECT pg_terminate_backend(pid) {OURS} AND pid <> pg_backend_pid()"
        with psycopg2.connect(store.settings.database_url) as connection:
            connection.cursor().execute(others)
        connection.close()
        assert noted(store) == {"before"}
        assert store.write(note("after")) == "after"

        killed: list[int] = []

        def die(tx: Transaction) -> str:
            if not killed:
                killed.append(1)
                tx.conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
            return note("risen")(tx)

        works = [note("first"), die, note("last")]
        assert batched(store, *(lambda w=w: store.write(w) for w in works)) == ["first", "risen", "last"]
        assert noted(store) == {"before", "after", "first", "risen", "last"}


def test_nothing_but_the_room_row_counts(store: Store, owner: Actor) -> None:
    """A refused message takes no number; the next one does."""
    messages.send(store, owner, MessageSend(1, "a", "a"))
    with pytest.raises(ChatError):
        messages.send(store, owner, MessageSend(1, "b", "b", reply_to=99))
    store.write(lambda tx: tx.conn.execute(update(room_table).values(archived_at=1)))
    with pytest.raises(ChatError) as caught:
        messages.send(store, owner, MessageSend(1, "c", "c"))
    assert (caught.value.code, caught.value.field) == ("forbidden", "room")
    store.write(lambda tx: tx.conn.execute(update(room_table).values(archived_at=None)))
    assert messages.send(store, owner, MessageSend(1, "d", "d")).message.seq == 2


def test_publish_names_the_channel(store: Store, owner: Actor, published: Published) -> None:
    messages.send(store, owner, MessageSend(1, "a", "a"))
    assert [(e.channel, e.event) for e in published.of_kind(Publish)] == [("room:1", "message_new")]
