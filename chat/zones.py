"""Time zones, by the names that IANA gives them."""

from __future__ import annotations

from functools import cache
from importlib import resources

import tzdata

UTC = "UTC"


@cache
def named() -> tuple[str, ...]:
    """The names that people choose from: one for each place, and UTC."""
    table = (resources.files(tzdata) / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return (UTC, *sorted(line[2] for line in lines if len(line) > 2))


def known(name: str) -> bool:
    """Whether it is the name of a time zone; of the older names of a place too, which some browsers use."""
    return name in _all()


@cache
def _all() -> frozenset[str]:
    return frozenset((resources.files(tzdata) / "zones").read_text(encoding="ascii").split())
