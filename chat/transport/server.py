"""The server: listening, accepting, and the limits of one process."""

from __future__ import annotations

import contextlib
import errno
import io
import resource
import socket
import sys
import time
from collections.abc import Callable
from math import inf
from typing import Any

import eventlet
import structlog
from eventlet import hubs, wsgi

from chat.config import Settings
from chat.transport import garbage
from chat.transport.drain import Signals, drain
from chat.transport.http.protocol import HttpProtocol

log = structlog.get_logger(__name__)

_FULL = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"

BACKLOG = 4096
# Bytes on their way to one client in the system, which takes twice as much memory for them.
SEND_BUFFER = 131_072
# Files that connections may not use up: the database, logs, threads and what the application opens.
SPARE_FILES = 128
# Errors of accept that concern one client or pass by themselves.
_FLEETING = {errno.ECONNABORTED, errno.EPROTO, errno.EINTR, errno.ENETDOWN, errno.EHOSTUNREACH, errno.ENETUNREACH}
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_PAUSE_SECONDS = 0.1
# A crowd that knocks at once must not keep those waiting who are inside.
_ACCEPTS_IN_A_ROW = 64
_COMPLAINT_SECONDS = 10.0


class CannotListen(SystemExit):
    """The address can't be listened on. Uncaught, its text is all that the terminal shows, and the exit code is 1."""


def serve(
    app: Any,
    socketio: Any,
    settings: Settings,
    on_ready: Callable[[str, int], object] | None = None,
    on_drain: Callable[[], object] | None = None,
) -> None:
    """Serve `app` until SIGTERM or SIGINT, then drain and return.

    `patch.patch()` must have run. `on_ready(host, port)` is called once clients can connect; `on_drain()` when the
    server begins to stop, while everybody is still connected. What the caller does after the return must fit into
    what is left of `drain_seconds`: then the process ends itself. Raises `CannotListen`.
    """
    garbage.settle()
    log_failures(hubs.get_hub())
    files = raise_file_limit()
    sock = listen(settings.host, settings.port)
    listener = Listener(sock, app, settings, most=max(64, files - SPARE_FILES))
    with Signals() as signals:
        listener.start()
        if on_ready is not None:
            on_ready(*sock.getsockname()[:2])
        signals.wait()
        drain(listener, socketio.server.eio, settings.drain_seconds, on_drain)


def log_failures(hub: Any) -> None:
    """Have what fails on the hub itself logged like all else; eventlet would print it."""

    def report(*given: Any) -> None:
        log.error("the hub's own work failed", exc_info=given[-1][1])

    def drop(fileno: int, found: Any) -> None:
        report(found)
        hub.remove_descriptor(fileno)

    hub.squelch_generic_exception = hub.squelch_timer_exception = report
    hub.squelch_exception = drop


def raise_file_limit() -> int:
    """Raise the soft limit of open files to the hard one, since every client takes a file; return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        hard = max(soft, 1_048_576)
    if soft < hard:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
            soft = hard
    return soft


def listen(host: str, port: int) -> Any:
    """A listening socket; port 0 takes a free one. Raises `CannotListen` with a line for the person who starts it."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise CannotListen(f"There is no address {host}; set CHAT_HOST to one of this machine") from None
    sock = socket.socket(family, kind, proto)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted sockets inherit it. Without it Nagle's algorithm holds an ack back for 40 ms.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Else the system would keep megabytes for a client that does not read, before we see that it does not.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        if family == socket.AF_INET6 and host in ("", "::"):
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind(address)
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise CannotListen(_why(error, host, port)) from None
    return sock


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program; set CHAT_PORT to a free one (0 finds one)"
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than this program has; set CHAT_PORT to one above 1023"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"This machine has no address {host}; set CHAT_HOST to one that it has"
    return f"Cannot listen on {host} port {port}: {error.strerror}; set CHAT_HOST and CHAT_PORT"


class _WsgiLog:
    """eventlet reports tracebacks through `info`. Requests are the application's to log."""

    def info(self, message: str, *_: object) -> None:
        if isinstance(sys.exception(), OSError):
            log.debug("a client was cut off")
        elif message.startswith("Traceback"):
            log.error("a request failed", exc_info=sys.exception())

    def debug(self, message: str, *_: object) -> None:
        """eventlet's own words about sockets, which say nothing that our lines don't."""

    error = debug


class _Errors(io.TextIOBase):
    """In place of the standard error stream, to which eventlet's own WebSocket writes pieces of lines about sockets."""

    def write(self, text: str) -> int:
        return len(text)


class Listener(wsgi.Server):
    """Accepts connections and runs their requests, a greenlet each."""

    def __init__(self, sock: Any, app: Any, settings: Settings, most: int) -> None:
        # eventlet's `debug` would put tracebacks into answers.
        super().__init__(
            sock, sock.getsockname(), app, log=_WsgiLog(), protocol=HttpProtocol, log_x_forwarded_for=False, debug=False
        )
        self.max_http_version = "HTTP/1.1"
        self.log_output = False
        self.header_timeout = settings.header_timeout
        self.idle_timeout = settings.idle_timeout
        own = {"SCRIPT_NAME": "", "GATEWAY_INTERFACE": "CGI/1.1", "wsgi.errors": _Errors()}
        self.base_environ = {**self.get_environ(), **own}
        self._most = most
        self._open: dict[int, list[Any]] = {}
        self._handed_over = 0
        self._accepting: Any = None
        self._complained_at = -inf

    def start(self) -> None:
        self._accepting = eventlet.spawn(self._accept_all)

    def stop(self) -> None:
        """Accept nobody any more, and let each open connection finish its request and close."""
        self.keepalive = False
        self._accepting.kill()
        self.socket.close()
        for state in list(self._open.values()):
            idle, state[2] = state[2] == wsgi.STATE_IDLE, wsgi.STATE_CLOSE
            if idle:
                with contextlib.suppress(OSError):
                    state[1].shutdown(socket.SHUT_RD)

    @property
    def open_connections(self) -> int:
        return len(self._open) + self._handed_over

    def handed_over(self) -> Callable[[], None]:
        """A WebSocket took a connection over: it is the transport's to close. Returns what to call then."""
        self._handed_over += 1

        def closed() -> None:
            self._handed_over -= 1

        return closed

    def _accept_all(self) -> None:
        row = 0
        while True:
            row += 1
            if row % _ACCEPTS_IN_A_ROW == 0:
                eventlet.sleep(0)
            try:
                client, address = self.socket.accept()
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    self._complain(error.strerror or "")
                    eventlet.sleep(_PAUSE_SECONDS)
                elif error.errno not in _FLEETING:
                    raise
                continue
            if self.open_connections >= self._most:
                self._turn_away(client)
                continue
            state = [address, client, wsgi.STATE_IDLE]
            self._open[id(state)] = state
            eventlet.spawn_n(self._serve, state)

    def _turn_away(self, client: Any) -> None:
        self._complain("no open files are left for it")
        with contextlib.suppress(OSError):
            client.sendall(_FULL)
        client.close()

    def _complain(self, why: str) -> None:
        """Say it now and then: whoever fills the server up must not fill the disk with lines about it."""
        now = time.monotonic()
        if now - self._complained_at >= _COMPLAINT_SECONDS:
            self._complained_at = now
            log.error("connections are refused", why=why)

    def _serve(self, state: list[Any]) -> None:
        try:
            self.process_request(state)
        except (OSError, EOFError):
            log.debug("a client was cut off")
        except Exception:  # a bug met by one connection must not reach the terminal as a bare traceback
            log.exception("a connection failed")
        finally:
            self._open.pop(id(state), None)
            with contextlib.suppress(OSError):
                state[1].close()
