"""How a caller waits for the writer."""

from __future__ import annotations

import threading
from typing import Protocol


class Gate(Protocol):
    """Shut when it is made; one caller waits at it, and the writer opens it once."""

    def wait(self, seconds: float) -> bool:
        """Wait until it is open; False when that took longer."""

    def open(self) -> None:
        """Let the caller go on. Never waits."""


class ThreadGate:
    """For callers on threads of their own."""

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()

    def wait(self, seconds: float) -> bool:
        return self._lock.acquire(timeout=seconds)

    def open(self) -> None:
        self._lock.release()
