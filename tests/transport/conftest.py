"""A server for each module of tests, one with other settings where a test asks for it, and a witness for attacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.transport.harness import Server, WebSocket

# What goes to the server's process itself; the rest are limits.
_OPTIONS = ("behind", "certificate", "drain_sleep", "files", "no_collector")


@pytest.fixture(scope="module")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"))
    yield server
    server.kill()


@pytest.fixture
def server(_shared: Server) -> Iterator[Server]:
    """A running server with the usual settings. Whatever a test does to it, no traceback may come of it."""
    before = len(_shared.errors)
    yield _shared
    assert "Traceback" not in _shared.errors[before:]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server: `start({"ping_timeout": 0.5}, queue_packets=10)` gives settings and limits."""
    started: list[Server] = []

    def make(settings: dict[str, Any] | None = None, **limits: Any) -> Server:
        folder = tmp_path / str(len(started))
        folder.mkdir()
        options = {name: limits.pop(name) for name in _OPTIONS if name in limits}
        server = Server(folder, settings=settings or {}, limits=limits, **options)
        started.append(server)
        return server

    yield make
    for server in started:
        server.kill()


@pytest.fixture
def witness(server: Server) -> Iterator[WebSocket]:
    """Somebody else who is connected before an attack and is still served after it."""
    with WebSocket.chat(server.port) as websocket:
        yield websocket
        assert websocket.call("echo", "still here") == "still here"
