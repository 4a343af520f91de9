"""Taking a request's connection over from the HTTP server, for a WebSocket.

Our own server hands it over whole. Others at least let the request's greenlet use the socket until it returns.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from chat.transport.answers import Environ
from chat.transport.streams import GreenletStream, Stream

# Where our server leaves the way to take the connection over: a function without arguments that returns a `Stream`.
KEY = "transport.takeover"


def is_possible(environ: Environ) -> bool:
    return KEY in environ or _socket(environ) is not None


def take(environ: Environ) -> Stream:
    """The request's connection. The HTTP server answers nothing on it after this; where `is_possible`."""
    takeover: Callable[[], Stream] | None = environ.get(KEY)
    if takeover is not None:
        return takeover()
    from eventlet import wsgi

    wsgi.WSGI_LOCAL.already_handled = True
    return through_greenlets(_socket(environ), b"")


def through_greenlets(sock: Any, early: bytes) -> GreenletStream:
    """A stream over a socket that the hub can't be asked about."""
    from eventlet import spawn_n

    return GreenletStream(sock, early, spawn_n, threading.Event)


def _socket(environ: Environ) -> Any:
    """The socket as gunicorn's eventlet worker, eventlet's own server and werkzeug's offer it."""
    if "eventlet.input" in environ:
        return environ["eventlet.input"].get_socket()
    return environ.get("gunicorn.socket", environ.get("werkzeug.socket"))
