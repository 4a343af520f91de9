"""How far a long command is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

# Called with what has been done since the last call, in the unit of the step.
Advance = Callable[[int], object]
# Begins a step: its name, and how much there is to do.
Progress = Callable[[str, int], AbstractContextManager[Advance]]


@contextmanager
def silent(_step: str, _total: int) -> Iterator[Advance]:
    """The `Progress` of who does not look."""
    yield lambda _done: None
