"""Connections to read over: used again, never left in a transaction, bounded in number, and given up when they fail."""

from __future__ import annotations

from contextlib import ExitStack, suppress

import pytest
from sqlalchemy import Connection, QueuePool, select, text
from sqlalchemy.exc import SQLAlchemyError

from chat.errors import ChatError, not_found
from chat.store import Store, Transaction, tables
from tests.domain.support import on_sqlite, together


def driver(conn: Connection) -> object:
    return conn.connection.driver_connection


def put(store: Store, value: str) -> None:
    row = {"key": "sample", "value": value}

    def work(tx: Transaction) -> None:
        tx.conn.execute(tables.meta.delete().where(tables.meta.c.key == "sample"))
        tx.conn.execute(tables.meta.insert().values(row))

    store.write(work)


def fail(store: Store, error: BaseException) -> Connection:
    """Raise this in a transaction; returns the connection that it was."""
    used: Connection | None = None
    with suppress(ChatError, type(error)), store.read() as conn:
        used = conn
        conn.begin()
        raise error
    assert used is not None
    return used


def ask(store: Store, statement: str) -> None:
    with store.read() as conn:
        conn.execute(text(statement))


def pool(store: Store) -> QueuePool:
    assert isinstance(store.readers.pool, QueuePool)
    return store.readers.pool


def test_what_was_read_before_does_not_hide_what_came_since(store: Store) -> None:
    for value in ("one", "two", "three"):
        put(store, value)
        with store.read() as conn:
            conn.begin()
            assert conn.scalar(select(tables.meta.c.value).where(tables.meta.c.key == "sample")) == value


def test_one_moment_within_a_block(store: Store) -> None:
    put(store, "before")
    with store.read() as conn:
        conn.begin()
        query = select(tables.meta.c.value).where(tables.meta.c.key == "sample")
        assert conn.scalar(query) == "before"
        put(store, "after")
        assert conn.scalar(query) == "before"
    assert store.meta("sample") == "after"


@on_sqlite
class TestSQLite:
    def test_a_connection_is_used_again_also_after_a_refusal(self, store: Store) -> None:
        with store.read() as conn:
            first = driver(conn)
        fail(store, not_found("Nothing here."))
        with store.read() as conn:
            assert driver(conn) is first
            assert not conn.in_transaction()

    @pytest.mark.parametrize("failure", [SQLAlchemyError("sample"), KeyboardInterrupt(), ValueError("sample")])
    def test_one_that_failed_is_not_kept_at_hand(self, store: Store, failure: BaseException) -> None:
        assert fail(store, failure).closed
        assert store.meta("epoch")

    def test_a_statement_that_fails(self, store: Store) -> None:
        for _ in range(30):
            with pytest.raises(ChatError) as caught:
                ask(store, "SELECT nothing FROM nowhere")
            assert caught.value.code == "unavailable"
        assert store.meta("epoch")

    def test_a_crowd_leaves_no_more_than_the_pool_likes_to_keep(self, store: Store) -> None:
        with ExitStack() as crowd:
            for _ in range(20):
                crowd.enter_context(store.read())
            assert pool(store).checkedout() == 20
        assert pool(store).checkedout() <= pool(store).size()
        assert len(together(*[lambda: store.meta("epoch")] * 60)) == 60
        assert pool(store).checkedout() + pool(store).checkedin() <= pool(store).size()

    def test_closing_lets_go_of_all(self, store: Store) -> None:
        with store.read() as conn:
            kept = conn
        store.close()
        assert kept.closed
