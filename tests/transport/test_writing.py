"""Writing over a socket that takes only so much: order, bounds, and the close frame as the last word."""

from __future__ import annotations

from typing import Any

import pytest

from chat.transport import frames
from chat.transport.frames import FrameError
from chat.transport.websocket import WebSocket


class Stream:
    """Takes `room` bytes in all, until there is more."""

    direct = True

    def __init__(self, room: int = 0) -> None:
        self.room = room
        self.sent = b""
        self.events: list[str] = []
        self.error: OSError | None = None

    def send(self, data: bytes, /) -> int:
        if self.error is not None:
            raise self.error
        if not self.room:
            raise BlockingIOError
        taken = data[: self.room]
        self.sent += taken
        self.room -= len(taken)
        return len(taken)

    def send_on(self, data: bytes, /) -> int:
        return self.send(data)

    def __getattr__(self, name: str) -> Any:
        return lambda *_: self.events.append(name)


class Owner:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.ends: list[FrameError | None] = []

    def on_text(self, text: str) -> None:
        self.texts.append(text)

    def on_end(self, error: FrameError | None) -> None:
        self.ends.append(error)


class Turns:
    def __init__(self) -> None:
        self.gathered: list[WebSocket] = []

    def add(self, one: WebSocket) -> None:
        self.gathered.append(one)


@pytest.fixture
def stream() -> Stream:
    return Stream()


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def websocket(stream: Stream, owner: Owner) -> WebSocket:
    return WebSocket(stream, owner, 1000, most_packets=5, most_bytes=100)


def test_what_the_socket_takes_goes_at_once(websocket: WebSocket, stream: Stream) -> None:
    stream.room = 10
    assert websocket.write(b"abc")
    assert (stream.sent, stream.events) == (b"abc", [])


def test_order_holds_however_little_is_taken(websocket: WebSocket, stream: Stream) -> None:
    stream.room = 4
    for data in (b"abc", b"def", b"ghi", b"jkl"):
        assert websocket.write(data)
    assert stream.events == ["await_writable"]
    for room in (1, 0, 5, 1):
        stream.room = room
        assert websocket.on_writable()
    stream.room = 100
    assert not websocket.on_writable()
    assert stream.sent == b"abcdefghijkl"
    assert not websocket.on_writable()
    assert websocket.write(b"m")
    assert stream.sent == b"abcdefghijklm"


def test_the_bounds_count_only_what_waits(websocket: WebSocket, stream: Stream) -> None:
    assert websocket.write(b"x" * 5000), "one large piece is taken when nothing else waits"
    assert not websocket.write(b"y")
    stream.room = 5000
    assert not websocket.on_writable()
    assert websocket.write(b"z", packets=4)
    assert websocket.write(b"z")
    assert not websocket.write(b"z")
    stream.room = 1
    websocket.on_writable()
    assert websocket.write(b"w", packets=4)
    assert not websocket.write(b"w")


def test_what_is_gathered_leaves_in_one_piece(websocket: WebSocket, stream: Stream) -> None:
    turns: Any = Turns()
    stream.room = 1000
    assert websocket.gather(b"ab", 1, turns)
    assert websocket.gather(b"cd", 1, turns)
    assert websocket.write(b"ef")
    assert (stream.sent, turns.gathered) == (b"", [websocket])
    websocket.flush()
    assert stream.sent == b"abcdef"
    websocket.flush()
    assert stream.sent == b"abcdef"


def test_too_much_gathered_is_not_too_much_unread(websocket: WebSocket, stream: Stream) -> None:
    turns: Any = Turns()
    stream.room = 1000
    for number in range(50):
        assert websocket.gather(b"%d," % number, 1, turns)
    websocket.flush()
    assert stream.sent == b"".join(b"%d," % number for number in range(50))
    stream.room = 0
    websocket.gather(b"x" * 90, 1, turns)
    assert not websocket.gather(b"x" * 20, 1, turns)


def test_gathering_asks_for_more_room_where_the_socket_is_full(websocket: WebSocket, stream: Stream) -> None:
    turns: Any = Turns()
    stream.room = 1
    websocket.gather(b"ab", 1, turns)
    websocket.flush()
    assert (stream.sent, stream.events) == (b"a", ["await_writable"])


def test_the_close_frame_comes_last_and_ends_the_writing(websocket: WebSocket, stream: Stream, owner: Owner) -> None:
    stream.room = 1
    websocket.write(b"ab")
    websocket.close(1001, "bye")
    websocket.close(1002)
    stream.events.clear()
    stream.room = 1000
    assert not websocket.on_writable()
    assert stream.sent == b"ab" + frames.encode_close(1001, "bye")
    assert stream.events == ["end_writing"]
    # Whose it was has no more to do with it.
    websocket.on_data(b"")
    assert owner.ends == []
    assert stream.events == ["end_writing", "close"]


def test_a_lost_client_is_noticed_by_whoever_writes_later(websocket: WebSocket, stream: Stream, owner: Owner) -> None:
    stream.error = BrokenPipeError()
    assert websocket.write(b"ab"), "the reading side tells of it"
    assert owner.ends == []
    stream.error = None
    websocket.write(b"ab")
    stream.error = ConnectionResetError()
    assert not websocket.on_writable()
    assert owner.ends == [None]
    websocket.flush()
    assert stream.events[-1] == "close"


def test_pings_that_are_never_read_end_it(websocket: WebSocket, owner: Owner, stream: Stream) -> None:
    ping = bytes((0x89, 0x80)) + b"mask"
    for _ in range(6):
        websocket.on_data(ping)
    assert stream.events[-1] == "close"
    websocket.on_data(ping)
    assert owner.texts == []


def test_nothing_is_read_behind_a_close_frame(websocket: WebSocket, owner: Owner, stream: Stream) -> None:
    stream.room = 1000
    text = bytes((0x81, 0x82)) + b"\0\0\0\0hi"
    websocket.on_data(text + bytes((0x88, 0x80)) + b"mask" + text)
    assert owner.texts == ["hi"]
    assert owner.ends == [None]
    assert stream.sent == frames.encode_close(1000)
