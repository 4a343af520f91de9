"""A Socket.IO client that stays on long-polling, as where a proxy lets no WebSocket through."""

from __future__ import annotations

from collections.abc import Callable

from bench.dialects import Dialect, Seat
from bench.http import Http, Response
from bench.loop import Loop

_SEPARATOR = b"\x1e"
_ACCEPT = "Accept-Encoding: gzip, deflate\r\n"


class Poller:
    """Two HTTP connections: one holds the poll, one posts. `messages` are the payloads of the room's messages.

    `trouble` says what went wrong; then it has stopped.
    """

    def __init__(self, loop: Loop, port: int, dialect: Dialect, seat: Seat, number: int = 0) -> None:
        self.dialect = dialect
        self.seat = seat
        self.seated = False
        self.messages: list[bytes] = []
        self.polls = 0
        self.bytes = 0
        self.compressed = 0
        self.trouble = ""
        self.on_message: Callable[[], object] | None = None
        self._path = "/socket.io/?EIO=4&transport=polling"
        self._loop, self._port, self._number = loop, port, number
        self._get, self._post = self._connection(), self._connection()
        self._get.request("GET", self._path, self._opened, headers=_ACCEPT)

    def close(self) -> None:
        for http in (self._get, self._post):
            http.gone = None
            http.close()

    def _connection(self) -> Http:
        http = Http(self._loop, self._port, self._number)
        http.gone = self._lost
        return http

    def _lost(self) -> None:
        self.trouble = self.trouble or f"a connection was closed: {self._get.closed or self._post.closed}"

    def _opened(self, response: Response) -> None:
        if not self._is_good(response):
            return
        start = response.body.index(b'"sid":"') + 7
        sid = response.body[start : response.body.index(b'"', start)].decode()
        self._path += f"&sid={sid}"
        self.send(self.dialect.greet(self.seat))
        self._poll()

    def send(self, payload: bytes) -> None:
        if self._post.closed:
            # Servers close what is idle for some seconds.
            self._post = self._connection()
        self._post.request("POST", self._path, self._is_good, payload, "Content-Type: text/plain;charset=UTF-8\r\n")

    def _is_good(self, response: Response) -> bool:
        if response.status != 200:
            self.trouble = self.trouble or f"answer {response.status}: {response.body[:200]!r}"
        return not self.trouble

    def _poll(self) -> None:
        self._get.request("GET", self._path, self._answered, headers=_ACCEPT)

    def _answered(self, response: Response) -> None:
        if not self._is_good(response):
            return
        self.polls += 1
        self.bytes += len(response.raw)
        self.compressed += response.raw is not response.body
        # The next poll first, as browsers do it.
        self._poll()
        for payload in response.body.split(_SEPARATOR):
            self._packet(payload)

    def _packet(self, payload: bytes) -> None:
        if payload.startswith(self.dialect.message):
            self.messages.append(payload)
            if self.on_message is not None:
                self.on_message()
        elif payload == b"2":
            self.send(b"3")
        elif payload.startswith(b"40"):
            wanted = self.dialect.enter(self.seat)
            if wanted is not None:
                self.send(wanted)
        elif payload[:1] == b"1" or payload.startswith(b"44"):
            self.trouble = f"the server ended it: {payload[:200]!r}"
        if not self.seated and self.dialect.is_seated(payload):
            self.seated = True
