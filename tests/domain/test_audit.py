"""The audit log: what is done is in it, only staff read it, and nobody changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from chat import audit
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.moderation import AuditEntry, AuditList
from chat.store import Store, Transaction
from tests.domain.support import refusal


def act(store: Store, actor: Actor | None, action: str = "sampled", **about: Any) -> None:
    store.write(lambda tx: audit.note(tx, actor, action, **about))


def found(store: Store, reader: Actor, /, **wanted: Any) -> list[AuditEntry]:
    return audit.listing(store, reader, AuditList(**wanted)).entries


def test_what_was_done_is_told_as_it_was_then(store: Store, owner: Actor, member: Actor) -> None:
    act(store, owner, user=member.user, room=1, message=5, reason="因为")
    act(store, None)
    store.write(lambda tx: tx.conn.execute(text("UPDATE users SET username = 'other', name = 'Other'")))
    line, entry = found(store, owner)
    assert (line.actor, line.actor_id, line.address, line.details) == ("hubbub", None, "cli", {})
    assert (entry.actor, entry.actor_id, entry.address) == ("ada", owner.user, "cli")
    assert (entry.user, entry.room, entry.message) == (member.user, 1, 5)
    assert entry.details == {"reason": "因为", "user_name": "mira", "room_name": "general"}


def test_what_was_not_done_is_not_in_it(store: Store, owner: Actor) -> None:
    def work(tx: Transaction) -> None:
        audit.note(tx, owner, "sampled")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.write(work)
    assert found(store, owner) == []


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"])
def test_a_row_can_be_neither_changed_nor_deleted(store: Store, owner: Actor, statement: str) -> None:
    act(store, owner)
    # On SQLite it is what the transaction raises, on PostgreSQL trouble with the database.
    with pytest.raises((DatabaseError, ChatError)):
        store.write(lambda tx: tx.conn.execute(text(statement)))
    assert [entry.actor for entry in found(store, owner)] == ["ada"]


def test_it_is_asked_in_parts(store: Store, owner: Actor, member: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    for at, (actor, action, user, room) in enumerate(
        [
            (owner, "user_ban", member.user, None),
            (owner, "room_ban", member.user, 1),
            (member, "room_ban", owner.user, 1),
            (None, "backup", None, None),
        ]
    ):
        monkeypatch.setattr(audit, "now", lambda at=at: at * 1000)
        act(store, actor, action, user=user, room=room)

    def ids(**wanted: Any) -> list[int]:
        return [entry.id for entry in found(store, owner, **wanted)]

    assert ids() == [4, 3, 2, 1]
    assert ids(actor=owner.user) == [2, 1]
    assert ids(user=owner.user) == [3]
    assert ids(action="room_ban") == ids(room=1) == [3, 2]
    assert ids(room=1, actor=member.user) == [3]
    assert ids(since="1970-01-01T00:00:01Z", until="1970-01-01T00:00:03Z") == [3, 2]
    assert ids(action="'; DROP TABLE audit; --") == []
    first = audit.listing(store, owner, AuditList(limit=3))
    assert ([entry.id for entry in first.entries], first.next) == ([4, 3, 2], 2)
    last = audit.listing(store, owner, AuditList(limit=3, before=first.next))
    assert ([entry.id for entry in last.entries], last.next) == ([1], None)


def test_all_of_it_is_taken_along_in_pieces(store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "CHUNK", 2)
    for number in range(5):
        act(store, owner, "odd" if number % 2 else "even")
    assert [entry.id for entry in audit.rows(store, owner, AuditList())] == [5, 4, 3, 2, 1]
    # The page's own limit is not that of what is taken along.
    assert [entry.id for entry in audit.rows(store, owner, AuditList(action="even", limit=1))] == [5, 3, 1]
    begun = audit.rows(store, owner, AuditList())
    next(begun)
    act(store, owner)
    assert [entry.id for entry in begun] == [4, 3, 2, 1]


@pytest.mark.parametrize("role", ["member", "guest", "bot"])
def test_nobody_else_reads_it(store: Store, make_member: Callable[..., Actor], role: str) -> None:
    curious = make_member(role=role)
    assert refusal(lambda: found(store, curious))[0] == "forbidden"
    assert refusal(lambda: audit.rows(store, curious, AuditList()))[0] == "forbidden"
    assert found(store, make_member(role="admin")) == []


@pytest.mark.parametrize("field", ["since", "until"])
@pytest.mark.parametrize("value", ["", "yesterday", "2026-01-01", "9999-99-99T00:00:00Z", "\x00"])
def test_what_is_no_time(store: Store, owner: Actor, field: str, value: str) -> None:
    wanted: dict[str, Any] = {field: value}
    assert refusal(lambda: found(store, owner, **wanted)) == ("bad_request", field)
    assert refusal(lambda: audit.rows(store, owner, AuditList(**wanted))) == ("bad_request", field)
