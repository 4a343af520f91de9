"""Counting, and how it is shown."""

from __future__ import annotations

import re

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from chat.metrics.counters import LAG_SECONDS, SECONDS, Counters, Histogram, Lag
from chat.metrics.declared import DECLARED
from chat.metrics.exposition import registry


def shown(counters: Counters) -> dict[str, float]:
    text = generate_latest(
        registry(
            {
                "hubbub_messages": lambda: [((), counters.messages)],
                "hubbub_ack_seconds": lambda: [((n,), c.seconds) for n, c in counters.commands.items()],
            }
        )
    ).decode()
    return {
        f"{sample.name}{sorted(sample.labels.items())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("value", "place"), [(0.0, 0), (0.0005, 0), (0.00051, 1), (10.0, len(SECONDS) - 1), (10.1, len(SECONDS))]
)
def test_a_bound_belongs_to_its_bucket(value: float, place: int) -> None:
    histogram = Histogram(SECONDS)
    histogram.add(value)
    assert histogram.buckets.index(1) == place
    counters = Counters(["time"])
    counters.answered("time", "ok", value)
    assert counters.commands["time"].seconds.buckets.index(1) == place


def test_buckets_are_shown_as_sums() -> None:
    counters = Counters(["time"])
    for seconds in (0.001, 0.003, 60.0):
        counters.answered("time", "ok", seconds)
    found = shown(counters)
    assert found["hubbub_ack_seconds_bucket[('command', 'time'), ('le', '0.001')]"] == 1
    assert found["hubbub_ack_seconds_bucket[('command', 'time'), ('le', '0.005')]"] == 2
    assert found["hubbub_ack_seconds_bucket[('command', 'time'), ('le', '10.0')]"] == 2
    assert found["hubbub_ack_seconds_bucket[('command', 'time'), ('le', '+Inf')]"] == 3
    assert found["hubbub_ack_seconds_count[('command', 'time')]"] == 3
    assert found["hubbub_ack_seconds_sum[('command', 'time')]"] == pytest.approx(60.004)


def test_invented_names_take_no_memory() -> None:
    counters = Counters(["time"])
    for number in range(1000):
        counters.answered(f"invented{number}", "bad_request", 0.001)
    assert set(counters.commands) == {"time", "unknown"}
    assert counters.commands["unknown"].outcomes["bad_request"] == 1000


def test_the_lag_is_how_late_it_comes() -> None:
    now = 100.0
    lag = Lag(lambda: now)
    lag.beat()
    for late in (0.0, 0.25, 0.03):
        now += LAG_SECONDS + late
        lag.beat()
    assert sum(lag.seconds.buckets) == 3
    assert lag.take_longest() == pytest.approx(0.25)
    assert lag.take_longest() == 0.0
    now += LAG_SECONDS / 2
    lag.beat()
    assert lag.take_longest() == 0.0


def test_every_application_has_figures_of_its_own() -> None:
    first, second = Counters([]), Counters([])
    first.messages = 5
    assert shown(first)["hubbub_messages_total[]"] == 5
    assert shown(second)["hubbub_messages_total[]"] == 0


def test_names_are_as_prometheus_wants_them() -> None:
    names = [metric.name for metric in DECLARED]
    assert len(names) == len(set(names))
    for metric in DECLARED:
        assert re.fullmatch(r"hubbub(_[a-z]+)+", metric.name)
        assert not metric.name.endswith("_total")
        assert metric.kind != "histogram" or metric.name.endswith(("_seconds", "_jobs"))
        assert metric.help.endswith(".")
        assert "\n" not in metric.help
