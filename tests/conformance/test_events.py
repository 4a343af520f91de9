"""Socket.IO 5: events and acks in both directions over both transports, and packets that end a session."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conformance.processes import Process
from tests.conformance.sessions import OverPolling, OverWebSocket, Session
from tests.waiting import until

VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    2**53 - 1,
    "",
    "text",
    '字 😀 \u001e " \\ \n \u2028',
    [],
    [[[]]],
    {},
    {"": {"a": [1]}},
]


@pytest.mark.parametrize("values", [[], ["one"], VALUES])
def test_an_event_each_way(client: Session, values: list[Any]) -> None:
    client.put("42/chat," + json.dumps(["say", *values]))
    assert client.event() == ["said", *values]


@pytest.mark.parametrize("values", [[], ["one"], VALUES])
def test_an_ack_carries_what_the_handler_returns(client: Session, values: list[Any]) -> None:
    assert client.call(7, "echo", *values) == values


def test_an_ack_of_nothing_is_an_empty_list(client: Session) -> None:
    client.put('42/chat,7["nothing"]')
    assert client.take() == "43/chat,7[]"


@pytest.mark.parametrize("number", [0, 1, 999, 2**31, 2**53 - 1])
def test_ids_of_acks(client: Session, number: int) -> None:
    assert client.call(number, "echo", number) == [number]


def test_an_id_may_be_used_again(client: Session) -> None:
    client.put('42/chat,1["echo","a"]', '42/chat,1["echo","b"]')
    assert [client.ack(1), client.ack(1)] == [["a"], ["b"]]


def test_no_ack_without_an_id(client: Session) -> None:
    client.put('42/chat,["echo","unheard"]')
    assert client.call(1, "echo", "heard") == ["heard"]


def test_spaces_in_json_are_json(client: Session) -> None:
    client.put('42/chat,1 [ "echo" , { "a" : 1 } ] \n')
    assert client.ack(1) == [{"a": 1}]


def test_answers_come_in_the_order_of_the_events(client: Session) -> None:
    client.put(*(f'42/chat,{number}["echo",{number}]' for number in range(30)))
    assert [client.ack(number) for number in range(30)] == [[number] for number in range(30)]


# The server asks, the client answers.


def _question(client: Session) -> tuple[int, list[Any]]:
    """The next packet: an event with an ack id."""
    packet = client.take()
    head, bracket, data = packet.partition("[")
    assert head.startswith("42/chat,")
    return int(head.removeprefix("42/chat,")), json.loads(bracket + data)


@pytest.mark.parametrize("answer", [[], ["yes"], VALUES])
def test_the_server_asks(client: Session, answer: list[Any]) -> None:
    client.put('42/chat,["ask","How?"]')
    number, event = _question(client)
    assert event == ["question", "How?"]
    client.put(f"43/chat,{number}{json.dumps(answer)}")
    assert client.event() == ["answered", "How?", *answer]


def test_answers_in_another_order(client: Session) -> None:
    client.put('42/chat,["ask","first"]', '42/chat,["ask","second"]')
    (one, first), (two, second) = _question(client), _question(client)
    assert one != two
    assert (first[1], second[1]) == ("first", "second")
    client.put(f'43/chat,{two}["b"]', f'43/chat,{one}["a"]')
    assert client.event() == ["answered", "second", "b"]
    assert client.event() == ["answered", "first", "a"]


def test_only_the_first_answer_counts(server: Process, client: Session) -> None:
    before = server.count("answered")
    client.put('42/chat,["ask",1]')
    number, _ = _question(client)
    client.put(f'43/chat,{number}["a"]', f'43/chat,{number}["b"]', '42/chat,5["echo"]')
    assert client.event() == ["answered", 1, "a"]
    assert client.ack(5) == []
    assert server.count("answered") == before + 1


def test_answers_beside_the_question_leave_it_open(client: Session) -> None:
    client.put('42/chat,["ask",1]')
    number, _ = _question(client)
    # Under 0 the library keeps something that is no question.
    client.put("43/chat,0[]", f'43/chat,{number + 1}["next"]', f'43/chat,{number}["mine"]')
    assert client.event() == ["answered", 1, "mine"]


def test_nobody_answers_for_somebody_else(server: Process, client: Session) -> None:
    client.put('42/chat,["ask",1]')
    number, _ = _question(client)
    with OverWebSocket(server.port) as other:
        other.connect()
        other.put(f'43/chat,{number}["stolen"]')
        assert other.call(1, "echo", 1) == [1]
    client.connect("/other")
    client.put(f'43/other,{number}["elsewhere"]', f'43/chat,{number}["mine"]')
    assert client.event() == ["answered", 1, "mine"]


@pytest.mark.parametrize(
    "packet", ["43/chat,0[]", "43/chat,7[1]", "43/chat,9007199254740991[]", "43/other,1[]", "431[]"]
)
def test_answers_to_no_question_are_ignored(client: Session, packet: str) -> None:
    client.put(packet)
    assert client.call(1, "echo", 1) == [1]


# What is refused, and what ends the session.


RESERVED = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener", "*"]


@pytest.mark.parametrize("name", [*RESERVED, 5, 1.5, None, True, {}, [], ""])
def test_names_that_are_no_events(server: Process, client: Session, name: object) -> None:
    """No text, or one with a meaning of its own: no handler runs, and an ack says why."""
    # Of sessions before this one, some end only now.
    before = server.count("connect"), server.count("sent-disconnect")
    client.put("42/chat," + json.dumps([name, {"x": 1}]))
    (refusal,) = client.call(1, name, {"x": 1})
    assert refusal["ok"] is False
    assert refusal["error"]["code"] == "bad_request"
    assert client.call(2, "echo", 2) == [2]
    assert (server.count("connect"), server.count("sent-disconnect")) == before


def test_an_event_that_nobody_handles_is_acknowledged(client: Session) -> None:
    client.call(1, "nothing_like_it", 1)
    assert client.call(2, "echo", 2) == [2]


@pytest.mark.parametrize("namespace", ["/chat", "/other"])
def test_an_event_before_connect(session: Session, namespace: str) -> None:
    assert session.refused(f'42{namespace},1["echo",1]', namespace)["data"] == {"code": "unauthenticated"}
    session.connect(namespace)
    assert session.call(1, "echo", 1, namespace=namespace) == [1]


@pytest.mark.parametrize(("namespace", "head"), [("/", ""), ("/unknown", "/unknown,")])
def test_an_event_where_nothing_is(session: Session, namespace: str, head: str) -> None:
    refusal = session.refused(f'42{head}["echo",1]', namespace)
    assert refusal["data"]["code"] in ("forbidden", "not_found")


def _beginning(packet: str) -> str:
    """A test's name need not have all of it."""
    return packet[:40]


BAD_PACKETS = [
    "4",
    "4abc",
    "47/chat,",
    "49/chat,[]",
    "4-1",
    # CONNECT_ERROR is a server's.
    '44/chat,{"message":"no"}',
    # An event's data is a list that begins with its name.
    "42/chat,",
    "42/chat,{}",
    "42/chat,[]",
    "42/chat,1[]",
    '42/chat,"echo"',
    "42/chat,null",
    "42/chat,1",
    # Not JSON.
    '42/chat,["echo"',
    '42/chat,["echo",]',
    "42/chat,['echo']",
    '42/chat,["echo"]x',
    '42/chat,["echo",01]',
    "42/chat," + "[" * 30_000,
    # Not an id.
    '42/chat,-1["echo"]',
    '42/chat,1.5["echo"]',
    '42/chat,abc["echo"]',
    '42/chat,9007199254740992["echo"]',
    "42/chat," + "9" * 10_000 + '["echo"]',
    # Acks have an id and a list.
    "43/chat,",
    "43/chat,1",
    "43/chat,[]",
    "43/chat,1{}",
    '43/chat,1"a"',
    "43/chat,9007199254740992[]",
    # CONNECT and DISCONNECT have no id.
    "40/unknown,1",
    "40/unknown,[]",
    "41/chat,1",
    # A namespace of unreasonable length.
    "40/" + "n" * 1000 + ",",
]


@pytest.mark.parametrize("packet", BAD_PACKETS, ids=_beginning)
def test_bad_packets_end_the_session(server: Process, client: Session, packet: str) -> None:
    # Who only leaves /chat would keep this one.
    client.connect("/other")
    before = server.count("disconnect")
    client.put(packet)
    client.check_over()
    until(lambda: server.count("disconnect") == before + 2)


def test_the_close_code_of_a_bad_packet(socket: OverWebSocket) -> None:
    socket.connect()
    socket.put("42/chat,{}")
    assert socket.close_code() == 1008


BINARY_PACKETS = [
    '451-/chat,["echo",{"_placeholder":true,"num":0}]',
    '450-/chat,["echo"]',
    '459999999999-/chat,["echo"]',
    "45" + "9" * 10_000 + '-/chat,["echo"]',
    '451-["echo",{"_placeholder":true,"num":0}]',
    '461-/chat,1[{"_placeholder":true,"num":0}]',
    "460-/chat,1[]",
    "45",
    "46",
]


@pytest.mark.parametrize("packet", BINARY_PACKETS, ids=_beginning)
def test_binary_events_and_acks_are_refused(socket: OverWebSocket, packet: str) -> None:
    """Nothing waits for the attachments."""
    socket.connect()
    socket.put(packet)
    assert socket.close_code() == 1003


@pytest.mark.parametrize("packet", BINARY_PACKETS, ids=_beginning)
def test_binary_events_and_acks_are_refused_over_polling(polling: OverPolling, packet: str) -> None:
    polling.connect()
    polling.put(packet)
    polling.check_over()


@pytest.mark.parametrize("packet", ['42/chat,["nothing"]', '43/chat,1["a"]'])
def test_what_waits_behind_a_bad_packet_is_not_carried_out(server: Process, socket: OverWebSocket, packet: str) -> None:
    socket.connect()
    before = server.count("nothing") + server.count("answered")
    socket.put("42/chat,{}", packet)
    socket.check_over()
    assert server.count("nothing") + server.count("answered") == before


def test_a_bad_packet_harms_nobody_else(server: Process, client: Session) -> None:
    with OverWebSocket(server.port) as attacker:
        attacker.connect()
        attacker.put("42/chat,{}")
        assert attacker.close_code() == 1008
    assert client.call(1, "echo", 1) == [1]
