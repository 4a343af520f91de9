"""Times: whole milliseconds since 1970 in UTC inside, RFC 3339 on the wire."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import lru_cache


def now() -> int:
    """The present, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def stamp(milliseconds: int) -> str:
    """RFC 3339 in UTC with milliseconds and `Z`."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{_to_the_second(seconds)}.{rest:03d}Z"


def stamp_or_none(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else stamp(milliseconds)


# The messages of one second, and those of one page, share it.
@lru_cache(maxsize=1024)
def _to_the_second(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"
