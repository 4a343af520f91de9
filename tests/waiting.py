"""Waiting for the thing itself, and never for a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

# Far beyond what anything takes that a test waits for.
DEADLINE = 30.0


def until(holds: Callable[[], object], failure: str = "it did not happen", seconds: float = DEADLINE) -> None:
    """Look again and again until it holds; fails after the deadline."""
    pause = threading.Event()
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, failure
        pause.wait(0.001)
