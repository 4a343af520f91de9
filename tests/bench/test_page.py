"""The benchmark of the page, with a small house."""

from __future__ import annotations

from bench.house import Plan
from bench.page import SCRIPTS, page


def test_rooms_are_opened_and_a_busy_one_is_followed() -> None:
    said: list[str] = []
    told = page(2, 1.0, said.append, long=300, made=Plan(4, [range(4), [0, 1], [0, 1, 2], [0, 1]]))
    for line in ("| a room, for the first time | 2 |", "| the same rooms again | 2 |", "| the long room | 2 |"):
        assert line in told
    assert "frames that took longer than 50 ms" in told
    assert {path.stem for path in SCRIPTS.iterdir()} == {"open", "frames"}
