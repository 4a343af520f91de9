"""Engine.IO 4 over long-polling: payloads both ways, and what ends a session.

Bodies that are too large, too slow or badly framed are in `tests/transport/test_polling.py`.
"""

from __future__ import annotations

import select

import pytest

from tests.conformance.processes import Process
from tests.conformance.sessions import UNKNOWN_SESSION, OverPolling
from tests.transport.harness import Http
from tests.waiting import until

SEPARATOR = "\x1e"


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def test_one_packet_each_way(polling: OverPolling) -> None:
    polling.connect()
    answer = polling.client.post('42/chat,["say","hi"]')
    assert (answer.status, answer.text) == (200, "ok")
    answer = polling.client.send("GET", polling.client.path)
    assert (answer.status, answer.text) == (200, '42/chat,["said","hi"]')
    assert answer.headers["content-type"] == "text/plain; charset=UTF-8"


def test_several_packets_in_one_post(polling: OverPolling) -> None:
    polling.put("40/chat,", '42/chat,1["echo","a"]', "3", '42/chat,2["echo","b"]', '42/chat,3["echo","c"]')
    assert polling.take().startswith('40/chat,{"sid":"')
    assert [polling.ack(number) for number in (1, 2, 3)] == [["a"], ["b"], ["c"]]


def test_several_packets_in_one_answer(server: Process, polling: OverPolling) -> None:
    polling.connect()
    before = server.count("burst")
    polling.put('42/chat,["burst",0,4]')
    until(lambda: server.count("burst") > before)
    answer = polling.client.send("GET", polling.client.path)
    assert answer.text.split(SEPARATOR) == [f'42/chat,["said",{number}]' for number in range(4)]


def test_a_separator_inside_a_text_separates_nothing(polling: OverPolling) -> None:
    polling.connect()
    polling.put(r'42/chat,1["echo","a\u001eb"]')
    assert polling.client.poll() == [r'43/chat,1["a\u001eb"]']


def test_texts_beyond_ascii(polling: OverPolling) -> None:
    polling.connect()
    polling.put('42/chat,1["echo","é字😀"]')
    assert polling.client.poll() == ['43/chat,1["é字😀"]']


def test_a_poll_waits_for_a_packet(server: Process, polling: OverPolling) -> None:
    polling.connect()
    with Http(server.port) as poll:
        poll.send(_get(polling.client.path))
        # A round trip of a client that came later.
        OverPolling(server.port).connect()
        assert not select.select([poll.sock], [], [], 0)[0]
        polling.put('42/chat,["say",1]')
        assert poll.response().text == '42/chat,["said",1]'


def test_posts_are_taken_while_a_poll_waits(server: Process, polling: OverPolling) -> None:
    polling.connect()
    with Http(server.port) as poll, Http(server.port) as http:
        for number in range(5):
            poll.send(_get(polling.client.path))
            answer = http.request("POST", polling.client.path, f'42/chat,["say",{number}]'.encode())
            assert answer.text == "ok"
            assert poll.response().text == f'42/chat,["said",{number}]'


def test_two_polls_at_once_end_the_session(server: Process, polling: OverPolling) -> None:
    """The first is answered with CLOSE, the second refused."""
    polling.connect()
    with Http(server.port) as first, Http(server.port) as second:
        for http in (first, second):
            http.send(_get(polling.client.path))
        answers = sorted((http.response() for http in (first, second)), key=lambda answer: answer.status)
        assert [answer.status for answer in answers] == [200, 400]
        assert answers[0].text == "1"
    for answer in (polling.client.send("GET", polling.client.path), polling.client.post("3")):
        assert (answer.status, answer.json) == (400, UNKNOWN_SESSION)


@pytest.mark.parametrize(
    "body",
    [
        "abc",
        "7",
        "-1",
        " 4",
        "",
        SEPARATOR,
        "3" + SEPARATOR,
        SEPARATOR + "3",
        "3" + SEPARATOR + SEPARATOR + "3",
        "3" + SEPARATOR + "x",
        "bAQIDBA==",
        "b",
        "3" + SEPARATOR + "bAQIDBA==",
        # Packets that only a server sends, or that belong to another transport.
        '0{"sid":"x"}',
        "2",
        "2probe",
        "5",
    ],
)
def test_payloads_that_end_the_session(server: Process, polling: OverPolling, body: str) -> None:
    polling.connect()
    before = server.count("disconnect")
    answer = polling.client.send("POST", polling.client.path, body.encode())
    assert (answer.status, answer.json) == (400, {"code": 3, "message": "Bad request"})
    polling.check_over()
    until(lambda: server.count("disconnect") > before)


@pytest.mark.parametrize("bad", ["x", "", "bAQIDBA==", "9"])
def test_nothing_of_a_bad_payload_is_carried_out(server: Process, polling: OverPolling, bad: str) -> None:
    polling.connect()
    before = server.count("nothing"), server.count("disconnect")
    assert polling.client.post('42/chat,["nothing"]', bad).status == 400
    until(lambda: server.count("disconnect") > before[1])
    assert server.count("nothing") == before[0]


def test_a_poll_under_way_hears_of_a_bad_payload(server: Process, polling: OverPolling) -> None:
    polling.connect()
    with Http(server.port) as poll:
        poll.send(_get(polling.client.path))
        assert polling.client.post("abc").status == 400
        answer = poll.response()
    assert (answer.status, answer.text) in ((200, "1"), (400, '{"code":1,"message":"Session ID unknown"}'))
    polling.check_over()


def test_sessions_do_not_hear_of_each_other(server: Process, polling: OverPolling) -> None:
    other = OverPolling(server.port)
    for session in (polling, other):
        session.connect()
    polling.put('42/chat,["say","mine"]')
    other.put('42/chat,["say","yours"]')
    assert polling.event() == ["said", "mine"]
    assert other.event() == ["said", "yours"]
