"""The commands of one client: order, bounds, and who may begin before another is done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from chat.transport import inbox
from chat.transport.inbox import Inbox
from tests.waiting import DEADLINE, until


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


class Gates:
    """Commands that begin and wait until the test lets them go. Those with a `~` overlap."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.begun: list[str] = []
        self.done: list[str] = []
        self.gates: dict[str, threading.Event] = {}
        self.inbox = Inbox(self.handle, pool.submit, 5)

    def handle(self, text: str) -> None:
        inbox.begin(text.startswith("~"))
        self.gates[text] = threading.Event()
        self.begun.append(text)
        inbox.pass_on()
        inbox.pass_on()
        assert self.gates[text].wait(DEADLINE)
        self.done.append(text)

    def let(self, *texts: str) -> None:
        for text in texts:
            until(partial(self.begun.__contains__, text))
            self.gates[text].set()
            until(partial(self.done.__contains__, text))


@pytest.fixture
def gates() -> Iterator[Gates]:
    with ThreadPoolExecutor(8) as pool:
        yield Gates(pool)


def test_what_overlaps_begins_in_order_before_the_one_before_is_done(gates: Gates) -> None:
    for text in ("~a", "~b", "~c"):
        gates.inbox.put(text)
    until(lambda: gates.begun == ["~a", "~b", "~c"])
    gates.let("~b", "~c", "~a")
    gates.inbox.put("~d")
    gates.let("~d")


def test_what_does_not_overlap_sees_all_that_was_before_it_and_nothing_after(gates: Gates) -> None:
    for text in ("~a", "~b", "plain", "~c"):
        gates.inbox.put(text)
    until(lambda: len(gates.begun) == 2)
    gates.let("~b")
    assert gates.begun == ["~a", "~b"]
    gates.let("~a")
    until(lambda: gates.begun == ["~a", "~b", "plain"])
    gates.let("plain", "~c")
    assert gates.begun == ["~a", "~b", "plain", "~c"]


def test_those_under_way_count_for_the_bound(gates: Gates) -> None:
    texts = [f"~{number}" for number in range(5)]
    for text in texts:
        assert not gates.inbox.full
        gates.inbox.put(text)
    until(lambda: gates.begun == texts)
    assert gates.inbox.full
    gates.let("~3")
    gates.inbox.wait_for_room()
    gates.let("~0", "~1", "~2", "~4")


def test_the_last_word_waits_for_all_that_are_under_way(gates: Gates) -> None:
    gates.inbox.put("~a")
    gates.inbox.put("~b")
    until(lambda: len(gates.begun) == 2)
    gates.inbox.finish(lambda: gates.done.append("end"), discard=True)
    gates.inbox.put("~c")
    gates.let("~b", "~a")
    until(lambda: gates.done == ["~b", "~a", "end"])


def test_nothing_of_a_command_stays_with_whoever_carried_it_out() -> None:
    steps = Steps()
    steps.inbox.put("a")
    steps.run()
    steps.inbox.go_on()
    inbox.begin(overlaps=False)


def test_outside_of_an_inbox_there_is_nothing_to_wait_for() -> None:
    inbox.begin(overlaps=False)
    inbox.begin(overlaps=True)
    inbox.pass_on()
