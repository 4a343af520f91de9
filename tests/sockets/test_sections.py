"""Sections of the sidebar: one order of rooms for all windows of an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chat import sections
from chat.actor import Actor
from tests.clients import Client
from tests.sockets.conftest import Talk


def section(name: str, *rooms: int) -> dict[str, Any]:
    return {"name": name, "rooms": list(rooms)}


def test_all_windows_of_an_account_hear_of_them_and_nobody_else(talk: Talk, connect: Callable[[Actor], Client]) -> None:
    second = connect(talk.ada)
    assert second.told("welcome")[0]["sections"] == []
    talk.me.call("sections_set", sections=[section("Work", talk.room, 1), section("  工作 ", 999)])
    kept = [section("Work", talk.room, 1), section("工作", 999)]
    for client in (talk.me, second):
        assert client.told("sections_changed") == [{"sections": kept}]
    assert talk.other.told("sections_changed") == []
    assert connect(talk.ada).told("welcome")[0]["sections"] == kept
    assert connect(talk.mira).told("welcome")[0]["sections"] == []
    second.call("sections_set", sections=[])
    assert connect(talk.ada).told("welcome")[0]["sections"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        [section("")],
        [section(" ")],
        [section("a" * 41)],
        [section("a\nb")],
        [section("Work"), section("WORK")],
        [section("a", 1, 1)],
        [section("a", 1), section("b", 1)],
        [section("a", -1)],
        [section(str(number)) for number in range(31)],
        [section("a", *range(1, 502))],
        [section(str(number), *range(number * 400 + 1, number * 400 + 401)) for number in range(3)],
    ],
)
def test_what_is_wrong_changes_nothing(talk: Talk, wrong: list[dict[str, Any]]) -> None:
    assert talk.me.error("sections_set", sections=wrong)["field"].startswith("sections")
    assert talk.me.told("sections_changed") == []


def test_a_thousand_rooms_fit(talk: Talk) -> None:
    rooms = range(1, sections.MOST_ROOMS + 1)
    talk.me.call("sections_set", sections=[section("a", *rooms[:500]), section("b", *rooms[500:])])
    (told,) = talk.me.told("sections_changed")
    assert [len(one["rooms"]) for one in told["sections"]] == [500, 500]
