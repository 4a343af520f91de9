"""Socket.IO 5: connecting to namespaces and leaving them, over both transports."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.processes import Process
from tests.conformance.sessions import OverPolling, OverWebSocket, Session
from tests.waiting import until


def test_connect(session: Session) -> None:
    sid = session.connect()
    assert sid != session.hello["sid"]
    assert session.call(1, "auth") == [None]


def test_connect_with_an_empty_object(session: Session) -> None:
    """python-socketio tells its handlers of nothing, then."""
    session.connect(auth={})
    assert session.call(1, "auth") == [None]


def test_connect_without_the_comma(session: Session) -> None:
    """The comma stands between a namespace and what follows it."""
    session.put("40/chat")
    assert session.take().startswith('40/chat,{"sid":"')
    session.put("41/chat")
    assert session.connect()


@pytest.mark.parametrize("auth", [{"token": "123"}, {"deep": {"list": [1, None, "字"]}}])
def test_connect_with_an_object(session: Session, auth: dict[str, Any]) -> None:
    session.connect(auth=auth)
    assert session.call(1, "auth") == [auth]


@pytest.mark.parametrize(
    ("arguments", "data"),
    [
        (["Not today."], {"message": "Not today."}),
        (["Please sign in.", {"code": "x"}], {"message": "Please sign in.", "data": {"code": "x"}}),
        (["No.", ["a", 1]], {"message": "No.", "data": ["a", 1]}),
    ],
)
def test_connect_error_says_why(session: Session, arguments: list[Any], data: dict[str, Any]) -> None:
    assert session.refused("40/chat," + json.dumps({"refuse": arguments}), "/chat") == data
    # A refused client may ask again.
    session.connect()
    assert session.call(1, "echo", 1) == [1]


@pytest.mark.parametrize("namespace", ["/unknown", "/chat/", "/Chat", "/chat chat", "/ü"])
def test_unknown_namespaces(session: Session, namespace: str) -> None:
    refusal = session.refused(f"40{namespace},", namespace)
    assert isinstance(refusal["message"], str)
    assert refusal["data"] == {"code": "not_found"}
    session.connect()


@pytest.mark.parametrize("packet", ["40", "40/", "40/,", '40{"token":"123"}'])
def test_nothing_is_at_the_main_namespace(session: Session, packet: str) -> None:
    """In packets of `/` the namespace is left out."""
    refusal = session.refused(packet, "/")
    assert isinstance(refusal["message"], str)
    assert refusal["data"] == {"code": "forbidden"}
    session.connect()


@pytest.mark.parametrize("data", ["[]", '"token"', "1", "true", "{", '{"a":}', '{"a":1}x'])
def test_connect_with_anything_but_an_object_ends_the_session(session: Session, data: str) -> None:
    # Without any namespace it would end in any case, if not at once.
    session.connect("/other")
    session.put(f"40/chat,{data}")
    session.check_over()


def test_connect_twice_ends_the_session(server: Process, client: Session) -> None:
    before = server.count("disconnect")
    client.put("40/chat,")
    client.check_over()
    until(lambda: server.count("disconnect") == before + 1)


def test_several_namespaces_on_one_connection(session: Session) -> None:
    sids = session.connect("/chat", {"in": "chat"}), session.connect("/other", {"in": "other"})
    assert len({*sids, session.hello["sid"]}) == 3
    # The same id in both at once.
    session.put('42/chat,5["auth"]', '42/other,5["auth"]')
    assert session.ack(5, "/chat") == [{"in": "chat"}]
    assert session.ack(5, "/other") == [{"in": "other"}]
    session.put('42/other,["say",1]', '42/chat,["say",2]')
    assert session.event("/other") == ["said", 1]
    assert session.event("/chat") == ["said", 2]


def test_an_event_for_all_stays_in_its_namespace(server: Process, client: Session) -> None:
    with OverWebSocket(server.port) as other:
        other.connect("/other")
        client.put('42/chat,1["shout","here"]')
        assert client.event() == ["shouted", "here"]
        assert client.ack(1) == ["here"]
        assert other.call(1, "echo", "nothing before it", namespace="/other") == ["nothing before it"]


def test_leaving_one_namespace_keeps_the_others(server: Process, session: Session) -> None:
    session.connect("/chat")
    session.connect("/other")
    before = server.count("disconnect")
    session.put("41/chat,")
    until(lambda: server.count("disconnect") == before + 1)
    assert session.call(1, "echo", 1, namespace="/other") == [1]
    # What is said in a namespace that was left is not heard there.
    assert session.refused('42/chat,["say",1]', "/chat")["data"] == {"code": "unauthenticated"}
    assert session.call(2, "echo", 2, namespace="/other") == [2]


def test_leaving_and_coming_back(session: Session) -> None:
    first = session.connect(auth={"time": 1})
    session.put("41/chat,")
    second = session.connect(auth={"time": 2})
    assert first != second
    assert session.call(1, "auth") == [{"time": 2}]


def test_the_server_puts_a_client_out_of_a_namespace(session: Session) -> None:
    session.connect("/chat")
    session.connect("/other")
    session.put('42/chat,["leave"]')
    assert session.take() == "41/chat,"
    assert session.call(1, "echo", 1, namespace="/other") == [1]
    session.connect("/chat")


@pytest.mark.parametrize("transport", [OverWebSocket, OverPolling])
def test_who_was_put_out_of_the_last_namespace_is_closed(
    start: Callable[..., Process], transport: type[OverWebSocket | OverPolling]
) -> None:
    server = start(close_seconds=0.3)
    with transport(server.port) as session:
        session.connect()
        session.put('42/chat,["leave"]')
        assert session.take() == "41/chat,"
        assert session.take() == "1"
        session.check_over()


@pytest.mark.parametrize("packet", ["41/chat,{}", "41/chat,[]", "41/chat,1", '41/chat,"bye"'])
def test_leaving_with_data_ends_the_session(client: Session, packet: str) -> None:
    client.connect("/other")
    client.put(packet)
    client.check_over()


def test_leaving_where_one_never_was_harms_nothing(client: Session) -> None:
    client.put("41/other,", "41/unknown,", "41")
    assert client.call(1, "echo", 1) == [1]
