"""What lies between people and servers: a line that can be cut, with a proxy on it that may not know WebSockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.waiting import DEADLINE

# What concerns one connection only is not passed on.
_OWN = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Line:
    """Leads to `port` of this machine, from `url`. Use it as a context.

    Without `websockets` it answers whoever asks for an upgrade with 426, as some proxies do.
    """

    def __init__(self, port: int, *, websockets: bool = True) -> None:
        self.port = port
        self.websockets = websockets
        self._cut: str | None = None
        self._open: dict[socket.socket, str] = {}
        self._dead: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"line": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.socket.close()
        self.cut("/")

    def cut(self, path: str) -> None:
        """Break off all requests under `path`, those under way too, without an answer."""
        with self._lock:
            self._cut = path
            for client, where in self._open.items():
                if where.startswith(path):
                    _break(client)

    def forget(self, path: str) -> None:
        """Lose what goes over the connections under `path` from now on, and say nothing; new ones work.

        That is what a router does which has let go of connections while a laptop was asleep.
        """
        with self._lock:
            self._dead |= {client for client, where in self._open.items() if where.startswith(path)}

    def is_dead(self, client: socket.socket) -> bool:
        return client in self._dead

    def restore(self) -> None:
        with self._lock:
            self._cut = None

    def begin(self, client: socket.socket, path: str) -> bool:
        """Whether the line is there for a request under `path`; it is to `end`."""
        with self._lock:
            if self._cut is not None and path.startswith(self._cut):
                return False
            self._open[client] = path
            return True

    def end(self, client: socket.socket) -> None:
        with self._lock:
            self._open.pop(client, None)


class _Handler(BaseHTTPRequestHandler):
    line: Line
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not self.line.begin(self.connection, self.path):
            self.close_connection = True
            return
        try:
            if "Upgrade" not in self.headers:
                self._forward()
            elif self.line.websockets:
                self._join()
            else:
                self._answer(426, [("Connection", "close")], b"")
        except (OSError, HTTPException):
            # One of the two ends has gone.
            self.close_connection = True
        finally:
            self.line.end(self.connection)

    do_POST = do_GET  # noqa: N815

    def _forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OWN}
        # Longer than a poll of an idle client lasts.
        onward = HTTPConnection("127.0.0.1", self.line.port, timeout=2 * DEADLINE)
        try:
            onward.request(self.command, self.path, body, headers)
            response = onward.getresponse()
            self._answer(response.status, response.getheaders(), response.read())
        finally:
            onward.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _OWN or value == "close":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _join(self) -> None:
        """Pass bytes both ways until one side ends."""
        self.close_connection = True
        head = f"{self.requestline}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        with socket.create_connection(("127.0.0.1", self.line.port)) as onward:
            onward.sendall(f"{head}\r\n".encode())
            is_dead = partial(self.line.is_dead, self.connection)
            back = threading.Thread(target=_pour, args=(onward, self.connection, is_dead), daemon=True)
            back.start()
            # The client sends nothing before the upgrade is answered, so `rfile` holds nothing of it back.
            _pour(self.connection, onward, is_dead)
            back.join()


def _pour(source: socket.socket, target: socket.socket, is_dead: Callable[[], bool]) -> None:
    with suppress(OSError):
        while piece := source.recv(65_536):
            if not is_dead():
                target.sendall(piece)
    for each in (source, target):
        _break(each)


def _break(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
