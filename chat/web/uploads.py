"""POST /files: a file, as the raw body of a request; and taking one back.

The body goes to the spool as it comes, a piece at a time and on another thread, so neither a large file nor a slow
sender costs memory. How slow one may be is the HTTP server's to say.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
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
from chat.events.help import HelpFile
from chat.events.objects import File
from chat.files.intake import Intake, unavailable
from chat.web import current, limits
from chat.web.blueprint import web
from chat.web.programs import identified

# Of a body, in memory at once.
PIECE_BYTES = 131_072
# So many uploads grow at the same time, of one account and of all; and of visitors of web sites, who get places of
# their own, so that they can't take everybody's.
MOST_OF_ACCOUNT, MOST_OF_ALL = 6, 100
MOST_OF_VISITOR, MOST_OF_VISITORS = 3, 20


class Growing:
    """The uploads that are under way in this process."""

    def __init__(self, most_of_one: int, most: int) -> None:
        self._most_of_one, self._most = most_of_one, most
        self._of: Counter[int] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def one(self, user: int) -> Iterator[None]:
        """Raises `ChatError("rate_limited")` where too many are."""
        with self._lock:
            if self._of[user] >= self._most_of_one or self._of.total() >= self._most:
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
    app.extensions["hubbub_uploads"] = Growing(MOST_OF_ACCOUNT, MOST_OF_ALL)
    app.extensions["hubbub_uploads_of_visitors"] = Growing(MOST_OF_VISITOR, MOST_OF_VISITORS)
    csrf = app.extensions["csrf"]
    csrf.exempt(upload)
    csrf.exempt(take_back)


@web.post("/files")
@identified
def upload(actor: Actor) -> ResponseReturnValue:
    def admit() -> Actor:
        limits.attempt("upload", str(actor.user))
        return actor

    return answer(take(admit, current.settings().files_largest_mb << 20)[1])


def take(admit: Callable[[], Actor], largest: int) -> tuple[Actor, File]:
    """The request's body as a file of whom `admit` lets in. Raises `ChatError`, also what `admit` does."""
    size = request.content_length
    if size is None:
        raise LengthRequired
    with heard(size, largest):
        actor, file = _take(admit, size)
    counters = current.counters()
    counters.uploads += 1
    counters.upload_bytes += file.size
    return actor, file


def answer(file: File | HelpFile) -> Response:
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
def heard(size: int, largest: int) -> Iterator[None]:
    """Whoever is refused before their body was read is heard to its end all the same, and then told why; unless it is
    too large, which a page knows before.
    """
    try:
        yield
    except _Refused as refused:
        if size <= largest:
            for _ in _pieces(size):
                pass
        raise refused.error from None


@contextmanager
def received(actor: Actor, size: int) -> Iterator[Path]:
    """The request's body in a file of the spool, which is gone afterwards; use it within `heard`.

    Raises `ChatError`, and `RequestTimeout` for a body that comes too slowly.
    """
    name = "hubbub_uploads_of_visitors" if actor.role == "visitor" else "hubbub_uploads"
    growing = cast(Growing, current_app.extensions[name])
    with _place(growing, actor.user):
        path = _spooled(cast(Intake, current_app.extensions["hubbub"].intake), size)
        try:
            _receive(path, size)
            yield path
        finally:
            current.store().offload(path.unlink, True)


def _take(admit: Callable[[], Actor], size: int) -> tuple[Actor, File]:
    store = current.store()
    try:
        if not size:
            raise bad_request("This file is empty.", "file")
        actor = admit()
        files.require_room(store, actor, size)
    except ChatError as error:
        raise _Refused(error) from error
    intake = cast(Intake, current_app.extensions["hubbub"].intake)
    with received(actor, size) as path:
        return actor, intake.take(actor, path, request.args.get("name", ""))


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
