"""What a place for files can do. All of it may wait for a disk or a network: see `Storage` for processes with a hub."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

# An area, such as `attachments`, two characters that spread its objects over folders, and the object's own name.
_KEY = re.compile(r"[a-z]{1,20}/[0-9a-z]{2}/[0-9a-z][0-9a-z._-]{0,99}")


class StorageError(Exception):
    """The place does not work just now, or is full; the text is for the log."""


class Missing(StorageError):
    """There is no such object."""


class Stored(NamedTuple):
    """An object: its size in bytes, and when it was put there, in seconds since 1970."""

    key: str
    size: int
    at: float


class Content(Protocol):
    """An object, or a part of it, to be read once from its beginning."""

    def read(self, most: int) -> bytes:
        """The next bytes, at least one; b"" at the end. Raises `StorageError`."""

    def close(self) -> None: ...


class Backend(Protocol):
    """Objects by key (`key_of`). They never change: whoever has other bytes takes another key."""

    def put(self, key: str, source: Path) -> None:
        """Keep a file under a key for good; `source` may be moved away. Raises `StorageError`, with nothing kept."""

    def open(self, key: str, start: int, length: int) -> Content:
        """A part of an object that has so many bytes. Raises `Missing` and `StorageError`."""

    def delete(self, keys: Iterable[str]) -> None:
        """Those that are gone already are no error. Raises `StorageError`."""

    def listing(self, area: str) -> Iterator[Stored]:
        """All objects of an area, in any order. Raises `StorageError`."""

    def check(self) -> str:
        """Where the objects lie, in a few words. Raises `StorageError` where that does not work."""


def key_of(area: str, name: str) -> str:
    """The key of an object; `name` has at least two characters and should begin with random ones."""
    return checked(f"{area}/{name[:2]}/{name}")


def checked(key: str) -> str:
    """Raises ValueError for what is no key: one that leads out of its folder above all."""
    if not _KEY.fullmatch(key) or ".." in key:
        raise ValueError("this is no key of an object")
    return key
