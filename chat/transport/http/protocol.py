"""HTTP/1.1 for one accepted socket: our reading of requests, eventlet's way of answering them.

What eventlet leaves open and this closes: heads and bodies without a deadline, requests that two readers would read
differently, a body thrown away without a bound after an answer, Python's own error pages and banner.
"""

from __future__ import annotations

import contextlib
import time
from socketserver import StreamRequestHandler
from typing import Any

from eventlet import hubs, patcher, wsgi
from eventlet.greenio import GreenSocket

from chat.transport import takeover
from chat.transport.http import head
from chat.transport.http.body import Body
from chat.transport.http.reader import Reader
from chat.transport.http.writer import Writer
from chat.transport.streams import HubStream, Stream

_Socket = patcher.original("socket").socket

# How long a connection stays half open after its last answer, so that the client gets to read it: closing on unread
# bytes would reset the connection.
_LINGER_SECONDS = 2.0
_LINGER_BYTES = 262_144


class HttpProtocol(wsgi.HttpProtocol):
    """The requests of one connection. The server (`server.Listener`) offers `header_timeout`, `idle_timeout` and
    `base_environ`."""

    environ: dict[str, Any]
    _requests = 0
    _handed_over = False

    def setup(self) -> None:
        self.connection = self.request
        self.connection.settimeout(self.server.idle_timeout)
        self.rfile, self.wfile = Reader(self.connection), Writer(self.connection)
        server_name, server_port = self.connection.getsockname()[:2]
        address, port = self.client_address[:2]
        self._base_environ = {
            **self.server.base_environ,
            "SERVER_NAME": server_name,
            "SERVER_PORT": str(server_port),
            "REMOTE_ADDR": address,
            "REMOTE_PORT": str(port),
        }

    def handle_one_request(self) -> None:
        self.close_connection = True
        try:
            text = self._read_head()
            if text is None:
                return
            self.conn_state[2] = wsgi.STATE_REQUEST
            parsed = head.parse(text)
        except TimeoutError:
            self.refuse("408 Request Timeout")
            return
        except head.BadHead as error:
            self.refuse(error.status)
            return
        body = self._begin(parsed)
        try:
            self.handle_one_response()
        finally:
            # It holds this object in turn.
            self.environ = {}
        if self.close_connection and not (body.is_read or self._handed_over):
            self._linger()

    def _read_head(self) -> bytes | None:
        """Wait for a request to begin, then start the clock under which its whole head must arrive.

        None when no request came. Raises TimeoutError and `BadHead`.
        """
        reader, looked = self.rfile, 0
        try:
            if not reader.peek() and not self._await_request():
                return None
            while (end := (data := reader.peek()).find(head.END, max(0, looked - 3))) < 0:
                head.check_beginning(data, looked)
                if not looked:
                    reader.expect(time.monotonic() + self.server.header_timeout)
                looked = len(data)
                if not reader.fill():
                    return None
        except TimeoutError:
            raise
        except (OSError, EOFError):
            return None
        finally:
            reader.relax()
        end += len(head.END)
        reader.skip(end)
        whole: bytes = data[:end]
        return whole

    def _await_request(self) -> bool:
        """False when nothing came in time, or the client is gone: either way there is nobody to answer."""
        seconds = self.server.idle_timeout if self._requests else self.server.header_timeout
        self._requests += 1
        self.rfile.expect(time.monotonic() + seconds)
        try:
            begun: bool = self.rfile.fill()
        except TimeoutError:
            return False
        return begun

    def _begin(self, parsed: head.Head) -> Body:
        """Set what eventlet answers by."""
        ours = parsed.environ
        self.command, self.requestline, self.request_version = (
            ours["REQUEST_METHOD"],
            parsed.line,
            f"HTTP/1.{parsed.minor}",
        )
        wishes = {wish.strip() for wish in ours.get("HTTP_CONNECTION", "").lower().split(",")}
        self.close_connection = "close" in wishes or (parsed.minor == 0 and "keep-alive" not in wishes)
        wish = "close" if self.close_connection else "keep-alive" if "keep-alive" in wishes else ""
        self.headers = {"Connection": wish}
        body = Body(
            self.rfile,
            None if "HTTP_TRANSFER_ENCODING" in ours else int(ours.get("CONTENT_LENGTH", 0)),
            self.server.header_timeout,
            self._send_continue if parsed.minor and ours.get("HTTP_EXPECT", "").lower() == "100-continue" else None,
        )
        self.application = self.server.app
        self.environ = {
            **self._base_environ,
            **ours,
            "SERVER_PROTOCOL": self.request_version,
            "wsgi.input": body,
            "eventlet.input": body,
            "eventlet.posthooks": [],
            takeover.KEY: self._hand_over,
        }
        return body

    def _send_continue(self) -> None:
        self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _hand_over(self) -> Stream:
        """The application takes the connection over: nothing is answered on it here, and nothing on it times out."""
        wsgi.WSGI_LOCAL.already_handled = True
        self.conn_state[2] = wsgi.STATE_CLOSE
        # What came along with the head, without waiting for more.
        self.connection.settimeout(0)
        early = self.rfile.peek()
        if type(self.connection) is not GreenSocket:
            # TLS: what the hub sees of the socket does not tell what there is to read.
            self.connection.settimeout(None)
            return takeover.through_greenlets(self.connection, early)
        self._handed_over = True
        ours = self.connection.fd
        sock = _Socket(ours.family, ours.type, ours.proto, fileno=ours.detach())
        return HubStream(hubs.get_hub(), sock, early, self.server.handed_over())

    def finish(self) -> None:
        if self._handed_over:
            # The files close, and with them nothing: the socket is no longer theirs.
            StreamRequestHandler.finish(self)
        else:
            super().finish()

    def refuse(self, status: str) -> None:
        """Answer a head that can't be taken, repeating nothing of what the client sent, and close."""
        text = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        with contextlib.suppress(OSError):
            self.wfile.write(text.encode())
        self._linger()

    def _linger(self) -> None:
        """Swallow what the client still sends until it hangs up, within reason."""
        self.wfile.end()
        self.rfile.skip(len(self.rfile.peek()))
        left = _LINGER_BYTES
        self.rfile.expect(time.monotonic() + _LINGER_SECONDS)
        with contextlib.suppress(OSError, EOFError):
            while left > 0 and (data := self.rfile.read1(_LINGER_BYTES)):
                left -= len(data)
