"""The client manager forgets a client completely, and knows its rooms without looking through all of them."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from chat.transport.manager import Manager


def make_manager() -> Manager:
    manager = Manager()
    ids = iter(range(100_000))
    manager.server = SimpleNamespace(eio=SimpleNamespace(generate_id=lambda: f"sid{next(ids)}"))
    return manager


def connect(manager: Manager, eio_sid: str) -> str:
    sid = manager.pre_connect(eio_sid, "/chat")
    assert sid is not None
    return manager.connect(sid, "/chat")


def test_rooms_of_a_client() -> None:
    manager = make_manager()
    ada, mira = connect(manager, "a"), connect(manager, "b")
    for sid in (ada, mira):
        manager.enter_room(sid, "/chat", "room:1")
    manager.enter_room(ada, "/chat", "room:2")
    manager.leave_room(ada, "/chat", "room:1")
    assert sorted(manager.get_rooms(ada, "/chat")) == ["room:2", ada]
    assert [sid for sid, _ in manager.get_participants("/chat", "room:1")] == [mira]
    manager.close_room("room:1", "/chat")
    assert manager.get_rooms(mira, "/chat") == [mira]
    assert manager.get_rooms("nobody", "/chat") == []


def test_a_client_is_forgotten_completely() -> None:
    manager = make_manager()
    ada = connect(manager, "a")
    manager.enter_room(ada, "/chat", "room:1")
    refused = manager.pre_connect("b", "/chat")
    manager.disconnect(refused, "/chat")
    manager.pre_disconnect(ada, "/chat")
    assert not manager.is_connected(ada, "/chat")
    manager.disconnect(ada, "/chat")
    manager.disconnect(ada, "/chat")
    assert (manager.rooms, manager.pending_connect, manager.pending_disconnect) == ({}, {}, {})
    assert (manager._entered, manager._sids) == ({}, {})


def test_a_mass_leaving_looks_into_nobody_else_s_room() -> None:
    manager = make_manager()
    sids = [connect(manager, str(number)) for number in range(500)]
    for number, sid in enumerate(sids):
        manager.enter_room(sid, "/chat", f"room:{number}")
    looks = 0

    class Watched(dict[str | None, object]):
        def __iter__(self) -> Iterator[str | None]:
            nonlocal looks
            looks += len(self)
            return super().__iter__()

        def items(self) -> Any:
            nonlocal looks
            looks += len(self)
            return super().items()

        def copy(self) -> Watched:
            nonlocal looks
            looks += len(self)
            return self

    manager.rooms["/chat"] = Watched(manager.rooms["/chat"])
    for sid in sids:
        manager.disconnect(sid, "/chat")
    assert looks == 0
    assert manager.rooms == {}


def test_a_client_is_let_into_a_namespace_once() -> None:
    manager = make_manager()
    ada = connect(manager, "a")
    assert manager.pre_connect("a", "/chat") is None
    assert manager.pre_connect("a", "/help") is not None
    assert manager.sid_from_eio_sid("a", "/chat") == ada
    assert manager.eio_sid_from_sid(ada, "/chat") == "a"
    assert manager.eio_sid_from_sid(ada, "/help") is None
    assert manager.sid_from_eio_sid("a", "/nowhere") is None


def test_nobody_enters_another_s_own_room_or_one_before_connecting() -> None:
    manager = make_manager()
    ada, mira = connect(manager, "a"), connect(manager, "b")
    with pytest.raises(ValueError, match="sid room"):
        manager.enter_room(ada, "/chat", mira)
    with pytest.raises(ValueError, match="not connected"):
        manager.enter_room("nobody", "/chat", "room:1")
    manager.leave_room(ada, "/chat", "room:1")
    manager.enter_room(ada, "/chat", "room:1")
    manager.enter_room(ada, "/chat", "room:1")
    manager.leave_room(ada, "/chat", "room:1")
    assert manager.get_rooms(ada, "/chat") == [ada]


def test_several_rooms_are_told_once_to_each() -> None:
    manager = make_manager()
    ada, mira = connect(manager, "a"), connect(manager, "b")
    for room in ("room:1", "room:2"):
        manager.enter_room(ada, "/chat", room)
    manager.enter_room(mira, "/chat", "room:2")
    assert dict(manager.get_participants("/chat", ["room:1", "room:2", "room:3"])) == {ada: "a", mira: "b"}
    assert list(manager.get_participants("/chat", mira)) == [(mira, "b")]
    assert list(manager.get_participants("/nowhere", mira)) == []
