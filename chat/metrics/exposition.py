"""The figures in Prometheus' text format. They are read when they are asked for, and cost nothing before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Any

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from chat.metrics import declared

# The values of the labels, and a number or a `Histogram`, by the metric's kind.
Sample = tuple[tuple[str, ...], Any]
Reading = Callable[[], Iterable[Sample]]


class Figures(Collector):
    """Shows the metrics of `chat.metrics.declared` that have a reading."""

    def __init__(self, readings: Mapping[str, Reading]) -> None:
        self._readings = readings

    def describe(self) -> Iterable[Metric]:
        """Nothing: a registry that asks at registration would read the figures before there are any."""
        return ()

    def collect(self) -> Iterator[Metric]:
        for metric in declared.DECLARED:
            if metric.name in self._readings:
                yield _family(metric, self._readings[metric.name]())


def registry(readings: Mapping[str, Reading]) -> CollectorRegistry:
    """A registry of its own for each application, with the process' figures of prometheus-client."""
    made = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=made)
    PlatformCollector(registry=made)
    GCCollector(registry=made)
    made.register(Figures(readings))
    return made


def _family(metric: declared.Metric, samples: Iterable[Sample]) -> Metric:
    if metric.kind == "histogram":
        return _histogram(metric, samples)
    kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
    family = kind(metric.name, metric.help, labels=metric.labels)
    for labels, value in samples:
        family.add_metric(labels, value)
    return family


def _histogram(metric: declared.Metric, samples: Iterable[Sample]) -> Metric:
    family = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
    for labels, value in samples:
        bounds = [*(str(float(bound)) for bound in value.bounds), "+Inf"]
        family.add_metric(labels, list(zip(bounds, accumulate(value.buckets), strict=True)), value.total)
    return family
