"""One WebSocket over a stream: handshake, messages, bounded writing and the closing handshake."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Protocol

from chat.transport import answers, frames
from chat.transport.answers import Answer, Environ
from chat.transport.concurrency.turns import Turns
from chat.transport.streams import Stream

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
# How much is handed to the system in one call when a client that was slow can be written to again.
_PARTS = 64


class Owner(Protocol):
    """Whose WebSocket it is, until it closes it. It must close it when it is told of the end."""

    def on_text(self, text: str) -> None: ...

    def on_end(self, error: frames.FrameError | None) -> None:
        """The client is gone, has said goodbye, or has sent what may not be sent."""


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
    return None if len(key) == 16 else answers.bad_request()


def acceptance(environ: Environ) -> bytes:
    """The answer to a handshake that `judge_handshake` let pass."""
    digest = hashlib.sha1(environ["HTTP_SEC_WEBSOCKET_KEY"].strip().encode() + _GUID, usedforsecurity=False)
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + base64.b64encode(digest.digest()) + b"\r\n\r\n"
    )


class _Nobody:
    """The owner of a WebSocket that is gone, which must not keep the one it had."""

    def on_text(self, text: str) -> None: ...

    def on_end(self, error: frames.FrameError | None) -> None: ...


_NOBODY = _Nobody()


class WebSocket:
    """The server's end of a connection whose handshake is the first thing to be written.

    What the socket doesn't take at once waits here, up to a bound; whatever is written later waits behind it.
    """

    __slots__ = (
        "_bytes", "_closing", "_frames", "_gone", "_most_bytes", "_most_packets",
        "_owner", "_packets", "_send", "_stream", "_waiting",
    )  # fmt: skip

    def __init__(self, stream: Stream, owner: Owner, limit: int, most_packets: int, most_bytes: int) -> None:
        """`limit` bounds a message that comes in; `most_packets` and `most_bytes`, what waits to go out."""
        self._stream = stream
        self._send = stream.send
        self._owner = owner
        self._frames = frames.FrameReader(limit)
        self._most_packets = most_packets
        self._most_bytes = most_bytes
        self._waiting: list[tuple[bytes, int]] | None = None
        self._packets = self._bytes = 0
        self._closing = self._gone = False

    def run(self) -> None:
        """Begin to read. Returns at once where the hub reads, else when the connection has ended."""
        self._stream.run(self)

    def hand_to(self, owner: Owner) -> None:
        """From the next message on it has another owner."""
        self._owner = owner

    # What goes out

    def write(self, data: bytes, packets: int = 1) -> bool:
        """Send frames, `packets` in number; False, and nothing sent, when the client has left too much unread."""
        if self._waiting is None:
            try:
                sent = self._send(data)
            except BlockingIOError:
                sent = 0
            except OSError:
                # Whoever reads will notice.
                return True
            if sent != len(data):
                self._wait_with(data[sent:], packets)
                self._stream.await_writable()
            return True
        if self._is_too_much(data, packets):
            # Perhaps it was only gathered, and no attempt has been made yet.
            self.flush()
            return not self._is_too_much(data, packets) and self.write(data, packets)
        self._waiting.append((data, packets))
        self._packets += packets
        self._bytes += len(data)
        return True

    @property
    def is_waiting(self) -> bool:
        """Whether anything waits to be written."""
        return self._waiting is not None

    @property
    def unread_bytes(self) -> int:
        """How many wait to be written."""
        return 0 if self._waiting is None else self._bytes

    @property
    def unread_packets(self) -> int:
        """How many wait to be written."""
        return 0 if self._waiting is None else self._packets

    def gather(self, data: bytes, packets: int, turns: Turns) -> bool:
        """Like `write`, but at the end of this turn of the hub, together with what else comes until then."""
        if self._waiting is not None or not self._stream.direct:
            return self.write(data, packets)
        self._wait_with(data, packets)
        turns.add(self)
        return True

    def flush(self) -> None:
        """Send what was gathered, as far as the socket takes it."""
        if self._stream.direct and self.on_writable():
            self._stream.await_writable()

    def _is_too_much(self, data: bytes, packets: int) -> bool:
        too_many = self._packets + packets > self._most_packets or self._bytes + len(data) > self._most_bytes
        return self._waiting is not None and too_many

    def _wait_with(self, data: bytes, packets: int) -> None:
        self._waiting = [(data, packets)]
        self._packets, self._bytes = packets, len(data)

    def on_writable(self) -> bool:
        waiting = self._waiting
        if waiting is None:
            return False
        data = waiting[0][0] if len(waiting) == 1 else b"".join([part for part, _ in waiting[:_PARTS]])
        try:
            sent = self._stream.send_on(data)
        except BlockingIOError:
            return True
        except OSError:
            self._end()
            return False
        if sent != self._bytes:
            self._cut(waiting, sent)
            return True
        self._waiting = None
        if self._closing:
            self._stream.end_writing()
        return False

    def _cut(self, waiting: list[tuple[bytes, int]], sent: int) -> None:
        """Take away what has been sent."""
        self._bytes -= sent
        done = 0
        for data, packets in waiting:
            if sent < len(data):
                break
            sent -= len(data)
            self._packets -= packets
            done += 1
        del waiting[:done]
        if sent:
            data, packets = waiting[0]
            waiting[0] = (data[sent:], packets)

    def traffic(self) -> tuple[int, int] | None:
        """The bytes that went out and came in, where the system says it."""
        return self._stream.traffic()

    # What comes in

    def pause(self) -> None:
        self._stream.pause()

    def resume(self) -> None:
        if not self._gone:
            self._stream.resume()

    def on_data(self, data: bytes) -> None:
        if not data:
            self._end()
        elif not self._closing:
            try:
                for opcode, payload in self._frames.feed(data):
                    if not self._take(opcode, payload):
                        # What follows is swallowed until the client hangs up: closing on unread bytes would reset the
                        # connection, and the client would never see the close frame.
                        break
            except frames.FrameError as error:
                self._owner.on_end(error)

    def _take(self, opcode: int, payload: bytes) -> bool:
        """Act on a message or a control frame; False when nothing is wanted after it."""
        if opcode == frames.TEXT:
            try:
                text = payload.decode()
            except UnicodeDecodeError:
                raise frames.FrameError(frames.INVALID_DATA, "text is not UTF-8") from None
            self._owner.on_text(text)
        elif opcode == frames.BINARY:
            raise frames.FrameError(frames.UNSUPPORTED_DATA, "text only")
        elif opcode == frames.PING:
            if not self.write(frames.encode(frames.PONG, payload)):
                self.abort()
        elif opcode == frames.CLOSE:
            owner = self._owner
            self.close(frames.close_code(payload))
            owner.on_end(None)
        return not self._closing

    # The end

    def _end(self) -> None:
        owner = self._owner
        self._cut_off(reset=False)
        owner.on_end(None)

    def close(self, code: int, reason: str = "") -> None:
        """Send a close frame, once, and no more after it. Whoever closes must `abort` a while later.

        The owner hears no more: it may have another WebSocket by then.
        """
        if not self._closing:
            self.write(frames.encode_close(code, reason))
            self._closing = True
            self._owner = _NOBODY
            if self._waiting is None:
                self._stream.end_writing()
            self._stream.resume()

    def abort(self) -> None:
        """Cut the connection, if it is not cut yet, leaving nothing of it."""
        self._cut_off(reset=True)

    def _cut_off(self, *, reset: bool) -> None:
        if not self._gone:
            self._gone = self._closing = True
            self._waiting = None
            self._owner = _NOBODY
            self._stream.close(reset)

    def tick(self, now: float) -> None:
        """The time for the client's close frame is over."""
        self.abort()
