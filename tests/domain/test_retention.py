"""What is said is deleted after so many days, where the server or a room says so."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from string import digits
from typing import Any

import pytest
from sqlalchemy import Update, select, update

from chat import members, messages, retention, room_settings, rooms
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.help import HelpClose, HelpDetails, HelpSend
from chat.events.messages import MessageDelete, MessageSend
from chat.events.rooms import RoomCreate, RoomJoin, RoomRole, RoomUpdate
from chat.helpdesk import agents, conversations, forgetting, sites, visiting
from chat.helpdesk.visiting import Visit
from chat.retention import Retention
from chat.store import Store, Transaction
from chat.store.tables import help_conversations
from chat.store.tables import messages as table
from chat.store.tables import rooms as room_table
from chat.times import DAY, now
from tests.domain.support import Published


@pytest.fixture
def room(store: Store, owner: Actor) -> int:
    return rooms.create(store, owner, RoomCreate("launch", "public")).room.id


@pytest.fixture
def sweep(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    monkeypatch.setattr(retention, "PIECE", 3)
    return Retention(store, rest=lambda seconds: None).beat


def say(store: Store, actor: Actor, room: int, *ages: float) -> None:
    """Messages that were said so many days ago."""
    for number, days in enumerate(ages):
        said = messages.send(store, actor, MessageSend(room, f"{room}-{number}-{days}", f"{days:g} days")).message
        change = update(table).where(table.c.id == said.id).values(created_at=now() - int(days * DAY))
        store.write(partial(_carry_out, change))


def _carry_out(change: Update, tx: Transaction) -> None:
    tx.conn.execute(change)


def left(store: Store, room: int) -> list[str]:
    with store.read() as conn:
        return list(conn.scalars(select(table.c.text).where(table.c.room_id == room).order_by(table.c.seq)))


def keep(store: Store, days: int) -> None:
    store.settings = replace(store.settings, retention_days=days)


def test_nothing_goes_unless_it_is_said(store: Store, owner: Actor, room: int, sweep: Callable[[], None]) -> None:
    say(store, owner, room, 5_000)
    sweep()
    assert left(store, room) == ["5000 days"]


def test_what_is_too_old_goes_and_leaves_its_place(
    store: Store, owner: Actor, room: int, sweep: Callable[[], None]
) -> None:
    say(store, owner, room, 40, 39, 38, 37, 31, 29, 1)
    before = rooms_rev(store, room)
    keep(store, 30)
    sweep()
    assert left(store, room) == ["", "", "", "", "", "29 days", "1 days"]
    # Each is a change, so that browsers lose it too.
    assert rooms_rev(store, room) == before + 5
    sweep()
    assert rooms_rev(store, room) == before + 5
    keep(store, 20)
    sweep()
    assert left(store, room)[5:] == ["", "1 days"]


def test_a_room_has_a_word_of_its_own(store: Store, owner: Actor, room: int, sweep: Callable[[], None]) -> None:
    other = rooms.create(store, owner, RoomCreate("archive", "public")).room.id
    third = rooms.create(store, owner, RoomCreate("short", "public")).room.id
    for one in (room, other, third):
        say(store, owner, one, 50, 5)
    keep(store, 30)
    room_settings.change(store, owner, RoomUpdate(other, keep_days=0))
    room_settings.change(store, owner, RoomUpdate(third, keep_days=2))
    sweep()
    # Their own settings are no messages of the room.
    assert [left(store, one) for one in (room, other, third)] == [["", "5 days"], ["50 days", "5 days"], ["", ""]]
    room_settings.change(store, owner, RoomUpdate(other, keep_days=-1))
    sweep()
    assert left(store, other) == ["", "5 days"]


def test_what_somebody_has_deleted_is_passed_over(
    store: Store, owner: Actor, room: int, sweep: Callable[[], None]
) -> None:
    say(store, owner, room, 50, 40)
    with store.read() as conn:
        first = conn.scalar(select(table.c.id).where(table.c.room_id == room))
    messages.remove(store, owner, MessageDelete(first or 0))
    keep(store, 30)
    sweep()
    assert left(store, room) == ["", ""]


def test_only_owners_say_so(store: Store, owner: Actor, room: int, make_member: Callable[..., Actor]) -> None:
    moderator = make_member("mod")
    members.join(store, moderator, RoomJoin(room))
    members.appoint(store, owner, RoomRole(room, moderator.user, "moderator"))
    with pytest.raises(ChatError) as refused:
        room_settings.change(store, moderator, RoomUpdate(room, keep_days=1))
    assert refused.value.code == "forbidden"


def rooms_rev(store: Store, room: int) -> int:
    with store.read() as conn:
        return rooms.heads(conn, [room])[room].rev


PAGE = "https://shop.example/boats"
IDA = ("Ida", "Ida", "ida@shop.example", PAGE, "")
GONE = ("Visitor ", "Visitor ", "", "", "")


@pytest.fixture
def visit(store: Store, owner: Actor) -> Callable[..., Visit]:
    """Somebody who has written, told who they are, and perhaps ended it, so many days ago."""
    site = sites.create(store, owner, "Sample shop", ["https://shop.example"])
    agents.choose(store, owner, owner.user)

    def make(days: int, *, page: str = PAGE, browser: str = "A browser", language: str = "en") -> Visit:
        visit = Visit(site, secrets.token_hex(20), "192.0.2.1", browser, language)
        visiting.send(store, visit, HelpSend("c", "Hello?", page=page))
        visiting.describe(store, visit, HelpDetails("Ida", "ida@shop.example"))
        age(store, visit, days)
        return visit

    return make


def age(store: Store, visit: Visit, days: int) -> None:
    with store.read() as conn:
        here = visiting.place(conn, visit)
    assert here is not None
    said = update(help_conversations).where(help_conversations.c.room_id == here.room)
    store.write(partial(_carry_out, said.values(said_at=now() - days * DAY)))


def known(store: Store) -> list[tuple[str, str, str, str, str]]:
    """Of each conversation: what its visitor and its room are called, and the rest."""
    with store.read() as conn:
        of_rooms = select(help_conversations.c.room_id, room_table.c.name).join(room_table)
        names = {row.room_id: row.name for row in conn.execute(of_rooms.order_by(help_conversations.c.room_id))}
        found = conversations.views(conn, list(names))
    return [
        (one.visitor.name.strip(digits), names[one.room].strip(digits), one.email, one.page, one.comment)
        for one in found
    ]


def test_what_is_known_of_visitors_goes_too(
    store: Store,
    visit: Callable[..., Visit],
    sweep: Callable[[], None],
    published: Published,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(forgetting, "PIECE", 1)
    over = visit(0)
    visiting.close(store, over, HelpClose(5, "Kind"))
    age(store, over, 20)
    # Nobody has resolved it.
    visit(20)
    visit(5)
    # Of whom nothing but a name and an address is known, in the language of their window.
    visit(20, page="", browser="", language="zh-Hans")
    before = known(store)
    published.effects.clear()
    sweep()
    assert (known(store), published.effects) == (before, [])
    keep(store, 10)
    sweep()
    assert known(store) == [GONE, GONE, IDA, ("来访者 ", "来访者 ", "", "", "")]
    with store.read() as conn:
        assert list(conn.scalars(select(help_conversations.c.rating).where(help_conversations.c.rating > 0))) == [5]
        assert not forgetting._is_due(conn, now() - 10 * DAY)
    # Pages that show who is not served yet show it no longer.
    told = [fact.conversation for fact in published.facts("help_queue_changed")]
    assert [(one.visitor.name[:3], one.email, one.page) for one in told] == [("Vis", "", ""), ("来访者", "", "")]
    assert [fact.user.name[:3] for fact in published.facts("user_changed")] == ["Vis", "来访者"]


def test_who_has_come_back_is_known_still(store: Store, visit: Callable[..., Visit], sweep: Callable[[], None]) -> None:
    once = visit(0)
    visiting.close(store, once, HelpClose())
    age(store, once, 20)
    visiting.send(store, once, HelpSend("c2", "Me again", page=PAGE))
    keep(store, 10)
    sweep()
    # Where they were then goes all the same.
    assert known(store) == [("Ida", "Ida", "ida@shop.example", "", ""), IDA]
    age(store, once, 15)
    sweep()
    assert known(store) == [GONE, GONE]


def test_who_comes_back_in_this_moment_loses_nothing(
    store: Store, visit: Callable[..., Visit], sweep: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(20)
    lock = forgetting._lock

    def writes_before(tx: Transaction, rows: Any) -> None:
        tx.conn.execute(update(help_conversations).values(said_at=now()))
        lock(tx, rows)

    monkeypatch.setattr(forgetting, "_lock", writes_before)
    keep(store, 10)
    sweep()
    assert known(store) == [IDA]
