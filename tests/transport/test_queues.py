"""What waits between a client and the application."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from chat.transport.queues import Inbox, Outbox, Outgoing
from tests.transport.harness import DEADLINE, until


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
    assert outbox.take() == [b"a", b"b"]
    assert put(outbox, b"c", most_packets=2)


def test_the_outbox_is_bounded_by_bytes_but_takes_one_large_packet() -> None:
    outbox = Outbox()
    assert put(outbox, b"x" * 200)
    assert not put(outbox, b"y")
    outbox.take()
    assert put(outbox, b"x" * 99)
    assert not put(outbox, b"zz")


def test_the_outbox_ends_once_and_stays_ended() -> None:
    outbox = Outbox()
    put(outbox, b"a")
    outbox.end(b"bye")
    assert outbox.take() == [b"a", b"bye"]
    assert outbox.take() == []


def test_who_waits_is_woken_by_packets_and_by_their_going_elsewhere() -> None:
    for packets in ([b"a"], []):
        outbox = Outbox()
        with ThreadPoolExecutor(1) as pool:
            taken = pool.submit(outbox.take)
            until(partial(getattr, outbox, "_arrived"))
            if packets:
                put(outbox, *packets)
            else:
                outbox.wake()
            assert taken.result(DEADLINE) == packets


class Steps:
    """Runs what the inbox starts when the test says so."""

    def __init__(self) -> None:
        self.started: list[Callable[[], None]] = []
        self.done: list[str] = []
        self.inbox = Inbox(self.done.append, self.started.append, 10)

    def run(self) -> None:
        while self.started:
            self.started.pop(0)()


def test_the_inbox_has_one_worker_and_keeps_order() -> None:
    steps = Steps()
    steps.inbox.put("a")
    steps.inbox.put("b")
    assert len(steps.started) == 1
    steps.run()
    steps.inbox.put("c")
    steps.run()
    assert steps.done == ["a", "b", "c"]


def test_the_last_word_comes_after_what_waits_and_only_once() -> None:
    steps = Steps()
    steps.inbox.put("a")
    steps.inbox.finish(lambda: steps.done.append("end"), discard=False)
    steps.inbox.finish(lambda: steps.done.append("again"), discard=False)
    steps.inbox.put("late")
    steps.run()
    assert steps.done == ["a", "end"]


def test_a_refused_client_s_commands_are_discarded() -> None:
    steps = Steps()
    steps.inbox.put("a")
    steps.inbox.finish(lambda: steps.done.append("end"), discard=True)
    steps.run()
    assert steps.done == ["end"]


def test_a_full_inbox_tells_when_it_has_room() -> None:
    steps = Steps()
    told: list[int] = []
    for number in range(10):
        assert not steps.inbox.full
        steps.inbox.put(str(number))
    assert steps.inbox.full
    steps.inbox.when_room(lambda: told.append(len(steps.done)))
    steps.run()
    assert told == [0]
    assert len(steps.done) == 10
    steps.inbox.finish(lambda: None, discard=False)
    steps.inbox.wait_for_room()


def test_a_failing_command_ends_nothing_else() -> None:
    done: list[str] = []

    def handle(text: str) -> None:
        if text == "bad":
            raise ValueError
        done.append(text)

    started: list[Callable[[], None]] = []
    inbox = Inbox(handle, started.append, 10)
    inbox.put("bad")
    inbox.put("good")
    started.pop()()
    assert done == ["good"]
