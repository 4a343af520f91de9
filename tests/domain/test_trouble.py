"""A database that is locked, full, read-only or gone: `unavailable` at once, and everything goes on afterwards."""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from chat import history, messages, sessions, tokens
from chat.actor import Actor
from chat.config import Settings, SettingsError
from chat.errors import ChatError
from chat.events.messages import MessageSend
from chat.events.reading import History
from chat.store import Store, Transaction, schema
from chat.store.tables import messages as message_table
from tests.domain.support import batched, counted, on_sqlite
from tests.waiting import DEADLINE, until


def refused(work: Callable[[], Any]) -> None:
    with pytest.raises(ChatError) as caught:
        work()
    assert (caught.value.code, caught.value.retryable) == ("unavailable", True)
    # People see the sentence: nothing of the database is in it.
    assert "sql" not in caught.value.message.lower()


def attempt(work: Callable[[], Any]) -> Any:
    """What it returns, or the code of the error that it raises."""
    try:
        return work()
    except ChatError as error:
        return error.code


def pragma(store: Store, statement: str) -> Any:
    """A setting of the writer's connection."""

    def work(tx: Transaction) -> Any:
        found = tx.conn.exec_driver_sql(f"PRAGMA {statement}")
        return found.scalar() if found.returns_rows else None

    return store.write(work)


@on_sqlite
class TestSQLite:
    def test_a_lock_that_stays_fails_all_that_waits_at_once(self, store: Store, owner: Actor) -> None:
        """Not each by itself after a wait of its own, which would hold up everybody for minutes."""
        pragma(store, "busy_timeout=30")
        published, go_on = threading.Event(), threading.Event()

        def hold(effects: object) -> None:
            published.set()
            assert go_on.wait(DEADLINE)

        store.publish = hold
        sends = [MessageSend(1, f"c{n}", "x") for n in range(21)]
        results: list[Any] = []

        def send(command: MessageSend) -> None:
            results.append(attempt(lambda: messages.send(store, owner, command)))

        threads = [threading.Thread(target=send, args=(command,)) for command in sends]
        threads[0].start()
        assert published.wait(DEADLINE)
        for thread in threads[1:]:
            thread.start()
        until(lambda: len(store._jobs) == 20)
        other = sqlite3.connect(store.settings.data_dir / "hubbub.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with counted(store._writer, "checkout") as begun:
            go_on.set()
            for thread in threads:
                thread.join(DEADLINE)
        assert len(begun) == 1
        assert results.count("unavailable") == 20
        other.execute("ROLLBACK")
        other.close()
        assert messages.send(store, owner, sends[1]).message.seq == 2

    def test_a_full_disk(self, store: Store, owner: Actor) -> None:
        kept = [messages.send(store, owner, MessageSend(1, "before", "x" * 5_000)).message]
        pragma(store, f"max_page_count={pragma(store, 'page_count') + 4}")
        sends = [MessageSend(1, f"c{n}", "x" * 5_000) for n in range(40)]
        results = [attempt(partial(messages.send, store, owner, command)) for command in sends]
        assert "unavailable" in results
        kept += [result.message for result in results if result != "unavailable"]
        found = history.page(store, owner, History(1, limit=100))
        assert found.messages == kept
        assert found.head.seq == len(kept)
        pragma(store, "max_page_count=1000000")
        assert messages.send(store, owner, MessageSend(1, "after", "x" * 5_000)).message.seq == len(kept) + 1

    def test_a_full_disk_within_a_batch_loses_no_order(self, store: Store, owner: Actor) -> None:
        pragma(store, f"max_page_count={pragma(store, 'page_count') + 12}")
        sends = [MessageSend(1, f"c{n}", "x" * 4_000) for n in range(30)]
        results = batched(store, *(lambda s=s: messages.send(store, owner, s) for s in sends))
        kept = [r.message.seq for r in results if not isinstance(r, ChatError)]
        assert {r.code for r in results if isinstance(r, ChatError)} == {"unavailable"}
        assert kept == list(range(1, len(kept) + 1))
        with store.read() as conn:
            assert list(conn.scalars(select(message_table.c.seq))) == kept

    def test_reading_goes_on_while_nothing_can_be_written(self, store: Store, owner: Actor, monkeypatch: Any) -> None:
        secret = sessions.open_session(store, owner.user, user_agent="x", address="y")
        _, token = tokens.create(store, owner, "x")
        messages.send(store, owner, MessageSend(1, "a", "a"))
        pragma(store, "query_only=ON")
        refused(lambda: messages.send(store, owner, MessageSend(1, "b", "b")))
        refused(lambda: sessions.open_session(store, owner.user, user_agent="x", address="y"))
        assert history.page(store, owner, History(1)).head.seq == 1
        # Even where the visit would be noted.
        monkeypatch.setattr(sessions, "NOTE_EVERY", -1)
        for found in (sessions.actor(store, secret), tokens.actor(store, token)):
            assert found is not None
            assert found.user == owner.user


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "hubbub.db").write_text("This is a diary, not a database. " * 100)
    store = Store(Settings(data_dir=tmp_path))
    refused(lambda: store.meta("epoch"))
    refused(lambda: store.write(lambda tx: None))
    store.close()


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all/hubbub.db", "postgresql://nobody@127.0.0.1:1/nothing", "postgresql://%zz:1/x"]
)
def test_a_database_that_is_not_there(tmp_path: Path, url: str) -> None:
    store = Store(Settings(data_dir=tmp_path, database_url=url))
    refused(lambda: store.meta("epoch"))
    refused(lambda: store.write(lambda tx: None))
    store.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql",
        "postgresql://host:port/name",
        "postgresql://[::1/name",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///",
    ],
)
def test_a_url_that_is_none_says_what_is_right(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Store(Settings(data_dir=tmp_path, database_url=url))
    assert str(caught.value).startswith("CHAT_DATABASE_URL ")
    assert "\n" not in str(caught.value)


def test_without_its_driver_postgresql_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg2", None)
    with pytest.raises(SettingsError, match="pip install"):
        Store(Settings(data_dir=tmp_path, database_url="postgresql://x/y"))


def test_a_first_start_that_cannot_write(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "hubbub.db", isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN IMMEDIATE")
    store = Store(Settings(data_dir=tmp_path))
    pool = store._writer.raw_connection()
    pool.execute("PRAGMA busy_timeout=30")
    pool.close()
    refused(lambda: schema.prepare(store))
    other.execute("ROLLBACK")
    other.close()
    schema.prepare(store)
    assert store.epoch
    store.close()
