"""A socket driven by a hub: what is listened for when, events that come too late, and users that fail."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chat.transport.streams import HubStream
from tests.transport.harness import tcp_pair


class Listener:
    def __init__(self, kind: str, callback: Callable[[int], None], lost: Callable[[BaseException], None]) -> None:
        self.kind = kind
        self.callback = callback
        self.lost = lost
        self.greenlet: object = "whoever made it"


class Hub:
    READ, WRITE = "read", "write"
    greenlet = "the hub's own"

    def __init__(self) -> None:
        self.listeners: list[Listener] = []

    def add(self, kind: str, fileno: int, callback: Any, lost: Any, mark_as_closed: object) -> Listener:
        assert not any(listener.kind == kind for listener in self.listeners), "the hub takes one of each kind"
        self.listeners.append(Listener(kind, callback, lost))
        return self.listeners[-1]

    def remove(self, listener: Listener) -> None:
        self.listeners.remove(listener)

    @property
    def kinds(self) -> list[str]:
        return sorted(listener.kind for listener in self.listeners)

    def tell(self, kind: str) -> None:
        (listener,) = [listener for listener in self.listeners if listener.kind == kind]
        listener.callback(0)


class User:
    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.waits: list[bool] = []
        self.fails = False

    def on_data(self, data: bytes) -> None:
        self.got.append(data)
        if self.fails:
            raise ValueError("a user's own")

    def on_writable(self) -> bool:
        return self.waits.pop(0) if self.waits else False


class Set:
    def __init__(self) -> None:
        ours, self.theirs = socket.socketpair()
        ours.setblocking(False)
        self.ours = ours
        self.hub = Hub()
        self.user = User()
        self.closed: list[str] = []
        self.stream = HubStream(self.hub, ours, b"early", lambda: self.closed.append("closed"))


@pytest.fixture
def parts() -> Iterator[Set]:
    parts = Set()
    yield parts
    parts.stream.close()
    parts.theirs.close()


def test_what_came_with_the_head_is_read_first(parts: Set) -> None:
    parts.stream.run(parts.user)
    parts.theirs.send(b"later")
    parts.hub.tell("read")
    assert parts.user.got == [b"early", b"later"]
    parts.hub.tell("read")
    assert len(parts.user.got) == 2, "there was nothing to read"
    parts.theirs.close()
    parts.hub.tell("read")
    assert parts.user.got[2:] == [b""]
    assert {listener.greenlet for listener in parts.hub.listeners} == {Hub.greenlet}


def test_what_waits_before_anybody_listens_goes_out_all_the_same(parts: Set) -> None:
    parts.stream.await_writable()
    assert parts.hub.kinds == []
    parts.user.waits = [True, True, False]
    parts.stream.run(parts.user)
    assert parts.hub.kinds == ["read", "write"]
    parts.hub.tell("write")
    parts.hub.tell("write")
    assert parts.hub.kinds == ["read"]


def test_pausing_is_no_end(parts: Set) -> None:
    parts.stream.run(parts.user)
    parts.stream.pause()
    parts.stream.pause()
    assert parts.hub.kinds == []
    parts.theirs.send(b"meanwhile")
    parts.stream.resume()
    parts.stream.resume()
    parts.hub.tell("read")
    assert parts.user.got == [b"early", b"meanwhile"]


def test_events_that_were_overtaken_do_nothing(parts: Set) -> None:
    parts.stream.run(parts.user)
    parts.stream.await_writable()
    reading, writing = parts.hub.listeners
    parts.theirs.send(b"too late")
    parts.stream.close()
    reading.callback(0)
    writing.callback(0)
    parts.stream.close()
    parts.stream.resume()
    parts.stream.await_writable()
    assert parts.user.got == [b"early"]
    assert (parts.hub.kinds, parts.closed) == ([], ["closed"])


def test_a_user_that_fails_loses_its_connection_and_nothing_else(parts: Set) -> None:
    parts.stream.run(parts.user)
    parts.user.fails = True
    parts.theirs.send(b"boom")
    parts.hub.tell("read")
    assert (parts.hub.kinds, parts.closed) == ([], ["closed"])
    assert parts.theirs.recv(1) == b""


def test_a_descriptor_that_was_given_to_another_is_an_end(parts: Set) -> None:
    parts.stream.run(parts.user)
    (reading,) = parts.hub.listeners
    # The hub forgets the listener by itself.
    parts.hub.remove(reading)
    reading.lost(OSError())
    assert parts.user.got == [b"early", b""]


def test_a_reset_is_an_end(parts: Set) -> None:
    parts.stream.run(parts.user)
    parts.ours.shutdown(socket.SHUT_RDWR)
    parts.hub.tell("read")
    assert parts.user.got == [b"early", b""]
    parts.stream.end_writing()


@pytest.mark.parametrize("reset", [False, True])
def test_a_reset_leaves_nothing_unsent(reset: bool) -> None:
    """What the system has not sent yet is thrown away, or goes out before the end."""
    with tcp_pair() as (ours, theirs):
        ours.setblocking(False)
        stream = HubStream(Hub(), ours, b"", lambda: None)
        sent = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                sent += stream.send(bytes(65_536))
        stream.close(reset)
        try:
            while data := theirs.recv(65_536):
                sent -= len(data)
        except ConnectionResetError:
            assert reset
            assert sent > 0
        else:
            assert not reset
            assert sent == 0
