"""Fixtures for tests that run in this process, on threads instead of the hub.

A test that touches the database runs on SQLite, and on PostgreSQL too where `HUBBUB_TEST_POSTGRES` names a server
(`make test` starts one); layers that are above the difference take one of them: see `database_url`.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import create_engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from chat import accounts, create_app, folders, passwords
from chat.actor import Actor
from chat.config import Settings
from chat.hub import Hub
from chat.store import Store, dialects
from chat.store.compiled import Compiled
from tests import databases
from tests.clients import Client

PASSWORD = "correct horse battery"
# What Werkzeug makes of the text of an address.
COMPILED = ("_parts", "_trace", "_converters", "_build", "_build_unknown", "arguments")
_numbers = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """The one that the program uses. It takes long on purpose, so the tests have a quicker one in its place."""
    real, passwords._hasher = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield real
    passwords._hasher = real


@pytest.fixture(scope="session", autouse=True)
def _coverage_follows_greenlets_in_servers() -> None:
    """Not in this process, which has none: there coverage has hung in its table of greenlets when threads ended."""
    config = os.environ.get("COVERAGE_PROCESS_CONFIG")
    if config is not None:
        changed = {**json.loads(base64.b64decode(config)), "concurrency": ["greenlet", "thread"]}
        os.environ["COVERAGE_PROCESS_CONFIG"] = base64.b64encode(json.dumps(changed).encode()).decode()


@pytest.fixture(scope="session", autouse=True)
def _quick_disk() -> Iterator[None]:
    """SQLite need not wait for the disk: tests kill processes, but never the machine."""
    real, dialects.PRAGMAS = dialects.PRAGMAS, (*dialects.PRAGMAS, "synchronous=OFF")
    yield
    dialects.PRAGMAS = real


@pytest.fixture(scope="session", autouse=True)
def _static_files_read_once() -> Iterator[None]:
    """Every application reads and hashes all files for browsers; for hundreds of them in one process, once will do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folders, "build", cache(folders.build))
        yield


@pytest.fixture(scope="session", autouse=True)
def _addresses_compiled_once() -> Iterator[None]:
    """Every application compiles the addresses of all pages, which depends on nothing but their texts."""
    compiled: dict[Any, dict[str, Any]] = {}
    real: Any = Rule.compile

    def once(rule: Rule) -> None:
        assert rule.map is not None
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, rule.map.host_matching, str(rule.defaults))
        if key not in compiled:
            real(rule)
            compiled[key] = {name: vars(rule)[name] for name in COMPILED}
        vars(rule).update(compiled[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", once)
        yield


class CompiledStatements:
    """What SQLAlchemy keeps of the statements it has compiled, for all engines of a kind in place of one of them."""

    def __init__(self) -> None:
        self._found: LRUCache[Any, Any] = LRUCache(3000)

    def get(self, key: tuple[Any, ...]) -> Any:
        dialect, *rest = key
        return self._found.get((dialect.name, *rest))

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        dialect, *rest = key
        self._found[dialect.name, *rest] = compiled


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """Every store compiles its statements anew, which for most tests takes longer than to carry them out."""
    options = {"compiled_cache": CompiledStatements()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialects, "create_engine", partial(create_engine, execution_options=options))
        patch.setattr(Compiled, "prepared", cache(Compiled.prepared))
        yield


class CompiledPages(BytecodeCache):
    """Where the applications of this process share their compiled pages."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._found.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._found[bucket.key] = (bucket.checksum, bucket.code)


@pytest.fixture(scope="session")
def compiled_pages() -> CompiledPages:
    return CompiledPages()


@pytest.fixture(scope="session")
def shared_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Emptied]:
    """A migrated database, which `database_url` empties for each test."""
    with databases.new_postgres() as url:
        databases.migrate(tmp_path_factory.mktemp("postgres"), url)
        shared = databases.Emptied(url)
        yield shared
        shared.close()


@pytest.fixture
def prepare_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Give the test a migrated, empty database of a kind; an empty URL means SQLite in the folder `data`."""

    def prepare(kind: str) -> str:
        if kind == "sqlite":
            databases.copy_migrated(tmp_path / "data")
            return ""
        shared: databases.Emptied = request.getfixturevalue("shared_postgres")
        shared.empty()
        return shared.url

    return prepare


@pytest.fixture(params=databases.KINDS)
def each_database(request: pytest.FixtureRequest, prepare_database: Callable[[str], str]) -> str:
    """One after the other."""
    return prepare_database(request.param)


@pytest.fixture
def database_url(each_database: str) -> str:
    """The URL of the test's database. What does not know which one it has takes one of them: `database_in_turns`."""
    return each_database


@pytest.fixture
def database_in_turns(request: pytest.FixtureRequest, prepare_database: Callable[[str], str]) -> str:
    """SQLite for one half of the tests and PostgreSQL for the other; a test has the same one every time."""
    return prepare_database(databases.in_turns(request.node.nodeid))


@pytest.fixture(params=databases.KINDS)
def bare_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database without any tables, as at the first start."""
    if request.param == "sqlite":
        yield ""
        return
    with databases.new_postgres() as url:
        yield url


@pytest.fixture
def make_settings(tmp_path: Path, database_url: str) -> Callable[..., Settings]:
    """Settings for a test: a data folder of its own; `make_settings(guests="on")` changes some."""

    def make(**changed: Any) -> Settings:
        return Settings(
            **{"data_dir": tmp_path / "data", "database_url": database_url, "port": 0, "rate_limits": "off", **changed}
        )

    return make


@pytest.fixture
def make_app(make_settings: Callable[..., Settings], compiled_pages: CompiledPages) -> Iterator[Callable[..., Flask]]:
    """Make an application; closed after the test."""
    made: list[Flask] = []

    def make(**changed: Any) -> Flask:
        app = create_app(make_settings(**changed))
        app.testing = True
        app.jinja_env.bytecode_cache = compiled_pages
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
def connect(app: Flask, store: Store) -> Iterator[Callable[..., Client]]:
    """Connect an actor to a namespace with Flask-SocketIO's test client, by a token."""
    clients: list[Client] = []

    def make(actor: Actor, namespace: str = "/chat") -> Client:
        client = Client.connect(app, store, actor, namespace)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()
