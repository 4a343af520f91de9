"""The copy of a SQLite file that a migration leaves behind."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from chat.config import Settings
from chat.store import Store, copies, schema
from tests.domain.support import together


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    """A data folder whose database is of the version before."""
    settings = Settings(data_dir=tmp_path)
    store = Store(settings)
    with store.alone() as conn:
        schema.upgrade(conn, "0002")
        conn.execute(text("INSERT INTO meta VALUES ('epoch', 'kept')"))
    store.close()
    return settings


def prepare(settings: Settings) -> None:
    store = Store(settings)
    try:
        schema.prepare(store)
    finally:
        store.close()


def version(path: Path) -> str:
    connection = sqlite3.connect(path)
    found: str = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    assert connection.execute("SELECT value FROM meta").fetchone() == ("kept",)
    connection.close()
    return found


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_it_is_the_database_as_it_was(old: Settings, tmp_path: Path) -> None:
    prepare(old)
    copy = tmp_path / f"hubbub.db.before-{schema.HEAD}"
    assert names(tmp_path) == {"hubbub.db", copy.name}
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert (version(copy), version(tmp_path / "hubbub.db")) == ("0002", schema.HEAD)
    # A start with nothing to migrate copies nothing.
    copy.unlink()
    prepare(old)
    assert names(tmp_path) == {"hubbub.db"}


def test_it_has_what_stands_in_the_log_only(old: Settings, tmp_path: Path) -> None:
    """Another process has the file open, so the log was not put into it."""
    other = sqlite3.connect(tmp_path / "hubbub.db")
    other.execute("UPDATE meta SET value = 'newer'")
    other.commit()
    prepare(old)
    found = sqlite3.connect(tmp_path / f"hubbub.db.before-{schema.HEAD}")
    assert found.execute("SELECT value FROM meta").fetchone() == ("newer",)
    found.close()
    other.close()


def test_a_new_database_is_not_copied(tmp_path: Path) -> None:
    prepare(Settings(data_dir=tmp_path))
    assert names(tmp_path) == {"hubbub.db"}


def test_of_several_that_start_at_once_one_copies(
    old: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    real = copies.keep
    monkeypatch.setattr(copies, "keep", lambda *args: made.append(real(*args)))
    assert together(*[lambda: prepare(old)] * 4) == [None] * 4
    assert [path.name for path in made] == [f"hubbub.db.before-{schema.HEAD}"]
    assert version(made[0]) == "0002"


def test_the_oldest_go(old: Settings, tmp_path: Path) -> None:
    for age, name in enumerate(("0007", "0006", "0001")):
        path = tmp_path / f"hubbub.db.before-{name}"
        path.touch()
        # Later than now, as after a clock was wrong.
        os.utime(path, (2**32 + age, 2**32 + age))
    (tmp_path / "hubbub.db.before-mine").touch()
    prepare(old)
    kept = {f"hubbub.db.before-{name}" for name in ("0001", schema.HEAD, "mine")}
    assert names(tmp_path) == {"hubbub.db", *kept}


def test_a_disk_that_is_too_full(old: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=copies.SPARE))
    with pytest.raises(copies.NoCopy, match=r"needs 16 MiB where 16 MiB are free; make room there and start again"):
        prepare(old)
    monkeypatch.undo()
    assert version(tmp_path / "hubbub.db") == "0002"
    assert names(tmp_path) == {"hubbub.db"}


def test_a_copy_that_fails_stops_the_start(old: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "sync", full)
    with pytest.raises(copies.NoCopy, match="can't be made before: No space left on device"):
        prepare(old)
    assert version(tmp_path / "hubbub.db") == "0002"
    assert names(tmp_path) == {"hubbub.db"}
