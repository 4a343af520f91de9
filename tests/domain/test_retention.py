"""What is said is deleted after so many days, where the server or a room says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

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
from chat.times import DAY, now


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


def test_what_is_known_of_visitors_goes_too(
    store: Store, owner: Actor, sweep: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "PIECE", 1)
    site = sites.create(store, owner, "Sample shop", ["https://shop.example"])
    agents.choose(store, owner, owner.user)
    for number, days, over in ((1, 20, True), (2, 20, False), (3, 5, True), (4, 20, True)):
        visit = Visit(site, f"{number}" * 40, "192.0.2.1", "A browser", "en")
        visiting.send(store, visit, HelpSend("c", "Hello?", page="https://shop.example/boats"))
        visiting.describe(store, visit, HelpDetails(f"Ida {number}", "ida@shop.example"))
        if over:
            visiting.close(store, visit, HelpClose(5, "Kind"))
        with store.read() as conn:
            here = visiting.place(conn, visit)
        assert here is not None
        of_room = help_conversations.c.room_id == here.room
        said = update(help_conversations).where(of_room).values(said_at=now() - days * DAY)
        store.write(partial(_carry_out, said))

    def known() -> list[tuple[str, str, str, str, int | None]]:
        with store.read() as conn:
            rooms = list(conn.scalars(select(help_conversations.c.room_id).order_by(help_conversations.c.room_id)))
            found = conversations.views(conn, rooms)
        return [(one.visitor.name[:3], one.email, one.page, one.comment, one.rating) for one in found]

    page = "https://shop.example/boats"
    before = known()
    sweep()
    assert known() == before
    keep(store, 10)
    sweep()
    gone = ("Vis", "", "", "", 5)
    assert known() == [gone, ("Ida", "ida@shop.example", page, "", None), before[2], gone]
