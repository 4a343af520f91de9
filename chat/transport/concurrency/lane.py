"""A real OS thread of its own for work that is done one piece after another, as the store's writes are.

eventlet's pool would do each piece on another of its threads: the database's memory would spread over the heaps of all
of them, and be in no thread's caches.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Generic, ParamSpec, TypeVar

from chat.transport.patch import quiet_eventlet

quiet_eventlet()

from eventlet import hubs, patcher  # noqa: E402
from eventlet.support import greenlets  # noqa: E402

_os = patcher.original("os")
_queue = patcher.original("queue")
_threading = patcher.original("threading")

P = ParamSpec("P")
R = TypeVar("R")


class _Task(Generic[R]):
    __slots__ = ("_error", "_result", "_work", "greenlet")

    def __init__(self, work: Callable[[], R], greenlet: Any) -> None:
        self._work = work
        self._result: R
        self._error: BaseException | None = None
        # Who waits for it.
        self.greenlet = greenlet

    def run(self) -> None:
        try:
            self._result = self._work()
        except BaseException as error:  # noqa: BLE001 - raised where it was asked for, whatever it is
            self._error = error

    def result(self) -> R:
        if self._error is not None:
            raise self._error
        return self._result


class Lane:
    """Call it with a function to have that run on the thread, while other greenlets go on.

    Returns what the function returns and raises what it raises. In there, use nothing cooperative. For greenlets on one
    hub, which must not be the hub's own.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._hub: Any = None
        self._tasks: Any = None
        self._done: deque[_Task[Any]] = deque()

    def __call__(self, work: Callable[P, R], /, *args: P.args, **options: P.kwargs) -> R:
        if self._hub is None:
            self._start()
        task = _Task(lambda: work(*args, **options), greenlets.getcurrent())
        self._tasks.put(task)
        try:
            self._hub.switch()
        finally:
            task.greenlet = None
        return task.result()

    def _start(self) -> None:
        self._hub = hubs.get_hub()
        self._tasks = _queue.SimpleQueue()
        self._reading, self._writing = _os.pipe()
        for end in (self._reading, self._writing):
            _os.set_blocking(end, False)
        self._hub.add(self._hub.READ, self._reading, self._on_done, self._on_lost, None)
        _threading.Thread(target=self._run, name=self._name, daemon=True).start()

    def _run(self) -> None:
        while True:
            task = self._tasks.get()
            task.run()
            self._done.append(task)
            # Where the pipe is full the hub has thousands of bytes to read, any of which will do.
            with suppress(BlockingIOError):
                _os.write(self._writing, b"\0")

    def _on_done(self, _: int) -> None:
        """Called by the hub."""
        with suppress(BlockingIOError):
            _os.read(self._reading, 4096)
        while self._done:
            greenlet = self._done.popleft().greenlet
            if greenlet is not None:
                greenlet.switch()

    def _on_lost(self, error: BaseException) -> None:
        raise error
