"""Square pictures of something, each kept in a few sizes under one random name: people's, and the place's own."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Connection

from chat.errors import ChatError, bad_request, not_found
from chat.files import types as filetypes
from chat.files.intake import unavailable
from chat.files.shelf import Shelf
from chat.pictures import BadPicture
from chat.pictures.portraits import SIZES, portraits
from chat.storage import Storage, StorageError
from chat.store import Store

MOST_BYTES = 8 << 20
PATIENCE_SECONDS = 20.0
_NAME = re.compile(r"[0-9a-f]{32}")


class Squares:
    """Those of one area of the storage. `keep` gives a name to something, for which it returns the name before."""

    def __init__(self, store: Store, storage: Storage, area: str) -> None:
        self._store = store
        self._shelf = Shelf(store, storage, area)
        # A picture takes a processor and much memory while it is decoded.
        self._place = threading.Semaphore(1)

    def put(self, data: bytes, keep: Callable[[str], str | None]) -> None:
        """Make the sizes of a picture, and let `keep` name them.

        Raises `ChatError`: `bad_request`, `too_large`, `unavailable`, and what `keep` raises, with nothing kept.
        """
        if not data:
            raise bad_request("Please choose a picture.", "picture")
        if len(data) > MOST_BYTES:
            raise too_large()
        made = self._made(data)
        name = secrets.token_hex(16)
        try:
            for size, content in made.items():
                self._shelf.put(_file(name, size), content)
            self.exchange(keep(name), name)
        except (StorageError, OSError) as error:
            self._forget(name)
            raise unavailable(error) from error
        except ChatError:
            self._forget(name)
            raise

    def exchange(self, before: str | None, name: str | None) -> None:
        """`name` has taken the place of the one before, whose sizes go."""
        if before and before != name:
            self._forget(before)

    def read(self, name: str, size: int) -> bytes:
        """Raises `ChatError`: `not_found`, `unavailable`."""
        if size not in SIZES or not _NAME.fullmatch(name):
            raise not_found("There is no such picture.")
        return self._shelf.read(_file(name, size))

    def sweep(self, known: Callable[[Connection, set[str]], set[str]]) -> int:
        """Remove pictures that nothing has, once they are old enough; returns how many files of them. `known` says of
        names which are somebody's.

        Raises `StorageError` and `ChatError`.
        """

        def named(conn: Connection, files: set[str]) -> set[str]:
            of = {file: file.partition("-")[0] for file in files}
            found = known(conn, set(of.values()))
            return {file for file, name in of.items() if name in found}

        return self._shelf.sweep(named)

    def _made(self, data: bytes) -> dict[int, bytes]:
        if not self._place.acquire(timeout=PATIENCE_SECONDS):
            raise ChatError("unavailable", "The server is busy just now. Please try again.", retryable=True)
        try:
            return self._store.offload_heavy(portraits, filetypes.sniff(data[: filetypes.HEAD_BYTES]), data)
        except BadPicture as error:
            raise bad_request(str(error), "picture") from error
        finally:
            self._place.release()

    def _forget(self, name: str) -> None:
        # What stays is swept one day.
        with suppress(StorageError):
            self._shelf.remove(_file(name, size) for size in SIZES)


def too_large() -> ChatError:
    return ChatError("too_large", "A picture may have at most 8 MB.", "picture")


def _file(name: str, size: int) -> str:
    return f"{name}-{size}.webp"
