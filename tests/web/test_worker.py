"""The service worker's address, and what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chat import messages, silence, words
from chat.actor import Actor
from chat.events.help import HelpList, HelpLookAt, HelpNote, HelpSend
from chat.events.messages import MessageSend
from chat.events.rooms import RoomCreate
from chat.helpdesk import agents, desk, sites, visiting
from chat.helpdesk.visiting import Visit
from chat.rooms import create
from chat.store import Store
from chat.store.tables import memberships
from tests.web.browser import Browser


def test_the_worker_names_its_build_and_is_asked_for_each_time(browser: Browser) -> None:
    response = browser.get("/sw.js")
    assert response.text.startswith('const BUILD = "')
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    # With the policy of pictures and files it could ask for nothing, and every page would stand still.
    assert "connect-src 'self'" in response.headers["Content-Security-Policy"]
    # What is pushed has our icons.
    assert "img-src 'self'" in response.headers["Content-Security-Policy"]


def send(browser: Browser, body: Any, **headers: str) -> Any:
    sent = {"Accept": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return browser.client.post("/notified", json=body, headers=sent)


@pytest.fixture
def told(store: Store, owner: Actor, member: Actor) -> dict[str, Any]:
    """What a notification knows: Mira has said something to Ada."""
    room = create(store, owner, RoomCreate(name="launch", kind="public", members=[member.user])).room.id
    said = messages.send(store, member, MessageSend(room=room, cid="one", text="@ada are you there?")).message
    return {"user": owner.user, "room": room, "seq": said.seq}


def last_read(store: Store, actor: Actor, room: int) -> int | None:
    with store.read() as conn:
        mine = (memberships.c.room_id == room) & (memberships.c.user_id == actor.user)
        return conn.scalar(memberships.select().with_only_columns(memberships.c.last_read).where(mine))


def test_a_reply_is_said_once_and_what_it_answers_is_read(
    as_user: Callable[..., Browser], store: Store, owner: Actor, told: dict[str, Any]
) -> None:
    browser = as_user(owner)
    for _ in range(2):
        assert send(browser, told | {"text": "yes", "cid": "answer"}).status_code == 200
    again = messages.send(store, owner, MessageSend(room=told["room"], cid="answer", text="yes"))
    assert (again.duplicate, again.message.seq) == (True, told["seq"] + 1)
    assert last_read(store, owner, told["room"]) == told["seq"]


def test_mark_as_read(as_user: Callable[..., Browser], store: Store, owner: Actor, told: dict[str, Any]) -> None:
    assert send(as_user(owner), told, Sec_Fetch_Site="same-origin").status_code == 200
    assert last_read(store, owner, told["room"]) == told["seq"]


def test_a_note_is_not_answered(as_user: Callable[..., Browser], store: Store, owner: Actor) -> None:
    """By what was shown or by what is named: either would be told to the visitor."""
    agents.choose(store, owner, owner.user)
    site = sites.create(store, owner, "Sample shop", ["https://shop.example"])
    asked = visiting.send(store, Visit(site, "x" * 40, "192.0.2.1", "A browser", "en"), HelpSend("c", "Hello?")).message
    (queued,) = desk.listing(store, owner, HelpList("waiting")).conversations
    desk.look_at(store, owner, HelpLookAt(queued.room))
    note = desk.note(store, owner, HelpNote(queued.room, "n", "Is this a thief?")).message
    browser = as_user(owner)
    about = {"user": owner.user, "room": queued.room}
    answer = {"text": "I think so", "cid": "answer"}
    for which in ({"seq": note.seq}, {"seq": asked.seq, "reply_to": note.id}):
        refused = send(browser, about | which | answer)
        assert (refused.status_code, refused.json["error"]["code"]) == (403, "forbidden")
    assert send(browser, about | {"seq": note.seq}).status_code == 200
    assert send(browser, about | {"seq": asked.seq, "reply_to": asked.id} | answer).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"user": 99}, 403),
        ({"room": 99}, 404),
        ({"room": "1"}, 400),
        ({"seq": -1}, 400),
        ({"text": "x" * 10_001, "cid": "a"}, 400),
        ({"text": "hello"}, 400),
        ({"text": "", "cid": "a"}, 400),
        ({"more": 1}, 400),
    ],
)
def test_what_is_wrong_is_refused(
    as_user: Callable[..., Browser], owner: Actor, told: dict[str, Any], wrong: dict[str, Any], status: int
) -> None:
    answer = send(as_user(owner), told | wrong)
    assert (answer.status_code, answer.json["ok"]) == (status, False)


def test_nobody_else_can_ask(
    as_user: Callable[..., Browser], visitor: Browser, store: Store, owner: Actor, told: dict[str, Any]
) -> None:
    assert send(visitor, told).status_code == 401
    browser = as_user(owner)
    assert send(browser, told, Sec_Fetch_Site="cross-site").status_code == 403
    form = browser.client.post("/notified", data={"room": 1}, headers={"Accept": "application/json"})
    assert form.status_code == 403
    assert last_read(store, owner, told["room"]) == 0


def test_quiet_hours_are_saved_shown_and_taken_back(
    as_user: Callable[..., Browser], store: Store, owner: Actor
) -> None:
    browser = as_user(owner)
    hours = {"on": "y", "start": "21:30", "end": "06:00", "days": ["1", "5"], "zone": "Asia/Shanghai"}
    assert browser.post("/settings/notifications", hours).status_code == 303
    page = browser.get("/settings").text
    assert 'value="21:30"' in page
    assert '<option selected value="Asia/Shanghai">' in page
    assert browser.post("/settings/notifications", hours | {"on": ""}).status_code == 303
    with store.read() as conn:
        assert silence.hours_of(conn, owner.user) is None
    assert 'value="22:00"' in browser.get("/settings").text


def test_words_that_call_are_saved_and_shown(as_user: Callable[..., Browser], store: Store, owner: Actor) -> None:
    browser = as_user(owner)
    assert browser.post("/settings/words", {"words": "deploy,\r\n release train \r\n发布、<b>\r\n"}).status_code == 303
    page = browser.get("/settings").text
    assert "Your words are saved." in page
    assert "deploy\nrelease train\n发布\n&lt;b&gt;</textarea>" in page
    with store.read() as conn:
        assert words.of(conn, owner.user) == ["deploy", "release train", "发布", "<b>"]
    wrong = browser.post("/settings/words", {"words": "fine\n!?"})
    assert (wrong.status_code, "A word needs a letter or a digit." in wrong.text) == (400, True)
    assert (
        "At most 20 words, please."
        in browser.post("/settings/words", {"words": ",".join("abcdefghijklmnopqrstu")}).text
    )
    assert browser.post("/settings/words", {"words": " "}).status_code == 303
    assert "You are no longer notified for any words." in browser.get("/settings").text


@pytest.mark.parametrize(
    "wrong", [{"start": "25:00"}, {"end": ""}, {"days": []}, {"days": ["9"]}, {"zone": "Atlantis"}]
)
def test_wrong_quiet_hours_are_shown_with_what_is_wrong(
    as_user: Callable[..., Browser], owner: Actor, wrong: dict[str, Any]
) -> None:
    hours = {"on": "y", "start": "21:30", "end": "06:00", "days": ["1"], "zone": "UTC"}
    response = as_user(owner).post("/settings/notifications", hours | wrong)
    assert response.status_code == 400
    assert 'class="error"' in response.text
