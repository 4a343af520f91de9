"""One request to a server on the internet, from a thread of its own: the hub's sockets are not for other threads.

Whom it goes to, strangers may have chosen, so the address is looked at after its name was resolved, and that very
address is connected to: neither a name that leads home nor one that changes in between gets it anywhere else.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import h11

from chat.transport.patch import patched

CHUNK = 16_384
MOST_ANSWER = 65_536


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]


class Unreachable(OSError):
    """No answer came; the text says why."""


class NotAllowed(Unreachable):
    """The address is none that we connect to."""


def post(url: str, headers: Mapping[str, str], body: bytes, *, seconds: float, local: bool = False) -> Answer:
    """Raises `Unreachable`. `local`: also to private addresses and without TLS, for tests."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host or (parts.scheme != "https" and not (local and parts.scheme == "http")):
        raise NotAllowed("no https address")
    deadline = time.monotonic() + seconds
    try:
        wire = _connect(host, parts.port or (443 if parts.scheme == "https" else 80), deadline, local=local)
        try:
            line: Any = _Secure(wire, host) if parts.scheme == "https" else wire
            target = parts.path or "/"
            return _exchange(
                line, parts.netloc, target + (f"?{parts.query}" if parts.query else ""), headers, body, deadline
            )
        finally:
            wire.close()
    except Unreachable:
        raise
    except (OSError, ValueError, h11.ProtocolError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error


def is_public(address: str) -> bool:
    """Whether an IP address is somebody's on the internet, also where it carries one of IPv4 in it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        teredo = found.teredo
        inner = [found.ipv4_mapped, found.sixtofour, *(teredo or ())]
        if found in ipaddress.IPv6Network("64:ff9b::/96"):
            inner.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        if not all(is_public(str(one)) for one in inner if one is not None):
            return False
        if found.ipv4_mapped is not None:
            return True
    return found.is_global and not found.is_multicast


def _connect(host: str, port: int, deadline: float, *, local: bool) -> Any:
    sockets = _plain_sockets()
    found = sockets.getaddrinfo(host, port, type=sockets.SOCK_STREAM)
    allowed = [one for one in found if local or is_public(str(one[4][0]))]
    if not allowed:
        raise NotAllowed("a private address")
    problem: OSError | None = None
    for family, kind, protocol, _, address in allowed:
        wire = sockets.socket(family, kind, protocol)
        try:
            wire.settimeout(_left(deadline))
            wire.connect(address)
        except OSError as error:
            wire.close()
            problem = error
        else:
            return wire
    raise problem or NotAllowed("no address")


def _plain_sockets() -> Any:
    """As Python has them: they wait in the system, and not for the hub."""
    if not patched():
        return socket
    from eventlet import patcher

    return patcher.original("socket")


def _exchange(line: Any, host: str, target: str, headers: Mapping[str, str], body: bytes, deadline: float) -> Answer:
    talk = h11.Connection(h11.CLIENT)
    sent = [("Host", host), ("Content-Length", str(len(body))), ("Connection", "close"), *headers.items()]
    request = h11.Request(method="POST", target=target, headers=sent)
    out = b"".join(filter(None, (talk.send(request), talk.send(h11.Data(data=body)), talk.send(h11.EndOfMessage()))))
    line.settimeout(_left(deadline))
    line.sendall(out)
    read = 0
    while True:
        event = talk.next_event()
        if isinstance(event, h11.Response):
            # What else it says is nobody's business here.
            return Answer(
                event.status_code, {name.decode("ascii"): value.decode("latin-1") for name, value in event.headers}
            )
        if event is h11.NEED_DATA:
            line.settimeout(_left(deadline))
            data = line.recv(CHUNK)
            read += len(data)
            if read > MOST_ANSWER:
                raise Unreachable("an endless answer")
            talk.receive_data(data)
        elif not isinstance(event, h11.InformationalResponse):
            raise Unreachable("no answer")


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise Unreachable("too slow")
    return left


class _Secure:
    """TLS over a plain socket, by hand: the library's own sockets are the hub's."""

    def __init__(self, wire: Any, host: str) -> None:
        self._wire = wire
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.create_default_context()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=host)
        self._do(self._tls.do_handshake)

    def settimeout(self, seconds: float) -> None:
        self._wire.settimeout(seconds)

    def sendall(self, data: bytes) -> None:
        self._do(self._tls.write, data)

    def recv(self, size: int) -> bytes:
        found: bytes = self._do(self._tls.read, size)
        return found

    def _do(self, work: Any, *args: Any) -> Any:
        while True:
            try:
                result = work(*args)
            except ssl.SSLWantReadError:
                self._flush()
                data = self._wire.recv(CHUNK)
                if data:
                    self._in.write(data)
                else:
                    self._in.write_eof()
            except ssl.SSLZeroReturnError:
                return b""
            else:
                self._flush()
                return result

    def _flush(self) -> None:
        data = self._out.read()
        if data:
            self._wire.sendall(data)
