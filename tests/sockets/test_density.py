"""How closely things stand: one choice for all windows of an account."""

from __future__ import annotations

from collections.abc import Callable

from chat.actor import Actor
from tests.clients import Client
from tests.sockets.conftest import Talk


def test_all_windows_of_an_account_hear_of_it_and_nobody_else(talk: Talk, connect: Callable[[Actor], Client]) -> None:
    second = connect(talk.ada)
    assert second.told("welcome")[0]["density"] == "comfortable"
    talk.me.call("density_set", density="compact")
    for client in (talk.me, second):
        assert client.told("density_changed") == [{"density": "compact"}]
    assert talk.other.told("density_changed") == []
    assert connect(talk.ada).told("welcome")[0]["density"] == "compact"
    assert talk.me.error("density_set", density="airy")["field"] == "density"
