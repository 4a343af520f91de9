"""People's pictures: made small, kept in the storage, named in the account, and gone when another takes their place.

A name is random and never used again, so what it leads to never changes, and nobody finds it who was not told.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from contextlib import suppress

from sqlalchemy import select, update

from chat import people, permissions
from chat.actor import Actor
from chat.errors import ChatError, bad_request, not_found
from chat.files import types as filetypes
from chat.files.intake import Spool, unavailable
from chat.pictures import BadPicture
from chat.pictures.portraits import SIZES, portraits
from chat.storage import Missing, Storage, StorageError
from chat.storage.backend import key_of
from chat.store import Store, Transaction
from chat.store.tables import users

AREA = "avatars"
MOST_BYTES = 8 << 20
# Far beyond what the largest size takes.
MOST_KEPT_BYTES = 1 << 19
PATIENCE_SECONDS = 20.0
# How long bytes wait for their row.
UNKNOWN_SECONDS = 86_400
_NAME = re.compile(r"[0-9a-f]{32}")


class Avatars:
    def __init__(self, store: Store, storage: Storage) -> None:
        self._store = store
        self._storage = storage
        self._spool = Spool(store.settings.data_dir)
        # A picture takes a processor and much memory while it is decoded.
        self._place = threading.Semaphore(1)

    def choose(self, actor: Actor, data: bytes) -> None:
        """Make a picture the actor's own. Raises `ChatError`: `bad_request`, `too_large`, `unavailable`."""
        if not data:
            raise bad_request("Please choose a picture.", "picture")
        if len(data) > MOST_BYTES:
            raise too_large()
        made = self._made(data)
        name = secrets.token_hex(16)
        try:
            for size, content in made.items():
                self._put(_key(name, size), content)
            self._exchange(actor.user, name)
        except (StorageError, OSError) as error:
            self._forget(name)
            raise unavailable(error) from error
        except ChatError:
            self._forget(name)
            raise

    def remove(self, actor: Actor, user: int) -> None:
        """Take away the actor's own picture, or, by who may, somebody else's."""
        if user != actor.user:
            permissions.require(actor, "avatar_remove")
        self._exchange(user, None)

    def read(self, name: str, size: int) -> bytes:
        """Raises `ChatError`: `not_found`, `unavailable`."""
        if size not in SIZES or not _NAME.fullmatch(name):
            raise _none()
        try:
            content = self._storage.open(_key(name, size), 0, MOST_KEPT_BYTES)
            try:
                # One piece holds all of it.
                return content.read(MOST_KEPT_BYTES)
            finally:
                content.close()
        except Missing:
            raise _none() from None
        except StorageError as error:
            raise unavailable(error) from error

    def sweep(self) -> int:
        """Remove pictures that no account has, once they are old enough; returns how many files of them.

        Raises `StorageError` and `ChatError`.
        """
        removed = 0
        for part in self._storage.listing(AREA):
            old = {found.key: _name_of(found.key) for found in part if time.time() - found.at > UNKNOWN_SECONDS}
            with self._store.read() as conn:
                known = set(conn.scalars(select(users.c.avatar).where(users.c.avatar.in_(set(old.values())))))
            unknown = [key for key, name in old.items() if name not in known]
            self._storage.delete(unknown)
            removed += len(unknown)
        return removed

    def _made(self, data: bytes) -> dict[int, bytes]:
        if not self._place.acquire(timeout=PATIENCE_SECONDS):
            raise ChatError("unavailable", "The server is busy just now. Please try again.", retryable=True)
        try:
            return self._store.offload_heavy(portraits, filetypes.sniff(data[: filetypes.HEAD_BYTES]), data)
        except BadPicture as error:
            raise bad_request(str(error), "picture") from error
        finally:
            self._place.release()

    def _put(self, key: str, content: bytes) -> None:
        path = self._store.offload(self._spool.new, len(content))
        try:
            self._store.offload(path.write_bytes, content)
            self._storage.put(key, path)
        finally:
            self._store.offload(path.unlink, True)

    def _exchange(self, user: int, name: str | None) -> None:
        def work(tx: Transaction) -> str | None:
            row = tx.conn.execute(select(users.c.avatar).where(users.c.id == user).with_for_update()).first()
            if row is None:
                raise not_found("There is nobody with this id.", "user")
            if row.avatar != name:
                tx.conn.execute(update(users).where(users.c.id == user).values(avatar=name))
                people.tell_changed(tx, user)
            before: str | None = row.avatar
            return before

        before = self._store.write(work)
        if before is not None and before != name:
            self._forget(before)

    def _forget(self, name: str) -> None:
        # What stays is swept one day.
        with suppress(StorageError):
            self._storage.delete(_key(name, size) for size in SIZES)


def too_large() -> ChatError:
    return ChatError("too_large", "A picture of yourself may have at most 8 MB.", "picture")


def _key(name: str, size: int) -> str:
    return key_of(AREA, f"{name}-{size}.webp")


def _name_of(key: str) -> str:
    return key.rpartition("/")[2].partition("-")[0]


def _none() -> ChatError:
    return not_found("There is no such picture.")
