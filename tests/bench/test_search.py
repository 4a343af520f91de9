"""The benchmark of searches, with few messages."""

from __future__ import annotations

from bench.search import kinds, searches


def test_every_kind_is_measured() -> None:
    said: list[str] = []
    page = searches(1500, 1, "sqlite", said.append)
    assert "## PostgreSQL" not in page
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in page.splitlines() if line.startswith("| ")}
    for kind in kinds(1):
        assert kind.title in rows
    # There is something to find, and nothing where there is nothing.
    assert rows["a common word"].endswith("| 20 |  |")
    assert rows["an absent word"].endswith("| 0 |  |")
