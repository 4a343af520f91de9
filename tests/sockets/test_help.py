"""Visitors and agents: what each hears and may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from chat import administration, password_resets, tokens
from chat.actor import Actor
from chat.errors import ChatError
from chat.events import ADMIN_COMMANDS, CHAT_COMMANDS, HELP_COMMANDS, HELP_FACTS
from chat.events.admin import UserRole
from chat.helpdesk import agents
from chat.helpdesk.sites import Site
from chat.store import Store
from tests.clients import Client
from tests.sockets.conftest import Talk
from tests.sockets.samples import good, good_for_staff
from tests.sockets.visitors import Open, new_secret, waiting, write


def test_nothing_is_kept_of_who_only_looks(open_window: Open, agent: Client, store: Store) -> None:
    window = open_window()
    (welcome,) = window.told("help_welcome")
    assert (welcome["site"], welcome["conversation"], welcome["here"]) == ("Sample shop", None, True)
    assert window.call("help_history") == {"messages": [], "more": False, "rev": 0}
    assert waiting(agent) == []


def test_a_visitor_writes_and_an_agent_answers(open_window: Open, agent: Client, talk: Talk) -> None:
    window = open_window()
    mine = write(window, "Do you have *this* in blue?", page="https://shop.example/boats")
    assert (mine["mine"], mine["agent"], mine["cid"], mine["seq"]) == (True, None, "c1", 1)
    (queued,) = waiting(agent)
    assert (queued["state"], queued["agent"], queued["page"]) == ("waiting", None, "https://shop.example/boats")
    assert queued["last"] == "Do you have this in blue?"
    assert agent.told("help_queue_changed")[-1]["conversation"]["room"] == queued["room"]
    room = queued["room"]
    agent.call("help_look_at", room=room)
    agent.send(room, "We do.")
    (own, answer) = window.told("help_message")
    assert own["message"] == mine
    assert (answer["message"]["mine"], answer["message"]["text"]) == (False, "We do.")
    assert answer["message"]["agent"] == {"name": "Ada", "avatar": None}
    assert answer["message"]["cid"] is None
    agent.send(room, "In two sizes.", reply_to=mine["id"])
    assert window.told("help_message")[-1]["message"]["reply_to"] == mine["id"]
    assert waiting(agent) == []
    (open_one,) = agent.call("help_list", list="mine")["conversations"]
    assert (open_one["state"], open_one["agent"], open_one["waiting_since"]) == ("open", talk.ada.user, None)


def test_it_is_the_same_conversation_tomorrow_and_in_another_window(open_window: Open, agent: Client) -> None:
    secret = new_secret()
    first, second = open_window(secret), open_window(secret)
    write(first, "one")
    assert write(first, "one") == write(second, "one")
    write(second, "two", "c2")
    assert [fact["message"]["text"] for fact in first.told("help_message")] == ["one", "two"]
    assert first.told("help_message") == second.told("help_message")
    again = open_window(secret)
    assert again.told("help_welcome")[0]["conversation"]["rev"] == 2
    assert [message["text"] for message in again.call("help_history")["messages"]] == ["one", "two"]
    assert [message["text"] for message in again.call("help_sync", rev=1)["messages"]] == ["two"]
    assert len(waiting(agent)) == 1


def test_notes_are_not_for_the_visitor(open_window: Open, agent: Client) -> None:
    window = open_window()
    write(window, "Hello?")
    (queued,) = waiting(agent)
    agent.call("help_look_at", room=queued["room"])
    note = agent.call("help_note", room=queued["room"], cid="n1", text="Is this the one from yesterday?")["message"]
    assert note["kind"] == "note"
    assert [fact["message"]["text"] for fact in window.told("help_message")] == ["Hello?"]
    assert [message["text"] for message in window.call("help_history")["messages"]] == ["Hello?"]
    assert window.call("help_sync", rev=1)["messages"] == []
    agent.call("message_edit", message=note["id"], text="Another text")
    agent.call("message_delete", message=note["id"])
    assert window.told("help_changed") == []
    # It answers nobody.
    assert len(waiting(agent)) == 1


def test_it_is_resolved_and_waits_again(open_window: Open, agent: Client, talk: Talk) -> None:
    window = open_window()
    write(window, "Hello?")
    room = waiting(agent)[0]["room"]
    agent.call("help_assign", room=room, user=talk.ada.user)
    agent.send(room, "Done.")
    agent.call("help_resolve", room=room)
    assert agent.error("message_send", room=room, cid="x", text="late")["code"] == "not_found"
    assert agent.call("help_list", list="resolved")["conversations"][0]["room"] == room
    write(window, "One more thing", "c2")
    (queued,) = waiting(agent)
    assert (queued["room"], queued["agent"]) == (room, talk.ada.user)
    agent.send(room, "Yes?")
    window.call("help_close", rating=5, comment="Kind")
    (rated,) = agent.call("help_list", list="resolved")["conversations"]
    assert (rated["rating"], rated["comment"]) == (5, "Kind")
    (*_, today) = agent.call("help_figures", days=7)["days"]
    assert (today["opened"], today["resolved"], today["rating"], today["ratings"]) == (1, 1, 5.0, 1)


def test_a_visitor_is_told_who_answers_and_when_it_is_over(open_window: Open, agent: Client, talk: Talk) -> None:
    window = open_window()
    write(window, "Hello?")
    room = waiting(agent)[0]["room"]

    def told() -> tuple[str, str | None]:
        own = [fact["conversation"] for fact in window.told("help_changed") if fact["conversation"]][-1]
        assert own == window.call("help_sync", rev=0)["conversation"]
        return own["state"], own["agent"] and own["agent"]["name"]

    agent.call("help_assign", room=room, user=talk.ada.user)
    assert told() == ("open", "Ada")
    agent.call("help_assign", room=room, user=None)
    assert told() == ("waiting", None)
    agent.send(room, "Yes?")
    assert told() == ("open", "Ada")
    agent.call("help_resolve", room=room)
    assert told() == ("resolved", "Ada")
    write(window, "One more thing", "c2")
    assert told() == ("waiting", "Ada")
    assert window.call("time")["time"]


def test_a_name_that_was_made_up_is_told_from_one_that_was_said(open_window: Open) -> None:
    secret = new_secret()
    window = open_window(secret, language="zh-Hans")
    write(window, "你好")

    def own() -> dict[str, Any]:
        found: dict[str, Any] = window.call("help_sync", rev=0)["conversation"]
        assert found == open_window(secret).told("help_welcome")[0]["conversation"]
        return found

    made_up = own()["name"]
    assert (made_up.partition(" ")[0], own()["named"]) == ("来访者", False)
    window.call("help_details", name="Lisa")
    assert (own()["name"], own()["named"]) == ("Lisa", True)


def test_only_agents_see_any_of_it(open_window: Open, agent: Client, talk: Talk) -> None:
    write(open_window(), "A secret")
    room = waiting(agent)[0]["room"]
    for event, fields in (
        ("help_list", {"list": "waiting"}),
        ("help_look_at", {"room": room}),
        ("help_earlier", {"room": room}),
        ("help_assign", {"room": room, "user": talk.mira.user}),
        ("help_resolve", {"room": room}),
        ("help_note", {"room": room, "cid": "n", "text": "x"}),
        ("help_agents", {}),
        ("help_answers", {}),
        ("help_answer_set", {"short": "hi", "text": "Hello"}),
        ("help_figures", {}),
        ("history", {"room": room}),
        ("room_join", {"room": room}),
        ("message_send", {"room": room, "cid": "m", "text": "x"}),
    ):
        assert talk.other.error(event, **fields)["code"] in ("forbidden", "not_found"), event
    assert talk.other.told("help_queue_changed") == []
    assert agent.error("help_assign", room=room, user=talk.mira.user)["code"] == "not_found"
    visitor = waiting(agent)[0]["visitor"]
    assert talk.other.call("user_list", query="visitor")["users"] == []
    assert talk.other.call("user_list", ids=[visitor["id"]])["users"] == []
    assert talk.other.error("user_profile", user=visitor["id"])["code"] == "not_found"
    # Also before they have come in.
    assert [user["name"] for user in agent.call("user_list", ids=[visitor["id"]])["users"]] == [visitor["name"]]
    assert agent.call("user_profile", user=visitor["id"])["user"]["name"] == visitor["name"]


def test_nobody_brings_a_visitor_into_another_room(open_window: Open, agent: Client, talk: Talk) -> None:
    write(open_window(), "Hello?")
    visitor = waiting(agent)[0]["visitor"]["id"]
    for event, fields in (
        ("direct_open", {"users": [visitor]}),
        ("room_invite", {"room": talk.room, "users": [visitor]}),
        ("room_create", {"name": "shop", "kind": "public", "members": [visitor]}),
        ("room_role", {"room": talk.room, "user": visitor, "role": "moderator"}),
    ):
        assert agent.error(event, **fields)["code"] == "not_found", event


def test_nobody_makes_a_visitor_one_of_the_team(open_window: Open, agent: Client, talk: Talk, store: Store) -> None:
    write(open_window(), "Hello?")
    visitor = waiting(agent)[0]["visitor"]["id"]
    with pytest.raises(ChatError, match="no other role"):
        administration.appoint(store, talk.ada, UserRole(visitor, "member"))
    with pytest.raises(ChatError, match="no password"):
        password_resets.create(store, talk.ada, visitor)


def test_names_of_the_team_are_for_the_team(open_window: Open, agent: Client, talk: Talk) -> None:
    window = open_window()
    write(window, "Hello?")
    room = waiting(agent)[0]["room"]
    agent.call("help_look_at", room=room)
    # Whom and what a visitor writes of is not looked up: they would learn who is here, and what rooms are called.
    asked = write(window, "@ada, what is #launch?", "c2")
    assert asked["html"] == "<p>@ada, what is #launch?</p>"
    (*_, heard) = agent.told("message_new")
    assert (heard["message"]["html"], heard["message"]["mentions"]) == (asked["html"], [])
    agent.send(room, "I am @ada, see *#launch*")
    (*_, own) = agent.told("message_new")
    assert f'data-user="{talk.ada.user}"' in own["message"]["html"]
    told = "<p>I am @Ada, see <em>#launch</em></p>"
    assert window.told("help_message")[-1]["message"]["html"] == told
    assert window.call("help_history")["messages"][-1]["html"] == told
    assert window.call("help_sync", rev=0)["messages"][-1]["html"] == told


@pytest.mark.parametrize(
    "auth",
    [None, {}, {"visitor": "x" * 40}, {"site": "nowhere", "visitor": "x" * 40}, {"visitor": "short"}, {"visitor": 5}],
)
def test_who_may_not_open_a_window(app: Flask, site: Site, auth: dict[str, Any] | None) -> None:
    sent = auth if auth is None or "site" in auth or not auth else {"site": site.key, **auth}
    if sent == {"site": site.key, "visitor": "x" * 40}:
        del sent["site"]
    assert not Client(app, "/help", auth=sent).is_connected()


def test_agents_are_told_that_they_are(agent: Client, talk: Talk, connect: Callable[[Actor], Client]) -> None:
    told = [connect(actor).told("welcome")[0]["features"] for actor in (talk.ada, talk.mira)]
    assert ["helps" in features for features in told] == [True, False]


def test_agents_know_to_whom_they_can_hand_over(agent: Client, talk: Talk, store: Store) -> None:
    def names() -> list[str]:
        return [user["name"] for user in agent.call("help_agents")["agents"]]

    assert names() == ["Ada"]
    agents.choose(store, talk.ada, talk.mira.user)
    assert names() == ["Ada", "Mira"]


HOSTILE: list[Any] = [
    None,
    [],
    "x",
    5,
    {"surplus": 1},
    {"room": 1},
    {"user": 1},
    {"message": 1},
    {"cid": "c", "text": "x", "room": 1},
]


def test_a_visitor_reaches_nothing_but_its_own_conversation(
    open_window: Open, agent: Client, talk: Talk, app: Flask, store: Store
) -> None:
    """Whatever it sends, to whatever namespace: it hears of nobody else, and nothing of others changes."""
    other = open_window()
    write(other, "Not yours")
    secret = new_secret()
    window = open_window(secret)
    write(window, "Mine")
    first = waiting(agent)[0]["room"]
    agent.call("help_look_at", room=first)
    talk.me.send(talk.room, "Among us")
    before = said(agent, talk.room, first)
    names = sorted({*CHAT_COMMANDS, *ADMIN_COMMANDS} - HELP_COMMANDS.keys())
    good_ones = good(first, talk.ada, talk.mira) | good_for_staff(talk.room, talk.ada, talk.mira)
    for event in names:
        for sent in (*HOSTILE, good_ones[event]):
            assert window.error(event, sent)["code"] == "bad_request", event
    for event in HELP_COMMANDS:
        for sent in HOSTILE:
            answer = window.ack(event, sent)
            assert "Not yours" not in str(answer), event
            assert talk.ada.username not in str(answer), event
    assert said(agent, talk.room, first) == before
    assert {name for name, _ in window.facts} <= set(HELP_FACTS)
    assert "Not yours" not in str(window.told())
    # What opens a window opens nothing else, and a member's key opens none.
    for namespace in ("/chat", "/admin", "/"):
        for auth in ({"token": secret}, {"visitor": secret, "site": "x"}, None):
            assert not Client(app, namespace, auth=auth).is_connected()
    token = tokens.create(store, talk.ada, "test")[1]
    assert not Client(app, "/help", auth={"token": token}).is_connected()


def said(agent: Client, *rooms: int) -> list[Any]:
    return [agent.call("history", room=room)["messages"] for room in rooms]
