"""The benchmarks run, tiny, against the real application: WebSockets and long-polling. No speed is asserted."""

from __future__ import annotations

import pytest

from bench import plot, report, side_by_side
from bench.measuring import Scenario
from bench.scenarios.fanout import fanout
from bench.scenarios.long_polling import polling
from bench.scenarios.slow_readers import slow_readers
from bench.servers import HUBBUB_ITSELF

TINY = [
    fanout(people=5, seconds=0.2, warm=0.1),
    polling(people=3, seconds=0.2, warm=0.1),
    slow_readers(people=3, slow=1, seconds=1.0, warm=0.1),
]


@pytest.mark.parametrize("scenario", TINY, ids=lambda scenario: scenario.name)
def test_a_tiny_run(scenario: Scenario) -> None:
    said: list[str] = []
    results = side_by_side.compare(scenario, [HUBBUB_ITSELF], 1, said.append)
    for measure in scenario.measures:
        value = results.median(HUBBUB_ITSELF.key, measure.key)
        assert value is not None, results.failure(HUBBUB_ITSELF.key, measure.key)
        assert value > 0
    page = report.page([results], [HUBBUB_ITSELF], 1, "plot.svg")
    assert scenario.title in page
    assert "failed" not in page.replace("What failed its check", "")
    assert plot.svg([results], [HUBBUB_ITSELF]).endswith("</svg>\n")
