"""From bytes that somebody has sent to a file that is theirs: what it is, pictures cleaned, kept in the storage.

Whoever calls has written the bytes to a file in the spool (`Spool`), and removes what is left of it.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import structlog

from chat import files, pictures
from chat.actor import Actor
from chat.errors import ChatError, bad_request
from chat.events.objects import File
from chat.files import New
from chat.files import names as filenames
from chat.files import types as filetypes
from chat.pictures import BadPicture, Picture
from chat.storage import Storage, StorageError
from chat.storage.backend import key_of
from chat.store import Store

log = structlog.get_logger(__name__)

AREA = "attachments"
# A picture takes a processor and much memory while it is decoded.
MOST_PICTURES_AT_ONCE = 2
PATIENCE_SECONDS = 60.0
# Forgetting some who are at it lets them begin once more.
MOST_REMEMBERED = 10_000
# Nobody's id.
_VISITORS = 0
# What the disk keeps free for the database, in bytes.
SPARE = 256 << 20
# What an upload left behind whose process was killed.
STALE_SECONDS = 86_400


class Spool:
    """The folder where uploads grow; beside the folder of files, so that they need not be copied."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "uploads"

    def new(self, size: int) -> Path:
        """A name for so many bytes. Raises OSError where the disk has no room."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if shutil.disk_usage(self._folder).free < size + SPARE:
            raise OSError("the disk has no room for it")
        return self._folder / secrets.token_hex(16)

    def sweep(self) -> None:
        """Remove what nobody writes any more."""
        if not self._folder.is_dir():
            return
        for entry in os.scandir(self._folder):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - entry.stat().st_mtime > STALE_SECONDS:
                    Path(entry.path).unlink()


class _Seen(NamedTuple):
    type: str
    picture: Picture | None
    size: int
    thumb: Path | None
    thumb_size: int | None


class Turns:
    """Few pictures are decoded at once, and of one account one: who sends a hundred keeps nobody else waiting.

    All visitors of web sites count as one account.
    """

    def __init__(self) -> None:
        self._places = threading.Semaphore(MOST_PICTURES_AT_ONCE)
        self._of: dict[int, threading.Semaphore] = {}

    @contextlib.contextmanager
    def one(self, user: int) -> Iterator[None]:
        """Wait for a turn. Raises `ChatError("unavailable")`."""
        with self._waited(self._own(user)), self._waited(self._places):
            yield

    def _own(self, user: int) -> threading.Semaphore:
        if len(self._of) > MOST_REMEMBERED:
            self._of.clear()
        return self._of.setdefault(user, threading.Semaphore())

    @contextlib.contextmanager
    def _waited(self, place: threading.Semaphore) -> Iterator[None]:
        if not place.acquire(timeout=PATIENCE_SECONDS):
            raise ChatError("unavailable", "The server is busy just now. Please try again.", retryable=True)
        try:
            yield
        finally:
            place.release()


class Intake:
    def __init__(self, store: Store, storage: Storage) -> None:
        self.spool = Spool(store.settings.data_dir)
        self._store = store
        self._storage = storage
        self._turns = Turns()

    def take(self, actor: Actor, path: Path, name: str) -> File:
        """Make the file at `path` the actor's, under a name that was cleaned.

        Raises `ChatError`: `bad_request` for a picture that is broken or a bomb, `too_large`, `unavailable`.
        """
        thumb = path.with_suffix(".thumb")
        try:
            seen = self._look(actor, path, thumb)
            key = key_of(AREA, secrets.token_hex(16))
            width, height = (seen.picture.width, seen.picture.height) if seen.picture else (None, None)
            new = New(key, filenames.clean(name), seen.type, seen.size, width, height, seen.thumb_size)
            return self._keep(actor, new, path, seen.thumb)
        finally:
            self._store.offload(thumb.unlink, True)

    def _look(self, actor: Actor, path: Path, thumb: Path) -> _Seen:
        kind = self._store.offload(_sniff, path)
        if kind not in pictures.TYPES:
            return _Seen(kind, None, path.stat().st_size, None, None)
        try:
            with self._turns.one(_VISITORS if actor.role == "visitor" else actor.user):
                return self._store.offload_heavy(_prepare, path, thumb, kind)
        except BadPicture as error:
            raise bad_request(str(error), "file") from error
        except OSError as error:
            raise unavailable(error) from error

    def _keep(self, actor: Actor, new: New, path: Path, thumb: Path | None) -> File:
        try:
            self._storage.put(new.key, path)
            if thumb is not None:
                self._storage.put(thumb_key(new.key), thumb)
        except StorageError as error:
            self._forget(new.key)
            raise unavailable(error) from error
        try:
            return files.keep(self._store, actor, new)
        except ChatError:
            self._forget(new.key)
            raise

    def _forget(self, key: str) -> None:
        # What stays is swept one day.
        with contextlib.suppress(StorageError):
            self._storage.delete((key, thumb_key(key)))


def thumb_key(key: str) -> str:
    return f"{key}.thumb"


def unavailable(error: Exception) -> ChatError:
    log.error("files can't be kept", error=str(error) or type(error).__name__)
    return ChatError("unavailable", "Files can't be kept just now. Please try again later.", retryable=True)


def _sniff(path: Path) -> str:
    with path.open("rb") as file:
        return filetypes.sniff(file.read(filetypes.HEAD_BYTES))


def _prepare(path: Path, thumb: Path, kind: str) -> _Seen:
    """Clean a picture in its place and make its thumbnail. Raises `BadPicture` and OSError."""
    cleaned = path.with_suffix(".clean")
    try:
        with _mapped(path) as data, cleaned.open("wb") as target:
            picture = pictures.clean(kind, data, target)
        size = cleaned.stat().st_size
        with cleaned.open("rb") as source:
            small = pictures.thumbnail(source, size, picture)
        cleaned.replace(path)
    finally:
        cleaned.unlink(missing_ok=True)
    if small is None:
        return _Seen(kind, picture, size, None, None)
    thumb.write_bytes(small)
    return _Seen(kind, picture, size, thumb, len(small))


@contextlib.contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data
