"""Every request has an id, a line in the log and a place in the figures.

The id is bound to all lines that are written while the request is carried out, goes back as X-Request-ID, and is the
number on the page that says that something went wrong.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any, cast

import structlog
from flask import Flask, request

from chat.web import current

log = structlog.get_logger(__name__)

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_KEY = "hubbub.asked"
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
# Those that hold a secret, or a name that somebody gave; and whatever else is long enough to be a secret that was typed
# at a wrong place.
_SECRET_PATH = re.compile(r"(/invite/|/files/[0-9]+/)[^/]+", re.IGNORECASE)
_SECRET = re.compile(r"[A-Za-z0-9_-]{40,}")
_MOST_CHARACTERS = 200
# What asks by itself, many times a minute, is for debugging only.
_OFTEN = frozenset(("socket", "static", "web.healthz", "web.readyz", "web.metrics"))


def init_app(app: Flask) -> None:
    app.before_request(_name_endpoint)
    app.wsgi_app = Access(app, app.wsgi_app)  # type: ignore[method-assign]


class Asked:
    """One request, under way. The libraries in between copy the environment, so what is learned is noted here."""

    __slots__ = ("bytes", "endpoint", "number", "status")

    def __init__(self, number: str, endpoint: str) -> None:
        self.number = number
        self.endpoint = endpoint
        # Nothing is answered where a WebSocket takes the connection over.
        self.status = 101
        self.bytes: int | None = None


def number() -> str:
    """The id of the request that is carried out here."""
    return _asked().number


def _asked() -> Asked:
    return cast(Asked, request.environ[_KEY])


def _name_endpoint() -> None:
    _asked().endpoint = request.endpoint or "none"


class Access:
    """WSGI around the pages and the socket endpoint, behind what reads the headers of trusted proxies."""

    def __init__(self, app: Flask, inner: App) -> None:
        self._inner = inner
        self._is_telling_all = log.is_enabled_for(logging.DEBUG)
        self._counters = app.extensions["hubbub"].counters
        self._trusts = current.settings_of(app).trusted_proxies > 0

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        is_socket = environ.get("PATH_INFO", "").startswith("/socket.io/")
        if is_socket and not self._is_telling_all:
            return self._count_only(environ, start_response)
        asked = environ[_KEY] = Asked(self._id(environ), "socket" if is_socket else "none")

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            asked.status = int(status[:3])
            length = next((value for name, value in headers if name.lower() == "content-length"), None)
            asked.bytes = int(length) if length is not None else None
            return start_response(status, [*headers, ("X-Request-ID", asked.number)], *more)

        began = time.perf_counter()
        # The greenlet of a connection carries out one request after another, so this must end with the request.
        tokens = structlog.contextvars.bind_contextvars(id=asked.number)
        try:
            return self._inner(environ, start)
        except BaseException:
            asked.status = 500
            raise
        finally:
            self._note(environ, asked, time.perf_counter() - began)
            structlog.contextvars.reset_contextvars(**tokens)

    def _count_only(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """For the requests of the sockets, of which there may be thousands a second and nobody reads a line."""
        answered = 101

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal answered
            answered = int(status[:3])
            return start_response(status, headers, *more)

        try:
            return self._inner(environ, start)
        except BaseException:
            answered = 500
            raise
        finally:
            self._counters.requested("socket", answered, None)

    def _id(self, environ: Environ) -> str:
        given = environ.get("HTTP_X_REQUEST_ID", "") if self._trusts else ""
        return given if _ID.fullmatch(given) else secrets.token_hex(8)

    def _note(self, environ: Environ, asked: Asked, seconds: float) -> None:
        self._counters.requested(asked.endpoint, asked.status, None if asked.endpoint == "socket" else seconds)
        (log.debug if asked.endpoint in _OFTEN else log.info)(
            "request",
            method=environ["REQUEST_METHOD"],
            path=shown_path(environ.get("PATH_INFO", "")),
            status=asked.status,
            bytes=asked.bytes,
            ms=round(seconds * 1000, 1),
            address=environ.get("REMOTE_ADDR"),
        )


def shown_path(path: str) -> str:
    """A path as the log may have it. `path` is WSGI's: its characters stand for bytes."""
    text = path.encode("latin-1", "replace").decode("utf-8", "replace")
    return _SECRET.sub("[hidden]", _SECRET_PATH.sub(r"\1[hidden]", text))[:_MOST_CHARACTERS]
