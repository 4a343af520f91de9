"""Scheduled messages and reminders on all my devices; what becomes of them, `tests/domain` tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chat import times
from chat.actor import Actor
from chat.hub import Hub
from tests.clients import Client
from tests.sockets.conftest import Talk

HOUR = 3_600_000


@pytest.fixture
def an_hour_passes(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What has come to its time by then has come."""

    def passes() -> None:
        moment = times.now() + HOUR
        for noun in ("reminders", "scheduled"):
            monkeypatch.setattr(f"chat.{noun}.now", lambda: moment)
        hub.due.beat()

    return passes


def in_half_an_hour() -> str:
    return times.stamp(times.now() + HOUR // 2)


def test_what_i_schedule_is_known_to_my_devices_alone_until_it_is_sent(
    talk: Talk, connect: Callable[[Actor], Client], an_hour_passes: Callable[[], None]
) -> None:
    second = connect(talk.mira)
    assert second.told("welcome")[0]["scheduled"] == 0
    for client in (talk.me, talk.other, second):
        client.forget()
    at = in_half_an_hour()
    said = {"room": talk.room, "cid": "later", "text": "Good *morning*", "at": at}
    kept = talk.other.call("scheduled_add", **said)["scheduled"]
    assert kept == {"id": kept["id"], "room": talk.room, "text": "Good *morning*", "at": at}
    assert second.told("scheduled_changed") == [{"rev": 1, "changed": kept}]
    changed = second.call("scheduled_change", id=kept["id"], text="Good **day**")["scheduled"]
    assert talk.other.call("scheduled_list") == {"rev": 2, "scheduled": [changed]}
    assert talk.me.told() == []
    assert connect(talk.mira).told("welcome")[0]["scheduled"] == 2
    an_hour_passes()
    for client in (talk.me, talk.other):
        (fact,) = client.told("message_new")
        assert (fact["message"]["text"], fact["message"]["cid"]) == ("Good **day**", "later")
    assert second.told("scheduled_changed")[-1] == {"rev": 3, "removed": kept["id"]}
    another = said | {"cid": "now", "at": times.stamp(times.now() + 2 * HOUR)}
    number = second.call("scheduled_add", **another)["scheduled"]["id"]
    assert second.call("scheduled_send", id=number)["message"]["cid"] == "now"
    assert talk.me.call("scheduled_list") == {"rev": 0, "scheduled": []}
    error = talk.me.error("scheduled_send", id=number)
    assert (error["code"], error["field"]) == ("not_found", "id")


def test_what_is_sent_at_its_time_calls_by_words_too(talk: Talk, an_hour_passes: Callable[[], None]) -> None:
    talk.me.call("words_set", words=["morning"])
    talk.me.forget()
    talk.other.call("scheduled_add", room=talk.room, cid="later", text="Good *morning*", at=in_half_an_hour())
    assert talk.me.told("called") == []
    an_hour_passes()
    (said,) = talk.me.told("message_new")
    assert [fact["message"] for fact in talk.me.told("called")] == [said["message"]["id"]]
    assert talk.other.told("called") == []


def test_a_reminder_comes_on_all_my_devices_until_one_has_looked(
    talk: Talk, connect: Callable[[Actor], Client], an_hour_passes: Callable[[], None]
) -> None:
    second = connect(talk.mira)
    said = talk.me.send(talk.room, "come back to this")
    for client in (talk.me, talk.other, second):
        client.forget()
    at = in_half_an_hour()
    reminder: dict[str, Any] = {"message": said["id"], "room": talk.room, "at": at, "state": "waiting"}
    talk.other.call("reminder_set", message=said["id"], at=at)
    assert second.told("saved_changed") == [{"rev": 1, "added": said, "removed": None}]
    assert second.told("reminders_changed") == [{"rev": 2, "changed": [reminder]}]
    assert second.call("saved_ids") == {"rev": 2, "messages": [said["id"]], "reminders": [reminder]}
    an_hour_passes()
    due = reminder | {"state": "due"}
    for client in (talk.other, second):
        assert client.told("reminders_changed")[-1] == {"rev": 3, "changed": [due], "message": said}
    assert second.call("saved_list") == {"messages": [said], "due": [said]}
    talk.other.call("reminders_seen")
    assert second.told("reminders_changed")[-1] == {"rev": 4, "changed": [reminder | {"state": "seen"}]}
    second.call("reminder_set", message=said["id"])
    assert talk.other.told("reminders_changed")[-1] == {"rev": 5, "removed": said["id"]}
    assert talk.other.call("saved_list") == {"messages": [said]}
    assert talk.me.told() == []
