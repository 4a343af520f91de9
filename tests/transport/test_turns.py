"""What gathers in a turn of the hub, and what goes before it."""

from __future__ import annotations

from collections.abc import Callable

from chat.transport.concurrency.turns import Turns


class Hub:
    def __init__(self) -> None:
        self.soon: list[Callable[[], None]] = []
        self.done: list[str] = []
        self.turns = Turns(lambda seconds, action: self.soon.append(action), lambda: self.done.append("first"))

    def turn(self) -> None:
        soon, self.soon = self.soon, []
        for action in soon:
            action()


class Client:
    def __init__(self, hub: Hub, name: str) -> None:
        self.hub = hub
        self.name = name

    def flush(self) -> None:
        self.hub.done.append(self.name)
        if self.name == "failing":
            raise OSError


def test_all_that_gathered_leaves_once_after_what_goes_first() -> None:
    hub = Hub()
    for name in ("a", "failing", "b"):
        hub.turns.add(Client(hub, name))
    assert len(hub.soon) == 1
    hub.turn()
    assert hub.done == ["first", "a", "failing", "b"]
    hub.turn()
    hub.turns.add(Client(hub, "c"))
    hub.turn()
    assert hub.done == ["first", "a", "failing", "b", "first", "c"]
