"""What a process does just now, from two looks at its counters."""

from __future__ import annotations

import socket
import sys
from types import SimpleNamespace

import pytest

from chat.metrics.counters import SECONDS, Counters
from chat.metrics.sampling import Sampler, reached
from chat.transport import traffic


def test_what_has_happened_since_is_shown_for_a_second() -> None:
    passed = 0.0
    counters = Counters(["time", "message_send"])
    counters.messages = 1_000
    sockets = {number: SimpleNamespace(upgraded=number > 0) for number in range(3)}
    engine = SimpleNamespace(sockets=sockets, figures=SimpleNamespace(deliveries=5_000, slow_readers=7))
    sampler = Sampler("one", counters, SimpleNamespace(users=2), SimpleNamespace(waiting=4), engine, lambda: passed)
    passed = 2.0
    counters.messages += 6
    engine.figures.deliveries += 100
    for command, seconds in (("time", 0.0015), ("message_send", 0.0015), ("unheard of", 0.15)):
        counters.answered(command, "ok", seconds)
    counters.lag.seconds.add(0.03)
    first = sampler.take()
    assert (first.process, first.users, first.queue, first.slow_readers) == ("one", 2, 4, 7)
    assert (first.connections, first.websocket, first.polling) == (3, 2, 1)
    assert (first.messages, first.deliveries, first.commands) == (3, 50, 1.5)
    assert 1 <= first.ack <= 2
    assert 100 < first.ack_most <= 200
    assert 20 < first.lag <= 50
    passed = 4.0
    second = sampler.take()
    assert (second.messages, second.deliveries, second.commands, second.ack, second.lag) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("buckets", "part", "milliseconds"),
    [
        ({}, 0.5, 0),
        ({1: 4}, 0.5, 0.75),
        ({0: 2, 3: 2}, 1, 5),
        ({0: 99, 5: 1}, 0.99, 0.5),
        ({len(SECONDS): 1}, 0.5, 10_000),
    ],
)
def test_the_part_of_what_fell_into_buckets(buckets: dict[int, int], part: float, milliseconds: float) -> None:
    assert reached([buckets.get(number, 0) for number in range(len(SECONDS) + 1)], part) == milliseconds


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what goes over a socket")
def test_the_system_counts_what_goes_over_a_socket() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.create_connection(listening.getsockname()) as here:
        there, _ = listening.accept()
        with there:
            here.sendall(b"x" * 300)
            got = 0
            while got < 300:
                got += len(there.recv(300))
            assert traffic.of(there) == (0, 300)
    assert traffic.of(here) is None
    a, b = socket.socketpair()
    assert traffic.of(a) is None
    a.close()
    b.close()
