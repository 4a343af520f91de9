"""A keep-alive HTTP connection on the loop: requests one after another, answers in their order."""

from __future__ import annotations

import re
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from bench.loop import Connection, Loop


@dataclass(frozen=True)
class Response:
    status: int
    head: str
    raw: bytes

    @cached_property
    def body(self) -> bytes:
        """What was sent, decompressed."""
        encoding = self.header("content-encoding")
        if encoding == "gzip":
            return zlib.decompress(self.raw, wbits=31)
        return zlib.decompress(self.raw) if encoding == "deflate" else self.raw

    def header(self, name: str) -> str:
        return next(iter(self.headers(name)), "")

    def headers(self, name: str) -> list[str]:
        return re.findall(rf"^{name}: *(.*?)\r?$", self.head, re.MULTILINE | re.IGNORECASE)


OnResponse = Callable[[Response], object]


class Http(Connection):
    """`gone`, if set, is called when the connection ends while an answer is awaited; an idle one may be closed."""

    def __init__(self, loop: Loop, port: int, number: int = 0) -> None:
        self.gone: Callable[[], object] | None = None
        self._buffer = b""
        self._waiting_for: deque[OnResponse] = deque()
        super().__init__(loop, port, number)

    def request(self, method: str, path: str, on_response: OnResponse, body: bytes = b"", headers: str = "") -> None:
        """Send; `headers` are whole lines."""
        length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{length}{headers}\r\n"
        self._waiting_for.append(on_response)
        self.write(head.encode() + body)

    def received(self, chunk: memoryview) -> None:
        self._buffer += chunk
        while (found := _response(self._buffer)) is not None:
            response, self._buffer = found
            self._waiting_for.popleft()(response)

    def lost(self) -> None:
        if self.gone is not None and self._waiting_for:
            self.gone()


def _response(data: bytes) -> tuple[Response, bytes] | None:
    """The first whole response and what follows it."""
    head, found, rest = data.partition(b"\r\n\r\n")
    if not found:
        return None
    text = head.decode("latin-1")
    status = int(text.split(" ", 2)[1])
    response = Response(status, text, b"")
    if response.header("transfer-encoding").lower() == "chunked":
        return _chunked(status, text, rest)
    size = int(response.header("content-length") or 0)
    return (Response(status, text, rest[:size]), rest[size:]) if len(rest) >= size else None


def _chunked(status: int, head: str, data: bytes) -> tuple[Response, bytes] | None:
    body = b""
    while True:
        line, found, data = data.partition(b"\r\n")
        if not found:
            return None
        size = int(line.split(b";")[0], 16)
        if len(data) < size + 2:
            return None
        body, data = body + data[:size], data[size + 2 :]
        if not size:
            return Response(status, head, body), data
