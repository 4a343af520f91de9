"""Lines to servers on the internet, from threads of their own: the hub's sockets are not for other threads.

Which server it is, strangers may have chosen. So an address is looked at after its name was resolved, and that very
address is connected to: neither a name that leads home nor one that changes in between gets us anywhere else. All that
happens on a line has one deadline, however slowly the other side goes on talking.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from chat.transport.patch import patched

CHUNK = 16_384

# Of IPv4, beyond what Python knows to be nobody's: for protocols, and for gateways to IPv6 that are no more.
_NEVER_4 = [ipaddress.IPv4Network(net) for net in ("192.0.0.0/24", "192.88.99.0/24")]
# All that is given out of IPv6, and what of it is for protocols (Teredo), documents, and IPv4 inside of it (6to4).
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
_NEVER_6 = [ipaddress.IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# The middle of an address that carries one of IPv4 in its end (ISATAP), with either value of a bit.
_ISATAP = (0x00005EFE, 0x02005EFE)


class Unreachable(OSError):
    """No answer came; the text says why."""


class NotAllowed(Unreachable):
    """The address is none that we connect to."""


def is_public(address: str) -> bool:
    """Whether an IP address is somebody's on the internet, also where it carries one of IPv4 in it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv4Address):
        return found.is_global and not found.is_multicast and not any(found in net for net in _NEVER_4)
    if found.ipv4_mapped is not None:
        return is_public(str(found.ipv4_mapped))
    number = int(found)
    inner = str(ipaddress.IPv4Address(number & 0xFFFFFFFF))
    if found in _NAT64:
        return is_public(inner)
    if number >> 32 & 0xFFFFFFFF in _ISATAP and not is_public(inner):
        return False
    return found in _GIVEN_OUT and not any(found in net for net in _NEVER_6)


def dial(host: str, port: int, seconds: float, *, secure: bool, allowed: Callable[[str], bool]) -> Line:
    """A line to the first address of `host` that answers and is `allowed`. `secure`: by TLS, the certificate checked.

    Raises `Unreachable` and OSError, and ValueError for what is no name.
    """
    deadline = time.monotonic() + seconds
    found = _resolved(host, port, deadline)
    addresses = [one for one in found if allowed(str(one[4][0]))]
    if not addresses:
        raise NotAllowed("a private address")
    wire = _connected(addresses, deadline)
    plain = Line(wire, deadline)
    try:
        return _Secure(plain, host) if secure else plain
    except BaseException:
        wire.close()
        raise


class Line:
    """A connection. Whatever is done on it raises `Unreachable` after the deadline."""

    def __init__(self, wire: Any, deadline: float) -> None:
        self._wire = wire
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        self._wire.settimeout(_left(self._deadline))
        self._wire.sendall(data)

    def recv(self, size: int) -> bytes:
        """b"" at the end."""
        self._wire.settimeout(_left(self._deadline))
        found: bytes = self._wire.recv(size)
        return found

    def close(self) -> None:
        self._wire.close()


class _Secure(Line):
    """TLS over a plain line, by hand: the library's own sockets are the hub's."""

    def __init__(self, line: Line, host: str) -> None:
        self._line = line
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.create_default_context()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=host)
        self._do(self._tls.do_handshake)

    def sendall(self, data: bytes) -> None:
        self._do(self._tls.write, data)

    def recv(self, size: int) -> bytes:
        found: bytes = self._do(self._tls.read, size)
        return found

    def close(self) -> None:
        self._line.close()

    def _do(self, work: Any, *args: Any) -> Any:
        while True:
            try:
                result = work(*args)
            except ssl.SSLWantReadError:
                self._flush()
                data = self._line.recv(CHUNK)
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
            self._line.sendall(data)


def _resolved(host: str, port: int, deadline: float) -> list[Any]:
    """What the name stands for. The system's resolver knows no deadline, so it is asked on a thread of its own."""
    sockets, threading = _plain("socket"), _plain("threading")
    found: list[Any] = []
    problems: list[Exception] = []

    def ask() -> None:
        try:
            found.extend(sockets.getaddrinfo(host, port, type=sockets.SOCK_STREAM))
        except (OSError, ValueError) as error:
            problems.append(error)

    thread = threading.Thread(target=ask, name="hubbub-resolver", daemon=True)
    thread.start()
    thread.join(_left(deadline))
    if thread.is_alive():
        raise Unreachable("its name takes too long")
    if problems:
        raise problems[0]
    return found


def _connected(addresses: list[Any], deadline: float) -> Any:
    sockets = _plain("socket")
    problem: OSError | None = None
    for family, kind, protocol, _, address in addresses:
        wire = sockets.socket(family, kind, protocol)
        try:
            wire.settimeout(_left(deadline))
            wire.connect(address)
        except OSError as error:
            wire.close()
            problem = error
        else:
            return wire
    raise problem or Unreachable("no address")


def _plain(module: str) -> Any:
    """A module of Python's as it is by itself: what it makes waits in the system, and not for the hub."""
    if patched():
        from eventlet import patcher

        return patcher.original(module)
    if module == "socket":
        return socket
    import threading

    return threading


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise Unreachable("too slow")
    return left
