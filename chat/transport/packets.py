"""The grammar of Engine.IO 4 and Socket.IO 5 packets, read strictly. Pure: no connection, no I/O.

Text only: binary packets have no place in this application, so they are refused like any other packet that is wrong.
Sources: https://github.com/socketio/engine.io-protocol and https://github.com/socketio/socket.io-protocol (v5).
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from chat.transport import wire

# Engine.IO packet types, as they stand at the head of a packet.
OPEN, CLOSE, PING, PONG, MESSAGE, UPGRADE, NOOP = "0", "1", "2", "3", "4", "5", "6"
SEPARATOR = "\x1e"
PROBE = "probe"

# Socket.IO packet types.
CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR = range(5)

# A type, a namespace of at most 100 characters, an id of at most 16 digits. Binary types (5 and 6) are not read.
_HEAD = re.compile(r"([0-3])(?:(/[^,]{0,99})(?:,|\Z))?([0-9]{0,16})")
_KINDS = {str(kind): kind for kind in (CONNECT, DISCONNECT, EVENT, ACK)}
_LARGEST_ID = 2**53 - 1

# Names that a client may not use for an event: the libraries give them a meaning of their own, and `*` would reach a
# catch-all handler by name.
RESERVED = frozenset(("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener", "*"))


class BadPacket(ValueError):
    """A packet that breaks the protocol. Its text is fixed, so that it can be logged."""


class BinaryPacket(BadPacket):
    """Bytes where only text is taken."""


def split(text: str) -> tuple[str, str]:
    """Type and data of an Engine.IO packet that a client sent."""
    if not text:
        raise BadPacket("empty packet")
    if text[0] == "b":
        raise BinaryPacket("binary packet")
    if text[0] not in "0123456":
        raise BadPacket("unknown Engine.IO packet type")
    return text[0], text[1:]


class Packet(msgspec.Struct, frozen=True, gc=False):
    """A Socket.IO packet from a client. `data` is a dict or None for CONNECT, a list for EVENT and ACK."""

    kind: int
    namespace: str
    id: int | None
    data: Any


def decode(text: object) -> Packet:
    """Read a Socket.IO packet; raises `BadPacket`."""
    if not isinstance(text, str):
        raise BinaryPacket("binary packet")
    head = _HEAD.match(text)
    if head is None:
        if text[:1] in ("5", "6"):
            raise BinaryPacket("binary packet")
        raise BadPacket("unknown Socket.IO packet type")
    digit, where, count = head.groups()
    kind, namespace = _KINDS[digit], where.partition("?")[0] if where else "/"
    number = int(count) if count else None
    if number is not None and number > _LARGEST_ID:
        raise BadPacket("id too large")
    try:
        data = wire.loads(text[head.end() :]) if head.end() < len(text) else None
    except wire.BadJSON:
        raise BadPacket("data is not JSON") from None
    _check(kind, number, data)
    return Packet(kind, namespace, number, data)


def encode(kind: int, namespace: str, data: object, number: int | None = None) -> bytes:
    """A Socket.IO packet for a client, inside of an Engine.IO packet. A `Raw` is the one argument of an ack."""
    where = "" if namespace == "/" else namespace + ","
    head = f"{MESSAGE}{kind}{where}{'' if number is None else number}".encode()
    if type(data) is msgspec.Raw:
        return b"".join((head, b"[", data, b"]"))
    return head if data is None else head + wire.encode(data)


def _check(kind: int, number: int | None, data: object) -> None:
    if kind == EVENT:
        if not isinstance(data, list):
            raise BadPacket("no list of arguments")
        if not data:
            raise BadPacket("event without a name")
    elif kind == CONNECT:
        if data is not None and not isinstance(data, dict):
            raise BadPacket("CONNECT without an object")
    elif kind == DISCONNECT:
        if data is not None:
            raise BadPacket("DISCONNECT with data")
    elif not isinstance(data, list):
        raise BadPacket("no list of arguments")
    elif kind == ACK and number is None:
        raise BadPacket("ACK without an id")
    if kind in (CONNECT, DISCONNECT) and number is not None:
        raise BadPacket("id where none belongs")
