"""Time zones to choose from: by their places in the reader's language, from west to east."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from babel.dates import get_timezone, get_timezone_location

from chat import times, zones

_HOUR = 3_600_000


def choices(language: str) -> list[tuple[str, str]]:
    """(name, label) of each time zone. The first time in a language takes a good part of a second."""
    return list(_labelled(language, times.now() // _HOUR))


# Clocks are changed at full hours.
@lru_cache(maxsize=8)
def _labelled(language: str, hour: int) -> tuple[tuple[str, str], ...]:
    moment = datetime.fromtimestamp(hour * _HOUR / 1000, UTC)
    found = []
    for name in zones.named():
        zone = get_timezone(name)
        place = get_timezone_location(zone, locale=language, return_city=True)
        local = moment.astimezone(zone)
        offset = int((local.utcoffset() or local - local).total_seconds()) // 60
        sign, minutes = "+" if offset >= 0 else "−", abs(offset)
        found.append((offset, place, name, f"UTC{sign}{minutes // 60:02}:{minutes % 60:02} {place}"))
    return tuple((name, label) for _, _, name, label in sorted(found))
