"""A room with two people in it, each connected."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from chat.actor import Actor
from chat.helpdesk import agents, sites
from chat.helpdesk.sites import Site
from chat.hub import Hub
from chat.store import Store
from tests.clients import Client
from tests.sockets.visitors import ORIGIN, Open, new_secret


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


@pytest.fixture
def site(store: Store, owner: Actor) -> Site:
    return sites.create(store, owner, "Sample shop", [ORIGIN])


@pytest.fixture
def open_window(app: Flask, site: Site) -> Open:
    """A window of a visitor, with a secret of its own unless one is named."""

    def make(secret: str | None = None, **auth: Any) -> Client:
        sent = {"site": site.key, "visitor": secret or new_secret(), **auth}
        return Client(app, "/help", auth=sent)

    return make


@pytest.fixture
def agent(talk: Talk, store: Store) -> Client:
    agents.choose(store, talk.ada, talk.ada.user)
    return talk.me
