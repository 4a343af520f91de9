"""The client manager forgets a client completely, and knows its rooms without looking through all of them."""

from __future__ import annotations

from types import SimpleNamespace

from chat.transport.manager import Manager


def make_manager() -> Manager:
    manager = Manager()
    ids = iter(range(100_000))
    manager.server = SimpleNamespace(eio=SimpleNamespace(generate_id=lambda: f"sid{next(ids)}"))
    return manager


def connect(manager: Manager, eio_sid: str) -> str:
    return manager.connect(manager.pre_connect(eio_sid, "/chat"), "/chat")


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
    assert manager._entered == {}


def test_a_mass_leaving_looks_into_nobody_else_s_room() -> None:
    manager = make_manager()
    sids = [connect(manager, str(number)) for number in range(500)]
    looks = 0

    class Watched(dict[str | None, object]):
        def copy(self) -> Watched:
            nonlocal looks
            looks += len(self)
            return self

    manager.rooms["/chat"] = Watched(manager.rooms["/chat"])
    for sid in sids:
        manager.disconnect(sid, "/chat")
    assert looks == 0
    assert manager.rooms == {}
