"""What is measured, a module a subject."""

from __future__ import annotations

from bench.measuring import Scenario
from bench.scenarios.fanout import burst, fanout
from bench.scenarios.pairs import pairs

SCENARIOS: tuple[Scenario, ...] = (fanout(), burst(), pairs())
