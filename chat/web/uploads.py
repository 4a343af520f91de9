"""POST /files: a file, as the raw body of a request; and taking one back.

The body goes to the spool as it comes, a piece at a time and on another thread, so neither a large file nor a slow
sender costs memory. How slow one may be is the HTTP server's to say.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import msgspec
from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import LengthRequired, RequestTimeout

from chat import files
from chat.actor import Actor
from chat.errors import ChatError, bad_request
from chat.events.objects import File
from chat.files.intake import Intake, unavailable
from chat.web import current, limits
from chat.web.blueprint import web
from chat.web.programs import identified

# Of a body, in memory at once.
PIECE_BYTES = 131_072
# So many uploads grow at the same time, of one account and of all.
MOST_OF_ACCOUNT, MOST_OF_ALL = 6, 100


class Growing:
    """The uploads that are under way in this process."""

    def __init__(self) -> None:
        self._of: Counter[int] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def one(self, user: int) -> Iterator[None]:
        """Raises `ChatError("rate_limited")` where too many are."""
        with self._lock:
            if self._of[user] >= MOST_OF_ACCOUNT or self._of.total() >= MOST_OF_ALL:
                raise ChatError(
                    "rate_limited", "Too many files at once. Please wait a moment.", retryable=True, retry_after=2
                )
            self._of[user] += 1
        try:
            yield
        finally:
            with self._lock:
                self._of -= Counter((user,))


def init_app(app: Flask) -> None:
    app.extensions["hubbub_uploads"] = Growing()
    csrf = app.extensions["csrf"]
    csrf.exempt(upload)
    csrf.exempt(take_back)


@web.post("/files")
@identified
def upload(actor: Actor) -> ResponseReturnValue:
    size = request.content_length
    if size is None:
        raise LengthRequired
    with heard(size):
        file = _take(actor, size)
    counters = current.counters()
    counters.uploads += 1
    counters.upload_bytes += file.size
    body = msgspec.json.encode({"ok": True, "file": file})
    return Response(body, status=201, mimetype="application/json")


@web.delete("/files/<int:number>")
@identified
def take_back(actor: Actor, number: int) -> ResponseReturnValue:
    files.take_back(current.store(), actor, bounded(number))
    return Response(status=204)


def bounded(number: int) -> int:
    """An id as it may be asked for in the database. Raises `not_found`."""
    if not 0 < number < 2**53:
        raise files.no_such_file()
    return number


class _Refused(Exception):
    """Before the body was read."""

    def __init__(self, error: ChatError) -> None:
        super().__init__(error.message)
        self.error = error


@contextmanager
def heard(size: int) -> Iterator[None]:
    """Whoever is refused before their body was read is heard to its end all the same, and then told why."""
    try:
        yield
    except _Refused as refused:
        _swallow(size)
        raise refused.error from None


@contextmanager
def received(actor: Actor, size: int) -> Iterator[Path]:
    """The request's body in a file of the spool, which is gone afterwards; use it within `heard`.

    Raises `ChatError`, and `RequestTimeout` for a body that comes too slowly.
    """
    growing = cast(Growing, current_app.extensions["hubbub_uploads"])
    with _place(growing, actor.user):
        path = _spooled(cast(Intake, current_app.extensions["hubbub"].intake), size)
        try:
            _receive(path, size)
            yield path
        finally:
            current.store().offload(path.unlink, True)


def _take(actor: Actor, size: int) -> File:
    store = current.store()
    try:
        limits.attempt("upload", str(actor.user))
        files.require_room(store, actor, size)
        if not size:
            raise bad_request("This file is empty.", "file")
    except ChatError as error:
        raise _Refused(error) from error
    intake = cast(Intake, current_app.extensions["hubbub"].intake)
    with received(actor, size) as path:
        return intake.take(actor, path, request.args.get("name", ""))


@contextmanager
def _place(growing: Growing, user: int) -> Iterator[None]:
    place = growing.one(user)
    try:
        place.__enter__()
    except ChatError as error:
        raise _Refused(error) from error
    try:
        yield
    finally:
        place.__exit__(None, None, None)


def _spooled(intake: Intake, size: int) -> Path:
    try:
        return current.store().offload(intake.spool.new, size)
    except OSError as error:
        raise _Refused(unavailable(error)) from error


def _receive(path: Path, size: int) -> None:
    """Write the body to a new file. Raises `ChatError`, and `RequestTimeout` for one that comes too slowly."""
    offload = current.store().offload
    try:
        file = offload(_begun, path)
        try:
            for data in _pieces(size):
                offload(file.write, data)
        finally:
            offload(file.close)
    except OSError as error:
        raise unavailable(error) from error


def _begun(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _pieces(size: int) -> Iterator[bytes]:
    body = request.environ["wsgi.input"]
    while size:
        try:
            data: bytes = body.read(min(size, PIECE_BYTES))
        except TimeoutError:
            raise RequestTimeout from None
        except OSError:
            data = b""
        if not data:
            raise bad_request("The upload was cut off.", "file")
        size -= len(data)
        yield data


def _swallow(size: int) -> None:
    """Read a body that is not wanted, so that whoever sends it comes to read why. One that is too large is not read: a
    page knows before how large a file may be.
    """
    if size <= current.settings().files_largest_mb << 20:
        for _ in _pieces(size):
            pass
