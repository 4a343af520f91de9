"""Small pictures in the storage, of people and of pages: each under a name that is random, so that nobody finds it who
was not told, and that is never used again, so that what it leads to never changes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from chat.errors import not_found
from chat.files.intake import Spool, unavailable
from chat.storage import Missing, Storage, StorageError
from chat.storage.backend import key_of
from chat.store import Store

# Far beyond what the largest takes.
MOST_BYTES = 1 << 19
# How long bytes wait for the row that names them.
UNKNOWN_SECONDS = 86_400


class Shelf:
    """One area of the storage. Names are those of files there, and begin with two random characters at least."""

    def __init__(self, store: Store, storage: Storage, area: str) -> None:
        self._store = store
        self._storage = storage
        self._area = area
        self._spool = Spool(store.settings.data_dir)

    def put(self, name: str, content: bytes) -> None:
        """Raises `StorageError` and OSError."""
        path = self._store.offload(self._spool.new, len(content))
        try:
            self._store.offload(path.write_bytes, content)
            self._storage.put(key_of(self._area, name), path)
        finally:
            self._store.offload(path.unlink, True)

    def read(self, name: str) -> bytes:
        """Raises `ChatError`: `not_found`, `unavailable`."""
        try:
            content = self._storage.open(key_of(self._area, name), 0, MOST_BYTES)
            try:
                # One piece holds all of it.
                return content.read(MOST_BYTES)
            finally:
                content.close()
        except Missing:
            raise not_found("There is no such picture.") from None
        except StorageError as error:
            raise unavailable(error) from error

    def remove(self, names: Iterable[str]) -> None:
        """Raises `StorageError`."""
        self._storage.delete(key_of(self._area, name) for name in names)

    def sweep(self, named: Callable[[Connection, set[str]], set[str]]) -> int:
        """Remove what no row names, once it is old enough; returns how many. `named` says of names which ones are.

        Raises `StorageError` and `ChatError`.
        """
        removed = 0
        for part in self._storage.listing(self._area):
            old = {found.key.rpartition("/")[2] for found in part if time.time() - found.at > UNKNOWN_SECONDS}
            with self._store.read() as conn:
                unknown = old - named(conn, old)
            self.remove(unknown)
            removed += len(unknown)
        return removed
