"""What a namespace counts, and what it says in the log: never what people wrote."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from chat import logs, messages
from chat.actor import Actor
from chat.config import Settings
from chat.store import Store
from tests.clients import Client
from tests.figures import gained, parsed
from tests.sockets.conftest import Talk

MARK = "Zanzibar" + "Marzipan"


@pytest.fixture
def figures(app: Flask) -> Callable[[], dict[str, float]]:
    return lambda: parsed(app.test_client().get("/metrics").text)


def test_what_happened_is_counted_exactly(talk: Talk, figures: Callable[[], dict[str, float]]) -> None:
    before = figures()
    assert before["hubbub_users_online"] == 2
    for text in ("one", "two", "three"):
        talk.me.send(talk.room, text)
    talk.me.error("message_send", room=talk.room, cid="c", text=" ")
    talk.me.error("room_join", room="no-such-room")
    talk.me.error("invented", {})
    talk.me.error("another", {})
    after = figures()
    assert gained(before, after, "hubbub_commands_total") == {
        "hubbub_commands_total{command=message_send,outcome=ok}": 3,
        "hubbub_commands_total{command=message_send,outcome=bad_request}": 1,
        "hubbub_commands_total{command=room_join,outcome=not_found}": 1,
        "hubbub_commands_total{command=unknown,outcome=bad_request}": 2,
    }
    assert gained(before, after, "hubbub_ack_seconds_count") == {
        "hubbub_ack_seconds_count{command=message_send}": 4,
        "hubbub_ack_seconds_count{command=room_join}": 1,
        "hubbub_ack_seconds_count{command=unknown}": 2,
    }
    assert gained(before, after, "hubbub_messages_total") == {"hubbub_messages_total": 3}
    # Each message to two people.
    assert gained(before, after, "hubbub_deliveries_total") == {"hubbub_deliveries_total": 6}
    # The three, and the look for the room to join.
    assert gained(before, after, "hubbub_write_batch_jobs_sum") == {"hubbub_write_batch_jobs_sum": 4}
    assert after["hubbub_write_queue_jobs"] == 0
    took = gained(before, after, "hubbub_ack_seconds_sum{command=message_send}")
    assert 0 < sum(took.values()) < 30


def test_a_message_that_is_sent_again_is_no_new_one(talk: Talk, figures: Callable[[], dict[str, float]]) -> None:
    before = figures()
    for _ in range(2):
        talk.me.send(talk.room, "one", cid="the same")
    found = gained(before, figures(), "hubbub_messages_total")
    assert found == {"hubbub_messages_total": 1}


def test_who_leaves_is_no_longer_online(talk: Talk, figures: Callable[[], dict[str, float]]) -> None:
    talk.other.close()
    assert figures()["hubbub_users_online"] == 1


def test_refused_connections_are_counted(app: Flask, owner: Actor, figures: Callable[[], dict[str, float]]) -> None:
    for auth in ({}, {"token": "wrong"}, {"protocol": 99}):
        assert not Client(app, auth=auth).is_connected()
    assert gained({}, figures(), "hubbub_connections_refused_total") == {
        "hubbub_connections_refused_total{code=unauthenticated}": 2,
        "hubbub_connections_refused_total{code=protocol}": 1,
    }


def test_connections_come_and_go_with_a_reason(make_app: Callable[..., Flask], owner: Actor, store: Store) -> None:
    app = make_app(log_level="debug")
    with capture_logs() as found:
        client = Client.connect(app, store, owner)
        client.close()
        Client(app, auth={"token": MARK}).close()
    said = [line for line in found if line["event"] in ("connected", "disconnected", "a connection was refused")]
    connected, disconnected, refused = said
    assert connected["user"] == owner.user
    assert connected["sid"] == disconnected["sid"]
    assert disconnected["reason"]
    assert refused["code"] == "unauthenticated"
    assert all(line["log_level"] == "debug" for line in said)
    assert MARK not in repr(found)


@contextmanager
def written(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Iterator[list[dict[str, Any]]]:
    """All lines of the log, at its most talkative."""
    before = structlog.get_config()
    lines: list[dict[str, Any]] = []
    try:
        logs.configure(settings)
        capsys.readouterr()
        yield lines
    finally:
        structlog.configure(**before)
    lines += map(json.loads, capsys.readouterr().err.splitlines())


def fail_with_text(store: Store, actor: Actor, command: Any, *_: Any) -> Any:
    try:
        raise KeyError(command.text)
    except KeyError as error:
        raise RuntimeError(f"can't send {command.text!r}") from error


def fail_in_sql(store: Store, actor: Actor, command: Any, *_: Any) -> Any:
    def work(tx: Any) -> Any:
        tx.conn.exec_driver_sql("INSERT INTO no_such_table VALUES (?)", (command.text,))

    return store.write(work)


def fail_in_the_hot_statements(store: Store, actor: Actor, command: Any, *_: Any) -> Any:
    def work(tx: Any) -> Any:
        tx.hot._execute(f"INSERT INTO no_such_table VALUES ('{command.text}')", ())

    return store.write(work)


def fail_while_reading(store: Store, actor: Actor, command: Any, *_: Any) -> Any:
    with store.read():
        raise OperationalError(f"SELECT '{command.text}'", (command.text,), ValueError(command.text))


@pytest.mark.parametrize(
    ("fail", "code"),
    [
        (fail_with_text, "internal"),
        (fail_in_sql, None),
        (fail_in_the_hot_statements, None),
        (fail_while_reading, "unavailable"),
    ],
)
def test_a_command_that_fails_inside_tells_no_text(
    talk: Talk,
    make_settings: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fail: Any,
    code: str | None,
) -> None:
    monkeypatch.setattr(messages, "send", fail)
    with written(make_settings(log_level="debug", log_format="json"), capsys) as lines:
        error = talk.me.error("message_send", room=talk.room, cid="c", text=MARK)
    assert error["code"] == (code or error["code"])
    assert error["code"] in ("internal", "unavailable")
    assert MARK not in json.dumps(lines)
    about = next(line for line in lines if line["event"] in ("command failed", "command not carried out"))
    assert about["command"] == "message_send"
    assert about["user"] == talk.ada.user
    assert about["sid"]
    if error["code"] == "internal":
        assert about["id"] in error["message"]
        assert "Error" in about["exception"]


def test_a_good_command_writes_nothing(
    talk: Talk, make_settings: Callable[..., Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    with written(make_settings(log_level="debug", log_format="json"), capsys) as lines:
        talk.me.send(talk.room, MARK)
        talk.me.error(MARK, {MARK: MARK})
        talk.me.error("message_send", {MARK: MARK})
        talk.me.error("room_join", room=MARK)
    assert lines == []
