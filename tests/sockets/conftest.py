"""A room with two people in it, each connected."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from chat.actor import Actor
from chat.hub import Hub
from tests.clients import Client


@dataclass
class Talk:
    """`ada` owns `room`; `mira` is in it. `me` and `other` are their connections."""

    room: int
    ada: Actor
    mira: Actor
    me: Client
    other: Client


@pytest.fixture
def database_url(database_in_turns: str) -> str:
    """What differs between the databases lies below the handlers, and is tested there on both."""
    return database_in_turns


@pytest.fixture
def talk(owner: Actor, member: Actor, connect: Callable[[Actor], Client]) -> Talk:
    me, other = connect(owner), connect(member)
    room = me.call("room_create", name="launch", kind="public", members=[member.user])["room"]["id"]
    me.forget()
    other.forget()
    return Talk(room, owner, member, me, other)


@pytest.fixture
def beat(hub: Hub) -> Callable[..., None]:
    """Let the pulse beat as if `seconds` had passed."""
    pulse = hub.sockets.pulse
    passed = 0.0
    began = time.monotonic()
    pulse._clock = lambda: began + passed

    def advance(seconds: float = 2.0) -> None:
        nonlocal passed
        passed += seconds
        pulse.beat()

    return advance
