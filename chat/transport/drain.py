"""A clean stop: tell everybody, close them spread over some seconds, let requests finish, and be gone in time."""

from __future__ import annotations

import os
import random
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Protocol, Self

import eventlet
import structlog
from eventlet import patcher

from chat.transport import frames
from chat.transport.connection import Connection

log = structlog.get_logger(__name__)

STOP = (signal.SIGTERM, signal.SIGINT)
# Clients come back as they were sent away: closing this many a second keeps them from all coming at once.
CLOSES_A_SECOND = 400
_TELL_SHARE, _CLOSE_SHARE = 0.2, 0.5
_LOOK_SECONDS = 0.02


class Signals:
    """Waits for a signal to stop on the hub. A second signal ends the process at once.

    A Python signal handler does not wake the hub from its wait for sockets; the byte that Python writes to the wakeup
    descriptor does.
    """

    def __enter__(self) -> Self:
        self._received = 0
        self._reading, self._writing = socket.socketpair()
        self._before = {number: signal.signal(number, self._handle) for number in STOP}
        self._wakeup_before = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reading.close()
        self._writing.close()

    def wait(self) -> None:
        while not self._received:
            self._reading.recv(64)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._received += 1
        if self._received > 1:
            os._exit(128 + number)


class Stoppable(Protocol):
    def stop(self) -> None: ...

    @property
    def open_connections(self) -> int: ...


def drain(listener: Stoppable, engine: Any, seconds: float, on_drain: Callable[[], object] | None) -> None:
    """Return once every connection has ended, within `seconds`; past that the process ends itself with code 0."""
    started = time.monotonic()
    log.info("stopping")
    _end_process_after(seconds)
    listener.stop()
    if on_drain is not None:
        _tell(on_drain, seconds * _TELL_SHARE)
    connections = list(engine.sockets.values())
    spread = min(seconds * _CLOSE_SHARE, len(connections) / CLOSES_A_SECOND)
    for connection in connections:
        eventlet.spawn_after(random.uniform(0, spread), _say_goodbye, connection, engine.reason.SERVER_DISCONNECT)
    while listener.open_connections and time.monotonic() - started < seconds * 0.9:
        eventlet.sleep(_LOOK_SECONDS)
    engine.shutdown()


def _tell(on_drain: Callable[[], object], seconds: float) -> None:
    try:
        with eventlet.Timeout(seconds, False):
            on_drain()
    except Exception:  # a stop goes on whatever the application's part of it does
        log.exception("telling clients about the stop failed")


def _say_goodbye(connection: Any, reason: str) -> None:
    if isinstance(connection, Connection):
        connection.close(reason=reason, code=frames.GOING_AWAY)
    else:
        connection.close(wait=False, reason=reason)


def _end_process_after(seconds: float) -> None:
    """A real thread as the last resort: neither a stuck hub nor a stuck worker thread may keep the process alive."""
    threading = patcher.original("threading")
    timer = threading.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()
