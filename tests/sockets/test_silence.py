"""Quiet hours are kept on the account and told to all its devices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chat.actor import Actor
from tests.clients import Client
from tests.sockets.conftest import Talk

NIGHT = {"start": "22:00", "end": "07:00", "days": [5, 1, 1], "zone": "Asia/Shanghai"}
KEPT = NIGHT | {"days": [1, 5]}


def hours_of(client: Client) -> Any:
    return client.told("quiet_changed")[-1]["hours"]


def test_quiet_hours_are_told_to_all_my_devices(talk: Talk, connect: Callable[[Actor], Client]) -> None:
    second = connect(talk.ada)
    talk.me.call("quiet_set", hours=NIGHT)
    assert hours_of(talk.me) == hours_of(second) == KEPT
    assert connect(talk.ada).told("welcome")[0]["quiet_hours"] == KEPT
    assert talk.other.told("quiet_changed") == []
    talk.me.call("quiet_set", hours=None)
    assert hours_of(second) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Nowhere/Atlantis"},
        {"zone": "../../etc/passwd"},
        {"zone": ""},
        {"start": "24:00"},
        {"end": "7:00"},
        {"days": []},
        {"days": [0]},
        {"days": [8]},
        {"days": "1"},
    ],
)
def test_wrong_hours_are_refused(talk: Talk, wrong: dict[str, Any]) -> None:
    error = talk.me.error("quiet_set", hours=NIGHT | wrong)
    assert (error["code"], error["field"]) == ("bad_request", "hours")


def test_one_is_told_of_everything_only_where_few_talk(talk: Talk) -> None:
    involvement = {
        kind: talk.me.call("room_create", name=f"a-{kind}-one", kind=kind)["room"]["involvement"]
        for kind in ("public", "private")
    }
    direct = talk.me.call("direct_open", users=[talk.mira.user])["room"]["involvement"]
    assert (involvement, direct) == ({"public": "mentions", "private": "everything"}, "everything")
