"""GET /files/ID/NAME: a file, or a part of it, for who may read it at that moment.

What people have uploaded is served from the address that their pages come from, so nothing of it may run there: its
type is the one that was found, browsers are told not to guess another, and it is opened in a sandbox, if at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import structlog
from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from chat import files
from chat.actor import Actor
from chat.errors import ChatError
from chat.files import names as filenames
from chat.files import types as filetypes
from chat.files.intake import thumb_key
from chat.storage import Content, Missing, Storage, StorageError
from chat.web import current
from chat.web.blueprint import web
from chat.web.programs import identified
from chat.web.uploads import bounded

log = structlog.get_logger(__name__)

# Of a file, in memory at once for each reader.
PIECE_BYTES = 262_144
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
# Kept by this browser alone, which asks each time whether it may still show it.
CACHE = "private, no-cache"
# What browsers run, should they ever come to open it.
_RUNNING = frozenset(("text/html", "image/svg+xml", "application/xml"))


class _Asked(NamedTuple):
    """What is to be sent: the object and all of its bytes, what it is, how it is called."""

    key: str
    size: int
    type: str
    name: str
    attached: bool

    @property
    def tag(self) -> str:
        # An object never changes, and its key is random.
        return self.key.rpartition("/")[2]


@web.get("/files/<int:number>/<name>")
@identified
def download(actor: Actor, number: int, name: str) -> ResponseReturnValue:
    """`name` is for people: what is sent is named by what is kept."""
    return send(files.find(current.store(), actor, bounded(number)))


@web.get("/files/<int:number>/thumb")
@identified
def thumb(actor: Actor, number: int) -> ResponseReturnValue:
    return send_thumb(files.find(current.store(), actor, bounded(number)))


def send(row: Row[Any]) -> Response:
    """A file to who may read it."""
    return _send(_content(row))


def send_thumb(row: Row[Any]) -> Response:
    if row.name == "thumb" and (row.thumb_size is None or request.args.get("download")):
        return _send(_content(row))
    if row.thumb_size is None:
        raise files.no_such_file()
    name = f"{row.name.rpartition('.')[0] or row.name}.webp"
    return _send(_Asked(thumb_key(row.key), row.thumb_size, "image/webp", name, attached=False))


def _content(row: Row[Any]) -> _Asked:
    attached = row.type not in filetypes.INLINE or bool(request.args.get("download"))
    kind = filetypes.UNKNOWN if row.type in _RUNNING else row.type
    return _Asked(row.key, row.size, kind, row.name, attached)


def _send(asked: _Asked) -> Response:
    response = Response(direct_passthrough=True)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = CACHE
    response.headers["Content-Security-Policy"] = SANDBOX
    response.set_etag(asked.tag)
    if request.if_none_match.contains_weak(asked.tag):
        response.status_code = 304
        return response
    response.headers["Content-Disposition"] = filenames.disposition(asked.name, attached=asked.attached)
    charset = "; charset=utf-8" if asked.type == filetypes.TEXT else ""
    response.headers["Content-Type"] = asked.type + charset
    start, end = _part(asked, response)
    if response.status_code == 416:
        return response
    response.content_length = end - start
    wanted = end - start if request.method == "GET" else 0
    content = _open(asked, start, wanted)
    response.call_on_close(content.close)
    if wanted:
        response.response = _pieces(content)
        current.counters().download_bytes += wanted
    return response


def _part(asked: _Asked, response: Response) -> tuple[int, int]:
    """Which bytes are sent. Of several parts at once, all is sent, as one that knows no parts would."""
    whole = 0, asked.size
    parts = request.range
    if parts is None or parts.units != "bytes" or len(parts.ranges) != 1 or not _is_the_same(asked):
        return whole
    part = parts.range_for_length(asked.size)
    if part is None:
        response.status_code = 416
        response.headers["Content-Range"] = f"bytes */{asked.size}"
        return whole
    start, end = part
    response.status_code = 206
    response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{asked.size}"
    return start, end


def _is_the_same(asked: _Asked) -> bool:
    """Whether whoever asks for a part has other parts of the same (If-Range)."""
    return request.headers.get("If-Range", f'"{asked.tag}"') == f'"{asked.tag}"'


def _open(asked: _Asked, start: int, length: int) -> Content:
    storage = cast(Storage, current_app.extensions["hubbub"].storage)
    try:
        return storage.open(asked.key, start, length)
    except Missing:
        # The row is there, so somebody has taken the bytes away.
        log.error("a file's bytes are missing", key=asked.key)
        raise files.no_such_file() from None
    except StorageError as error:
        log.error("files can't be read", error=str(error))
        raise ChatError("unavailable", "Files can't be read just now. Please try again.", retryable=True) from error


def _pieces(content: Content) -> Iterator[bytes]:
    try:
        while data := content.read(PIECE_BYTES):
            yield data
    except StorageError as error:
        log.error("files can't be read", error=str(error))
        # Too late for an answer that says so: whoever reads sees that the end is missing.
        raise ConnectionAbortedError from error
