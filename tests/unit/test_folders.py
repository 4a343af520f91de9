"""The data folder and the secrets in it."""

from __future__ import annotations

import json
import os
import stat
import threading
import time
from pathlib import Path

import pytest

from chat import folders
from chat.config import Settings, SettingsError
from tests.domain.support import together


def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder)


def test_the_folder_and_the_key_are_made_and_nobody_else_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    key = folders.prepare(settings(folder))
    assert len(key) == 64
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "secrets.json").stat().st_mode) == 0o600
    assert folders.prepare(settings(folder)) == key
    assert folders.prepare(settings(tmp_path / "other")) != key


def test_several_that_start_at_once_agree(tmp_path: Path) -> None:
    keys = together(*(lambda: folders.prepare(settings(tmp_path / "data")) for _ in range(8)))
    assert len(set(keys)) == 1


def test_a_file_that_is_still_being_written_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.touch(0o600)

    def write() -> None:
        path.write_text(json.dumps({"secret_key": "k" * 64}))

    timer = threading.Timer(0.1, write)
    timer.start()
    assert folders.prepare(settings(tmp_path)) == "k" * 64
    timer.join()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '{"secret_key": ""}', '{"secret_key": 5}', "\ufffd\x00"])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    (tmp_path / "secrets.json").write_text(text)
    with pytest.raises(SettingsError) as caught:
        folders.prepare(settings(tmp_path))
    assert "secrets.json is damaged; delete it" in str(caught.value)


@pytest.mark.parametrize("place", ["/dev/null/data", "/proc/nothing/data", "file", "file/data"])
def test_a_folder_that_cannot_be(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError) as caught:
        folders.prepare(settings(tmp_path / place))
    assert str(caught.value).startswith("CHAT_DATA_DIR is ")
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders.prepare(settings(tmp_path))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(SettingsError, match="Permission denied"):
        folders.prepare(settings(tmp_path))


def test_pages_are_there() -> None:
    assert (folders.TEMPLATES / "base.html").is_file()
    assert (folders.STATIC / "js" / "app.js").is_file()


def test_the_build_is_another_when_any_file_is(tmp_path: Path) -> None:
    def build(folder: str, name: str, text: str) -> str:
        path = tmp_path / folder / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
        return folders.build(tmp_path / folder)

    before = build("before", "css/a.css", "a")
    assert build("same", "css/a.css", "a") == before
    assert len({before, build("changed", "css/a.css", "b"), build("renamed", "css/b.css", "a")}) == 3
