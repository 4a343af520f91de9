"""What a client's session needs of the server around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from chat.transport.concurrency.turns import Turns
from chat.transport.concurrency.wheel import Wheel
from chat.transport.figures import Figures
from chat.transport.limits import Limits


class Surroundings(Protocol):
    limits: Limits
    figures: Figures
    reason: Any
    handlers: dict[str, Callable[..., Any]]
    sockets: dict[str, Any]

    @property
    def start(self) -> Callable[[Callable[[], None]], object]:
        """Runs a function beside the caller."""

    @property
    def turns(self) -> Turns: ...

    @property
    def wheel(self) -> Wheel: ...

    def sleep(self, seconds: float) -> object: ...
