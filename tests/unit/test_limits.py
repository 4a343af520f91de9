"""Token buckets, on a clock of the test's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.config import Settings
from chat.errors import ChatError
from chat.events import CHAT_COMMANDS
from chat.sockets import limits
from chat.sockets.limits import RATES, Buckets, Rate


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def buckets(clock: Time) -> Buckets:
    return Buckets(Settings(), clock)


def taken(buckets: Buckets, key: object, rate: Rate, times: int) -> int:
    """How many of so many tries succeed."""
    done = 0
    for _ in range(times):
        try:
            buckets.take(str(key), rate)
        except ChatError:
            continue
        done += 1
    return done


def test_so_many_at_once_and_then_so_many_a_second(buckets: Buckets, clock: Time) -> None:
    rate = Rate(10, 2)
    assert taken(buckets, "a", rate, 50) == 10
    clock.now += 0.49
    assert taken(buckets, "a", rate, 5) == 0
    clock.now += 0.02
    assert taken(buckets, "a", rate, 5) == 1
    clock.now += 3600
    assert taken(buckets, "a", rate, 50) == 10


def test_buckets_are_each_their_own(buckets: Buckets) -> None:
    assert [taken(buckets, key, Rate(3, 1), 9) for key in "abc"] == [3, 3, 3]


def test_a_refusal_costs_nothing(buckets: Buckets, clock: Time) -> None:
    rate = Rate(1, 1)
    assert taken(buckets, "a", rate, 1000) == 1
    clock.now += 1
    assert taken(buckets, "a", rate, 1) == 1


@given(
    at_once=st.floats(1, 500),
    per_second=st.floats(0.01, 500),
    began=st.floats(0, 1e9),
    steps=st.lists(st.floats(0, 2), max_size=30),
)
def test_who_waits_as_long_as_told_is_let_through(
    at_once: float, per_second: float, began: float, steps: list[float]
) -> None:
    clock = Time()
    clock.now = began
    buckets, rate = Buckets(Settings(), clock), Rate(at_once, per_second)
    for step in steps:
        taken(buckets, "a", rate, 3)
        clock.now += step
    taken(buckets, "a", rate, int(at_once) + 2)
    with pytest.raises(ChatError) as caught:
        buckets.take("a", rate)
    error = caught.value
    assert (error.code, error.retryable) == ("rate_limited", True)
    assert error.retry_after is not None
    assert 0 < error.retry_after <= 1 / per_second + 0.003
    clock.now += error.retry_after
    buckets.take("a", rate)


def test_off_means_off() -> None:
    buckets = Buckets(Settings(rate_limits="off"))
    assert taken(buckets, "a", Rate(1, 0.001), 1000) == 1000


def test_full_buckets_are_forgotten(buckets: Buckets, clock: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SWEEP_AT", 100)
    buckets._sweep_at = 100
    for number in range(5_000):
        clock.now += 1
        buckets.take(number, Rate(3, 1))
        assert len(buckets._levels) <= 102
    # Who is still out of breath is remembered.
    taken(buckets, "busy", Rate(3, 0.0001), 9)
    for number in range(200):
        clock.now += 1
        buckets.take(-number, Rate(3, 1))
    assert taken(buckets, "busy", Rate(3, 0.0001), 9) == 0


def test_every_command_has_a_rate() -> None:
    assert {spec.bucket for spec in CHAT_COMMANDS.values()} <= set(RATES)
    assert all(rate.at_once >= 1 and rate.per_second > 0 for rate in RATES.values())
