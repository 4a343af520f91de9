"""Bodies of requests, read from a socket to their end and no further."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from chat.transport.http.body import BadBody, Body
from chat.transport.http.reader import Reader

NEXT = b"GET /next"


@dataclass
class Line:
    client: socket.socket
    reader: Reader

    def body(self, sent: bytes, length: int | None, seconds: float = 10.0) -> Body:
        self.client.sendall(sent)
        return Body(self.reader, length, seconds, None)


@pytest.fixture
def line() -> Iterator[Line]:
    client, server = socket.socketpair()
    with client, server:
        server.settimeout(30)
        yield Line(client, Reader(server))


def test_a_length(line: Line) -> None:
    body = line.body(b"hello" + NEXT, 5)
    assert (body.read(2), body.is_read, body.read(), body.read(), body.is_read) == (b"he", False, b"llo", b"", True)
    assert line.reader.read1() == NEXT


def test_no_body(line: Line) -> None:
    body = line.body(NEXT, 0)
    assert (body.is_read, body.read()) == (True, b"")


def test_chunks(line: Line) -> None:
    body = line.body(b"5;x=y\r\nhello\r\nA \r\n, you two!\r\n0\r\nTrailer: x\r\n\r\n" + NEXT, None)
    assert (body.read(7), body.read(), body.is_read) == (b"hello, ", b"you two!", True)
    assert line.reader.read1() == NEXT


@pytest.mark.parametrize("length", [None, 10])
def test_lines(line: Line, length: int | None) -> None:
    body = line.body(b"A\r\na\nbcd\n\nefg\r\n0\r\n\r\n" if length is None else b"a\nbcd\n\nefg", length)
    assert (body.readline(), body.readline(2), body.readlines()) == (b"a\n", b"bc", [b"d\n", b"\n", b"efg"])


@pytest.mark.parametrize(
    "sent",
    [
        b"-5\r\nhello\r\n",
        b"0x5\r\nhello\r\n",
        b"5\nhello\r\n",
        b"\r\nhello\r\n",
        b"5\r\nhello!\r\n",
        b"5\r\nhellohello\r\n",
        b"0\r\n" + b"X: y\r\n" * 40 + b"\r\n",
        b"0\r\nX: y\n\r\n\r\n",
        b"1" * 2000 + b"\r\n",
        b"5;" + b"x" * 2000 + b"\r\nhello\r\n",
        b"f" * 16 + b"\r\nhello",
    ],
)
def test_chunks_that_break_the_rules(line: Line, sent: bytes) -> None:
    body = line.body(sent, None)
    with pytest.raises(BadBody):
        body.read()
    assert body.read() == b""
    assert not body.is_read
    with pytest.raises(OSError, match="unknown"):
        body.discard()


def test_who_hangs_up(line: Line) -> None:
    body = line.body(b"hel", 5)
    line.client.shutdown(socket.SHUT_WR)
    assert body.read() == b"hel"


def test_who_hangs_up_within_chunks(line: Line) -> None:
    body = line.body(b"5\r\nhel", None)
    line.client.shutdown(socket.SHUT_WR)
    with pytest.raises(OSError):
        body.read()


@pytest.mark.parametrize("length", [None, 10**9])
def test_the_deadline_is_by_what_has_come(line: Line, length: int | None) -> None:
    body = line.body(b"5\r\nhello\r\n" if length is None else b"hello", length, seconds=0.05)
    with pytest.raises(TimeoutError):
        body.read()
    assert line.reader.sock.gettimeout() == 30


def test_what_came_quickly_earns_no_rest(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.transport.http.body.STALL_SECONDS", 0.05)
    body = line.body(b"x" * 50_000, 10**9, seconds=0.05)
    with pytest.raises(TimeoutError):
        body.read()


def test_discarding(line: Line) -> None:
    body = line.body(b"x" * 10_000 + NEXT, 10_000)
    body.discard()
    assert body.is_read
    assert line.reader.read1() == NEXT


def test_discarding_has_a_bound(line: Line) -> None:
    with pytest.raises(OSError, match="too much"):
        line.body(b"", 10**9).discard()


def test_continue_is_said_once_and_not_after_the_answer(line: Line) -> None:
    said: list[str] = []
    line.client.sendall(b"hello")
    body = Body(line.reader, 5, 10.0, lambda: said.append("100"))
    assert body.should_send_hundred_continue
    assert body.read() == b"hello"
    assert (said, body.should_send_hundred_continue) == (["100"], False)
    line.client.sendall(b"hello")
    late = Body(line.reader, 5, 10.0, lambda: said.append("late"))
    late.headers_sent.append(1)
    assert (late.read(), said) == (b"hello", ["100"])
