"""Where bytes lie: the same of a folder and of a bucket."""

from __future__ import annotations

import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.config import Settings
from chat.storage import Backend, Missing, Storage, StorageError, open_backend
from chat.storage.backend import checked, key_of
from tests.buckets import bucket

DATA = bytes(range(256)) * 12_000
KEY = key_of("attachments", "abcdef")


@pytest.fixture(params=["disk", "bucket"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    (tmp_path / "data").mkdir()
    if request.param == "disk":
        yield open_backend(Settings(data_dir=tmp_path / "data"))
        return
    with bucket() as settings:
        yield open_backend(Settings(data_dir=tmp_path / "data", **settings))


def test_what_is_put_can_be_read_in_parts_until_it_is_deleted(backend: Backend, tmp_path: Path) -> None:
    storage = Storage(backend)
    source = tmp_path / "source"
    source.write_bytes(DATA)
    storage.put(KEY, source)
    content = storage.open(KEY, 0, len(DATA))
    assert b"".join(iter(lambda: content.read(100_000), b"")) == DATA
    content.close()
    part = storage.open(KEY, 255, 3)
    assert (part.read(2), part.read(5), part.read(5)) == (b"\xff\0", b"\1", b"")
    part.close()
    storage.open(KEY, 0, 0).close()
    ((found,),) = storage.listing("attachments")
    assert (found.key, found.size) == (KEY, len(DATA))
    assert abs(found.at - time.time()) < 3600
    assert list(storage.listing("avatars")) == []
    assert storage.check()
    storage.delete([KEY, KEY])
    for length in (0, 5):
        with pytest.raises(Missing):
            storage.open(KEY, 0, length)
    assert list(storage.listing("attachments")) == []


def test_a_bucket_that_is_away(tmp_path: Path) -> None:
    with bucket() as settings:
        backend = open_backend(Settings(data_dir=tmp_path, **settings))
    (tmp_path / "source").write_bytes(DATA)
    with pytest.raises(StorageError):
        backend.put(KEY, tmp_path / "source")
    with pytest.raises(StorageError):
        backend.open(KEY, 0, 5)
    with pytest.raises(StorageError):
        backend.check()


def test_a_folder_is_its_owners(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(DATA)
    open_backend(Settings(data_dir=tmp_path)).put(KEY, tmp_path / "source")
    assert not (tmp_path / "source").exists()
    assert stat.S_IMODE((tmp_path / "files").stat().st_mode) == 0o700


def test_a_folder_that_can_not_be(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file")
    (tmp_path / "source").write_bytes(DATA)
    backend = open_backend(Settings(data_dir=tmp_path))
    for work in (lambda: backend.put(KEY, tmp_path / "source"), backend.check, lambda: backend.delete([KEY])):
        with pytest.raises(StorageError):
            work()
    assert (tmp_path / "source").exists()


def test_a_file_that_was_cut(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"abc")
    backend = open_backend(Settings(data_dir=tmp_path))
    backend.put(KEY, tmp_path / "source")
    content = backend.open(KEY, 0, 5)
    assert content.read(10) == b"abc"
    with pytest.raises(StorageError):
        content.read(10)
    content.close()


@pytest.mark.parametrize("key", ["", "a/ab", "../ab/abc", "a/ab/..", "a/ab/a/b", "a/ab/a..b", "/a/ab/abc", "a/ab/\n"])
def test_what_is_no_key(key: str) -> None:
    with pytest.raises(ValueError):
        checked(key)
