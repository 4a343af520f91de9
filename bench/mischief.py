"""Clients that break the rules, or the line. None of them may cost a server more than a moment."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from bench import frames
from bench.client import PATH, Client
from bench.dialects import HUBBUB, Seat
from bench.http import Http, Response
from bench.loop import Connection, Loop

_POLL = "/socket.io/?EIO=4&transport=polling"
_CONNECT = b"40/chat,"


class Raw(Connection):
    """Sends what it is given, at once, and does not care about answers."""

    def __init__(self, loop: Loop, port: int, data: bytes) -> None:
        super().__init__(loop, port)
        self.write(data)

    def received(self, chunk: memoryview) -> None:
        pass


def _websocket(*sent: bytes) -> bytes:
    return frames.handshake(PATH) + b"".join(sent)


def _unmasked(payload: bytes) -> bytes:
    return frames.plain(payload)


# Each is what one connection sends. Servers close all of them sooner or later, of their own accord.
BAD: dict[str, bytes] = {
    "no request": b"",
    "half a request": b"GET /socket.io/?EIO=4 HTTP/1.1\r\nHost: local",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
    "a body that never comes": b"POST /signin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n",
    "a body beyond all bounds": b"POST /signin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n",
    "no CONNECT": _websocket(),
    "unmasked": _websocket(_unmasked(_CONNECT)),
    "reserved bits": _websocket(b"\xf1\x80\0\0\0\0"),
    "an endless frame": _websocket(b"\x81\xff\x7f" + b"\xff" * 7 + b"\0\0\0\0"),
    "a fragment without end": _websocket(b"\x01\x84\0\0\0\0aaaa" + b"\x00\x84\0\0\0\0aaaa" * 200),
    "no UTF-8": _websocket(frames.masked(b"4\xff\xfe")),
    "no packet": _websocket(frames.masked(b"9x"), frames.masked(b""), frames.masked(b"4")),
    "no JSON": _websocket(frames.masked(b'40/chat,{"token')),
    "a deep JSON": _websocket(frames.masked(b"40/chat," + b"[" * 5000)),
    "a wrong token": _websocket(frames.masked(b'40/chat,{"token":"hub_nobody"}')),
    "an event before CONNECT": _websocket(frames.masked(b'42/chat,["time",{}]')),
    "binary": _websocket(frames.masked(b"\0" * 1000, 2)),
    "attachments": _websocket(frames.masked(b'459999999999-/chat,["time",{"_placeholder":true,"num":0}]')),
    "a flood": _websocket(*(frames.masked(b'42/nowhere,["x"]') for _ in range(500))),
    "a close frame of one byte": _websocket(frames.masked(b"\x03", frames.CLOSE)),
}


class HalfUpgrade:
    """Opens a session by polling, begins to upgrade it, and never ends that."""

    def __init__(self, loop: Loop, port: int, seat: Seat) -> None:
        self._loop, self._port, self._seat = loop, port, seat
        self._http = Http(loop, port)
        self._websocket: Raw | None = None
        self._http.request("GET", _POLL, self._opened)

    def close(self) -> None:
        self._http.close(reset=True)
        if self._websocket is not None:
            self._websocket.close(reset=True)

    def _opened(self, response: Response) -> None:
        start = response.body.find(b'"sid":"') + 7
        sid = response.body[start : response.body.find(b'"', start)].decode()
        path = f"{_POLL}&sid={sid}"
        self._http.request("POST", path, lambda _: None, HUBBUB.greet(self._seat), "Content-Type: text/plain\r\n")
        upgrade = frames.handshake(f"/socket.io/?EIO=4&transport=websocket&sid={sid}") + frames.masked(b"2probe")
        self._websocket = Raw(self._loop, self._port, upgrade)


class SlowReader(Client):
    """Reads nothing once it is in its room, with next to no buffer, and answers heartbeats that it does not see."""

    def __init__(self, loop: Loop, port: int, seat: Seat, heartbeat: float) -> None:
        super().__init__(loop, port, HUBBUB, seat, receive_buffer=4096)
        self._heartbeat = heartbeat
        self.on_seated = self._stop

    def _stop(self) -> None:
        self.stop_reading()
        self._answer()

    def _answer(self) -> None:
        if not self.closed:
            self.packet(b"3")
            self.loop.after(self._heartbeat, self._answer)


def say_goodbye(client: Client) -> None:
    client.packet(b"41/chat,")
    client.loop.after(0.2, client.close)


def close_frame(client: Client) -> None:
    client.write(frames.masked(b"\x03\xe8", frames.CLOSE))
    client.loop.after(0.2, client.close)


def reset(client: Client) -> None:
    client.close(reset=True)


def hang_up(client: Client) -> None:
    client.close()


def fall_silent(client: Client) -> None:
    """Stay, but read and answer nothing any more."""
    if not client.closed:
        client.stop_reading()


WAYS_TO_GO: Sequence[Callable[[Client], None]] = (say_goodbye, close_frame, reset, hang_up, fall_silent)


def go(client: Client, chance: random.Random) -> None:
    """One of the ways to go."""
    if not client.closed:
        chance.choice(WAYS_TO_GO)(client)
