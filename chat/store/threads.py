"""Where a store's process does what would hold it up. What stands here is for programs without a hub."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from chat.store.gates import Gate, ThreadGate

T = TypeVar("T")


class Offload(Protocol):
    """Runs a function on a real OS thread and waits for it without holding up others."""

    def __call__(self, work: Callable[..., T], /, *args: Any) -> T: ...


def call_here(work: Callable[..., T], /, *args: Any) -> T:
    """The `Offload` of programs that have no hub to hold up."""
    return work(*args)


@dataclass(frozen=True)
class Threads:
    """`offload` is for what waits or takes milliseconds, `offload_heavy` for what computes for longer, `offload_writes`
    for the writer's transactions, one after another. `gate` makes what callers wait at for the writer.
    """

    offload: Offload = call_here
    offload_heavy: Offload = call_here
    offload_writes: Offload = call_here
    gate: Callable[[], Gate] = ThreadGate
