"""What waits on its way to a client."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from chat.transport.queues import Outbox, Outgoing
from tests.waiting import DEADLINE, until


def put(outbox: Outbox, *packets: bytes, most_packets: int = 10, most_bytes: int = 100) -> bool:
    return outbox.put(Outgoing(*packets), most_packets, most_bytes)


def test_packets_are_framed_once_and_all_in_one_piece() -> None:
    outgoing = Outgoing(b"4ab", b"2")
    assert (outgoing.packets, outgoing.count) == ((b"4ab", b"2"), 2)
    assert outgoing.frames == b"\x81\x034ab\x81\x012"


def test_the_outbox_is_bounded_by_number_until_packets_are_taken() -> None:
    outbox = Outbox()
    assert put(outbox, b"a", most_packets=2)
    assert put(outbox, b"b", most_packets=2)
    assert not put(outbox, b"c", most_packets=2)
    assert outbox.take(16) == [b"a", b"b"]
    assert put(outbox, b"c", most_packets=2)


def test_the_outbox_is_bounded_by_bytes_but_takes_one_large_packet() -> None:
    outbox = Outbox()
    assert put(outbox, b"x" * 200)
    assert not put(outbox, b"y")
    outbox.take(16)
    assert put(outbox, b"x" * 99)
    assert not put(outbox, b"zz")


def test_the_outbox_ends_once_and_stays_ended() -> None:
    outbox = Outbox()
    put(outbox, b"a")
    outbox.end(b"bye")
    assert outbox.take(16) == [b"a", b"bye"]
    assert outbox.take(16) == []


def test_one_answer_takes_so_many_and_the_next_the_rest() -> None:
    outbox = Outbox()
    packets = [b"%d" % number for number in range(5)]
    assert outbox.put(Outgoing(*packets), most_packets=5, most_bytes=5)
    assert [outbox.take(2), outbox.take(2)] == [packets[:2], packets[2:4]]
    assert outbox.put(Outgoing(b"5"), most_packets=2, most_bytes=2)
    assert not outbox.put(Outgoing(b"6"), most_packets=2, most_bytes=9)
    outbox.end(b"bye")
    assert outbox.take(2) == [b"4", b"5", b"bye"]


def test_who_waits_is_woken_by_packets_and_by_their_going_elsewhere() -> None:
    for packets in ([b"a"], []):
        outbox = Outbox()
        assert outbox.is_empty
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(outbox.wait)
            until(partial(getattr, outbox, "_arrived"))
            if packets:
                put(outbox, *packets)
            else:
                outbox.wake()
            waiting.result(DEADLINE)
        assert outbox.take(16) == packets
