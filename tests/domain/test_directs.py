"""Direct conversations below the sockets."""

from __future__ import annotations

from collections.abc import Callable

from chat import directs
from chat.actor import Actor
from chat.events.rooms import DirectOpen
from chat.store import Store
from tests.domain.support import together


def test_two_who_open_it_at_once_meet(make_store: Callable[..., Store], owner: Actor, member: Actor) -> None:
    stores = [make_store() for _ in range(2)]
    for _ in range(5):
        results = together(
            lambda: directs.open_with(stores[0], owner, DirectOpen([member.user])),
            lambda: directs.open_with(stores[1], member, DirectOpen([owner.user])),
        )
        assert len({result.room.id for result in results}) == 1
