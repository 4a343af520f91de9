"""What is unread and what of it calls or answers, after any order of talking, editing, deleting, reading and leaving.

The model knows the rules and nothing of tables. After every step it is compared with what the server would tell each
member, on a new connection and in an answer to `room_sync`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat import history, inbox, members, messages, reads, room_settings, rooms
from chat import unread as counting
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.messages import MessageDelete, MessageEdit, MessageSend
from chat.events.objects import Counts
from chat.events.people import WordsSet
from chat.events.reading import History, InboxList, ReadMark, RoomSync
from chat.events.rooms import RoomCreate, RoomJoin, RoomLeave, RoomUpdate
from chat.events.values import Call
from chat.store import Store
from chat.store.threads import call_here
from chat.words import Words, all_chosen
from chat.words import choose as choose_words

PEOPLE = 3
WHO = st.integers(0, PEOPLE - 1)
PLACE = st.integers(0, 30)
# Whom a text names, whether it calls the room or who is here, and whose words stand in it.
TEXT = st.tuples(st.sets(WHO), st.sampled_from([None, "room", "here"]), st.sets(WHO))
# The message that is answered, if any.
ANSWERED = st.none() | PLACE
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), WHO, TEXT, ANSWERED),
        st.tuples(st.just("say"), WHO, TEXT, ANSWERED),
        st.tuples(st.just("edit"), PLACE, TEXT),
        st.tuples(st.just("delete"), WHO, PLACE),
        st.tuples(st.just("read"), WHO, PLACE, st.booleans()),
        st.tuples(st.just("leave"), WHO),
        st.tuples(st.just("join"), WHO),
        st.tuples(st.just("rename"), st.just(0)),
    ),
    min_size=20,
    max_size=40,
)


@dataclass
class Said:
    """A message of the model; `author` is None for one of the room itself."""

    id: int
    author: int | None
    call: Call | None = None
    called: set[int] = field(default_factory=set)
    worded: set[int] = field(default_factory=set)
    answered: int | None = None
    deleted: bool = False


class Town:
    """A room of the model beside one of the server. The first person owns it and stays; the last one is not here."""

    def __init__(self, store: Store, people: list[Actor], name: str) -> None:
        self.store = store
        self.people = people
        self.names = itertools.count()
        self.prefix = name
        everybody = [person.user for person in people]
        self.room = rooms.create(store, people[0], RoomCreate(name, "public", members=everybody[1:])).room.id
        self.said: list[Said] = []
        self.last_read = dict.fromkeys(range(PEOPLE), 0)
        self.words = Words(call_here)
        for person in people:
            choose_words(store, person, WordsSet([f"for {person.username}"]))
        with store.read() as conn:
            self.words.hear_all(all_chosen(conn))

    def is_here(self, user: int) -> bool:
        return user != self.people[-1].user

    # Steps: what is refused by the server changes nothing, here neither.

    def step(self, name: str, *values: Any) -> None:
        try:
            getattr(self, f"_{name}")(*values)
        except ChatError as error:
            assert error.code in ("forbidden", "not_found", "bad_request")  # noqa: PT017 - which of them, is no matter

    def _text(self, named: set[int], call: Call | None, worded: set[int]) -> str:
        words = [f"@{self.people[who].username}" for who in sorted(named)] + ([f"@{call}"] if call else [])
        words += [f"For *{self.people[who].username}*!" for who in sorted(worded)]
        return f"{next(self.names)} {' '.join(words)}"

    def _say(self, who: int, text: tuple[set[int], Call | None, set[int]], place: int | None) -> None:
        about = None if place is None or not self.said else self.said[place % len(self.said)]
        # The room's own messages have no id here.
        reply_to = about.id if about and about.id else None
        answered = about.author if about and reply_to and about.author != who else None
        command = MessageSend(self.room, f"{self.prefix}-{next(self.names)}", self._text(*text), reply_to)
        sent = messages.send(self.store, self.people[who], command, self.is_here, self.words.called_by).message
        assert sent.seq == len(self.said) + 1
        called = self._called(who, *text[:2])
        self.said.append(Said(sent.id, who, text[1], called, self._worded(who, called, text[2]), answered))
        assert sent.reply_author == (None if answered is None else self.people[answered].user)

    def _edit(self, place: int, text: tuple[set[int], Call | None, set[int]]) -> None:
        """By its author: others may not."""
        mine = [said for said in self.said if said.author is not None]
        if not mine:
            return
        found = mine[place % len(mine)]
        who = found.author or 0
        command = MessageEdit(found.id, self._text(*text))
        messages.edit(self.store, self.people[who], command, self.is_here, self.words.called_by)
        stays = found.called if text[1] is not None and text[1] == found.call else set()
        new = None if stays or text[1] == found.call else text[1]
        found.called = stays | self._called(who, text[0], new)
        found.worded = self._worded(who, found.called, text[2])
        found.call = text[1]

    def _delete(self, who: int, place: int) -> None:
        if self.said:
            found = self.said[place % len(self.said)]
            messages.remove(self.store, self.people[who], MessageDelete(found.id))
            found.deleted = True

    def _read(self, who: int, seq: int, back: bool) -> None:
        seq %= len(self.said) + 1
        reads.mark(self.store, self.people[who], ReadMark(self.room, seq, back))
        if back or seq > self.last_read[who]:
            self.last_read[who] = seq

    def _leave(self, who: int) -> None:
        if who:
            members.leave(self.store, self.people[who], RoomLeave(self.room))
            del self.last_read[who]

    def _join(self, who: int) -> None:
        members.join(self.store, self.people[who], RoomJoin(self.room))
        self.last_read.setdefault(who, len(self.said))

    def _rename(self, who: int) -> None:
        name = f"{self.prefix}-{next(self.names)}"
        room_settings.change(self.store, self.people[who], RoomUpdate(self.room, name=name))
        self.said.append(Said(0, None))

    def _called(self, author: int, named: set[int], call: Call | None) -> set[int]:
        """Of the members: whom a text names, and whom it calls without a name."""
        here = {who for who in self.last_read if self.is_here(self.people[who].user)}
        everybody: set[int] = {"room": set(self.last_read), "here": here, None: set()}[call]
        return ((named & set(self.last_read)) | everybody) - {author}

    def _worded(self, author: int, called: set[int], worded: set[int]) -> set[int]:
        """Of the members: whom nothing but a word calls."""
        return (worded & set(self.last_read)) - called - {author}

    # Judging

    def counts(self, who: int) -> Counts:
        unread = [
            said
            for seq, said in enumerate(self.said, start=1)
            if seq > self.last_read[who] and said.author not in (who, None) and not said.deleted
        ]
        called = sum(who in said.called | said.worded for said in unread)
        answered = sum(said.answered == who and who not in said.called | said.worded for said in unread)
        return Counts(
            self.last_read[who], *(min(count, counting.MOST_UNREAD) for count in (len(unread), called, answered))
        )

    def compare(self) -> None:
        for who in self.last_read:
            actor = self.people[who]
            with self.store.read() as conn:
                (room,) = [room for room in rooms.of_user(conn, actor.user) if room.id == self.room]
            told = history.sync(self.store, actor, RoomSync(self.room, room.head.rev))
            assert told.counts == self.counts(who)
            assert Counts(room.last_read, room.unread, room.mentions, room.replies) == told.counts
            assert room.head.seq == len(self.said)
            page = history.page(self.store, actor, History(self.room, limit=100))
            assert page.called == [said.id for said in self.said if who in said.worded and not said.deleted]

    def compare_inbox(self, who: int) -> None:
        kept = [said for said in reversed(self.said) if not said.deleted]
        calls = [said.id for said in kept if who in said.called | said.worded]
        answers = [said.id for said in kept if said.answered == who]
        either = [said.id for said in kept if who in said.called | said.worded or said.answered == who]
        for kind, wanted in (("mentions", calls), ("replies", answers), ("all", either)):
            assert self._inbox(who, kind) == wanted

    def _inbox(self, who: int, kind: Any) -> list[int]:
        """All of it, in pages."""
        found: list[int] = []
        before: int | None = None
        while True:
            page = inbox.listing(self.store, self.people[who], InboxList(kind, before, 4))
            found += [message.id for message in page.messages]
            before = page.next
            if before is None:
                return found


_names = (f"town{number}" for number in itertools.count())


@pytest.fixture(params=[counting.MOST_UNREAD, 3], ids=["all", "more than is counted"])
def most(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where counts stop."""
    monkeypatch.setattr(counting, "MOST_UNREAD", request.param)


@pytest.mark.usefixtures("most")
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=STEPS)
def test_counts(store: Store, make_member: Callable[..., Actor], steps: list[tuple[Any, ...]]) -> None:
    """Each example has a room and people of its own, on the same server."""
    town = Town(store, [make_member() for _ in range(PEOPLE)], next(_names))
    for name, *values in steps:
        town.step(name, *values)
        town.compare()
    for who in town.last_read:
        town.compare_inbox(who)
