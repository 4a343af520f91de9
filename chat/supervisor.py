"""Several server processes on one machine, for a proxy in front: started, watched, restarted, stopped together.

Each is an ordinary `hubbub run` on a port of its own. This process serves nobody and imports nothing of the server, so
it has nothing that could fail.
"""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

READY = "Hubbub is at "
# A process that ends again and again is started after longer and longer pauses.
PAUSES = (0.5, 30.0)
# Who has run for so long has recovered.
HEALTHY_SECONDS = 60.0
# Beyond what a process allows itself for its end.
PATIENCE_SECONDS = 5.0
STOP = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class Ready:
    child: Child


@dataclass(frozen=True)
class Ended:
    child: Child


@dataclass(frozen=True)
class Signalled:
    number: int


Event = Ready | Ended | Signalled


class Child:
    """One place for a process; `number` counts from 1."""

    def __init__(self, number: int, port: int, command: list[str], tell: Callable[[Event], None]) -> None:
        self.number = number
        self.port = port
        self.pause = PAUSES[0]
        self.due_at = 0.0  # when it is to be started, by the monotonic clock
        self.ready = False
        self._command = command
        self._tell = tell
        self._process: subprocess.Popen[str] | None = None
        self._started_at = 0.0

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [*self._command, "--port", str(self.port), "--supervised"],
            # It ends by itself when this pipe does, so that none is left over when this process is killed.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Ctrl+C is for this process alone: a second signal would cut their end short.
            start_new_session=True,
        )
        threading.Thread(target=self._follow, args=(self._process.stdout,), daemon=True).start()

    def _follow(self, output: IO[str]) -> None:
        for line in output:
            if line.startswith(READY):
                sys.stdout.write(f"Process {self.number}: {line}")
                sys.stdout.flush()
                self._tell(Ready(self))
        self._tell(Ended(self))

    def signal(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def ended(self) -> int:
        """Forget the process, which has closed its output; returns its exit code. The next one is due after a pause."""
        process, self._process, self.ready = self._process, None, False
        if process is None:
            return 0
        with process:
            code = process.wait()
        now = time.monotonic()
        if now - self._started_at > HEALTHY_SECONDS:
            self.pause = PAUSES[0]
        self.due_at = now + self.pause
        self.pause = min(self.pause * 2, PAUSES[1])
        return code


class Supervisor:
    """`ports` has one for each process; 0 takes a free one. `command` starts a process, but for its port.

    `patience`: seconds that a process may take for its end before it is killed.
    """

    def __init__(self, command: list[str], ports: list[int], patience: float) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._children = [Child(at + 1, port, command, self._events.put) for at, port in enumerate(ports)]
        self._patience = patience + PATIENCE_SECONDS
        self._waiting: list[Child] = []  # for their restart, one after another

    def run(self) -> int:
        """Until SIGTERM or SIGINT; returns the exit code. SIGHUP restarts all, one after another.

        A process that ends before any was ready has a reason that all have: then all end.
        """
        before = {number: signal.signal(number, self._on_signal) for number in (*STOP, signal.SIGHUP)}
        try:
            return self._supervise()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _: Any) -> None:
        self._events.put(Signalled(number))

    def _supervise(self) -> int:
        began = False
        while True:
            now = time.monotonic()
            for child in self._children:
                # The first makes the tables, and shows whether it can be done at all.
                if not child.running and child.due_at <= now and (began or child is self._children[0]):
                    child.start()
            match self._next():
                case Ready(child):
                    child.ready = began = True
                    self._restart_next()
                case Ended(child) if child in self._waiting[:1]:
                    self._waiting.pop(0)
                    child.ended()
                    child.due_at = 0.0
                case Ended(child):
                    code = child.ended()
                    if not began:
                        self._stop()
                        return code or 1
                    sys.stderr.write(f"hubbub: process {child.number} ended with {code}; it is started again\n")
                case Signalled(signal.SIGHUP):
                    self._waiting = [child for child in self._children if child.running]
                    self._restart_next()
                case Signalled():
                    self._stop()
                    return 0

    def _next(self) -> Event | None:
        due = [child.due_at for child in self._children if not child.running]
        try:
            return self._events.get(timeout=max(0.01, min(due) - time.monotonic()) if due else None)
        except queue.Empty:
            return None

    def _restart_next(self) -> None:
        """End the next of those that wait for it, once all others serve."""
        if self._waiting and all(child.ready for child in self._children):
            self._waiting[0].signal(signal.SIGTERM)

    def _stop(self) -> None:
        for child in self._children:
            child.signal(signal.SIGTERM)
        end = time.monotonic() + self._patience
        while any(child.running for child in self._children):
            try:
                event = self._events.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                for child in self._children:
                    child.signal(signal.SIGKILL)
                end = time.monotonic() + PATIENCE_SECONDS
                continue
            if isinstance(event, Ended):
                event.child.ended()
