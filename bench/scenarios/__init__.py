"""What is measured, a module a subject."""

from __future__ import annotations

from bench.measuring import Scenario
from bench.scenarios.acks import acks
from bench.scenarios.connecting import connects, memory
from bench.scenarios.fanout import burst, fanout
from bench.scenarios.long_polling import polling
from bench.scenarios.pairs import pairs
from bench.scenarios.slow_readers import slow_readers
from bench.scenarios.stalls import stalls

SCENARIOS: tuple[Scenario, ...] = (
    fanout(),
    burst(),
    pairs(),
    connects(),
    memory(),
    acks(),
    polling(),
    stalls(),
    slow_readers(),
)
