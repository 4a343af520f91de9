"""What must come before anything else is imported: eventlet, put under the standard library, and the allocator's rules.

`wsgi.py` and the command line call `patch()` on their first line. Tests do not: there the libraries run on threads.
"""

from __future__ import annotations

import sys
import warnings

from chat.transport import heap


def quiet_eventlet() -> None:
    """Import eventlet, hiding its own "is deprecated" banner and no other warning.

    The warning's class exists only once eventlet has been imported, so the filter goes by its text.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
        import eventlet  # noqa: F401


def patch() -> None:
    """Make sockets, threads, locks and sleeping cooperative in this process. Safe to call twice."""
    heap.tune()
    quiet_eventlet()
    import eventlet

    eventlet.monkey_patch()


def patched() -> bool:
    """Whether this process runs on the hub. Asks without importing eventlet where nobody has."""
    patcher = sys.modules.get("eventlet.patcher")
    return patcher is not None and bool(patcher.is_monkey_patched("socket"))
