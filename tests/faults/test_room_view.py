"""The view of a room in examples/python-client: whatever happens to facts on their way, it becomes the server's."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub import Change, Client, Room, new_cid
from tests.faults.driver import Journal, PythonDriver
from tests.servers import Server, serving

Wire = dict[str, Any]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["say", "rename", "ask", "answer", "load", "lost"])),
        st.tuples(st.just("edit"), st.integers(0, 20)),
        # A fact that was made goes out: which one, and whether it stays to go out again.
        st.tuples(st.just("tell"), st.integers(0, 20), st.booleans()),
    ),
    max_size=60,
)


class Truth:
    """The room as the server has it, and what it answers."""

    def __init__(self) -> None:
        self.rev = self.seq = 0
        self.name = "a"
        self.named_at = 0
        self.messages: dict[int, Wire] = {}
        self.facts: list[tuple[int, Wire | None, Wire | None]] = []

    @property
    def head(self) -> Wire:
        return {"seq": self.seq, "rev": self.rev}

    @property
    def info(self) -> Wire:
        return {"id": 1, "name": self.name, "head": self.head}

    def say(self) -> None:
        self.seq += 1
        self._change(self.seq)

    def edit(self, number: int) -> None:
        if self.seq:
            self._change(1 + number % self.seq)

    def rename(self) -> None:
        self.rev += 1
        self.name, self.named_at = f"name {self.rev}", self.rev
        self.facts.append((self.rev, None, self.info))

    def _change(self, seq: int) -> None:
        self.rev += 1
        message = {"id": 100 + seq, "seq": seq, "rev": self.rev, "text": f"as of {self.rev}"}
        self.messages[seq] = message
        self.facts.append((self.rev, message, None))

    def sync(self, rev: int) -> tuple[list[Wire], Wire, Wire | None]:
        changed = sorted(
            (each for each in self.messages.values() if each["rev"] > rev), key=lambda each: int(each["rev"])
        )
        return changed, self.head, self.info if self.named_at > rev else None


class Member:
    """A view of the room, with an answer to `room_sync` that may be on its way, and all that it told."""

    def __init__(self, truth: Truth, keep: int | None = None) -> None:
        self.truth = truth
        self.room = Room(truth.info, keep=keep)
        self.answer: tuple[list[Wire], Wire, Wire | None] | None = None
        self.told: list[int] = []
        self.newest: dict[int, int] = {}

    def take(self, changes: list[Change]) -> None:
        for _, message, new in changes:
            if message is None:
                continue
            if new:
                self.told.append(message["seq"])
            assert message["rev"] > self.newest.get(message["seq"], 0), "told twice, or an old state after a new one"
            self.newest[message["seq"]] = message["rev"]

    def step(self, name: str, *values: Any) -> None:
        truth, room = self.truth, self.room
        if name == "say":
            truth.say()
        elif name == "rename":
            truth.rename()
        elif name == "edit":
            truth.edit(*values)
        elif name == "lost":
            room.lost()
        elif name == "ask" and room.rev is not None:
            self.answer = truth.sync(room.rev)
        elif name == "answer" and self.answer is not None:
            self.take(room.synced(*self.answer))
            self.answer = None
        elif name == "tell" and truth.facts:
            which, again = values
            fact = truth.facts[which % len(truth.facts)]
            if not again:
                truth.facts.remove(fact)
            self.take(room.offer(*fact))


@given(STEPS)
def test_any_order_loss_and_repetition_of_facts_gives_the_view_of_the_server(steps: list[tuple[Any, ...]]) -> None:
    truth = Truth()
    member = Member(truth)
    for name, *values in steps:
        member.step(name, *values)
    member.step("answer")
    member.step("ask")
    member.step("answer")
    assert member.room.rev == truth.rev
    assert member.room.messages == truth.messages
    assert member.room.info["name"] == truth.name
    assert member.told == list(range(1, truth.seq + 1))
    assert not member.room.gap


@given(STEPS, st.booleans())
def test_history_between_facts_gives_the_view_of_the_server(steps: list[tuple[Any, ...]], forget: bool) -> None:
    """The room is reset, and facts come before and after the first page was read."""
    truth = Truth()
    for name, *values in steps:
        Member(truth).step(name, *values)
    room = Room(truth.info, keep=None)
    room.restart(forget=forget)
    facts = list(truth.facts)
    for fact in facts[: len(facts) // 2]:
        assert room.offer(*fact) == []
    head, page = truth.head, list(truth.messages.values())
    truth.say()
    truth.edit(0)
    for fact in reversed(truth.facts):
        assert room.offer(*fact) == []
    room.loaded(page, head)
    assert room.rev == truth.rev
    assert room.messages == truth.messages


@given(st.integers(1, 5), st.integers(0, 20))
def test_a_view_keeps_the_newest_messages(keep: int, count: int) -> None:
    truth = Truth()
    member = Member(truth, keep)
    for _ in range(count):
        truth.say()
        member.take(member.room.offer(*truth.facts[-1]))
    assert sorted(member.room.messages) == list(range(max(1, count - keep + 1), count + 1))
    assert member.told == list(range(1, count + 1))


def test_so_many_facts_are_held_and_no_more() -> None:
    truth = Truth()
    room = Room(truth.info, keep=None)
    for _ in range(3_000):
        truth.say()
    for fact in truth.facts[1:]:
        room.offer(*fact)
    changes = room.offer(*truth.facts[0])
    assert len(changes) == 1_001
    assert room.rev == 1_001


def test_client_ids_begin_with_the_time() -> None:
    cids = [new_cid() for _ in range(100)]
    assert len(set(cids)) == 100
    assert [cid[:8] for cid in cids] == sorted(cid[:8] for cid in cids)
    assert {(cid[14], cid[19] in "89ab") for cid in cids} == {("7", True)}


def test_a_lost_last_fact_is_found_by_the_heads(tmp_path: Any) -> None:
    journal = Journal()
    with serving(tmp_path) as server, PythonDriver(journal) as driver:
        client, room = _deaf(server, driver, journal)
        cid = driver.send("deaf", room, "nobody hears of this")
        journal.until(lambda: bool(journal.all(kind="settled", cid=cid)))
        assert driver.view("deaf", room).messages == []
        client._worker.post(lambda: client._heads({"rooms": {str(room): {"seq": 1, "rev": 1}}}))
        journal.until(lambda: bool(journal.all(kind="applied", how="sync", cid=cid)))


def test_answers_that_are_lost_are_asked_for_again(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every other ack is lost, those of messages and those of pages."""
    journal = Journal()
    with serving(tmp_path) as server, PythonDriver(journal) as driver:
        client, room = _deaf(server, driver, journal, ack_timeout=0.3)
        taken, numbers = client._acknowledged, itertools.count()
        monkeypatch.setattr(client, "_acknowledged", lambda *ack: taken(*ack) if next(numbers) % 2 else None)
        cids = [driver.send("deaf", room, f"number {number}") for number in range(3)]
        journal.until(lambda: len(journal.all(kind="settled", outcome="duplicate")) == 3)
        client._worker.post(lambda: client._heads({"rooms": {str(room): {"seq": 3, "rev": 3}}}))
        journal.until(lambda: len(journal.all(kind="applied", new=True)) == 3)
        assert [record.cid for record in journal.all(kind="applied", how="sync")] == cids


def test_a_handler_that_fails_or_waits_for_itself_stops_nothing(tmp_path: Any) -> None:
    journal = Journal()
    with serving(tmp_path) as server, PythonDriver(journal) as driver:
        client, room = _deaf(server, driver, journal)
        refused: list[type[Exception]] = []

        def ask(*_: Any) -> None:
            with pytest.raises(RuntimeError) as raised:
                client.members(room)
            refused.append(raised.type)
            raise raised.value

        client.on("typing", ask)
        client.typing(room, on=True)
        cid = driver.send("deaf", room, "Hello")
        journal.until(lambda: bool(journal.all(kind="settled", cid=cid)))
        assert client.members(room)["members"]
    assert client.error is not None


def _deaf(server: Server, driver: PythonDriver, journal: Journal, **options: Any) -> tuple[Client, int]:
    """A client in a room that hears no `message_new`."""
    server.owner("ada", "Ada")
    mira = server.add("mira", "Mira")
    room = server.room(mira, "harbour")
    server.start()
    driver.connect("deaf", server.url, mira.token, **options)
    client = driver.clients["deaf"]
    client._facts["message_new"] = lambda fact: None
    journal.until(lambda: bool(journal.all("deaf", kind="room", state="added", room=room)))
    return client, room
