"""What waits between a client and the application."""

from __future__ import annotations

import queue
from collections.abc import Callable

from chat.transport.queues import Inbox, Outbox


def test_the_outbox_is_bounded_by_number_until_packets_are_sent() -> None:
    outbox = Outbox(queue.Queue(), 2, 100)
    assert outbox.put("a")
    assert outbox.put("b")
    assert not outbox.put("c")
    taken = outbox.take()
    assert taken == ["a", "b"]
    assert not outbox.put("c")
    outbox.sent(taken)
    assert outbox.put("c")


def test_the_outbox_is_bounded_by_bytes_but_takes_one_large_packet() -> None:
    outbox = Outbox(queue.Queue(), 10, 100)
    assert outbox.put("x" * 200)
    assert not outbox.put("y")
    outbox.sent(outbox.take())
    assert outbox.put("字" * 33)
    assert not outbox.put("zz")


def test_the_outbox_ends_once_and_stays_ended() -> None:
    outbox = Outbox(queue.Queue(), 10, 100)
    outbox.put("a")
    outbox.end("bye")
    assert outbox.take() == ["a", "bye"]
    assert outbox.take() == []
    assert outbox.take() == []


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
