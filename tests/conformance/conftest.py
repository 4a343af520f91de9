"""A server for all tests, another one where a test wants other settings, and a client on each transport."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.processes import Process
from tests.conformance.sessions import OverPolling, OverWebSocket, Session

# Unlike anybody's defaults, so that tests see that these values are told and kept.
SETTINGS = {"ping_interval": 21.0, "ping_timeout": 16.5, "packet_bytes": 40_000}


@pytest.fixture(scope="session")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process.app(tmp_path_factory.mktemp("app"), SETTINGS, {})
    yield process
    process.end()


@pytest.fixture
def server(_shared: Process) -> Iterator[Process]:
    """Whatever a test does to it, no traceback may come of it."""
    before = len(_shared.errors)
    yield _shared
    assert "Traceback" not in _shared.errors[before:]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Start a server: `start({"ping_timeout": 0.5}, upgrade_seconds=1.0)` gives settings and limits."""
    started: list[Process] = []

    def make(settings: dict[str, Any] | None = None, **limits: float) -> Process:
        process = Process.app(tmp_path, settings or {}, limits)
        started.append(process)
        return process

    yield make
    for process in started:
        process.end()
        assert "Traceback" not in process.errors


@pytest.fixture(params=[OverWebSocket, OverPolling])
def session(request: pytest.FixtureRequest, server: Process) -> Iterator[Session]:
    """A client past Engine.IO's handshake."""
    with request.param(server.port) as session:
        yield session


@pytest.fixture
def client(session: Session) -> Session:
    """A client in /chat."""
    session.connect()
    return session


@pytest.fixture
def socket(server: Process) -> Iterator[OverWebSocket]:
    """A client past Engine.IO's handshake, over WebSocket."""
    with OverWebSocket(server.port) as session:
        yield session


@pytest.fixture
def polling(server: Process) -> OverPolling:
    """A client past Engine.IO's handshake, over long-polling."""
    return OverPolling(server.port)
