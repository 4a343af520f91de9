"""What I have saved for later, on all my devices; what is in the list, `tests/domain/test_saved.py` tells."""

from __future__ import annotations

from collections.abc import Callable

from chat.actor import Actor
from tests.clients import Client
from tests.sockets.conftest import Talk


def test_all_my_devices_hear_of_it_and_nobody_else(talk: Talk, connect: Callable[[Actor], Client]) -> None:
    second = connect(talk.mira)
    assert second.told("welcome")[0]["saved"] == 0
    said = talk.me.send(talk.room, "for later")
    for client in (talk.me, talk.other, second):
        client.forget()
    for _ in range(2):
        talk.other.call("saved_set", message=said["id"], on=True)
    for client in (talk.other, second):
        assert client.told() == [{"rev": 1, "added": said, "removed": None}]
    assert talk.other.call("saved_list") == {"messages": [said]}
    assert connect(talk.mira).told("welcome")[0]["saved"] == 1
    assert second.call("saved_ids") == {"rev": 1, "messages": [said["id"]]}
    for _ in range(2):
        second.call("saved_set", message=said["id"], on=False)
    assert talk.other.told("saved_changed")[1:] == [{"rev": 2, "added": None, "removed": said["id"]}]
    # Whoever said it never learns of it.
    assert talk.me.told() == []
    assert connect(talk.ada).told("welcome")[0]["saved"] == 0
    assert talk.me.call("saved_ids") == {"rev": 0, "messages": []}


def test_only_what_i_may_read_can_be_saved(talk: Talk) -> None:
    private = talk.me.call("room_create", name="secret", kind="private")["room"]["id"]
    hidden = talk.me.send(private, "hidden")["id"]
    talk.me.call("room_update", room=talk.room, topic="Told by a system message")
    happening = talk.other.call("history", room=talk.room)["messages"][-1]
    assert happening["kind"] == "system"
    for message in (hidden, happening["id"], 987_654):
        error = talk.other.error("saved_set", message=message, on=True)
        assert (error["code"], error["field"]) == ("not_found", "message")
        # What is not on the list need not be taken off, and nothing is told of what there is.
        assert talk.other.call("saved_set", message=message, on=False) == {}
    assert talk.other.call("saved_ids") == {"rev": 0, "messages": []}


def test_an_archived_room_can_be_saved_from(talk: Talk) -> None:
    said = talk.me.send(talk.room, "the end")
    talk.me.call("room_update", room=talk.room, archived=True)
    talk.other.call("saved_set", message=said["id"], on=True)
    assert [message["text"] for message in talk.other.call("saved_list")["messages"]] == ["the end"]
