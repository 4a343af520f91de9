"""Deadlines: nothing early, everything in the end, by the clock that is given and no other."""

from __future__ import annotations

from chat.transport.concurrency.wheel import Wheel


class Timed:
    def __init__(self) -> None:
        self.ticks: list[float] = []

    def tick(self, now: float) -> None:
        self.ticks.append(now)


class Failing(Timed):
    def tick(self, now: float) -> None:
        super().tick(now)
        raise ValueError


def test_nothing_comes_early_and_everything_within_two_turns() -> None:
    wheel = Wheel(0.5, now=100.0)
    timed = {at: Timed() for at in (100.0, 100.1, 100.5, 101.26, 107.0)}
    for at, one in timed.items():
        wheel.schedule(one, at)
    now = 100.0
    while now < 110:
        now += 0.5
        wheel.turn(now)
    for at, one in timed.items():
        (tick,) = one.ticks
        assert at <= tick <= at + 1.0


def test_a_turn_that_comes_late_catches_up_in_order() -> None:
    wheel = Wheel(1.0, now=0.0)
    order: list[int] = []

    class Ordered:
        def __init__(self, number: int) -> None:
            self.number = number

        def tick(self, now: float) -> None:
            order.append(self.number)

    for number in (3, 1, 2):
        wheel.schedule(Ordered(number), number)
    wheel.turn(50.0)
    assert order == [1, 2, 3]


def test_what_is_overdue_when_it_is_asked_for_comes_in_the_next_turn() -> None:
    wheel = Wheel(1.0, now=100.0)
    timed = Timed()
    wheel.schedule(timed, 5.0)
    wheel.turn(100.5)
    assert timed.ticks == []
    wheel.turn(101.0)
    assert timed.ticks == [101.0]


def test_one_that_asks_again_while_called_waits_for_a_later_turn() -> None:
    wheel = Wheel(1.0, now=0.0)

    class Again(Timed):
        def tick(self, now: float) -> None:
            super().tick(now)
            wheel.schedule(self, now)

    again = Again()
    wheel.schedule(again, 1.0)
    for now in (1.0, 2.0, 3.0):
        wheel.turn(now)
    assert again.ticks == [1.0, 2.0, 3.0]


def test_a_failure_is_one_connection_s_own() -> None:
    wheel = Wheel(1.0, now=0.0)
    failing, fine = Failing(), Timed()
    wheel.schedule(failing, 1.0)
    wheel.schedule(fine, 1.0)
    wheel.turn(1.0)
    assert (failing.ticks, fine.ticks) == ([1.0], [1.0])


def test_nothing_is_kept_of_what_was_called() -> None:
    wheel = Wheel(0.1, now=0.0)
    for number in range(1000):
        wheel.schedule(Timed(), number / 50)
    wheel.turn(30.0)
    assert wheel._slots == {}
