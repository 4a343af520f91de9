"""A server for each file of attacks, with the settings that its `SETTINGS` names, and two people who talk on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.attacks.support import Scene
from tests.servers import serving


@pytest.fixture(scope="module")
def _scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    settings = {"connections_per_user": 10_000, **getattr(request.module, "SETTINGS", {})}
    with serving(tmp_path_factory.mktemp("server"), **settings) as server:
        scene = Scene(server)
        with scene.bystanders:
            yield scene


@pytest.fixture
def scene(_scene: Scene) -> Iterator[Scene]:
    """A running server. After every attack the two still talk, and nothing failed on the server."""
    yield _scene
    _scene.bystanders.talk()
    assert "Traceback" not in _scene.server.log
