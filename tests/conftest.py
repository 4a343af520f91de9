"""Fixtures for tests that run in this process, on threads instead of the hub.

Every test that touches the database runs on SQLite, and on PostgreSQL too where `HUBBUB_TEST_POSTGRES` names a server
(`make test` starts one): see `database_url`.
"""

from __future__ import annotations

import itertools
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from chat import accounts, create_app
from chat.actor import Actor
from chat.config import Settings
from chat.hub import Hub
from chat.store import Store
from tests.clients import Client

PASSWORD = "correct horse battery"
POSTGRES = os.environ.get("HUBBUB_TEST_POSTGRES", "")
_numbers = itertools.count(1)


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database; an empty text means SQLite in the data folder."""
    if request.param == "sqlite":
        yield ""
        return
    name = f"hubbub_test_{uuid.uuid4().hex[:12]}"
    _on_postgres(f'CREATE DATABASE "{name}"')
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        _on_postgres(f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_postgres(statement: str) -> None:
    connection = psycopg2.connect(POSTGRES)
    try:
        connection.autocommit = True
        connection.cursor().execute(statement)
    finally:
        connection.close()


@pytest.fixture
def make_settings(tmp_path: Path, database_url: str) -> Callable[..., Settings]:
    """Settings for a test: a data folder of its own; `make_settings(guests="on")` changes some."""

    def make(**changed: Any) -> Settings:
        return Settings(
            **{"data_dir": tmp_path / "data", "database_url": database_url, "port": 0, "rate_limits": "off", **changed}
        )

    return make


@pytest.fixture
def make_app(make_settings: Callable[..., Settings]) -> Iterator[Callable[..., Flask]]:
    """Make an application; closed after the test."""
    made: list[Flask] = []

    def make(**changed: Any) -> Flask:
        app = create_app(make_settings(**changed))
        app.testing = True
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["hubbub"].close()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def hub(app: Flask) -> Hub:
    found: Hub = app.extensions["hubbub"]
    return found


@pytest.fixture
def store(hub: Hub) -> Store:
    return hub.store


@pytest.fixture
def owner(store: Store) -> Actor:
    """The server's owner, `ada`. The first room is `general`."""
    accounts.create_owner(store, server_name="Sample", username="ada", name="Ada", password=PASSWORD)
    return accounts.by_username(store, "ada")


@pytest.fixture
def make_member(store: Store, owner: Actor) -> Callable[..., Actor]:
    """Make an account without a password, which a token can speak for."""

    def make(name: str | None = None, role: Any = "member") -> Actor:
        name = name or f"person{next(_numbers)}"
        accounts.create(store, name, name=name.title(), role=role, password=None)
        return accounts.by_username(store, name)

    return make


@pytest.fixture
def member(make_member: Callable[..., Actor]) -> Actor:
    return make_member("mira")


@pytest.fixture
def connect(app: Flask, store: Store) -> Iterator[Callable[[Actor], Client]]:
    """Connect an actor to /chat with Flask-SocketIO's test client, by a token."""
    clients: list[Client] = []

    def make(actor: Actor) -> Client:
        client = Client.connect(app, store, actor)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()
