"""Conversations that are over and begin again, agents who are gone, and words that are refused or come twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from chat import administration
from chat.errors import forbidden
from chat.events.admin import UserDeactivate
from chat.events.messages import MessageSend
from chat.helpdesk import agents, leaving, speaking
from chat.hub import Hub
from chat.store import Store, Transaction
from chat.store.tables import help_conversations
from tests.clients import Client
from tests.sockets.conftest import Talk
from tests.sockets.visitors import Open, new_secret, waiting, write

Beat = Callable[..., None]


def state(store: Store, room: int) -> tuple[str, int | None]:
    with store.read() as conn:
        row = conn.execute(select(help_conversations).where(help_conversations.c.room_id == room)).one()
    return row.state, row.agent_id


def long_ago(store: Store) -> None:
    """Nobody has said a word for days."""

    def work(tx: Transaction) -> None:
        tx.conn.execute(update(help_conversations).values(said_at=0, resolved_at=0))

    store.write(work)


def texts(facts: list[dict[str, Any]]) -> list[str]:
    return [fact["message"]["text"] for fact in facts if fact["message"] and fact["message"]["kind"] == "text"]


@pytest.fixture
def over(open_window: Open, agent: Client, talk: Talk) -> tuple[Client, str, int]:
    """A window, its visitor's secret, and the room of their conversation, which Ada has had and resolved."""
    secret = new_secret()
    window = open_window(secret)
    write(window, "Hello?")
    room = waiting(agent)[0]["room"]
    agent.call("help_assign", room=room, user=talk.ada.user)
    agent.call("help_resolve", room=room)
    return window, secret, room


def test_what_comes_back_to_its_agent_is_taken_by_them(
    over: tuple[Client, str, int], agent: Client, talk: Talk, store: Store
) -> None:
    window, _, room = over
    write(window, "One more thing", "c2")
    assert state(store, room) == ("waiting", talk.ada.user)
    agent.call("help_assign", room=room, user=talk.ada.user)
    assert state(store, room) == ("open", talk.ada.user)
    agent.call("help_resolve", room=room)
    write(window, "And another", "c3")
    # Or they let go of it.
    agent.call("help_assign", room=room, user=None)
    assert state(store, room) == ("waiting", None)


def test_who_can_not_come_back_does_not_keep_a_visitor_from_writing(
    over: tuple[Client, str, int], agent: Client, store: Store
) -> None:
    window, _, room = over
    store.settings = replace(store.settings, rooms_per_user=1)
    agent.forget()
    write(window, "One more thing", "c2")
    assert state(store, room) == ("waiting", None)
    assert agent.told("help_queue_changed")[-1]["calls"] is True


def test_what_begins_again_is_heard_by_windows_that_did_not_know_of_it(
    over: tuple[Client, str, int], open_window: Open, agent: Client, hub: Hub, store: Store
) -> None:
    _, secret, room = over
    long_ago(store)
    hub.sockets.delivery.known.help.visitors.clear()
    window = open_window(secret)
    assert window.told("help_welcome")[0]["conversation"] is None
    agent.call("help_resolve", room=room, resolved=False)
    agent.send(room, "We found it")
    assert texts(window.told("help_message")) == ["We found it"]
    # How it stands comes with it, so that what was said before is asked for.
    assert window.told("help_changed")[-1]["conversation"]["state"] == "open"


def test_an_earlier_one_does_not_begin_again_beside_a_newer_one(
    over: tuple[Client, str, int], agent: Client, talk: Talk, store: Store
) -> None:
    window, _, room = over
    long_ago(store)
    write(window, "Something else", "c2")
    assert agent.error("help_resolve", room=room, resolved=False)["code"] == "conflict"
    assert agent.error("help_assign", room=room, user=talk.ada.user)["code"] == "conflict"
    assert state(store, room)[0] == "resolved"


def test_a_rating_is_of_what_was_before_it(over: tuple[Client, str, int], agent: Client) -> None:
    window, _, room = over
    window.call("help_close", rating=2, comment="Slow")
    write(window, "One more thing", "c2")
    assert window.call("help_sync", rev=0)["conversation"]["rating"] is None
    agent.call("help_resolve", room=room)
    assert window.call("help_sync", rev=0)["conversation"]["rating"] is None


def test_who_answers_no_visitor_any_more_hears_and_has_nothing_of_them(
    open_window: Open, agent: Client, talk: Talk, store: Store
) -> None:
    agents.choose(store, talk.ada, talk.mira.user)
    window, other = open_window(), open_window()
    write(window, "Hello?")
    write(other, "Hello?")
    mine, looked_at = (one["room"] for one in waiting(agent))
    talk.other.call("help_assign", room=mine, user=talk.mira.user)
    talk.other.send(mine, "Yes?")
    talk.other.call("help_look_at", room=looked_at)
    agent.forget()
    leaving.dismiss(store, talk.ada, talk.mira.user)
    assert state(store, mine) == ("waiting", None)
    assert [fact["calls"] for fact in agent.told("help_queue_changed")] == [True]
    talk.other.forget()
    for room in (mine, looked_at):
        agent.call("help_look_at", room=room)
        agent.call("help_note", room=room, cid=f"n{room}", text="Among us")
        write(window if room == mine else other, "Still there?", f"c{room}")
        for event in ("history", "help_earlier", "help_look_at"):
            assert talk.other.error(event, room=room)["code"] in ("not_found", "forbidden")
    assert talk.other.told("message_new") == []
    assert talk.other.told("help_queue_changed") == []


def test_what_a_closed_account_had_waits_for_others(open_window: Open, agent: Client, talk: Talk, store: Store) -> None:
    agents.choose(store, talk.ada, talk.mira.user)
    write(open_window(), "Hello?")
    room = waiting(agent)[0]["room"]
    agent.call("help_assign", room=room, user=talk.mira.user)
    administration.deactivate(store, talk.ada, UserDeactivate(talk.mira.user))
    assert state(store, room) == ("waiting", None)
    assert waiting(agent)[0]["waiting_since"]


def test_an_agent_who_is_banned_has_nothing_when_the_visitor_writes(
    open_window: Open, agent: Client, talk: Talk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    write(window, "Hello?")
    room = waiting(agent)[0]["room"]
    agent.call("help_assign", room=room, user=talk.ada.user)
    agent.send(room, "Yes?")
    monkeypatch.setattr(agents, "ids", lambda conn: [])
    write(window, "Are you there?", "c2")
    assert state(store, room) == ("waiting", None)


def test_a_word_that_is_refused_begins_nothing(
    open_window: Open, agent: Client, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    with monkeypatch.context() as strict:
        strict.setattr(store, "objection", lambda html: forbidden("This word is not taken here."))
        assert window.error("help_send", cid="c1", text="Rude words")["code"] == "forbidden"
    assert waiting(agent) == []
    assert window.call("help_history")["messages"] == []
    write(window, "Kind words")
    assert len(waiting(agent)) == 1


def test_what_is_sent_again_after_it_was_over_is_the_same(
    over: tuple[Client, str, int], agent: Client, store: Store
) -> None:
    window, _, _ = over
    long_ago(store)
    again = window.call("help_send", cid="c1", text="Hello?")
    assert (again["duplicate"], again["message"]["text"]) == (True, "Hello?")
    assert waiting(agent) == []


def test_an_answer_by_any_other_way_is_one(open_window: Open, agent: Client, talk: Talk, store: Store) -> None:
    window = open_window()
    write(window, "Hello?")
    room = waiting(agent)[0]["room"]
    agent.call("help_look_at", room=room)
    speaking.send(store, talk.ada, MessageSend(room, "by-notification", "Yes?"))
    assert state(store, room) == ("open", talk.ada.user)
    assert texts(window.told("help_message"))[-1] == "Yes?"
    # In rooms it is a message.
    speaking.send(store, talk.ada, MessageSend(talk.room, "to-a-room", "Hello"))
    assert talk.other.told("message_new")[-1]["message"]["text"] == "Hello"


def test_a_window_that_missed_a_beginning_asks_for_what_was_said(
    open_window: Open, agent: Client, hub: Hub, beat: Beat, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = hub.sockets.delivery.known.help
    secret = new_secret()
    first, second = open_window(secret), open_window(secret)
    with monkeypatch.context() as deaf:
        deaf.setattr(known, "hear", lambda effect: None)
        write(first, "Hello?")
    assert second.told("help_changed") == []
    beat(15)
    (fact,) = second.told("help_changed")
    assert (fact["conversation"]["state"], fact["rev"]) == ("waiting", second.call("help_sync", rev=0)["rev"])
    beat(15)
    assert len([fact for fact in second.told("help_changed") if fact["conversation"]]) == 1
    room = waiting(agent)[0]["room"]
    agent.call("help_look_at", room=room)
    agent.send(room, "Yes?")
    assert texts(second.told("help_message")) == ["Yes?"]


def test_a_visitor_hears_of_what_may_have_got_lost(open_window: Open, agent: Client, hub: Hub, beat: Beat) -> None:
    window = open_window()
    write(window, "Hello?")
    window.forget()
    hub.sockets.relay.catch_up = True
    beat(3)
    assert [fact["rev"] for fact in window.told("help_changed")] == [window.call("help_sync", rev=0)["rev"]]


def test_who_ends_it_and_begins_again_does_not_ring_each_time(open_window: Open, agent: Client) -> None:
    window = open_window()
    write(window, "Hello?")
    agent.forget()
    for number in range(3):
        window.call("help_close")
        write(window, "Hello again?", f"c{number}x")
    assert not any(fact["calls"] for fact in agent.told("help_queue_changed"))
    assert len(waiting(agent)) == 1
