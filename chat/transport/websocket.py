"""One WebSocket on an accepted socket: handshake, reading, writing and closing, in the blocking style of the hub."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from chat.transport import answers, frames
from chat.transport.answers import Answer, Environ

# Where the HTTP server leaves the connection for whoever takes it over (see `Link`).
LINK = "transport.link"

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_READ_BYTES = 65_536


class Reader(Protocol):
    def read1(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True)
class Link:
    """A request's own connection. `reader` may hold bytes that came along with the request's head, so all reading
    goes through it. `detach` tells the HTTP server that the answer was given and no further request will come."""

    sock: Any
    reader: Reader
    detach: Callable[[], None]


def is_upgrade(environ: Environ) -> bool:
    return "HTTP_UPGRADE" in environ


def judge_handshake(environ: Environ) -> Answer | None:
    """Why this upgrade is refused, or None. Only RFC 6455, version 13: older drafts have no masks and no limits."""
    tokens = {token.strip().lower() for token in environ.get("HTTP_CONNECTION", "").split(",")}
    if environ.get("HTTP_UPGRADE", "").strip().lower() != "websocket" or "upgrade" not in tokens:
        return answers.bad_request()
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION", "").strip() != "13":
        headers = {"Sec_WebSocket_Version": "13", "Upgrade": "websocket"}
        return answers.error(answers.BAD_REQUEST, "Bad request", "426 Upgrade Required", **headers)
    try:
        key = base64.b64decode(environ.get("HTTP_SEC_WEBSOCKET_KEY", "").strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    return None if len(key) == 16 and LINK in environ else answers.bad_request()


class WebSocket:
    """Reading belongs to one greenlet and data to another; close frames and pongs may come from either."""

    def __init__(self, link: Link, limit: int) -> None:
        self._sock = link.sock
        self._reader = link.reader
        self._frames = frames.FrameReader(limit)
        self._pending: Iterator[tuple[int, bytes]] = iter(())
        self._writing = threading.Lock()
        self._closing = False
        self._gone = False

    @classmethod
    def accept(cls, environ: Environ, limit: int) -> WebSocket:
        """Answer the handshake that `judge_handshake` let pass. The HTTP server is out of the game after this."""
        link: Link = environ[LINK]
        link.detach()
        digest = hashlib.sha1(environ["HTTP_SEC_WEBSOCKET_KEY"].strip().encode() + _GUID, usedforsecurity=False)
        websocket = cls(link, limit)
        websocket._send(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest.digest()) + b"\r\n\r\n"
        )
        return websocket

    def receive(self) -> str | None:
        """The next text message, or None when the client is gone or has said goodbye.

        Raises `FrameError` for what may not be sent; the caller must then `close` with its code.
        """
        while True:
            for opcode, payload in self._pending:
                if opcode == frames.TEXT:
                    return _text(payload)
                if opcode == frames.BINARY:
                    raise frames.FrameError(frames.UNSUPPORTED_DATA, "text only")
                if opcode == frames.PING:
                    self._send(frames.encode(frames.PONG, payload))
                elif opcode == frames.CLOSE:
                    self._gone = True
                    self.close(frames.close_code(payload))
                    return None
            data = self._read()
            if not data:
                self._gone = True
                return None
            self._pending = self._frames.feed(data)

    def send(self, texts: list[str]) -> bool:
        """Send each text as a message; False when the client is gone."""
        return self._send(b"".join(frames.encode(frames.TEXT, text.encode(errors="replace")) for text in texts))

    def close(self, code: int, reason: str = "") -> None:
        """Send a close frame, once, and no more after it."""
        if not self._closing:
            self._closing = True
            self._send(frames.encode_close(code, reason))
            with contextlib.suppress(OSError):
                self._sock.shutdown(socket.SHUT_WR)

    def linger(self) -> None:
        """Swallow what the client still sends until it hangs up: closing on unread bytes would reset the connection,
        and the client would never see the close frame. Whoever closes bounds this with `abort`."""
        while not self._gone and self._read():
            continue

    def abort(self) -> None:
        """Cut the connection, waking whoever reads or writes."""
        self._gone = True
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def _read(self) -> bytes:
        try:
            return self._reader.read1(_READ_BYTES)
        except (OSError, EOFError, ValueError):
            # Reset, closed under our hands by the hub, or a closed file: the client is gone in any case.
            return b""

    def _send(self, data: bytes) -> bool:
        with self._writing:
            try:
                self._sock.sendall(data)
            except (OSError, EOFError):
                return False
        return True


def _text(payload: bytes) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise frames.FrameError(frames.INVALID_DATA, "text is not UTF-8") from None
