"""HTTP answers of the socket endpoint, in the shape in which socket.io-client expects errors."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from chat.transport.concurrency.threads import offload

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]

# Engine.IO's own error codes.
UNKNOWN_TRANSPORT, UNKNOWN_SESSION, BAD_METHOD, BAD_REQUEST, FORBIDDEN, BAD_VERSION = range(6)

_COMPRESS_FROM = 1024
# Up to here a small window finds nearly as much, and making a large one takes longer than compressing.
_SMALL_WINDOW_TO = 32_768
# From here on it takes the better part of a millisecond, which the hub should not wait.
_OFFLOAD_FROM = 131_072
_TEXT, _JSON = "text/plain; charset=UTF-8", "application/json"


@dataclass(frozen=True)
class Answer:
    status: str
    body: bytes = b""
    content_type: str = _TEXT
    headers: tuple[tuple[str, str], ...] = ()

    def send(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        """Speak WSGI. Never cached, and nothing cross-origin is said: each namespace judges the origin itself."""
        headers = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), *self.headers]
        body = self.body
        if body:
            headers.append(("Content-Type", self.content_type))
        if len(body) >= _COMPRESS_FROM and _takes_gzip(environ):
            body = _compress(body) if len(body) < _OFFLOAD_FROM else offload(_compress, body)
            headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        start_response(self.status, headers)
        return [body]


def _compress(body: bytes) -> bytes:
    """As gzip, by the quickest level."""
    window, memory = (12, 5) if len(body) < _SMALL_WINDOW_TO else (15, 8)
    # 16 more asks for gzip's head and tail.
    compressor = zlib.compressobj(1, zlib.DEFLATED, 16 + window, memory)
    return compressor.compress(body) + compressor.flush()


def _takes_gzip(environ: Environ) -> bool:
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "").replace(" ", "").split(",")
    return "gzip" in (name for name, _, weight in (part.partition(";") for part in accepted) if weight != "q=0")


def error(code: int, message: str, status: str = "400 Bad Request", **headers: str) -> Answer:
    """An error. `message` is one of our own sentences and never repeats what the client sent."""
    body = msgspec.json.encode({"code": code, "message": message})
    return Answer(status, body, _JSON, tuple((name.replace("_", "-"), value) for name, value in headers.items()))


OK = Answer("200 OK", b"ok")
NOTHING = Answer("204 No Content")


def unknown_session() -> Answer:
    return error(UNKNOWN_SESSION, "Session ID unknown")


def bad_request() -> Answer:
    return error(BAD_REQUEST, "Bad request")


def bad_method() -> Answer:
    return error(BAD_METHOD, "Bad handshake method", "405 Method Not Allowed", Allow="GET, POST")


def too_large() -> Answer:
    return error(BAD_REQUEST, "Too large", "413 Content Too Large")
