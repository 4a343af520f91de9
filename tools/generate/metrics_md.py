"""docs/metrics.md: every figure of `chat/metrics/declared.py`."""

from __future__ import annotations

from chat.metrics.counters import LAG_SECONDS, SECONDS, SIZES
from chat.metrics.declared import DECLARED, Metric

HEAD = f"""\
<!-- Generated from chat/metrics/declared.py by `make generate`; a change here is lost. -->

# Figures

What `/metrics` shows to Prometheus; [who may read it](hosting.md#watching-it). Each process shows its own figures,
counted since it started. Besides these there are those of Python's client library about the process: `process_*`
(memory, time of the processor, open files) and `python_*` (the garbage collector, the version).

A histogram has `_bucket`, `_sum` and `_count`. Its buckets end at
{", ".join(f"{bound:g}" for bound in SECONDS)} seconds,
or {", ".join(map(str, SIZES))} pieces of work. The hub's lag is looked at every {LAG_SECONDS:g} seconds.

| figure | kind | labels | what it says |
|---|---|---|---|
"""


def write() -> str:
    return HEAD + "".join(map(_row, DECLARED))


def _row(metric: Metric) -> str:
    name = f"{metric.name}_total" if metric.kind == "counter" else metric.name
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{name}` | {metric.kind} | {labels} | {metric.help} |\n"
