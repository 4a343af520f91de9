"""HTTP/1.1 for one accepted socket: eventlet's, with deadlines and stricter reading.

What eventlet leaves open and this closes: heads and bodies without a deadline, lengths that two readers would read
differently (request smuggling), endless chunk lines and trailers, a body thrown away without a bound after an answer,
Python's own error pages and banner.
"""

from __future__ import annotations

import contextlib
import time
from typing import Any

import eventlet
from eventlet import wsgi

from chat.transport.websocket import LINK, Link

HEADER_LINE, HEADER_BYTES = wsgi.MAX_HEADER_LINE, wsgi.MAX_TOTAL_HEADER_SIZE
# A body may take the header timeout and, beyond it, a second for each so many bytes.
BODY_BYTES_A_SECOND = 4096
# What is read of a body that nobody wanted, before the connection is closed instead.
_DISCARD_BYTES = 262_144
_CHUNK_LINE = 1024
_TRAILER_LINES = 32


class TooSlow(Exception):
    """A head that did not arrive in time."""


class ChunkedReader:
    """The lines between chunks, bounded."""

    def __init__(self, file: Any) -> None:
        self.read = file.read
        self._file = file

    def readline(self) -> bytes:
        line: bytes = self._file.readline(_CHUNK_LINE)
        if not line.endswith(b"\n"):
            raise wsgi.ChunkReadError("chunk line too long")
        return line


class Body(wsgi.Input):
    """A request's body. Reading raises TimeoutError when the client is too slow, OSError when it is gone."""

    def __init__(self, *args: Any, seconds: float, **options: Any) -> None:
        super().__init__(*args, **options)
        self._seconds = seconds
        self._until: float | None = None
        self._taken = 0
        if self.chunked_input:
            self.rfile: Any = ChunkedReader(self.rfile)

    def _do_read(self, reader: Any, length: int | None = None) -> Any:
        with self._deadline():
            return super()._do_read(reader, length)

    def _chunked_read(self, rfile: Any, length: int | None = None, use_readline: bool = False) -> Any:
        with self._deadline():
            data = super()._chunked_read(rfile, length, use_readline)
        self._taken += len(data)
        return data

    def _deadline(self) -> Any:
        """The time left. It grows with what has arrived, so a long upload may take long but not stand still."""
        now = time.monotonic()
        if self._until is None:
            self._until = now + self._seconds + (self.content_length or 0) / BODY_BYTES_A_SECOND
        left = self._until + self._taken / BODY_BYTES_A_SECOND - now
        return eventlet.Timeout(max(0.0, left), TimeoutError("the body came too slowly"))

    def _discard_trailers(self, rfile: Any) -> None:
        for _ in range(_TRAILER_LINES):
            if rfile.readline() in (b"\r\n", b"\n"):
                return
        raise wsgi.ChunkReadError("too many trailers")

    def discard(self, buffer_size: int = 16 << 10) -> None:
        """Read away what the application left, within reason; OSError makes eventlet close the connection."""
        read = 0
        while data := self.read(buffer_size):
            read += len(data)
            if read > _DISCARD_BYTES:
                raise OSError("too much left unread")


class HttpProtocol(wsgi.HttpProtocol):
    """The requests of one connection. The server (`server.Listener`) offers `header_timeout` and `idle_timeout`."""

    _deadline: Any = None
    _requests = 0

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except TooSlow:
            self.close_connection = True
            self.refuse(408, "Request Timeout")
        finally:
            self._stop_deadline()

    def _read_request_line(self) -> Any:
        """Wait for a request to begin, then start the clock under which its whole head must arrive."""
        self.connection.settimeout(self.server.idle_timeout if self._requests else self.server.header_timeout)
        self._requests += 1
        try:
            begun = self.rfile.peek(1)
        except (OSError, EOFError):
            # Nothing came in time, or the client is gone: either way there is nobody to answer.
            begun = b""
        if not begun:
            return b""
        self._deadline = eventlet.Timeout(self.server.header_timeout, TooSlow())
        self.connection.settimeout(self.server.idle_timeout)
        try:
            return self.rfile.readline(self.server.url_length_limit)
        except (OSError, EOFError):
            return b""

    def parse_request(self) -> bool:
        try:
            return bool(super().parse_request()) and self._lengths_are_plain()
        finally:
            self._stop_deadline()

    def _lengths_are_plain(self) -> bool:
        """Refuse lengths that a proxy in front might read in another way than we do."""
        lengths, encodings = self.headers.get_all("content-length", []), self.headers.get_all("transfer-encoding", [])
        bad_length = any(not (text.isascii() and text.isdigit() and len(text) < 19) for text in lengths)
        if bad_length or len(lengths) > 1 or (encodings and (lengths or self.request_version == "HTTP/1.0")):
            self.refuse(400, "Bad Request")
        elif encodings and (len(encodings) > 1 or encodings[0].strip().lower() != "chunked"):
            self.refuse(501, "Not Implemented")
        else:
            return True
        self.close_connection = True
        return False

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        plain = environ["eventlet.input"]
        environ["wsgi.input"] = environ["eventlet.input"] = Body(
            plain.rfile,
            plain.content_length,
            self.connection,
            wfile=plain.wfile,
            wfile_line=plain.wfile_line,
            chunked_input=plain.chunked_input,
            seconds=self.server.header_timeout,
        )
        environ[LINK] = Link(self.connection, self.rfile, self._detach)
        return environ

    def _detach(self) -> None:
        """The application took the connection over: eventlet must not answer on it, and nothing on it times out."""
        wsgi.WSGI_LOCAL.already_handled = True
        self.connection.settimeout(None)
        self.server.detached(self.conn_state)

    def refuse(self, status: int, reason: str) -> None:
        head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        with contextlib.suppress(OSError):
            self.wfile.write(head.encode())

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a head that Python's parser refuses, without its page, its banner and what the client sent."""
        self.close_connection = True
        self.refuse(int(code), "Bad Request" if code == 400 else "Error")

    def log_message(self, *args: Any) -> None:
        """Say nothing: the parser would write to the terminal."""
