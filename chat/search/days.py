"""Days of UTC, counted from the year 1."""

from __future__ import annotations

from datetime import date

_MILLISECONDS = 86_400_000
_OF_1970 = date(1970, 1, 1).toordinal()


def day_of(milliseconds: int) -> int:
    """The day of a time since 1970."""
    return milliseconds // _MILLISECONDS + _OF_1970


def begin_of(day: int) -> int:
    """When a day begins, in milliseconds since 1970."""
    return (day - _OF_1970) * _MILLISECONDS
