"""Engine.IO sessions over either transport, for tests of what must be the same over both."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections import deque
from typing import Any, Self

from tests.transport import harness

UNKNOWN_SESSION = {"code": 1, "message": "Session ID unknown"}


class Session(ABC):
    """A client past Engine.IO's handshake, which told it `hello`."""

    hello: dict[str, Any]

    @abstractmethod
    def put(self, *packets: str) -> None:
        """Send Engine.IO packets."""

    @abstractmethod
    def take(self) -> str:
        """The next packet, with heartbeats answered and NOOPs passed over."""

    @abstractmethod
    def check_over(self) -> None:
        """The server has ended the session, perhaps with a CLOSE packet, and with nothing else before it."""

    @abstractmethod
    def close(self) -> None:
        """Free what the test holds of it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Socket.IO

    def connect(self, namespace: str = "/chat", auth: Any = None) -> str:
        """Connect to a namespace; returns its sid."""
        self.put(f"40{namespace}," + ("" if auth is None else json.dumps(auth)))
        head, _, data = self.take().partition(",")
        assert head == f"40{namespace}"
        answer = json.loads(data)
        assert list(answer) == ["sid"]
        sid: str = answer["sid"]
        return sid

    def refused(self, packet: str, namespace: str) -> dict[str, Any]:
        """Send a packet that gets CONNECT_ERROR in this namespace; returns the data."""
        self.put(packet)
        head, brace, data = self.take().partition("{")
        assert head == ("44" if namespace == "/" else f"44{namespace},")
        answer: dict[str, Any] = json.loads(brace + data)
        return answer

    def call(self, number: int, *event: Any, namespace: str = "/chat") -> list[Any]:
        """Emit an event with an ack id; the very next packet must be the ack. Returns its arguments."""
        self.put(f"42{namespace},{number}{json.dumps(event)}")
        return self.ack(number, namespace)

    def command(self, number: int, *event: Any) -> dict[str, Any]:
        """Ask /chat, which may tell facts before it answers. Returns the answer."""
        head = "42/chat,"
        self.put(f"{head}{number}{json.dumps(event)}")
        packet = self.take()
        while packet.startswith(f"{head}["):
            packet = self.take()
        head = f"43/chat,{number}["
        assert packet.startswith(head), packet
        (answer,) = json.loads(packet[len(head) - 1 :])
        return dict(answer)

    def ack(self, number: int, namespace: str = "/chat") -> list[Any]:
        packet, head = self.take(), f"43{namespace},{number}["
        assert packet.startswith(head), packet
        found: list[Any] = json.loads(packet[len(head) - 1 :])
        return found

    def event(self, namespace: str = "/chat") -> list[Any]:
        """The next packet, which must be an event without an ack id."""
        packet, head = self.take(), f"42{namespace},["
        assert packet.startswith(head), packet
        found: list[Any] = json.loads(packet[len(head) - 1 :])
        return found


class OverWebSocket(Session):
    def __init__(self, port: int) -> None:
        self.socket = harness.WebSocket(port)
        assert self.socket.status == 101
        greeting = self.socket.text()
        assert greeting[0] == "0"
        self.hello = json.loads(greeting[1:])

    def put(self, *packets: str) -> None:
        for packet in packets:
            self.socket.put(packet)

    def take(self) -> str:
        return self.socket.text()

    def check_over(self) -> None:
        self.close_code()

    def close_code(self) -> int:
        """The code with which the server closes, perhaps after a CLOSE packet."""
        opcode, payload = self.socket.next_frame()
        if (opcode, payload) == (1, b"1"):
            opcode, payload = self.socket.next_frame()
        assert opcode == 8, (opcode, payload)
        self.socket.frame(8, payload)
        assert self.socket.is_closed()
        return int.from_bytes(payload[:2], "big")

    def close(self) -> None:
        self.socket.close()


class OverPolling(Session):
    def __init__(self, port: int) -> None:
        self.client = harness.Polling(port)
        self.hello = self.client.hello
        self._packets: deque[str] = deque()

    def put(self, *packets: str) -> None:
        answer = self.client.post(*packets)
        assert (answer.status, answer.text) in ((200, "ok"), (400, '{"code":3,"message":"Bad request"}'))

    def take(self) -> str:
        if not self._packets:
            self._packets.extend(self.client.poll())
        return self._packets.popleft()

    def check_over(self) -> None:
        """A CLOSE packet comes once at most; then the session is unknown."""
        assert not self._packets
        answer = self.client.send("GET", self.client.path)
        if (answer.status, answer.text) == (200, "1"):
            answer = self.client.send("GET", self.client.path)
        assert (answer.status, answer.json) == (400, UNKNOWN_SESSION)

    def close(self) -> None:
        """Every request had a connection of its own."""
