"""A Redis for tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools import services


class Redis(services.Redis):
    """Where there is no redis-server the test is skipped; in CI it fails."""

    def __init__(self, folder: Path) -> None:
        program = services.redis_program()
        if program is None:
            assert not os.environ.get("CI"), "there is no redis-server"
            pytest.skip("there is no redis-server")
        super().__init__(program, folder)
