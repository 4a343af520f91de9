"""What becomes of a conversation, and who is told: the queue, places in it, and what stands between the messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from chat.actor import Actor
from chat.events.help import HelpLook
from chat.events.moderation import UserBan
from chat.events.objects import QuietHours
from chat.helpdesk import agents, sites
from chat.helpdesk.sites import Site
from chat.sanctions import bans
from chat.server_settings.keeping import Wanted, change
from chat.store import Store
from tests.clients import Client
from tests.sockets.conftest import Talk
from tests.sockets.visitors import Open, new_secret, waiting, write

Beat = Callable[..., None]


def status(window: Client) -> tuple[int, int | None]:
    (*_, last) = window.told("help_status")
    return last["agents_online"], last["position"]


def happened(facts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What system messages among these tell, and whose they are."""
    said = [fact["message"] for fact in facts if fact["message"]]
    return [
        (one["happening"]["what"], one["agent"]["name"] if one["agent"] else "me")
        for one in said
        if one["kind"] == "system"
    ]


def test_a_visitor_knows_who_is_there_and_who_comes_before(
    open_window: Open, agent: Client, talk: Talk, store: Store, beat: Beat
) -> None:
    first, second, looker = open_window(), open_window(), open_window()
    assert [status(window) for window in (first, second, looker)] == [(1, None)] * 3
    write(first, "Hello?")
    write(second, "Hello?")
    beat()
    assert [status(window) for window in (first, second, looker)] == [(1, 0), (1, 1), (1, None)]
    # What is as it was is not told again.
    assert len(looker.told("help_status")) == 1
    agent.call("help_assign", room=waiting(agent)[0]["room"], user=talk.ada.user)
    agents.choose(store, talk.ada, talk.mira.user)
    beat()
    assert [status(window) for window in (first, second, looker)] == [(2, None), (2, 0), (2, None)]
    talk.me.leave()
    talk.other.leave()
    beat()
    assert status(looker) == (0, None)


def test_who_has_waited_longest_comes_first(open_window: Open, agent: Client, beat: Beat) -> None:
    windows = [open_window() for _ in range(3)]
    for window in windows:
        write(window, "Hello?")
    oldest = waiting(agent)[0]["room"]
    agent.call("help_resolve", room=oldest)
    write(windows[0], "One more thing", "c2")
    rooms = [one["room"] for one in waiting(agent)]
    assert rooms == [*sorted(rooms)[1:], oldest]
    beat()
    assert [status(window)[1] for window in windows] == [2, 0, 1]
    page = agent.call("help_list", list="waiting", limit=2)
    assert [one["room"] for one in page["conversations"]] == rooms[:2]
    rest = agent.call("help_list", list="waiting", before=page["next"])
    assert ([one["room"] for one in rest["conversations"]], rest["next"]) == (rooms[2:], None)
    # The last of a page has been answered meanwhile: nobody behind it is passed over.
    agent.call("help_look_at", room=page["next"])
    agent.send(page["next"], "Yes?")
    again = agent.call("help_list", list="waiting", before=page["next"])
    assert oldest in [one["room"] for one in again["conversations"]]


def test_what_is_let_go_of_waits_from_then_on(open_window: Open, agent: Client) -> None:
    first, second = open_window(), open_window()
    write(first, "Hello?")
    room = waiting(agent)[0]["room"]
    agent.call("help_look_at", room=room)
    agent.send(room, "Yes?")
    write(second, "Hello?")
    agent.call("help_assign", room=room, user=None)
    queue = waiting(agent)
    assert [one["room"] for one in queue][-1] == room
    assert all(one["waiting_since"] for one in queue)


def test_what_becomes_of_it_stands_between_the_messages(
    open_window: Open, agent: Client, talk: Talk, store: Store
) -> None:
    agents.choose(store, talk.ada, talk.mira.user)
    window = open_window()
    write(window, "Hello?")
    room = waiting(agent)[0]["room"]
    agent.call("help_assign", room=room, user=talk.ada.user)
    # What is so already is not told again.
    agent.call("help_assign", room=room, user=talk.ada.user)
    agent.call("help_assign", room=room, user=talk.mira.user)
    agent.call("help_assign", room=room, user=None)
    agent.call("help_resolve", room=room)
    agent.call("help_resolve", room=room, resolved=False)
    window.call("help_close")
    window.call("help_close")
    told = [
        ("taken", "Ada"),
        ("assigned", "Ada"),
        ("released", "Ada"),
        ("resolved", "Ada"),
        ("resumed", "Ada"),
        ("ended", "me"),
    ]
    assert happened(window.told("help_message")) == told
    read = window.call("help_history")["messages"]
    assert happened([{"message": one} for one in read]) == told
    assert [one["happening"]["value"] for one in read if one["kind"] == "system"][1] == "Mira"
    # Agents read it too, and it leaves nothing unread.
    earlier = agent.call("help_earlier", room=room)["messages"]
    assert [one["happening"]["what"] for one in earlier if one["kind"] == "system"] == [what for what, _ in told]


def test_windows_of_one_browser_hear_what_began_in_another(
    open_window: Open, agent: Client, connect: Callable[[Actor], Client]
) -> None:
    secret = new_secret()
    first, second, stranger = open_window(secret), open_window(secret), open_window()
    write(first, "Hello?")
    assert [fact["message"]["text"] for fact in second.told("help_message")] == ["Hello?"]
    assert stranger.told("help_message") == []


def test_who_answers_is_called_once_when_somebody_begins_to_wait(open_window: Open, agent: Client, talk: Talk) -> None:
    def calls() -> list[bool]:
        told = [fact["calls"] for fact in agent.told("help_queue_changed")]
        agent.forget()
        return told

    window = open_window()
    write(window, "Hello?")
    assert calls() == [True]
    write(window, "Anybody?", "c2")
    assert calls() == [False]
    room = waiting(agent)[0]["room"]
    agent.call("help_assign", room=room, user=talk.ada.user)
    agent.send(room, "Yes?")
    assert calls() == [False, False]
    # Who has it hears the message itself.
    write(window, "One more thing", "c3")
    assert calls() == [False]
    agent.call("help_assign", room=room, user=None)
    assert calls() == [True]


def test_the_window_of_a_closed_site_closes(
    open_window: Open, site: Site, owner: Actor, store: Store, beat: Beat
) -> None:
    window = open_window()
    sites.close(store, owner, site.id)
    beat()
    assert window.told("session_ended") == [{"reason": "closed"}]
    assert not window.is_connected()
    assert not open_window().is_connected()


def test_hours_that_change_are_told(open_window: Open, site: Site, owner: Actor, store: Store, beat: Beat) -> None:
    window = open_window()
    assert window.told("help_status")[-1]["here"] is True
    another_day = (datetime.now(UTC).weekday() + 3) % 7 + 1
    sites.change(
        store,
        owner,
        site.id,
        site.name,
        site.origins,
        HelpLook(hours=QuietHours("08:00", "18:00", [another_day], "UTC")),
    )
    beat()
    assert window.told("help_status")[-1]["here"] is False


def test_who_is_banned_says_nothing_more(open_window: Open, agent: Client, talk: Talk, store: Store) -> None:
    secret = new_secret()
    window = open_window(secret)
    write(window, "Rude words")
    (queued,) = waiting(agent)
    bans.ban(store, talk.ada, UserBan(queued["visitor"]["id"], reason="rude"))
    for one in (window, open_window(secret)):
        refused = one.error("help_send", cid="c2", text="More of them")
        assert (refused["code"], refused["retryable"]) == ("forbidden", False)
    assert len(waiting(agent)) == 1


def test_what_is_not_taken_as_a_message_is_no_name_or_comment_either(
    open_window: Open, agent: Client, talk: Talk, store: Store
) -> None:
    window = open_window()
    write(window, "Hello?")
    (queued,) = waiting(agent)
    agent.call("help_look_at", room=queued["room"])
    change(store, talk.ada, Wanted(blocked_words=["twit"]))
    for event, fields, field in (
        ("help_send", {"cid": "c2", "text": "You *twit*"}, "text"),
        ("help_details", {"name": "Twit & co", "email": "x@y.example"}, "name"),
        ("help_close", {"rating": 1, "comment": "A twit\nhas answered."}, "comment"),
    ):
        refused = window.error(event, **fields)
        assert (refused["code"], refused["field"]) == ("forbidden", field), event
    window.call("help_typing", on=True)
    assert [fact["on"] for fact in agent.told("typing")] == [True]
    window.call("help_typing", on=False)
    agent.forget()
    agent.call("user_mute", user=queued["visitor"]["id"])
    assert window.error("help_typing", on=True)["code"] == "forbidden"
    assert window.error("help_details", name="Somebody")["code"] == "forbidden"
    assert window.error("help_close", rating=1, comment="So much for that.")["code"] == "forbidden"
    assert agent.told("typing") == []
    window.call("help_close", rating=1)
    (ended,) = agent.call("help_list", list="resolved")["conversations"]
    assert (ended["visitor"]["name"], ended["email"], ended["comment"]) == (queued["visitor"]["name"], "", "")


def test_a_name_is_looked_for_beside_the_hub(
    open_window: Open, agent: Client, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    offload, aside = store.offload, list[Any]()

    def noted(work: Any, *args: Any) -> Any:
        aside.append(offload(work, *args))
        return aside[-1]

    window = open_window()
    write(window, "Hello?")
    window.call("help_details", name="Grace")
    room = waiting(agent)[0]["room"]
    monkeypatch.setattr(store, "offload", noted)
    (found,) = agent.call("help_list", list="waiting", query="grac")["conversations"]
    assert found["room"] == room
    assert [room] in aside
