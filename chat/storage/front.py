"""The place for files, for processes that have other things to do while a disk or a network works."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from chat.storage.backend import Backend, Content, StorageError, Stored
from chat.store.threads import Offload, call_here

T = TypeVar("T")

# Of the threads that all offloaded work shares, so many may wait for files at once.
MOST_AT_ONCE = 4
PATIENCE_SECONDS = 30.0


class Storage:
    """A `Backend` on other threads. Raises what that does, and `StorageError` where too many are at it."""

    def __init__(self, backend: Backend, offload: Offload = call_here) -> None:
        self._backend = backend
        self._offload = offload
        self._places = threading.Semaphore(MOST_AT_ONCE)

    def put(self, key: str, source: Path) -> None:
        self._do(self._backend.put, key, source)

    def open(self, key: str, start: int, length: int) -> Content:
        return _Reading(self._do(self._backend.open, key, start, length), self._do)

    def delete(self, keys: Iterable[str]) -> None:
        self._do(self._backend.delete, list(keys))

    def listing(self, area: str, at_once: int = 500) -> Iterable[list[Stored]]:
        """All of an area, in parts."""
        found = iter(self._backend.listing(area))
        while part := self._do(lambda: list(islice(found, at_once))):
            yield part

    def check(self) -> str:
        return self._do(self._backend.check)

    def _do(self, work: Callable[..., T], *args: Any) -> T:
        if not self._places.acquire(timeout=PATIENCE_SECONDS):
            raise StorageError("too many are waiting for files")
        try:
            return self._offload(work, *args)
        finally:
            self._places.release()


class _Reading:
    def __init__(self, content: Content, do: Callable[..., Any]) -> None:
        self._content = content
        self._do = do

    def read(self, most: int) -> bytes:
        data: bytes = self._do(self._content.read, most)
        return data

    def close(self) -> None:
        self._content.close()
