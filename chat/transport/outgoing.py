"""One request to a server on the internet that strangers may have chosen; waits, so it is called on a thread."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

import h11

from chat.transport.dialing import CHUNK, Line, NotAllowed, Unreachable, dial, is_public

__all__ = ["Answer", "NotAllowed", "Page", "Unreachable", "get", "is_public", "post"]

# Of an answer's head, and of the body of one that nobody reads.
MOST_ANSWER = 65_536
WEB_PORTS = (80, 443)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]


class Page(NamedTuple):
    """`body` is as it came, compressed or not; `whole` unless it goes on behind that."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    whole: bool = True


def post(url: str, headers: Mapping[str, str], body: bytes, *, seconds: float, local: bool = False) -> Answer:
    """Raises `Unreachable`. `local`: also to private addresses and without TLS, for tests."""
    parts = urlsplit(url)
    if not parts.hostname or (parts.scheme != "https" and not (local and parts.scheme == "http")):
        raise NotAllowed("no https address")
    sent = {"Content-Length": str(len(body)), **headers}
    try:
        with _Exchange(parts, seconds, anybody if local else is_public) as exchange:
            # What else it says is nobody's business here.
            return exchange.ask("POST", sent, body)
    except Unreachable:
        raise
    except (OSError, ValueError, h11.ProtocolError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error


def get(
    url: str,
    headers: Mapping[str, str],
    *,
    seconds: float,
    most: int,
    takes: Sequence[str],
    allowed: Callable[[str], bool] = is_public,
) -> Page:
    """What stands at a web address, without following where it points to; raises `Unreachable`.

    Only of an answer 200 of a type that begins like one of `takes` is the body read, `most` bytes of it at most. Unless
    every address is `allowed`, the ports are those of the web.
    """
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise NotAllowed("no web address")
        if allowed is not anybody and parts.port not in (None, *WEB_PORTS):
            raise NotAllowed("a port of something else")
        with _Exchange(parts, seconds, allowed) as exchange:
            answer = exchange.ask("GET", headers)
            kind = answer.headers.get("content-type", "").lower()
            if answer.status != 200 or not kind.startswith(tuple(takes)):
                return Page(*answer)
            return Page(*answer, *exchange.body(most))
    except Unreachable:
        raise
    except (OSError, ValueError, h11.ProtocolError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error


def getter(*, local: bool) -> Callable[..., Page]:
    """`get`; `local`: also from private addresses and other ports."""
    return partial(get, allowed=anybody if local else is_public)


def anybody(address: str) -> bool:
    """For servers of one's own, and for tests."""
    return True


class _Exchange:
    """A request, its answer, and the line that both go over, which is closed at the end of a `with`."""

    def __init__(self, parts: SplitResult, seconds: float, allowed: Callable[[str], bool]) -> None:
        secure = parts.scheme == "https"
        host = _ascii(parts.hostname or "")
        self._host = f"[{host}]" if ":" in host else host
        if parts.port is not None:
            self._host += f":{parts.port}"
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._target = quote(target, safe=string.punctuation)
        self._line: Line = dial(host, parts.port or (443 if secure else 80), seconds, secure=secure, allowed=allowed)
        self._talk = h11.Connection(h11.CLIENT)
        self._read = 0

    def __enter__(self) -> _Exchange:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()

    def ask(self, method: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Returns when the head of the answer is there."""
        sent = [("Host", self._host), ("Connection", "close"), *headers.items()]
        events = [h11.Request(method=method, target=self._target, headers=sent), h11.EndOfMessage()]
        if body:
            events.insert(1, h11.Data(data=body))
        self._line.sendall(b"".join(filter(None, map(self._talk.send, events))))
        while True:
            event = self._next(MOST_ANSWER)
            if isinstance(event, h11.Response):
                found = {name.decode("ascii"): value.decode("latin-1") for name, value in event.headers}
                return Answer(event.status_code, found)
            if not isinstance(event, h11.InformationalResponse):
                raise Unreachable("no answer")

    def body(self, most: int) -> tuple[bytes, bool]:
        """The body of the answer, or its first `most` bytes; and whether that is all."""
        parts: list[bytes] = []
        size = 0
        while size <= most:
            # Sent in pieces, it has more around it than in it.
            event = self._next(2 * most + 2 * MOST_ANSWER)
            if not isinstance(event, h11.Data):
                break
            parts.append(bytes(event.data))
            size += len(event.data)
        return b"".join(parts)[:most], size <= most

    def _next(self, most: int) -> Any:
        while (event := self._talk.next_event()) is h11.NEED_DATA:
            data = self._line.recv(CHUNK)
            self._read += len(data)
            if self._read > most:
                raise Unreachable("an endless answer")
            self._talk.receive_data(data)
        return event


def _ascii(host: str) -> str:
    """As the resolver takes it. Raises `UnicodeError`, which is a ValueError."""
    return host if host.isascii() else host.encode("idna").decode("ascii")
