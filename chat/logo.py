"""The place's own picture: chosen by staff, kept in the storage, named in the server's settings."""

from __future__ import annotations

from sqlalchemy import Connection

from chat import permissions, server_settings
from chat.actor import Actor
from chat.files.squares import Squares
from chat.server_settings import Wanted
from chat.storage import Storage
from chat.store import Store

AREA = "logos"


class Logo:
    def __init__(self, store: Store, storage: Storage) -> None:
        self._store = store
        self._squares = Squares(store, storage, AREA)

    def choose(self, actor: Actor, data: bytes) -> None:
        """Raises `ChatError`: `forbidden`, `bad_request`, `too_large`, `unavailable`."""
        permissions.require(actor, "server_manage")
        self._squares.put(data, lambda name: self._exchange(actor, name))

    def remove(self, actor: Actor) -> None:
        permissions.require(actor, "server_manage")
        self._squares.exchange(self._exchange(actor, ""), None)

    def read(self, name: str, size: int) -> bytes:
        """Raises `ChatError`: `not_found`, `unavailable`."""
        return self._squares.read(name, size)

    def sweep(self) -> int:
        """Remove those that are the place's no more. Raises `StorageError` and `ChatError`."""
        return self._squares.sweep(_known)

    def _exchange(self, actor: Actor, name: str) -> str:
        with self._store.read() as conn:
            before = server_settings.read(conn).logo
        server_settings.change(self._store, actor, Wanted(logo=name))
        return before


def _known(conn: Connection, names: set[str]) -> set[str]:
    return names & {server_settings.read(conn).logo}
