"""Real servers in processes of their own, and raw clients that can break every rule."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests import forked
from tests.waiting import DEADLINE

# For everything that a test waits for: far beyond what it takes.
ROOT = Path(__file__).parents[2]

# What a process of a test server runs: the standard library is patched before anything else is imported.
RUN = "from chat.transport.patch import patch; patch(); from tests.transport.app import main; main()"


@contextlib.contextmanager
def tcp_pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The two ends of a TCP connection, of which the second takes hardly anything until it is read."""
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket() as theirs:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        theirs.settimeout(DEADLINE)
        theirs.connect(listening.getsockname())
        ours, _ = listening.accept()
        with ours:
            yield ours, theirs


class Server:
    def __init__(self, folder: Path, files: int | None = None, **options: Any) -> None:
        """`files` limits how many files the process may have open."""
        limited = "" if files is None else f"import resource as r; r.setrlimit(r.RLIMIT_NOFILE, ({files}, {files})); "
        self._errors = folder / "stderr"
        with self._errors.open("wb") as errors:
            self.process = forked.start(["-c", limited + RUN, json.dumps(options)], cwd=ROOT, stderr=errors)
        line = self._line()
        assert line.strip().isdigit(), f"the server did not start: {line}{self.errors}"
        self.port = int(line)

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    @property
    def errors(self) -> str:
        return self._errors.read_text()

    def get(self, path: str) -> Response:
        with Http(self.port) as http:
            return http.request("GET", path)

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = json.loads(self.get("/counts").body)
        return found

    def signal(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(number)

    def wait(self) -> int:
        """The exit code, once the process has ended."""
        return self.process.wait(DEADLINE)

    def rest(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.read()

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(DEADLINE)
        assert self.process.stdout is not None
        self.process.stdout.close()


@dataclass
class Response:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Tcp:
    """A connection with a deadline on everything."""

    def __init__(self, port: int, wrap: Callable[[socket.socket], socket.socket] | None = None) -> None:
        """`wrap` puts TLS around the socket."""
        plain = socket.create_connection(("127.0.0.1", port), DEADLINE)
        self.sock = plain if wrap is None else wrap(plain)
        self._file = self.sock.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()
        self.sock.close()

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        if len(data) < size:
            raise EOFError(data)
        return data

    def line(self) -> bytes:
        return self._file.readline()

    def is_closed(self) -> bool:
        """Wait until the server has closed; False when it sent something instead."""
        try:
            return self._file.read(1) == b""
        except ConnectionResetError:
            return True


class Http(Tcp):
    def request(self, method: str, path: str, body: bytes = b"", /, **headers: str) -> Response:
        head = {"Host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if (method == "POST" or body) and not {"Content-Length", "Transfer-Encoding"} & head.keys():
            head["Content-Length"] = str(len(body))
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        self.send(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
        return self.response()

    def response(self) -> Response:
        status = self.line()
        if not status:
            raise EOFError
        headers: dict[str, str] = {}
        while (line := self.line().strip()) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(self.line(), 16):
                body += self.read(size)
                self.line()
            self.line()
        else:
            body = self.read(int(headers.get("content-length", 0)))
        return Response(int(status.split()[1]), headers, body)


ENGINE = "/socket.io/?EIO=4"


class WebSocket(Tcp):
    """Engine.IO and Socket.IO over frames that can be as wrong as wanted. Heartbeats are answered by `text`."""

    def __init__(
        self,
        port: int,
        path: str = ENGINE + "&transport=websocket",
        /,
        *,
        wrap: Callable[[socket.socket], socket.socket] | None = None,
        **headers: str,
    ) -> None:
        super().__init__(port, wrap)
        self.events: list[list[Any]] = []
        self.answer_pings = True
        self._number = 0
        head = {
            "Host": "localhost",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        self.send(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        self.status = int(self.line().split()[1])
        while self.line().strip():
            pass

    @classmethod
    def chat(cls, port: int, auth: Any = None) -> WebSocket:
        """Connected to /chat."""
        websocket = cls.open(port)
        answer = websocket.connect(auth)
        assert answer.startswith("40/chat,"), answer
        return websocket

    @classmethod
    def open(cls, port: int) -> WebSocket:
        """Past Engine.IO's greeting."""
        websocket = cls(port)
        assert websocket.status == 101
        assert websocket.text()[0] == "0"
        return websocket

    def connect(self, auth: Any = None) -> str:
        self.put("40/chat," + ("" if auth is None else json.dumps(auth)))
        return self.text()

    def frame(self, opcode: int, payload: bytes, *, final: bool = True, masked: bool = True, reserved: int = 0) -> None:
        head = bytes(((0x80 if final else 0) | reserved | opcode,))
        bit = 0x80 if masked else 0
        if len(payload) < 126:
            head += bytes((bit | len(payload),))
        elif len(payload) < 65_536:
            head += bytes((bit | 126,)) + struct.pack("!H", len(payload))
        else:
            head += bytes((bit | 127,)) + struct.pack("!Q", len(payload))
        mask = os.urandom(4) if masked else b""
        if masked:
            # In one piece: byte by byte, while coverage counts, takes seconds for what the attacks send.
            size = len(payload)
            key = (mask * (size // 4 + 1))[:size]
            payload = (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(size)
        self.send(head + mask + payload)

    def put(self, text: str) -> None:
        self.frame(1, text.encode())

    def next_frame(self) -> tuple[int, bytes]:
        first, second = self.read(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", self.read(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self.read(8))
        return first & 0x0F, self.read(size)

    def text(self) -> str:
        """The next packet that is not a heartbeat."""
        while True:
            opcode, payload = self.next_frame()
            assert opcode == 1, (opcode, payload)
            text = payload.decode()
            if text != "2":
                return text
            if self.answer_pings:
                self.put("3")

    def emit(self, name: Any, *args: Any) -> None:
        self.put("42/chat," + json.dumps([name, *args], ensure_ascii=False))

    def call(self, name: Any, *args: Any) -> Any:
        """Emit and return what the ack carries; events that come in between gather in `events`."""
        self._number += 1
        self.put(f"42/chat,{self._number}" + json.dumps([name, *args], ensure_ascii=False))
        return self.ack(self._number)

    def ack(self, number: int) -> Any:
        while True:
            text = self.text()
            if text.startswith(f"43/chat,{number}["):
                values = json.loads(text[text.index("[") :])
                return values[0] if values else None
            assert text.startswith("42/chat,"), text
            self.events.append(json.loads(text.removeprefix("42/chat,")))

    def event(self) -> list[Any]:
        if self.events:
            return self.events.pop(0)
        text = self.text()
        assert text.startswith("42/chat,"), text
        found: list[Any] = json.loads(text.removeprefix("42/chat,"))
        return found

    def close_code(self) -> int:
        """Wait for the close frame, answer it, and check that the connection ends."""
        while True:
            opcode, payload = self.next_frame()
            if opcode == 8:
                with contextlib.suppress(OSError):
                    self.frame(8, payload)
                assert self.is_closed()
                return int(struct.unpack("!H", payload[:2])[0])


class Polling:
    """A long-polling client. Each request takes a connection of its own unless one is given."""

    def __init__(self, port: int) -> None:
        self.port = port
        opened = self.send("GET", ENGINE + "&transport=polling")
        assert opened.status == 200, opened
        self.hello = json.loads(opened.body[1:])
        self.path = f"{ENGINE}&transport=polling&sid={self.hello['sid']}"

    @classmethod
    def chat(cls, port: int) -> Polling:
        client = cls(port)
        assert client.post("40/chat,").status == 200
        assert client.poll()[0].startswith("40/chat,")
        return client

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> Response:
        with Http(self.port) as http:
            return http.request(method, path, body, **headers)

    def post(self, *packets: str, **headers: str) -> Response:
        return self.send("POST", self.path, "\x1e".join(packets).encode(), **headers)

    def poll(self) -> list[str]:
        """The next packets that are not heartbeats."""
        while True:
            answer = self.send("GET", self.path)
            assert answer.status == 200, answer
            packets = answer.text.split("\x1e")
            if "2" in packets:
                self.post("3")
            if rest := [packet for packet in packets if packet not in ("2", "6")]:
                return rest

    def packets(self) -> Iterator[str]:
        while True:
            yield from self.poll()
