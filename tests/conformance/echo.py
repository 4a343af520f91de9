"""A WebSocket echo server on our handshake and frames, for the cases of the Autobahn test suite.

Blocking sockets and a thread for each client: what is tested is the protocol, not how many can speak it.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
from socketserver import StreamRequestHandler, ThreadingTCPServer

from chat.transport import frames, websocket
from chat.transport.frames import FrameError, FrameReader

_READ_BYTES = 65_536


class Echo(StreamRequestHandler):
    """Each text and binary message comes back as it is."""

    connection: socket.socket
    disable_nagle_algorithm = True

    def handle(self) -> None:
        environ = self._head()
        # A client that begins in another way sees the connection close.
        if websocket.judge_handshake(environ) is None:
            self._send(websocket.acceptance(environ))
            with contextlib.suppress(OSError):
                self._talk(FrameReader(json.loads(sys.argv[1])["limit"]))

    def _head(self) -> dict[str, str]:
        """The request's headers as WSGI names them."""
        self.rfile.readline()
        environ = {}
        while line := self.rfile.readline().strip().decode("latin-1"):
            name, _, value = line.partition(":")
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value.strip()
        return environ

    def _talk(self, reader: FrameReader) -> None:
        """Until either side closes. Then what the client still sends is swallowed until it hangs up, or the
        connection would be reset and the client not see the close frame."""
        try:
            while data := self.rfile.read1(_READ_BYTES):
                for opcode, payload in reader.feed(data):
                    if opcode == frames.CLOSE:
                        self._end(frames.close_code(payload))
                        return
                    self._answer(opcode, payload)
        except FrameError as error:
            self._end(error.code, error.reason)

    def _answer(self, opcode: int, payload: bytes) -> None:
        if opcode == frames.TEXT:
            try:
                payload.decode()
            except UnicodeDecodeError:
                raise FrameError(frames.INVALID_DATA, "text is not UTF-8") from None
        if opcode == frames.PING:
            self._send(frames.encode(frames.PONG, payload))
        elif opcode != frames.PONG:
            self._send(frames.encode(opcode, payload))

    def _end(self, code: int, reason: str = "") -> None:
        self._send(frames.encode_close(code, reason))
        self.connection.shutdown(socket.SHUT_WR)
        while self.connection.recv(_READ_BYTES):
            continue

    def _send(self, data: bytes) -> None:
        self.connection.sendall(data)


class Server(ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


def main() -> None:
    """Serve; `{"limit": bytes}` is the argument, and the port is printed once it listens."""
    with Server(("127.0.0.1", 0), Echo) as server:
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()
