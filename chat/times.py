"""Times: whole milliseconds since 1970 in UTC inside, RFC 3339 on the wire."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import lru_cache

from chat.errors import bad_request

MINUTE = 60_000
HOUR = 3_600_000
DAY = 24 * HOUR
# Give or take a leap day.
YEAR = 366 * DAY


def now() -> int:
    """The present, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def stamp(milliseconds: int) -> str:
    """RFC 3339 in UTC with milliseconds and `Z`."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{_to_the_second(seconds)}.{rest:03d}Z"


def stamp_or_none(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else stamp(milliseconds)


def milliseconds(text: str, field: str) -> int:
    """A time from outside, in RFC 3339 with its offset from UTC. Raises `bad_request` naming the field."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("no offset")
        return round(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise bad_request("This is not a time.", field) from None


def to_come(text: str, field: str, moment: int) -> int:
    """A time from outside that is after `moment`, and within a year. Raises `bad_request` naming the field."""
    chosen = milliseconds(text, field)
    if not 0 < chosen - moment <= YEAR:
        raise bad_request("Choose a time to come, within a year.", field)
    return chosen


# The messages of one second, and those of one page, share it.
@lru_cache(maxsize=1024)
def _to_the_second(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"
