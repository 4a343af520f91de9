"""The guard of the socket endpoint: what may pass to Engine.IO.

It stands in front of the libraries as WSGI middleware, whatever serves the sessions behind it. A request that it lets
pass has a known method and transport, and a body that was read whole, within its limits, as UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import parse_qs

from chat.transport import answers, packets, takeover, websocket
from chat.transport.answers import Answer, Environ, StartResponse
from chat.transport.limits import Limits

WSGI = Callable[[Environ, StartResponse], list[bytes]]

_MOST_FIELDS = 20
_SID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class EngineRequest:
    """A request to the socket endpoint, read and judged; in the environment under `KEY`."""

    KEY: ClassVar[str] = "transport.request"

    method: str
    transport: str
    sid: str | None
    packets: tuple[str, ...] = ()
    refusal: Answer | None = None
    """Why the body of a POST was not taken. The session must end with it: some clients would go on polling but never
    send again, and so would not notice for a whole heartbeat."""


class Guard:
    def __init__(self, app: WSGI, limits: Limits, path: str = "/socket.io/") -> None:
        self._app = app
        self._limits = limits
        self._path = path

    def __call__(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(self._path):
            judged = self._judge(environ)
            if isinstance(judged, Answer):
                return judged.send(environ, start_response)
            environ[EngineRequest.KEY] = judged
        return self._app(environ, start_response)

    def _judge(self, environ: Environ) -> EngineRequest | Answer:
        method = environ["REQUEST_METHOD"]
        if method == "OPTIONS":
            # An answer that permits nothing: browsers then keep other sites' scripts out.
            return answers.NOTHING
        if method not in ("GET", "POST"):
            return answers.bad_method()
        try:
            query = _query(environ.get("QUERY_STRING", ""))
        except ValueError:
            return answers.bad_request()
        transport, sid = query.get("transport", ""), query.get("sid")
        if transport not in ("polling", "websocket"):
            return answers.error(answers.UNKNOWN_TRANSPORT, "Transport unknown")
        if sid is None and query.get("EIO") != "4":
            return answers.error(answers.BAD_VERSION, "Unsupported protocol version")
        if "j" in query:
            # JSONP would hand a conversation to any page that can write a script element.
            return answers.bad_request()
        if sid is not None and not _SID.fullmatch(sid):
            return answers.unknown_session()
        if method == "POST":
            return self._judge_post(environ, transport, sid)
        return self._judge_get(environ, transport, sid)

    def _judge_get(self, environ: Environ, transport: str, sid: str | None) -> EngineRequest | Answer:
        wants_websocket = websocket.is_upgrade(environ)
        if wants_websocket != (transport == "websocket"):
            return answers.bad_request()
        if wants_websocket:
            if _has_body(environ):
                # Nobody could say where the frames begin.
                return answers.bad_request()
            refusal = websocket.judge_handshake(environ)
            if refusal is not None or not takeover.is_possible(environ):
                return refusal or answers.bad_request()
        return EngineRequest("GET", transport, sid)

    def _judge_post(self, environ: Environ, transport: str, sid: str | None) -> EngineRequest | Answer:
        if transport != "polling" or sid is None or websocket.is_upgrade(environ):
            return answers.bad_request()
        body = self._read(environ)
        parts = self._split(body) if isinstance(body, bytes) else body
        if isinstance(parts, Answer):
            return EngineRequest("POST", transport, sid, refusal=parts)
        return EngineRequest("POST", transport, sid, tuple(parts))

    def _split(self, body: bytes) -> list[str] | Answer:
        try:
            parts = body.decode().split(packets.SEPARATOR)
        except UnicodeDecodeError:
            return answers.bad_request()
        return answers.bad_request() if len(parts) > self._limits.post_packets else parts

    def _read(self, environ: Environ) -> bytes | Answer:
        """The whole body, or why not. The HTTP server's input has a deadline, so a slow client can't hold this up."""
        most = self._limits.packet_bytes
        length: int | None = None
        if environ.get("HTTP_TRANSFER_ENCODING", "").lower() != "chunked":
            text = environ.get("CONTENT_LENGTH") or ""
            if not (text.isascii() and text.isdigit()):
                return answers.error(answers.BAD_REQUEST, "Length required", "411 Length Required")
            # Compared as text first: turning 8,000 digits into a number is work that nobody asked for.
            if len(text) > 18 or int(text) > most:
                return answers.too_large()
            length = int(text)
        try:
            body: bytes = environ["wsgi.input"].read(most + 1 if length is None else length)
        except TimeoutError:
            return answers.error(answers.BAD_REQUEST, "Too slow", "408 Request Timeout")
        except (OSError, ValueError):
            return answers.bad_request()
        if len(body) > most:
            return answers.too_large()
        return answers.bad_request() if length is not None and len(body) != length else body


def _query(text: str) -> dict[str, str]:
    """The fields of a query, the first where there are several of a name; raises ValueError for too many of them."""
    if "%" in text or "+" in text:
        return {name: values[0] for name, values in parse_qs(text, max_num_fields=_MOST_FIELDS).items()}
    # The usual ones need no decoding, and are read at every connect and poll.
    fields = text.split("&", _MOST_FIELDS)
    if len(fields) > _MOST_FIELDS:
        raise ValueError("too many fields")
    found: dict[str, str] = {}
    for field in fields:
        name, _, value = field.partition("=")
        if value:
            found.setdefault(name, value)
    return found


def _has_body(environ: Environ) -> bool:
    return environ.get("CONTENT_LENGTH", "0") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ
