"""Objects as files of a folder, spread over folders below it."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from chat.storage.backend import Missing, StorageError, Stored, checked
from chat.store.copies import sync


class Disk:
    """Each object is written whole, and is on the disk for good, before it has its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, source: Path) -> None:
        path = self._path(key)
        try:
            self._make_folder(path.parent)
            sync(source)
            try:
                source.replace(path)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                _copy(source, path)
            sync(path.parent)
        except OSError as error:
            raise StorageError(f"{self._folder}: {error.strerror}") from error

    def open(self, key: str, start: int, length: int) -> FilePart:
        try:
            handle = os.open(self._path(key), os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            raise Missing(key) from None
        except OSError as error:
            raise StorageError(f"{self._folder}: {error.strerror}") from error
        return FilePart(handle, start, length)

    def delete(self, keys: Iterable[str]) -> None:
        try:
            for key in keys:
                self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{self._folder}: {error.strerror}") from error

    def listing(self, area: str) -> Iterator[Stored]:
        top = self._folder / area
        try:
            folders = [entry.path for entry in os.scandir(top)] if top.is_dir() else []
            for folder in folders:
                with contextlib.suppress(NotADirectoryError), os.scandir(folder) as entries:
                    yield from self._files(area, entries)
        except OSError as error:
            raise StorageError(f"{self._folder}: {error.strerror}") from error

    def _files(self, area: str, entries: Iterable[os.DirEntry[str]]) -> Iterator[Stored]:
        for entry in entries:
            # Somebody may take it away in this moment.
            with contextlib.suppress(FileNotFoundError):
                found = entry.stat(follow_symlinks=False)
                if entry.is_file(follow_symlinks=False):
                    yield Stored(f"{area}/{Path(entry.path).parent.name}/{entry.name}", found.st_size, found.st_mtime)

    def check(self) -> str:
        try:
            self._make_folder(self._folder)
            if not os.access(self._folder, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            free = shutil.disk_usage(self._folder).free
        except OSError as error:
            raise StorageError(f"{self._folder}: {error.strerror}") from error
        return f"{self._folder.absolute()}, {free >> 20:,} MiB free"

    def _path(self, key: str) -> Path:
        return self._folder / checked(key)

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        if folder != self._folder:
            self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        # Its name must last as long as what is in it.
        sync(folder.parent)


class FilePart:
    def __init__(self, handle: int, start: int, length: int) -> None:
        self._handle: int | None = handle
        self._at = start
        self._left = length

    def read(self, most: int) -> bytes:
        if self._handle is None or not self._left:
            return b""
        try:
            data = os.pread(self._handle, min(most, self._left), self._at)
        except OSError as error:
            raise StorageError(error.strerror) from error
        if not data:
            raise StorageError("an object is shorter than it was")
        self._at += len(data)
        self._left -= len(data)
        return data

    def close(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


def _copy(source: Path, path: Path) -> None:
    """For a folder of files on another disk than the data folder."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        shutil.copyfile(source, part)
        part.chmod(0o600)
        sync(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    source.unlink(missing_ok=True)
