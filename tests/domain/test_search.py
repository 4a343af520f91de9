"""Searching on each database: what is found, by whom, and how the index follows the messages."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from chat import members, messages, rooms, search
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.messages import MessageSend
from chat.events.reading import Search
from chat.events.rooms import RoomCreate, RoomJoin, RoomLeave
from chat.search import Follower, finding, following, index
from chat.search.tokens import tokens
from chat.store import Store, Transaction
from chat.store.tables import messages as message_table
from chat.store.tables import rooms as room_table
from chat.store.tables import search_days, search_heads
from tests.domain.support import on_postgres, on_sqlite, together, writer_held
from tests.waiting import until

ROOT = Path(__file__).parents[2]
_cids = itertools.count(1)
LOBBY = 1


def say(store: Store, actor: Actor, text: str, room: int = LOBBY) -> int:
    return messages.send(store, actor, MessageSend(room, f"search-{next(_cids)}", text)).message.id


def follow(store: Store) -> None:
    while following.piece(store)[0]:
        pass


def found(store: Store, actor: Actor, query: str, **fields: Any) -> list[str]:
    return [hit.message.text for hit in search.find(store, actor, Search(query, **fields)).hits]


def tell(store: Store, actor: Actor, *texts: str, room: int = LOBBY) -> list[int]:
    ids = [say(store, actor, text, room) for text in texts]
    follow(store)
    return ids


def new_room(store: Store, actor: Actor, name: str, kind: Any = "public") -> int:
    return rooms.create(store, actor, RoomCreate(name, kind)).room.id


def change(store: Store, message: int, **values: Any) -> None:
    """As an edit or a deletion does it."""

    def work(tx: Transaction) -> None:
        row = tx.conn.execute(select(message_table).where(message_table.c.id == message)).one()
        tx.conn.execute(update(room_table).where(room_table.c.id == row.room_id).values(rev=room_table.c.rev + 1))
        rev = tx.conn.scalar(select(room_table.c.rev).where(room_table.c.id == row.room_id))
        tx.conn.execute(update(message_table).where(message_table.c.id == message).values(rev=rev, **values))
        search.changed(tx, row.room_id, row.seq, message)

    store.write(work)


def indexed(store: Store) -> list[str]:
    """All that is in the index, with the words of every message in order."""
    with store.read() as conn:
        key = "rowid" if conn.dialect.name == "sqlite" else "message_id"
        rows = conn.execute(text(f"SELECT {key}, tokens FROM search_index ORDER BY {key}"))
        return [str(row.tokens) for row in rows]


# What is found


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("run", ["Running home", "they run"]),
        ("RUNS home", ["Running home"]),
        ("home running", ["Running home"]),
        ('"home running"', []),
        ('"they runs"', ["they run"]),
        ("café", ["un café, two cafes"]),
        ("cafe", ["un café, two cafes"]),
        ("send", ["on_message_send"]),
        ("message_send", ["on_message_send"]),
        ("message-send on", ["on_message_send"]),
        ("3.14", ["pi is 3.14"]),
        ("4.13", []),
        ("世界", ["你好，世界！", "写代码改变世界"]),
        ("你好世界", ["你好，世界！"][:0]),
        ("你好 世界", ["你好，世界！"]),
        ("变", ["写代码改变世界"]),
        ("界", ["你好，世界！", "写代码改变世界"]),
        ("代码改变", ["写代码改变世界"]),
        ("改变代码", []),
        ("用python", ["用Python写"]),
        ("python写", ["用Python写"]),
        ("Python 用", ["用Python写"]),
        ("タワー", ["東京タワー"]),
        ("absent", []),
        ("has:link", ["see https://example.com/path"]),
        ("has:file", []),
        ("has:link example", ["see https://example.com/path"]),
        ("https://example.com/path", ["see https://example.com/path"]),
        ("from:mira", ["they run", "你好，世界！"]),
        ("from:Mira 你好", ["你好，世界！"]),
        ("from:me run", ["Running home"]),
        ("from:me from:mira run", ["Running home", "they run"]),
        ("from:nobody run", []),
        ("in:general run", ["Running home", "they run"]),
        ("in:#General run", ["Running home", "they run"]),
        ("in:nowhere run", []),
        ("_r1", []),
        ("_u1 run", []),
        ("run OR home", []),
    ],
)
def test_what_is_found(store: Store, owner: Actor, member: Actor, query: str, wanted: list[str]) -> None:
    say(store, owner, "Running home")
    tell(store, member, "they run", "你好，世界！")
    lines = ("un café, two cafes", "on_message_send", "pi is 3.14", "写代码改变世界", "用Python写", "東京タワー")
    tell(store, owner, *lines, "see https://example.com/path")
    assert sorted(found(store, owner, query)) == sorted(wanted)


def test_the_newest_come_first_page_by_page(store: Store, owner: Actor) -> None:
    ids = tell(store, owner, *(f"word {number}" for number in range(1, 8)))
    seen, before = [], None
    for _ in range(4):
        page = search.find(store, owner, Search("word", before=before, limit=2))
        seen += [hit.message.id for hit in page.hits]
        before = page.next
    assert seen == ids[::-1]
    assert before is None
    assert found(store, owner, "word", before=ids[0]) == []
    assert found(store, owner, "word", before=2**53 - 1) == [f"word {number}" for number in range(7, 0, -1)]


def test_an_excerpt_comes_with_the_whole_message(store: Store, owner: Actor) -> None:
    tell(store, owner, "We were **running** 写代码")
    (hit,) = search.find(store, owner, Search("runs 代码")).hits
    assert hit.excerpt == ["We were ", "running", " 写", "代码", ""]
    assert hit.message.author.username == "ada"
    assert hit.message.html == "<p>We were <strong>running</strong> 写代码</p>"


def test_an_excerpt_is_what_one_reads(store: Store, owner: Actor) -> None:
    """Without the marks of Markdown, and without what was hidden, unless that is what was searched for."""
    tell(store, owner, "> the **lamp**\n\n- burns, ||the keeper sleeps||, [see](https://example.com/tower)\n- a<b")

    def read(query: str) -> list[str]:
        (hit,) = search.find(store, owner, Search(query)).hits
        return hit.excerpt

    assert read("lamp") == ["the ", "lamp", " burns, ▒▒▒, see a<b"]
    assert "".join(read("keeper")).startswith("> the **lamp**")
    assert "keeper" in read("keeper")
    assert "tower" in read("tower")


def test_days(store: Store, owner: Actor) -> None:
    ids = tell(store, owner, "one", "two", "three", "four")
    # Not in the order of their numbers, as after messages were brought from elsewhere.
    times = ("2026-01-30T23:59:59.999", "2026-02-01T00:00:00", "2026-01-31T00:00:00", "2026-01-31T23:59:59.999")

    def work(tx: Transaction) -> None:
        for number, when in zip(ids, times, strict=True):
            moment = int(datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp() * 1000)
            tx.conn.execute(update(message_table).where(message_table.c.id == number).values(created_at=moment))
        for table in (search_heads, search_days):
            tx.conn.execute(table.delete())

    store.write(work)
    follow(store)
    assert found(store, owner, "before:2026-01-31") == ["one"]
    assert found(store, owner, "after:2026-01-31") == ["two"]
    assert found(store, owner, "after:2026-01-30 before:2026-02-01") == ["four", "three"]
    assert found(store, owner, "from:me before:2026-02-01 four") == ["four"]
    assert found(store, owner, "before:2026-01-30") == found(store, owner, "after:2026-02-01") == []
    assert found(store, owner, "before:0001-01-01") == found(store, owner, "after:9999-12-31") == []
    assert len(found(store, owner, "before:9999-12-31 after:0001-01-01")) == 4


def test_more_of_one_word_than_one_database_counts(store: Store, owner: Actor) -> None:
    tell(store, owner, "spam " * 300 + "egg", "ham " * 200 + "egg")
    assert len(found(store, owner, "spam egg")) == 1
    assert len(found(store, owner, '"ham egg"')) == 1
    # Behind the 255th, the place of a word is not known.
    assert found(store, owner, '"spam egg"') == []


def test_the_longest_messages(store: Store, owner: Actor) -> None:
    tell(store, owner, "字" * 10_000, " ".join(map(str, range(2000))), "x" * 10_000, ("𠮷" * 63 + " ") * 150)
    for query in ("字字字", "1999", "x" * 200, "𠮷𠮷", '"1998 1999"'):
        assert len(found(store, owner, query)) == 1, query


@pytest.mark.parametrize("query", ["", "   ", "🎉", "!?", '""', "“”", "* : \\ ' --", "\U0001f44d\U0001f3fd", "%"])
def test_a_query_without_anything_to_search(store: Store, owner: Actor, query: str) -> None:
    with pytest.raises(ChatError) as caught:
        search.find(store, owner, Search(query))
    assert (caught.value.code, caught.value.field) == ("bad_request", "query")


def test_a_room_and_an_author_need_no_words(store: Store, owner: Actor, member: Actor) -> None:
    tell(store, owner, "one")
    tell(store, member, "two")
    assert found(store, owner, "", author=member.user) == ["two"]
    assert found(store, owner, "", room=LOBBY) == ["two", "one"]
    assert found(store, owner, "from:me", author=member.user) == []
    assert found(store, owner, "two", author=member.user, room=LOBBY) == ["two"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.text(max_size=200))
def test_no_query_is_an_error_of_the_database(store: Store, owner: Actor, query: str) -> None:
    with suppress(ChatError):
        search.find(store, owner, Search(query))


HAN = st.text("的一是不了人我在有他这中大来上国代码", min_size=1, max_size=12)
MIXED = st.lists(
    st.one_of(HAN, st.sampled_from(["run", "Running", "café", "x1", "on_it", "3.14", "the", "ｶﾞ"])),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MIXED, st.sampled_from(["", " ", "，"]))
def test_every_piece_of_what_was_said_finds_it(store: Store, owner: Actor, pieces: list[str], between: str) -> None:
    said = between.join(pieces)
    (message,) = tell(store, owner, said)
    wanted = [said[token.start : token.end] for token in tokens(said)]
    for piece in {*wanted, *pieces} if between else {*wanted, said}:
        hits = search.find(store, owner, Search(piece, limit=50)).hits
        assert message in [hit.message.id for hit in hits], piece
        (hit,) = [hit for hit in hits if hit.message.id == message]
        assert len(hit.excerpt) >= 3, piece


# Who finds it


def test_only_in_rooms_that_i_am_in(store: Store, owner: Actor, member: Actor) -> None:
    room = new_room(store, owner, "workshop")
    tell(store, owner, "a secret", room=room)
    everywhere: Sequence[dict[str, Any]] = ({}, {"room": room}, {"author": owner.user})

    def sees() -> list[bool]:
        queries = ("secret", "in:workshop secret", "from:ada", "in:workshop")
        return [found(store, member, query, **fields) == ["a secret"] for fields in everywhere for query in queries]

    assert not any(sees())
    members.join(store, member, RoomJoin(room))
    assert all(sees())
    members.leave(store, member, RoomLeave(room))
    assert not any(sees())


def test_an_archived_room_is_searched_too(store: Store, owner: Actor) -> None:
    room = new_room(store, owner, "attic")
    tell(store, owner, "old things", room=room)
    store.write(lambda tx: tx.conn.execute(update(room_table).where(room_table.c.id == room).values(archived_at=1)))
    assert found(store, owner, "thing") == ["old things"]


def test_private_rooms_of_one_name(store: Store, owner: Actor, member: Actor) -> None:
    mine, theirs = (new_room(store, actor, "plans", "private") for actor in (owner, member))
    tell(store, owner, "mine", room=mine)
    tell(store, member, "theirs", room=theirs)
    assert found(store, owner, "in:plans") == ["mine"]
    assert found(store, member, "in:plans") == ["theirs"]


@pytest.mark.parametrize("few", [0, 20])
@pytest.mark.parametrize("even", [0, 100])
def test_many_rooms_and_few_find_the_same(
    store: Store, owner: Actor, member: Actor, few: int, even: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the index looks into the rooms only, or what is found elsewhere is dropped."""
    monkeypatch.setattr(finding, "FEW_ROOMS", few)
    monkeypatch.setattr(finding, "EVEN", even)
    monkeypatch.setattr(finding, "FEW_MESSAGES", 0)
    monkeypatch.setattr(finding, "STEP", 3)
    monkeypatch.setattr(finding, "SECONDS", 60)
    monkeypatch.setattr(finding, "BUSY_SECONDS", 60)
    other = new_room(store, owner, "other")
    for number in range(10):
        tell(store, owner, f"word {number}", room=other if number % 2 else LOBBY)
    assert found(store, member, "word") == [f"word {number}" for number in (8, 6, 4, 2, 0)]
    assert found(store, member, "word", limit=2) == ["word 8", "word 6"]
    assert len(found(store, owner, "word")) == 10


def test_in_hundreds_of_rooms(store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "MOST_OF_A_GROUP", 3)
    monkeypatch.setattr(finding, "EVEN", 1000)
    ids = [say(store, owner, "a word", new_room(store, owner, f"room{number}")) for number in range(25)]
    follow(store)
    first = search.find(store, owner, Search("word"))
    second = search.find(store, owner, Search("word", before=first.next))
    assert [hit.message.id for hit in first.hits + second.hits] == ids[::-1]


# Time


def sparse(store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Messages with large gaps between their ids, so that they lie in windows of their own."""
    monkeypatch.setattr(finding, "FEW_MESSAGES", 0)
    ids = []
    for number in range(6):
        if store.readers.dialect.name == "sqlite":
            statement = f"UPDATE sqlite_sequence SET seq = {number * 100_000} WHERE name = 'messages'"
        else:
            statement = f"ALTER SEQUENCE messages_id_seq RESTART WITH {number * 100_000 + 1}"
        store.write(lambda tx, statement=statement: tx.conn.execute(text(statement)))  # type: ignore[misc]
        ids += tell(store, owner, f"{'even' if number % 2 == 0 else 'odd'} {number}")
    return ids


def test_all_is_searched_where_there_is_time(store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "SECONDS", 60)
    monkeypatch.setattr(finding, "BUSY_SECONDS", 60)
    ids = sparse(store, owner, monkeypatch)
    found = search.find(store, owner, Search("even"))
    assert [hit.message.id for hit in found.hits] == [ids[4], ids[2], ids[0]]
    assert found.next is None


def test_when_the_time_is_over_the_answer_says_where_to_go_on(
    store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "SECONDS", -1)
    monkeypatch.setattr(finding, "QUICK_SECONDS", -1)
    monkeypatch.setattr(index, "is_rare", lambda *_: False)
    monkeypatch.setattr(index, "is_quick", lambda *_: False)
    ids = sparse(store, owner, monkeypatch)
    seen: list[int] = []
    before, answers = None, 0
    while answers == 0 or before is not None:
        page = search.find(store, owner, Search("even", before=before))
        assert page.next is None or before is None or page.next < before
        seen += [hit.message.id for hit in page.hits]
        before, answers = page.next, answers + 1
    assert seen == [ids[4], ids[2], ids[0]]
    assert answers > 6


def test_too_many_at_once_are_refused(store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.store.db.PATIENCE_SECONDS", 0.01)
    tell(store, owner, "one")
    places = [store._aside_places.acquire() for _ in range(3)]
    assert all(places)
    with pytest.raises(ChatError) as caught:
        search.find(store, owner, Search("one"))
    assert (caught.value.code, caught.value.retryable) == ("unavailable", True)
    for _ in places:
        store._aside_places.release()
    assert found(store, owner, "one") == ["one"]


# How the index follows


def test_a_message_is_found_after_the_next_beat(store: Store, owner: Actor) -> None:
    follower = Follower(store)
    say(store, owner, "hello")
    assert found(store, owner, "hello") == []
    follower.beat()
    assert follower.behind == 0
    assert found(store, owner, "hello") == ["hello"]
    say(store, owner, "hello again")
    follower.beat()
    assert found(store, owner, "hello") == ["hello again", "hello"]


def test_a_quiet_beat_looks_once(store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    follower = Follower(store, lambda: now)
    say(store, owner, "hello")
    follower.beat()
    pieces: list[Store] = []

    def note(store: Store) -> tuple[int, int]:
        pieces.append(store)
        return 0, 0

    monkeypatch.setattr(following, "piece", note)
    follower.beat()
    assert pieces == []
    # What had its number before and its commit after that look is found all the same.
    now += following.LOOK_AT_ALL_SECONDS
    follower.beat()
    assert pieces == [store]


def test_pieces_are_bounded(store: Store, owner: Actor, member: Actor) -> None:
    room = new_room(store, owner, "large")
    for number in range(5):
        say(store, owner, f"large {number}", room)
    say(store, owner, "small")
    # The room that lacks the fewest goes first, so that a new message never waits for an old room.
    assert following.piece(store, 2) == (2, 4)
    assert found(store, owner, "small") == ["small"]
    assert following.piece(store, 2) == (2, 2)
    say(store, owner, "x" * 600, room)
    say(store, owner, "y" * 600, room)
    assert following.piece(store, 64, 500) == (3, 1)
    assert following.piece(store, 64, 500) == (1, 0)
    assert following.piece(store) == (0, 0)
    assert len(indexed(store)) == 8


def test_after_a_crash_it_goes_on(store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        say(store, owner, f"word {number}")
    following.piece(store, 2)
    before = indexed(store)

    def crash(*_: Any) -> None:
        raise RuntimeError("power cut")

    # Behind what was written to the index, and before the rest of the transaction.
    monkeypatch.setattr(following, "_keep_days", crash)
    with pytest.raises(RuntimeError):
        following.piece(store, 2)
    monkeypatch.undo()
    assert indexed(store) == before
    follow(store)
    assert found(store, owner, "word") == [f"word {number}" for number in (4, 3, 2, 1, 0)]
    assert len(indexed(store)) == 5


PROGRAM = """
import sys
from pathlib import Path
from chat.config import Settings
from chat.search import following
from chat.store import Store
store = Store(Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[2]))
print("begun", flush=True)
while following.piece(store, 3)[1]:
    print("piece", flush=True)
store.close()
"""


def test_killed_processes_leave_nothing_twice_and_nothing_out(store: Store, owner: Actor) -> None:
    texts = [f"word {number}" for number in range(60)]
    for one in texts:
        say(store, owner, one)
    command = [sys.executable, "-c", PROGRAM, str(store.settings.data_dir), store.settings.database_url]
    for _ in range(3):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"begun\n"
            process.stdout.readline()
            os.kill(process.pid, signal.SIGKILL)
    follow(store)
    assert len(indexed(store)) == len(texts)
    assert found(store, owner, "word", limit=50) == texts[:9:-1]


def test_two_processes_index_each_message_once(
    store: Store, make_store: Callable[..., Store], owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [new_room(store, owner, f"room{number}") for number in range(8)]
    for number in range(80):
        say(store, owner, f"word {number}", others[number % 8])
    put: list[int] = []
    real = index.put

    def note(conn: Any, entries: Any) -> None:
        put.extend(one.message for one in entries)
        real(conn, entries)

    monkeypatch.setattr(index, "put", note)
    second = make_store()

    def work(one: Store) -> None:
        until(lambda: following.piece(one, 3)[1] == 0)

    assert together(lambda: work(store), lambda: work(second)) == [None, None]
    assert sorted(put) == sorted(set(put))
    assert len(put) == len(indexed(store)) == 80


def test_an_edit_and_a_deletion_are_in_the_index_at_once(store: Store, owner: Actor) -> None:
    first, second = tell(store, owner, "an apple", "a banana 香蕉")
    change(store, first, text="a cherry", html="<p>a cherry</p>")
    assert found(store, owner, "apple") == []
    assert found(store, owner, "cherry") == ["a cherry"]
    change(store, second, text="", html="", deleted_at=1)
    assert found(store, owner, "banana") == found(store, owner, "香蕉") == found(store, owner, "香") == []
    whole = " ".join(indexed(store))
    assert "appl" not in whole
    assert "banana" not in whole
    assert "香" not in whole
    assert "cherri" in whole


def test_what_was_changed_before_it_was_indexed(store: Store, owner: Actor) -> None:
    first, second = say(store, owner, "an apple"), say(store, owner, "a banana")
    change(store, first, text="a cherry", html="<p>a cherry</p>")
    change(store, second, text="", html="", deleted_at=1)
    assert indexed(store) == []
    follow(store)
    assert found(store, owner, "cherry") == ["a cherry"]
    assert len(indexed(store)) == 1


def test_a_change_that_fails_leaves_the_index(store: Store, owner: Actor) -> None:
    (message,) = tell(store, owner, "an apple")

    def work(tx: Transaction) -> None:
        tx.conn.execute(update(message_table).where(message_table.c.id == message).values(text="a cherry"))
        search.changed(tx, LOBBY, 1, message)
        raise ValueError

    with pytest.raises(ValueError):
        store.write(work)
    assert found(store, owner, "apple") == ["an apple"]
    assert found(store, owner, "cherry") == []


@on_sqlite
def test_what_is_changed_while_it_is_made_into_tokens(
    store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = say(store, owner, "an apple")
    real = following._keep

    def later(conn: Any, made: Any) -> int:
        monkeypatch.undo()
        conn.execute(update(message_table).where(message_table.c.id == message).values(text="a cherry", rev=2))
        return real(conn, made)

    monkeypatch.setattr(following, "_keep", later)
    assert following.piece(store) == (0, 1)
    assert indexed(store) == []
    follow(store)
    assert found(store, owner, "cherry") == ["a cherry"]


@on_postgres
def test_a_change_waits_for_the_piece_that_has_its_message(
    store: Store, make_store: Callable[..., Store], owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = say(store, owner, "an apple")
    other = make_store()
    real = following._keep
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )

    def held(conn: Any, made: Any) -> int:
        # The text is read, and the other process changes it now.
        def is_waiting() -> bool:
            with store.read() as reader:
                return bool(reader.scalar(waiting))

        until(is_waiting)
        return real(conn, made)

    monkeypatch.setattr(following, "_keep", held)
    monkeypatch.setattr(following, "_keep_days", lambda conn, rows: None)

    def index_it() -> None:
        following.piece(store)

    def change_it() -> None:
        until(lambda: _is_claimed(store))
        change(other, message, text="a cherry", html="<p>a cherry</p>")

    assert together(index_it, change_it) == [None, None]
    assert found(store, owner, "apple") == []
    assert found(store, owner, "cherry") == ["a cherry"]


def _is_claimed(store: Store) -> bool:
    with store.read() as conn:
        held = text("SELECT count(*) FROM pg_locks WHERE relation = 'search_heads'::regclass AND mode = 'RowShareLock'")
        return bool(conn.scalar(held))


@on_postgres
def test_a_room_that_is_being_changed_is_left_for_later(
    store: Store, make_store: Callable[..., Store], owner: Actor
) -> None:
    message = say(store, owner, "an apple")
    other = make_store()
    results = []

    def work(tx: Transaction) -> None:
        tx.conn.execute(update(message_table).where(message_table.c.id == message).values(text="a cherry"))
        search.changed(tx, LOBBY, 1, message)
        results.append(following.piece(other))

    # Its head is there already, so nobody waits.
    store.write(lambda tx: tx.conn.execute(search_heads.insert().values(room_id=LOBBY, seq=0)))
    store.write(work)
    assert results == [(0, 1)]
    follow(store)
    assert found(store, owner, "cherry") == ["a cherry"]


@on_postgres
def test_a_connection_that_is_gone_is_replaced(store: Store, owner: Actor) -> None:
    tell(store, owner, "one")
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
    store.write(lambda tx: tx.conn.execute(text(end)))
    assert found(store, owner, "one") == ["one"]


@on_postgres
def test_indexing_needs_no_turn_of_the_writer(store: Store, owner: Actor) -> None:
    say(store, owner, "one")
    with writer_held(store):
        assert following.piece(store) == (1, 0)
        assert found(store, owner, "one") == ["one"]


def test_system_messages_are_not_searched(store: Store, owner: Actor) -> None:
    message = say(store, owner, "one")
    store.write(
        lambda tx: tx.conn.execute(update(message_table).where(message_table.c.id == message).values(kind="system"))
    )
    follow(store)
    assert indexed(store) == []
    assert found(store, owner, "from:me") == []


def test_a_database_that_is_away_is_left_alone_for_a_while(
    store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    tried = []
    follower = Follower(store, lambda: now)
    say(store, owner, "one")

    def away(*_: Any) -> Any:
        tried.append(now)
        raise ChatError("unavailable", "away")

    monkeypatch.setattr(following, "piece", away)
    for _ in range(3):
        follower.beat()
    now += following.REST_SECONDS
    follower.beat()
    assert tried == [0.0, following.REST_SECONDS]
    monkeypatch.undo()
    now += following.REST_SECONDS
    follower.beat()
    assert found(store, owner, "one") == ["one"]
