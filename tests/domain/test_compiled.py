"""Queries on the driver's own cursor: the same as Core's, and the same errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import bindparam, literal, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from chat import people
from chat.actor import Actor
from chat.errors import ChatError
from chat.store import Store
from chat.store.compiled import Compiled
from chat.store.tables import meta, rooms


def test_values_are_given_in_the_order_of_their_names(store: Store) -> None:
    query = select(bindparam("a", type_=meta.c.key.type), literal("own"), bindparam("b", type_=meta.c.key.type))
    with store.read() as conn:
        assert Compiled(query, "a", "b").rows(conn, "1", "2") == [("1", "own", "2")]
        assert Compiled(query, "b", "a").rows(conn, "1", "2") == [("2", "own", "1")]
        with pytest.raises(ValueError, match="argument"):
            Compiled(query, "a", "b").rows(conn, "1")


def test_a_statement_of_another_order_is_found_at_the_start(store: Store) -> None:
    statement = rooms.update().where(rooms.c.id == bindparam("room")).values(seq=bindparam("to"))
    assert Compiled(statement, "to", "room").text(store.readers.dialect)
    with pytest.raises(ValueError, match="another order"):
        Compiled(statement, "room", "to").text(store.readers.dialect)


def test_errors_are_those_of_core(store: Store) -> None:
    wrong = Compiled(text("SELECT * FROM nowhere"))
    with pytest.raises(ChatError) as caught, store.read() as conn:
        wrong.rows(conn)
    assert caught.value.code == "unavailable"
    assert isinstance(caught.value.__cause__, OperationalError | ProgrammingError)
    with store.read() as conn:
        assert Compiled(text("SELECT 1")).rows(conn) == [(1,)]


def test_acquaintances_are_few_and_oneself_is_among_them(
    store: Store, owner: Actor, make_member: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {make_member().user for _ in range(6)}
    with store.read() as conn:
        me = people.one(conn, owner.user)
        assert {user.id for user in people.acquainted(conn, me, 50)} == {owner.user} | others
        some = people.acquainted(conn, me, 3)
    assert (some[0], len({user.id for user in some})) == (me, 3)
