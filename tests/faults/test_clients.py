"""The client libraries of examples/ lose nothing and tell nothing twice, whatever happens to the server or the line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chat import messages
from chat.events.messages import MessageSend
from chat.store.schema import set_meta
from tests.e2e.lines import Line
from tests.faults.driver import Driver, Journal, NodeDriver, PythonDriver
from tests.faults.records import Record
from tests.servers import Person, Server, serving
from tests.waiting import DEADLINE

QUICK: dict[str, Any] = {"backoff": (0.05, 0.5), "ack_timeout": 2}
KINDS = pytest.mark.parametrize("kind", [PythonDriver, NodeDriver], ids=["python", "node"])
TRANSPORTS = pytest.mark.parametrize("transports", [["websocket"], ["polling"]], ids=["websocket", "polling"])


@pytest.fixture
def journal(caplog: pytest.LogCaptureFixture) -> Iterator[Journal]:
    yield Journal()
    # What a client does wrong inside, it may make good with `heads`; but nothing may go wrong.
    assert [record.getMessage() for record in caplog.get_records("call") if record.name == "hubbub"] == []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path) as server:
        yield server
        assert server.complaints == []


@pytest.fixture
def mira(server: Server) -> Person:
    server.owner("ada", "Ada")
    return server.add("mira", "Mira")


def told(journal: Journal, client: str, room: int) -> list[int]:
    """What a client told its program as new, as seqs."""
    return [record.seq or 0 for record in journal.all(client, kind="applied", room=room, new=True)]


def settled(journal: Journal, cids: list[str]) -> Callable[[], bool]:
    return lambda: {record.cid for record in journal.all(kind="settled")} >= set(cids)


def inside(journal: Journal, client: str, room: int) -> Callable[[], bool]:
    return lambda: bool(journal.all(client, kind="room", room=room, state="added"))


@TRANSPORTS
def test_a_server_killed_amid_bursts_of_both_kinds(
    server: Server, mira: Person, journal: Journal, transports: list[str]
) -> None:
    room = server.room(mira, "harbour")
    server.start()
    with PythonDriver(journal) as python, NodeDriver(journal) as node:
        drivers: dict[str, Driver] = {"p1": python, "p2": python, "n1": node, "n2": node}
        for name, driver in drivers.items():
            driver.connect(name, server.url, mira.token, transports=transports, **QUICK)
            journal.until(inside(journal, name, room))
        texts = {}
        for number in range(60):
            for name, driver in drivers.items():
                text = f"{name} {number}"
                texts[driver.send(name, room, text)] = text
            if number == 20:
                journal.until(lambda: len(journal.all(kind="settled")) > 20)
                server.kill()
                server.start()
        journal.until(settled(journal, list(texts)))
        outcomes = {record.outcome for record in journal.all(kind="settled")}
        assert outcomes <= {"sent", "duplicate"}
        for name, driver in drivers.items():
            journal.until(lambda name=name: len(told(journal, name, room)) >= len(texts))  # type: ignore[misc]
            assert told(journal, name, room) == list(range(1, len(texts) + 1))
            seen = driver.view(name, room).messages
            assert seen is not None
            assert {message.cid: message.text for message in seen} == texts
            mine = [text for text in (message.text or "" for message in seen) if text.startswith(f"{name} ")]
            assert mine == [f"{name} {number}" for number in range(60)]


@KINDS
def test_a_line_cut_amid_a_burst(server: Server, mira: Person, journal: Journal, kind: type[Driver]) -> None:
    room = server.room(mira, "harbour")
    server.start()
    with Line(server.port) as line, kind(journal) as driver:
        driver.connect("away", line.url, mira.token, transports=["websocket"], **QUICK)
        journal.until(inside(journal, "away", room))
        cids = [driver.send("away", room, f"before {number}") for number in range(20)]
        journal.until(lambda: bool(journal.all("away", kind="settled")))
        line.cut("/")
        journal.until(lambda: bool(journal.all("away", state="disconnected")))
        cids += [driver.send("away", room, f"meanwhile {number}") for number in range(20)]
        server.say(mira, room, "said without it")
        line.restore()
        journal.until(settled(journal, cids))
        journal.until(lambda: len(told(journal, "away", room)) >= 41)
        assert told(journal, "away", room) == list(range(1, 42))


@KINDS
@TRANSPORTS
def test_more_is_said_at_once_than_fits_into_a_packet(
    server: Server, mira: Person, journal: Journal, kind: type[Driver], transports: list[str]
) -> None:
    rooms = [server.room(mira, f"room{number}") for number in range(4)]
    server.start()
    with kind(journal) as driver:
        driver.connect("one", server.url, mira.token, transports=transports, **QUICK)
        for room in rooms:
            journal.until(inside(journal, "one", room))
        # Of all texts one of this length takes the most bytes.
        cids = [driver.send("one", room, "\N{GRINNING FACE}" * 10_000) for room in rooms]
        journal.until(settled(journal, cids))
        assert [record.outcome for record in journal.all(kind="settled")] == ["sent"] * 4
        assert journal.all(kind="state", state="disconnected") == []


@KINDS
@TRANSPORTS
def test_more_rooms_at_once_than_wait_for_their_turn(
    server: Server, mira: Person, journal: Journal, kind: type[Driver], transports: list[str]
) -> None:
    """What is missed in all of them is asked for, and something is said in each, in the same moment.

    No ack is lost, so that waiting for one longer costs nothing; to ask again too early would be more to wait for.
    """
    rooms = [server.room(mira, f"room{number}") for number in range(150)]
    server.start()
    with kind(journal) as driver:
        driver.connect("one", server.url, mira.token, transports=transports, **{**QUICK, "ack_timeout": DEADLINE})
        for room in rooms:
            journal.until(inside(journal, "one", room))
        server.kill()
        journal.until(lambda: bool(journal.all("one", state="disconnected")))
        for room in rooms:
            server.say(mira, room, "said without it")
        cids = [driver.send("one", room, "hello") for room in rooms]
        server.start()
        journal.until(settled(journal, cids))
        for room in rooms:
            journal.until(lambda room=room: told(journal, "one", room) == [1, 2])  # type: ignore[misc]
        assert len(journal.all(kind="state", state="disconnected")) == 1


@KINDS
def test_a_lost_ack_makes_one_message(server: Server, mira: Person, journal: Journal, kind: type[Driver]) -> None:
    """As after a lost ack, the server has the message already when it is sent."""
    room = server.room(mira, "harbour")
    server.start()
    with kind(journal) as driver:
        driver.connect("late", server.url, mira.token, **QUICK)
        journal.until(inside(journal, "late", room))
        server.kill()
        journal.until(lambda: bool(journal.all("late", state="disconnected")))
        cid = driver.send("late", room, "once")
        messages.send(server.store, mira.actor, MessageSend(room=room, cid=cid, text="once"))
        server.start()
        journal.until(settled(journal, [cid]))
        assert [record.outcome for record in journal.all(kind="settled")] == ["duplicate"]
        journal.until(lambda: told(journal, "late", room) == [1])


@KINDS
def test_facts_that_never_came_are_found(server: Server, mira: Person, journal: Journal, kind: type[Driver]) -> None:
    """A message put past the server is told to nobody: the one after it shows the gap."""
    room = server.room(mira, "harbour")
    server.start()
    with kind(journal) as driver:
        driver.connect("one", server.url, mira.token, **QUICK)
        journal.until(inside(journal, "one", room))
        server.say(mira, room, "nobody hears of this")
        driver.send("one", room, "and this one comes too early")
        journal.until(lambda: told(journal, "one", room) == [1, 2])
        assert {record.how for record in journal.all("one", kind="applied")} == {"sync"}


@KINDS
def test_another_epoch_is_read_anew(server: Server, mira: Person, journal: Journal, kind: type[Driver]) -> None:
    room = server.room(mira, "harbour")
    server.say(mira, room, "old 1", "old 2")
    server.start()
    with kind(journal) as driver:
        driver.connect("one", server.url, mira.token, backlog=True, **QUICK)
        journal.until(lambda: told(journal, "one", room) == [1, 2])
        server.kill()
        server.store.write(lambda tx: set_meta(tx, "epoch", "as after a restored backup"))
        server.start()
        journal.until(lambda: len(journal.all("one", kind="read", how="history", room=room)) == 2)
        driver.send("one", room, "new")
        journal.until(lambda: told(journal, "one", room) == [1, 2, 3])
        seen = driver.view("one", room).messages or []
        assert [message.text for message in seen] == ["old 1", "old 2", "new"]


@KINDS
def test_after_a_removal_nothing_of_the_room_is_kept(
    server: Server, mira: Person, journal: Journal, kind: type[Driver]
) -> None:
    owner = server.person("ada")
    room = server.room(owner, "harbour", mira, kind="private")
    server.start()
    with PythonDriver(journal) as others, kind(journal) as driver:
        others.connect("owner", server.url, owner.token, **QUICK)
        driver.connect("out", server.url, mira.token, **QUICK)
        for name in ("owner", "out"):
            journal.until(inside(journal, name, room))
        others.send("owner", room, "to both")
        journal.until(lambda: told(journal, "out", room) == [1])
        others.clients["owner"].call("room_remove", {"room": room, "user": mira.id})
        journal.until(lambda: bool(journal.all("out", kind="room", state="removed", room=room)))
        others.send("owner", room, "to one")
        journal.until(lambda: told(journal, "owner", room) == [1, 2])
        view: Record = driver.view("out", room)
        assert (view.rev, view.messages) == (None, [])
        assert told(journal, "out", room) == [1]


@KINDS
def test_who_leaves_and_joins_again_goes_on(server: Server, mira: Person, journal: Journal, kind: type[Driver]) -> None:
    room = server.room(mira, "harbour")
    server.start()
    with kind(journal) as driver:
        driver.connect("one", server.url, mira.token, **QUICK)
        journal.until(inside(journal, "one", room))
        driver.leave("one", room)
        journal.until(lambda: bool(journal.all("one", kind="room", state="removed", room=room)))
        driver.join("one", room)
        journal.until(lambda: len(journal.all("one", kind="room", state="added", room=room)) == 2)
        cid = driver.send("one", room, "back again")
        journal.until(lambda: bool(journal.all("one", kind="applied", cid=cid, new=True)))


@KINDS
def test_a_final_refusal_is_told_and_not_tried_again(
    server: Server, mira: Person, journal: Journal, kind: type[Driver]
) -> None:
    server.start()
    with kind(journal) as driver:
        driver.connect("nobody", server.url, "hub_nobody", **QUICK)
        cid = driver.send("nobody", 1, "Hello")
        journal.until(lambda: bool(journal.all("nobody", state="gone", reason="unauthenticated")))
        journal.until(settled(journal, [cid]))
        assert journal.all(kind="settled")[0].outcome == "unauthenticated"


@KINDS
def test_a_command_that_is_refused_for_good_lets_the_next_one_pass(
    server: Server, mira: Person, journal: Journal, kind: type[Driver]
) -> None:
    room = server.room(mira, "harbour")
    server.start()
    with kind(journal) as driver:
        driver.connect("one", server.url, mira.token, **QUICK)
        journal.until(inside(journal, "one", room))
        cids = [driver.send("one", room, text) for text in ("", "Hello")]
        journal.until(settled(journal, cids))
        assert [record.outcome for record in journal.all(kind="settled")] == ["bad_request", "sent"]
