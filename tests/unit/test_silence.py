"""Quiet hours in somebody's own time zone, over midnight and on some days."""

from __future__ import annotations

import pytest

from chat import silence
from chat.events.objects import QuietHours
from chat.times import milliseconds


def at(moment: str) -> int:
    return milliseconds(moment, "moment")


NIGHTS = QuietHours("22:00", "07:00", [1, 2, 3, 4, 5], "Europe/Berlin")


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-01-05T20:59:59Z", False),  # Monday, 21:59 in Berlin
        ("2026-01-05T21:00:00Z", True),
        ("2026-01-06T05:59:59Z", True),
        ("2026-01-06T06:00:00Z", False),
        ("2026-01-10T05:59:00Z", True),  # Saturday morning belongs to Friday's night
        ("2026-01-10T21:30:00Z", False),
        ("2026-01-12T05:30:00Z", False),  # and Monday morning to Sunday's
        ("2026-07-06T20:30:00Z", True),  # in summer an hour earlier
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(moment: str, quiet: bool) -> None:
    assert silence.wanted("online", None, NIGHTS, at(moment)) is quiet


def test_hours_of_one_day_and_of_a_whole_day() -> None:
    noon = QuietHours("12:00", "13:00", [3], "Asia/Shanghai")
    assert silence.wanted("online", None, noon, at("2026-01-07T04:30:00Z"))
    assert not silence.wanted("online", None, noon, at("2026-01-07T05:00:00Z"))
    sundays = QuietHours("00:00", "00:00", [7], "UTC")
    assert silence.wanted("away", None, sundays, at("2026-01-11T23:59:00Z"))
    assert not silence.wanted("away", None, sundays, at("2026-01-12T00:00:00Z"))


def test_busy_is_silent_until_its_end() -> None:
    assert silence.wanted("dnd", None, None, 1000)
    assert silence.wanted("dnd", 1001, None, 1000)
    assert not silence.wanted("dnd", 1000, None, 1000)
    assert not silence.wanted("online", 2000, None, 1000)
    assert not silence.wanted("online", None, None, 1000)
