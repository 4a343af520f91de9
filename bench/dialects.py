"""What the servers want to hear: Hubbub's own protocol, and the two events of the bare servers in `peers/`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Protocol

# 100 characters, as long as people's messages are on average in a busy room.
TEXT = "The quick brown fox jumps over the lazy dog; then it sleeps until the dog is awake, and jumps again."
assert len(TEXT) == 100


@dataclass(frozen=True)
class Seat:
    """Who connects: a token where the server wants one, and the rooms that the connection is to be in."""

    token: str
    rooms: tuple[int, ...]


class Dialect(Protocol):
    """Packets of Socket.IO as the payloads of Engine.IO messages, without frames."""

    message: bytes  # how a message's packet begins
    ack: bytes  # how an ack's packet begins, up to its number
    acknowledges: bool  # whether a message is asked to be acknowledged even if nobody needs to know

    def greet(self, seat: Seat) -> bytes:
        """What to send at first."""

    def enter(self, seat: Seat) -> bytes | None:
        """What to send when the server has answered that."""

    def is_seated(self, payload: bytes) -> bool:
        """Whether this answer means that the connection is in its rooms."""

    def say(self, room: int, cid: str, ack: int | None) -> bytes:
        """A message to a room."""


class Hubbub:
    acknowledges = True

    def __init__(self, namespace: str = "/chat") -> None:
        self._namespace = namespace.encode()
        self.message = b"42" + self._namespace + b',["message_new",'
        self.ack = b"43" + self._namespace + b","

    def greet(self, seat: Seat) -> bytes:
        return (
            b"40"
            + self._namespace
            + b","
            + json.dumps({"token": seat.token, "client": "bench", "protocol": 1}).encode()
        )

    def enter(self, seat: Seat) -> None:
        """The account is in its rooms."""

    def is_seated(self, payload: bytes) -> bool:
        return payload.startswith(b"42" + self._namespace + b',["welcome",')

    def say(self, room: int, cid: str, ack: int | None) -> bytes:
        number = "" if ack is None else ack
        return f'42/chat,{number}["message_send",{{"room":{room},"cid":"{cid}","text":"{TEXT}"}}]'.encode()

    def command(self, event: str, number: int, **fields: object) -> bytes:
        return b"42" + self._namespace + f",{number}".encode() + json.dumps([event, fields]).encode()


class Visitor:
    """A help window of a web site; a seat's token is the visitor's secret."""

    acknowledges = True
    message = b'42/help,["help_message",'
    ack = b"43/help,"

    def __init__(self, site: str) -> None:
        self._site = site

    def greet(self, seat: Seat) -> bytes:
        return b"40/help," + json.dumps({"site": self._site, "visitor": seat.token, "protocol": 1}).encode()

    def enter(self, seat: Seat) -> None:
        """There is one conversation."""

    def is_seated(self, payload: bytes) -> bool:
        return payload.startswith(b'42/help,["help_welcome",')

    def say(self, room: int, cid: str, ack: int | None) -> bytes:
        number = "" if ack is None else ack
        return f'42/help,{number}["help_send",{{"cid":"{cid}","text":"{TEXT}"}}]'.encode()


class Bare:
    """Joining is an event with an ack; a message is an event that the server emits to its room."""

    message = b'42["message",'
    ack = b"43"
    acknowledges = False

    def greet(self, seat: Seat) -> bytes:
        return b"40"

    def enter(self, seat: Seat) -> bytes:
        return b"420" + json.dumps(["join", {"rooms": [str(room) for room in seat.rooms]}]).encode()

    def is_seated(self, payload: bytes) -> bool:
        return payload.startswith(b"430[")

    def say(self, room: int, cid: str, ack: int | None) -> bytes:
        number = "" if ack is None else ack
        return f'42{number}["message",{{"room":"{room}","cid":"{cid}","text":"{TEXT}"}}]'.encode()


HUBBUB, STAFF, BARE = Hubbub(), Hubbub("/admin"), Bare()
