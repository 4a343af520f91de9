"""Times: whole milliseconds since 1970 in UTC inside, RFC 3339 on the wire."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> int:
    """The present, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def stamp(milliseconds: int) -> str:
    """RFC 3339 in UTC with milliseconds and `Z`."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


def stamp_or_none(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else stamp(milliseconds)
