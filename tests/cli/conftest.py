"""The `hubbub` command in this process, with settings of the test's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from chat.cli import main
from chat.config import PREFIX

Hubbub = Callable[..., Result]


@pytest.fixture
def surroundings(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, with the data folder `data` in it; none of the machine's own settings."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CHAT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHAT_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def hubbub(surroundings: Path) -> Iterator[Hubbub]:
    """Run a command that succeeds, or fails with the exit code `code` and one line; `given` is its standard input."""

    def run(*words: str, given: str = "", code: int = 0) -> Result:
        result = CliRunner().invoke(main, words, input=given)
        assert result.exit_code == code, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        if code == 1 and words[0] != "doctor":
            (line,) = result.stderr.splitlines()
            assert line.startswith("hubbub: ")
        return result

    yield run
    structlog.reset_defaults()


@pytest.fixture
def with_owner(hubbub: Hubbub) -> None:
    hubbub("user", "add", "ada", "--role", "owner", "--password-stdin", given="correct horse battery\n")
