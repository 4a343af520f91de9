"""People's pictures: made small, kept in the storage, named in the account, and gone when another takes their place."""

from __future__ import annotations

import re
import secrets
import threading
from contextlib import suppress

from sqlalchemy import Connection, select, update

from chat import audit, people, permissions
from chat.actor import Actor
from chat.errors import ChatError, bad_request, not_found
from chat.files import types as filetypes
from chat.files.intake import unavailable
from chat.files.shelf import Shelf
from chat.pictures import BadPicture
from chat.pictures.portraits import SIZES, portraits
from chat.storage import Storage, StorageError
from chat.store import Store, Transaction
from chat.store.tables import users

AREA = "avatars"
MOST_BYTES = 8 << 20
PATIENCE_SECONDS = 20.0
_NAME = re.compile(r"[0-9a-f]{32}")


class Avatars:
    def __init__(self, store: Store, storage: Storage) -> None:
        self._store = store
        self._shelf = Shelf(store, storage, AREA)
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
                self._shelf.put(_file(name, size), content)
            self._exchange(actor, actor.user, name)
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
        self._exchange(actor, user, None)

    def read(self, name: str, size: int) -> bytes:
        """Raises `ChatError`: `not_found`, `unavailable`."""
        if size not in SIZES or not _NAME.fullmatch(name):
            raise not_found("There is no such picture.")
        return self._shelf.read(_file(name, size))

    def sweep(self) -> int:
        """Remove pictures that no account has, once they are old enough; returns how many files of them.

        Raises `StorageError` and `ChatError`.
        """
        return self._shelf.sweep(_named)

    def _made(self, data: bytes) -> dict[int, bytes]:
        if not self._place.acquire(timeout=PATIENCE_SECONDS):
            raise ChatError("unavailable", "The server is busy just now. Please try again.", retryable=True)
        try:
            return self._store.offload_heavy(portraits, filetypes.sniff(data[: filetypes.HEAD_BYTES]), data)
        except BadPicture as error:
            raise bad_request(str(error), "picture") from error
        finally:
            self._place.release()

    def _exchange(self, actor: Actor, user: int, name: str | None) -> None:
        def work(tx: Transaction) -> str | None:
            row = tx.conn.execute(select(users.c.avatar).where(users.c.id == user).with_for_update()).first()
            if row is None:
                raise not_found("There is nobody with this id.", "user")
            if row.avatar != name:
                tx.conn.execute(update(users).where(users.c.id == user).values(avatar=name))
                people.tell_changed(tx, user)
                if user != actor.user:
                    audit.note(tx, actor, "avatar_remove", user=user)
            before: str | None = row.avatar
            return before

        before = self._store.write(work)
        if before is not None and before != name:
            self._forget(before)

    def _forget(self, name: str) -> None:
        # What stays is swept one day.
        with suppress(StorageError):
            self._shelf.remove(_file(name, size) for size in SIZES)


def too_large() -> ChatError:
    return ChatError("too_large", "A picture of yourself may have at most 8 MB.", "picture")


def _file(name: str, size: int) -> str:
    return f"{name}-{size}.webp"


def _named(conn: Connection, files: set[str]) -> set[str]:
    """Those that are of a picture that somebody has."""
    of = {file: file.partition("-")[0] for file in files}
    known = set(conn.scalars(select(users.c.avatar).where(users.c.avatar.in_(set(of.values())))))
    return {file for file, name in of.items() if name in known}
