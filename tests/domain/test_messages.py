"""Messages below the sockets: duplicates, unread counts, and what a message costs the database."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from chat import history, members, message_rows, messages, reads, rooms
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.messages import MessageSend
from chat.events.reading import History, ReadMark, RoomSync
from chat.events.rooms import RoomJoin
from chat.store import Store, Transaction
from chat.store.tables import messages as message_table
from chat.store.tables import rooms as room_table
from tests.domain.support import Published, counted, counted_hot, together


def say(store: Store, actor: Actor, text: str, **fields: Any) -> Any:
    return messages.send(store, actor, MessageSend(**{"room": 1, "cid": text, "text": text, **fields})).message


@pytest.mark.parametrize("texts", [["once"] * 12, ["one", "two"] * 6])
def test_one_cid_is_one_message_however_many_send_it(
    store: Store, owner: Actor, published: Published, texts: list[str]
) -> None:
    results = together(*(partial(messages.send, store, owner, MessageSend(1, "same", text)) for text in texts))
    stored = [r for r in results if not isinstance(r, ChatError)]
    assert [r.duplicate for r in stored].count(False) == 1
    assert len({r.message.text for r in stored}) == 1
    assert len(stored) == texts.count(stored[0].message.text)
    assert {r.code for r in results if isinstance(r, ChatError)} <= {"conflict"}
    assert [fact.message for fact in published.facts("message_new")] == [stored[0].message]


def test_one_cid_in_several_processes_is_one_message(make_store: Callable[..., Store], owner: Actor) -> None:
    stores = [make_store() for _ in range(4)]
    command = MessageSend(1, "same", "once")
    results = together(*(partial(messages.send, store, owner, command) for store in stores))
    # Whoever lost the race is told to try again, and then gets the stored message.
    results += [messages.send(stores[0], owner, command) for r in results if isinstance(r, IntegrityError)]
    assert {r.message.id for r in results if not isinstance(r, IntegrityError)} == {1}
    assert history.page(stores[0], owner, History(1)).head.seq == 1


def test_two_authors_may_use_one_cid(store: Store, owner: Actor, member: Actor) -> None:
    assert [say(store, actor, "same").seq for actor in (owner, member)] == [1, 2]


@pytest.mark.parametrize("cid", [" a", "a ", "a\nb", "\x00", "e\u0301", "\u202ea", "\ud800", " "])
def test_a_cid_that_would_be_changed_is_refused(store: Store, owner: Actor, cid: str) -> None:
    with pytest.raises(ChatError) as caught:
        say(store, owner, "text", cid=cid)
    assert (caught.value.code, caught.value.field) == ("bad_request", "cid")


def test_a_duplicate_of_a_message_that_was_edited_or_deleted_is_no_conflict(store: Store, owner: Actor) -> None:
    message = say(store, owner, "first")
    store.write(partial(_change, message.id, {"text": "changed", "edited_at": 1}))
    found = messages.send(store, owner, MessageSend(1, "first", "first"))
    assert (found.duplicate, found.message.id, found.message.text) == (True, message.id, "changed")
    store.write(partial(_change, message.id, {"deleted_at": 1}))
    found = messages.send(store, owner, MessageSend(1, "first", "first"))
    assert (found.duplicate, found.message.id) == (True, message.id)
    assert (found.message.deleted, found.message.text, found.message.html, found.message.cid) == (True, "", "", "")


def _change(message: int, values: dict[str, Any], tx: Transaction) -> None:
    tx.conn.execute(update(message_table).where(message_table.c.id == message).values(values))


def test_a_text_that_grows_on_normalising_is_too_large(store: Store, owner: Actor) -> None:
    with pytest.raises(ChatError) as caught:
        say(store, owner, "\ufb2c" * 4_000, cid="x")
    assert caught.value.code == "too_large"
    kept = say(store, owner, "\ufb2c" * 3_000, cid="x")
    assert history.page(store, owner, History(1)).messages == [kept]


@pytest.mark.parametrize(
    "text", ["\U0001fae9", "𝒳" * 5_000, "𠜎" * 10_000, "'; DROP TABLE messages; --", "%s %(x)s {x} :x ?", "\\"]
)
def test_texts_come_back_as_they_were(store: Store, owner: Actor, text: str) -> None:
    say(store, owner, text, cid="x")
    (found,) = history.page(store, owner, History(1)).messages
    assert found.text == text


def test_unread_counts(store: Store, owner: Actor, member: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def unread() -> int:
        with store.read() as conn:
            return rooms.view(conn, member.user, 1).unread

    for number in range(5):
        say(store, owner, f"a{number}")
    say(store, member, "mine")
    assert unread() == 5
    store.write(partial(_change, 1, {"deleted_at": 1}))
    assert unread() == 4
    reads.mark(store, member, ReadMark(1, 3))
    assert unread() == 2
    # Never back, never beyond the end.
    reads.mark(store, member, ReadMark(1, 1))
    assert unread() == 2
    reads.mark(store, member, ReadMark(1, 2**53 - 1))
    assert unread() == 0
    with store.read() as conn:
        assert rooms.view(conn, member.user, 1).last_read == 6
    monkeypatch.setattr("chat.unread.MOST_UNREAD", 3)
    for number in range(5):
        say(store, owner, f"b{number}")
    assert unread() == 3


def test_marking_what_is_read_already_tells_nothing(store: Store, owner: Actor, published: Published) -> None:
    say(store, owner, "a")
    for _ in range(3):
        reads.mark(store, owner, ReadMark(1, 1))
    assert [(fact.room, fact.seq) for fact in published.facts("read")] == [(1, 1)]


def test_reads_at_the_same_moment_keep_the_furthest(store: Store, owner: Actor) -> None:
    for number in range(8):
        say(store, owner, str(number))
    together(*(partial(reads.mark, store, owner, ReadMark(1, seq)) for seq in range(1, 9)))
    with store.read() as conn:
        assert rooms.view(conn, owner.user, 1).last_read == 8


@pytest.mark.parametrize("length", [1, 300, 1_000], ids=["short", "long", "too long"])
def test_pages_of_the_history_and_of_a_sync_hold_everything(
    store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    """Also where less fits into a page than was asked for, or not even one message does."""
    monkeypatch.setattr(message_rows, "MOST_PAGE_CHARACTERS", 2_000)
    sent = [say(store, owner, "x" * length, cid=f"cid {number}") for number in range(1, 24)]
    page, gathered = history.page(store, owner, History(1, after=0, limit=5)), []
    while page.messages:
        gathered += page.messages
        page = history.page(store, owner, History(1, after=gathered[-1].seq, limit=5))
    assert gathered == sent
    # Of each the page has the text and the HTML.
    assert len(history.page(store, owner, History(1, limit=5)).messages) == {1: 5, 300: 3, 1_000: 1}[length]
    page, gathered = history.page(store, owner, History(1, limit=5)), []
    while page.messages:
        gathered = page.messages + gathered
        page = history.page(store, owner, History(1, before=gathered[0].seq, limit=5))
        assert page.more_before == (bool(page.messages) and page.messages[0].seq > 1)
    assert gathered == sent
    rev, gathered, more = 0, [], True
    while more:
        found = history.sync(store, owner, RoomSync(1, rev, 5))
        gathered += found.messages or []
        rev, more = gathered[-1].rev, bool(found.more)
    assert gathered == sent


def _mend(message: int, tx: Transaction) -> int:
    """A change of a message, as every command that changes one makes it; returns its rev."""
    of_room = room_table.c.id == 1
    change = update(room_table).where(of_room).values(rev=room_table.c.rev + 1).returning(room_table.c.rev)
    rev: int = tx.conn.execute(change).scalar_one()
    _change(message, {"rev": rev}, tx)
    return rev


def test_a_sync_finds_every_change_since_whatever_came_in_between(store: Store, owner: Actor) -> None:
    chance = random.Random(1)
    revs: dict[int, int] = {}
    for number in range(120):
        kind = chance.choice(["send", "send", "change", "room"])
        if kind == "send" or not revs:
            message = say(store, owner, str(number))
            revs[message.id] = message.rev
        elif kind == "change":
            changed = chance.choice(sorted(revs)[-20:])
            revs[changed] = store.write(partial(_mend, changed))
        else:
            store.write(lambda tx: tx.conn.execute(update(room_table).values(rev=room_table.c.rev + 1)))
    head = history.page(store, owner, History(1)).head
    for rev in range(head.rev + 1):
        for limit in (1, 7, 500):
            wanted = sorted((at, number) for number, at in revs.items() if at > rev)
            found = history.sync(store, owner, RoomSync(1, rev, limit))
            assert [(m.rev, m.id) for m in found.messages or []] == wanted[:limit]
            assert found.more == (len(wanted) > limit)


def test_what_the_database_is_asked(store: Store, owner: Actor, member: Actor) -> None:
    """The numbers that the design counts on; more of them is a decision, not an accident."""
    say(store, owner, "warm")
    with counted(store._writer) as writes, counted(store.readers) as reading, counted_hot() as hot:
        say(store, owner, "text")
    # Through SQLAlchemy nothing but, on SQLite, the beginning: no savepoint either.
    assert (set(writes), reading) <= ({"BEGIN IMMEDIATE"}, [])
    on_server = store.readers.dialect.name == "postgresql"
    words = ["EXECUTE", "EXECUTE"] if on_server else ["SELECT", "INSERT", "UPDATE"]
    assert [statement.split()[0] for statement in hot] == words
    with counted(store.readers) as reading:
        history.page(store, member, History(1))
    assert len([s for s in reading if s.startswith("SELECT")]) == 2


def test_joining_a_large_room_reads_no_more_than_a_small_one(store: Store, owner: Actor, make_member: Any) -> None:
    def joined(actor: Actor) -> list[str]:
        with counted(store._writer) as writes:
            members.join(store, actor, RoomJoin("large", create=True))
        return writes

    joined(owner)
    small = joined(make_member())
    for _ in range(20):
        joined(make_member())
    large = joined(make_member())
    assert len(small) == len(large)
