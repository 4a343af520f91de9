"""Servers in processes of their own, and what every one of them promises to whoever tests it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests import forked
from tests.transport.harness import ROOT, Http
from tests.waiting import DEADLINE

# The standard library is patched before anything else is imported, as in the program itself.
_APP = "from chat.transport.patch import patch; patch(); from tests.conformance.app import main; main()"
_ECHO = "from tests.conformance.echo import main; main()"
Start = Callable[..., forked.Process]


class Process:
    """Runs `source`, which prints the port that it listens on; its last argument is `options` as JSON."""

    def __init__(self, source: str, folder: Path, start: Start = forked.start, **options: Any) -> None:
        self._errors = folder / "stderr"
        with self._errors.open("wb") as errors:
            self._process = start(["-c", source, json.dumps(options)], cwd=ROOT, stderr=errors)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.strip().isdigit():
            self.end()
            raise AssertionError(f"the server did not start: {line}{self.errors}")
        self.port = int(line)

    @classmethod
    def app(cls, folder: Path, settings: dict[str, Any], limits: dict[str, Any]) -> Process:
        """`app.py` on the transport, with these settings and limits."""
        return cls(_APP, folder, settings=settings, limits=limits)

    @classmethod
    def echo(cls, folder: Path, limit: int) -> Process:
        """`echo.py`, which takes messages of up to `limit` bytes."""
        return cls(_ECHO, folder, forked.start_plain, limit=limit)

    @property
    def errors(self) -> str:
        return self._errors.read_text()

    def count(self, name: str) -> int:
        """How often the application's handler of that name has run to its end."""
        with Http(self.port) as http:
            return int(http.request("GET", f"/counts/{name}").text)

    def end(self) -> None:
        self._process.kill()
        self._process.wait(DEADLINE)
        assert self._process.stdout is not None
        self._process.stdout.close()
