"""Reading /metrics in tests."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families


def parsed(text: str) -> dict[str, float]:
    """The samples by name and labels, such as `hubbub_commands_total{command=time,outcome=ok}`."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def gained(before: dict[str, float], after: dict[str, float], names: str) -> dict[str, float]:
    """What has changed of the samples whose names begin like this."""
    return {
        name: value - before.get(name, 0.0)
        for name, value in after.items()
        if name.startswith(names) and value != before.get(name, 0.0)
    }
