"""Connecting to /chat: who may, what the refusal says, what `welcome` tells, and how sessions end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from chat import accounts, sessions, tokens
from chat.actor import Actor
from chat.hub import Hub
from chat.sockets import admission
from chat.store import Store
from tests.clients import Client
from tests.sockets.conftest import Talk


@pytest.fixture
def refusals(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What CONNECT_ERROR packets carried: the test client keeps only that there was one."""
    from chat.sockets import admission

    kept: list[Any] = []
    made = admission.refusal

    def refusal(code: str, message: str) -> object:
        kept.append(code)
        return made(code, message)

    monkeypatch.setattr(admission, "refusal", refusal)
    return kept


def test_a_session_cookie_lets_in(app: Flask, store: Store, owner: Actor) -> None:
    secret = sessions.open_session(store, owner.user, user_agent="x", address="127.0.0.1")
    client = Client(app, headers={"Cookie": f"a=b; hubbub_session={secret}"})
    assert client.is_connected()
    assert client.told("welcome")[0]["user"]["username"] == "ada"
    client.close()


def test_where_somebody_comes_from_is_known(store: Store, owner: Actor) -> None:
    assert owner.address == "cli"
    secret = sessions.open_session(store, owner.user, user_agent="x", address="192.0.2.1")
    environ = {"REMOTE_ADDR": "198.51.100.7", "HTTP_COOKIE": f"{sessions.COOKIE}={secret}"}
    assert admission.identify(store, environ, None).address == "198.51.100.7"
    token = {"token": tokens.create(store, owner, "bot")[1]}
    assert admission.identify(store, {"REMOTE_ADDR": "2001:db8::1"}, token).address == "2001:db8::1"


@pytest.mark.parametrize(
    ("auth", "headers", "code"),
    [
        (None, {}, "unauthenticated"),
        ({"token": "wrong"}, {}, "unauthenticated"),
        ({"token": "\ud800\x00"}, {}, "unauthenticated"),
        ({"token": "x" * 100_000}, {}, "unauthenticated"),
        ({"token": 5}, {}, "protocol"),
        ({"protocol": 2}, {}, "protocol"),
        (None, {"Cookie": "hubbub_session=nonsense"}, "unauthenticated"),
        (None, {"Origin": "https://evil.example"}, "forbidden_origin"),
        (None, {"Origin": "null"}, "forbidden_origin"),
        (None, {"Origin": "http://localhost.evil.example"}, "forbidden_origin"),
        (None, {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"}, "forbidden_origin"),
        (None, {"Origin": "http://localhost"}, "unauthenticated"),
    ],
)
def test_who_may_not_come_in(app: Flask, owner: Actor, refusals: list[Any], auth: Any, headers: Any, code: str) -> None:
    client = Client(app, auth=auth, headers=headers)
    assert not client.is_connected()
    assert refusals == [code]
    client.close()


@pytest.mark.parametrize("auth", [[], "text", 5, True])
def test_an_auth_that_is_no_object_closes_the_connection(app: Flask, owner: Actor, auth: Any) -> None:
    client = Client(app, auth=auth)
    assert not client.is_connected()
    client.close()


def test_a_foreign_page_is_refused_with_the_right_cookie_too(
    app: Flask, store: Store, owner: Actor, refusals: list[Any]
) -> None:
    secret = sessions.open_session(store, owner.user, user_agent="x", address="127.0.0.1")
    client = Client(app, headers={"Cookie": f"hubbub_session={secret}", "Origin": "https://evil.example"})
    assert (client.is_connected(), refusals) == (False, ["forbidden_origin"])
    client.close()


def test_the_welcome(talk: Talk, connect: Callable[[Actor], Client], store: Store) -> None:
    talk.me.send(talk.room, "hello")
    client = connect(talk.mira)
    (welcome,) = client.told("welcome")
    assert welcome["protocol"] == 1
    assert welcome["epoch"] == store.meta("epoch")
    assert welcome["user"]["username"] == "mira"
    assert {user["username"]: user["status"] for user in welcome["users"]} == {"ada": "online", "mira": "online"}
    assert [(r["name"], r["head"], r["unread"]) for r in welcome["rooms"]] == [
        ("general", {"seq": 0, "rev": 0}, 0),
        ("launch", {"seq": 1, "rev": 1}, 1),
    ]
    assert welcome["limits"]["text"] == 10_000


def test_too_many_connections(make_app: Callable[..., Flask], refusals: list[Any]) -> None:
    app = make_app(connections_per_user=2)
    store = app.extensions["hubbub"].store
    accounts.create_owner(store, server_name="Sample", username="bea", name="Bea", password="correct horse")
    bea = accounts.by_username(store, "bea")
    clients = [Client.connect(app, store, bea) for _ in range(3)]
    assert [client.is_connected() for client in clients] == [True, True, False]
    assert refusals == ["too_many_connections"]
    clients[0].close()
    clients.append(Client.connect(app, store, bea))
    assert clients[-1].is_connected()
    for client in clients:
        client.close()


def test_ending_a_session_closes_its_sockets_at_once(app: Flask, store: Store, owner: Actor) -> None:
    secret = sessions.open_session(store, owner.user, user_agent="x", address="y")
    client = Client(app, headers={"Cookie": f"hubbub_session={secret}"})
    actor = sessions.actor(store, secret)
    assert actor is not None
    sessions.sign_out(store, actor)
    assert client.told("session_ended") == [{"reason": "signed_out"}]
    assert not client.is_connected()
    client.close()


def test_revoking_a_token_closes_its_sockets_at_once(app: Flask, store: Store, owner: Actor) -> None:
    number, secret = tokens.create(store, owner, "bot")
    client = Client(app, auth={"token": secret})
    tokens.revoke(store, owner, number)
    assert client.told("session_ended") == [{"reason": "revoked"}]
    assert not client.is_connected()
    client.close()


def test_an_end_that_nobody_told_is_found(talk: Talk, store: Store, beat: Callable[..., None]) -> None:
    """As when another process, or the command line, ends it."""
    store.publish = lambda effects: None
    for token in tokens.listing(store, talk.mira):
        tokens.revoke(store, talk.mira, token.id)
    assert talk.other.is_connected()
    beat(16)
    assert talk.other.told("session_ended") == [{"reason": "expired"}]
    assert not talk.other.is_connected()
    assert talk.me.is_connected()


def test_presence_is_told_to_who_shares_a_room(
    talk: Talk, beat: Callable[..., None], make_member: Callable[..., Actor], connect: Callable[[Actor], Client]
) -> None:
    beat()
    talk.me.forget()
    talk.other.call("presence_set", status="dnd", text="busy")
    assert talk.me.told("user_changed")[-1]["user"]["status_text"] == "busy"
    beat()
    assert {str(talk.mira.user): "dnd"} in [fact["users"] for fact in talk.me.told("presence")]
    talk.other.close()
    beat()
    assert {str(talk.mira.user): "offline"} in [fact["users"] for fact in talk.me.told("presence")]
    again = connect(talk.mira)
    (me,) = [again.told("welcome")[0]["user"]]
    assert (me["status"], me["status_text"]) == ("dnd", "busy")


def test_a_reload_is_not_told_as_a_change_of_presence(
    talk: Talk, beat: Callable[..., None], connect: Callable[[Actor], Client]
) -> None:
    beat()
    talk.me.forget()
    talk.other.close()
    connect(talk.mira)
    beat()
    assert talk.me.told("presence") == []


def test_typing_is_a_lease(talk: Talk, hub: Hub, beat: Callable[..., None]) -> None:
    leases = hub.sockets.chat.typing
    talk.other.call("typing", room=talk.room, on=True)
    talk.other.call("typing", room=talk.room, on=False)
    talk.other.call("typing", room=talk.room, on=False)
    talk.other.call("typing", room=talk.room, on=True)
    later = leases._clock() + 60
    leases._clock = lambda: later
    beat()
    about = {"room": talk.room, "user": talk.mira.user}
    assert talk.me.told("typing") == [about | {"on": on} for on in (True, False, True, False)]


def test_rate_limits_say_when_to_come_back(make_app: Callable[..., Flask]) -> None:
    app = make_app(rate_limits="on")
    store = app.extensions["hubbub"].store
    accounts.create_owner(store, server_name="Sample", username="bea", name="Bea", password="correct horse")
    accounts.create(store, "cem", role="member", password=None)
    bea, cem = (Client.connect(app, store, accounts.by_username(store, name)) for name in ("bea", "cem"))
    acks = [bea.ack("message_send", {"room": 1, "cid": f"c{n}", "text": "x"}) for n in range(15)]
    refused = [ack["error"] for ack in acks if not ack["ok"]]
    assert {(error["code"], error["retryable"]) for error in refused} == {("rate_limited", True)}
    assert 0 < refused[0]["retry_after"] <= 0.5
    assert bea.call("time")
    assert cem.send(1, "others are not held up")
    bea.close()
    cem.close()


def test_a_command_without_an_ack_is_obeyed_all_the_same(talk: Talk) -> None:
    talk.me.raw.emit("message_send", {"room": talk.room, "cid": "quiet", "text": "no ack"}, namespace="/chat")
    assert talk.other.told("message_new")[0]["message"]["text"] == "no ack"


def test_finding_people(talk: Talk) -> None:
    def found(**fields: Any) -> list[str]:
        return [user["username"] for user in talk.me.call("user_list", **fields)["users"]]

    assert found(query="MIR") == ["mira"]
    assert found(query="@ada") == ["ada"]
    assert found(ids=[talk.mira.user, 999]) == ["mira"]
    assert talk.me.error("user_list")["code"] == "bad_request"
    assert talk.me.error("user_list", query="a", ids=[1])["code"] == "bad_request"
