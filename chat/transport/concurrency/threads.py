"""Work that would hold up the hub, on real OS threads."""

from __future__ import annotations

import contextvars
import os
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from chat.transport import patch

P = ParamSpec("P")
R = TypeVar("R")

# Few, since what goes there takes memory and a share of the processor.
THREADS = 8
# As a claim to the processor, in the system's terms: a tenth of the hub's. With the least of all, 19, such work would
# not be done for minutes on a machine that others keep busy, and the hub wait when it has the interpreter's lock.
_LOW = 10
_SIZE_FROM_ENVIRONMENT = "EVENTLET_THREADPOOL_SIZE"

_pool_is_sized = False


def offload(work: Callable[P, R], /, *args: P.args, **options: P.kwargs) -> R:
    """Run `work` on an OS thread while other greenlets go on, and return its result or raise what it raised.

    Context variables come along. In there, use nothing cooperative: no sockets of the hub, no locks shared with
    greenlets. Without monkey patching this is a direct call.
    """
    if not patch.patched():
        return work(*args, **options)
    from eventlet import tpool

    _size_pool()
    context = contextvars.copy_context()

    def run() -> tuple[R | None, BaseException | None]:
        # eventlet takes some results for exceptions, and an exit in a worker would leave its caller waiting for ever.
        try:
            return context.run(work, *args, **options), None
        except BaseException as error:  # noqa: BLE001
            return None, error

    result, error = tpool.execute(run)
    if error is not None:
        raise error
    return result  # type: ignore[no-any-return]


def start() -> None:
    """Have the threads before anybody needs them.

    eventlet connects them by a socket over the loopback; where that is away, the hub stands still until it is there.
    """
    offload(int)


def offload_heavy(work: Callable[P, R], /, *args: P.args, **options: P.kwargs) -> R:
    """Like `offload`, for what computes for long: the hub goes before it, on a machine with a single core too."""
    if not patch.patched():
        return work(*args, **options)
    return offload(_yielding, lambda: work(*args, **options))


def _yielding(work: Callable[[], R]) -> R:
    """On a thread of its own, since a claim to the processor that was lowered can't be raised again."""
    from eventlet import patcher

    results: list[R] = []
    errors: list[BaseException] = []

    def run() -> None:
        if sys.platform == "linux":
            # There it is about the calling thread; elsewhere it would be about the whole process.
            # A whole server may have been started with less, which nobody could raise again.
            os.setpriority(os.PRIO_PROCESS, 0, max(_LOW, os.getpriority(os.PRIO_PROCESS, 0)))
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    thread = patcher.original("threading").Thread(target=run, name="hubbub-heavy")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def _size_pool() -> None:
    global _pool_is_sized  # noqa: PLW0603
    if not _pool_is_sized:
        _pool_is_sized = True
        if not os.environ.get(_SIZE_FROM_ENVIRONMENT):
            from eventlet import tpool

            tpool.set_num_threads(THREADS)
