"""Invite links: how often, how long, for what, and who gets the last use."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from chat import accounts, invites, members, rooms
from chat.actor import Actor
from chat.events.rooms import RoomCreate, RoomLeave, RoomLink
from chat.store import Store
from chat.store.tables import invites as table
from chat.store.tables import memberships
from chat.times import DAY, now
from tests.conftest import PASSWORD
from tests.domain.support import refusal, together


def register(store: Store, invite: str | None, name: str) -> Any:
    return accounts.register(store, username=name, name=name, password=PASSWORD, invite=invite)


def left(store: Store) -> list[tuple[int, int]]:
    with store.read() as conn:
        return [
            (r.uses_left, r.uses) for r in conn.execute(select(table.c.uses_left, table.c.uses).order_by(table.c.id))
        ]


def test_a_link_makes_as_many_members_as_it_says(store: Store, owner: Actor) -> None:
    link = invites.create(store, owner, days=1, uses=2)
    assert register(store, link, "one").role == "member"
    assert invites.look(store, link).uses_left == 1
    register(store, link, "two")
    assert refusal(lambda: register(store, link, "three")) == ("not_found", None)
    assert refusal(lambda: invites.look(store, link)) == ("not_found", None)
    assert left(store) == [(0, 2)]


@pytest.mark.parametrize("stores", [1, 3])
def test_the_last_use_is_one(make_store: Callable[..., Store], store: Store, owner: Actor, stores: int) -> None:
    link = invites.create(store, owner, days=1, uses=3)
    several = [make_store() for _ in range(stores)]
    results = together(*(partial(register, several[n % stores], link, f"person{n}") for n in range(9)))
    assert sorted(getattr(r, "code", "made") for r in results) == ["made"] * 3 + ["not_found"] * 6
    assert left(store) == [(0, 3)]
    assert len(accounts.everyone(store)) == 4


def test_a_name_that_is_taken_costs_no_use(store: Store, owner: Actor) -> None:
    link = invites.create(store, owner, days=1, uses=1)
    assert refusal(lambda: register(store, link, "ADA")) == ("conflict", "username")
    assert left(store) == [(1, 0)]
    register(store, link, "mira")


def test_a_link_ends(store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    began = now()
    monkeypatch.setattr(invites, "now", lambda: began)
    link = invites.create(store, owner, days=2, uses=9)
    monkeypatch.setattr(invites, "now", lambda: began + 2 * DAY - 1)
    assert invites.look(store, link).usable
    monkeypatch.setattr(invites, "now", lambda: began + 2 * DAY)
    assert refusal(lambda: invites.look(store, link)) == ("not_found", None)
    assert refusal(lambda: register(store, link, "late")) == ("not_found", None)


def test_a_link_is_revoked(store: Store, owner: Actor) -> None:
    link = invites.create(store, owner, days=1, uses=9)
    (found,) = invites.listing(store, owner)
    invites.revoke(store, owner, found.id)
    assert refusal(lambda: register(store, link, "late")) == ("not_found", None)
    (found,) = invites.listing(store, owner)
    assert (found.revoked, found.usable) == (True, False)
    assert refusal(lambda: invites.revoke(store, owner, 999)) == ("not_found", None)


@pytest.mark.parametrize(
    ("days", "uses", "field"), [(0, 1, "days"), (-1, 1, "days"), (366, 1, "days"), (1, 0, "uses"), (1, 1001, "uses")]
)
def test_bounds(store: Store, owner: Actor, days: int, uses: int, field: str) -> None:
    assert refusal(lambda: invites.create(store, owner, days=days, uses=uses)) == ("bad_request", field)


@pytest.mark.parametrize("role", ["member", "guest", "bot"])
def test_only_staff_invites(store: Store, make_member: Callable[..., Actor], role: str) -> None:
    actor = make_member(role=role)
    assert refusal(lambda: invites.create(store, actor, days=1, uses=1))[0] == "forbidden"
    assert refusal(lambda: invites.listing(store, actor))[0] == "forbidden"
    assert refusal(lambda: invites.revoke(store, actor, 1))[0] == "forbidden"
    admin = make_member(role="admin")
    assert invites.look(store, invites.create(store, admin, days=1, uses=1)).inviter_name == admin.name


@pytest.mark.parametrize("value", ["", "x", "\x00", "\ud800", "x" * 100_000, "' OR 1=1 --"])
def test_a_made_up_link_is_not_found(store: Store, owner: Actor, value: str) -> None:
    invites.create(store, owner, days=1, uses=1)
    assert refusal(lambda: invites.look(store, value)) == ("not_found", None)
    assert refusal(lambda: register(store, value, "nobody")) == ("not_found", None)


def test_a_link_leads_into_a_room(store: Store, owner: Actor) -> None:
    room = rooms.create(store, owner, RoomCreate("payroll", "private")).room.id
    link = invites.create(store, owner, days=1, uses=2, room_id=room)
    assert invites.look(store, link).room_name == "payroll"
    user = register(store, link, "mira").id
    with store.read() as conn:
        assert set(conn.scalars(select(memberships.c.room_id).where(memberships.c.user_id == user))) == {1, room}


def test_where_the_server_says_so_newcomers_come_by_members_links(
    store: Store, member: Actor, make_member: Callable[..., Actor]
) -> None:
    room = rooms.create(store, member, RoomCreate("garden", "private")).room.id
    bot = make_member("bot", role="bot")
    store.write(lambda tx: rooms.add_members(tx, room, [bot.user], 100))
    link, programs = (invites.into_room(store, actor, RoomLink(room)).url.rpartition("/")[2] for actor in (member, bot))
    assert refusal(lambda: register(store, link, "early")) == ("not_found", None)
    store.settings = store.settings.with_values({"invites": "members"})
    user = register(store, link, "zoe").id
    with store.read() as conn:
        assert rooms.is_member(conn, room, user)
    assert refusal(lambda: register(store, programs, "pipe")) == ("not_found", None)
    # What is taken back holds for the links that there are.
    store.settings = store.settings.with_values({"invites": "staff"})
    assert refusal(lambda: register(store, link, "late")) == ("not_found", None)


def test_nobody_invites_into_a_room_of_others(store: Store, owner: Actor, member: Actor) -> None:
    room = rooms.create(store, member, RoomCreate("secret", "private")).room.id
    assert refusal(lambda: invites.create(store, owner, days=1, uses=1, room_id=room))[0] == "not_found"
    own = rooms.create(store, owner, RoomCreate("left", "public")).room.id
    members.leave(store, owner, RoomLeave(own))
    assert refusal(lambda: invites.create(store, owner, days=1, uses=1, room_id=own))[0] == "not_found"


def test_the_secret_is_not_kept(store: Store, owner: Actor) -> None:
    link = invites.create(store, owner, days=1, uses=1)
    with store.read() as conn:
        row = conn.execute(select(table)).one()
    assert link.encode() not in b"".join(value for value in row if isinstance(value, bytes))
    assert link not in str(row)


class TestGuests:
    @pytest.fixture
    def guest(self, make_member: Callable[..., Actor]) -> Actor:
        return make_member("visitor", role="guest")

    def test_a_guest_becomes_a_member_once(self, store: Store, owner: Actor, guest: Actor) -> None:
        """Two clicks, or two windows: one use of the link, and the first password counts."""
        link = invites.create(store, owner, days=1, uses=5)
        words = ["first password", "second password"]
        results = together(*(partial(accounts.become_member, store, guest, password=w, invite=link) for w in words))
        assert sorted(str(getattr(r, "code", r)) for r in results) == ["None", "conflict"]
        assert left(store) == [(4, 1)]
        kept = words[results.index(None)]
        assert accounts.sign_in(store, "visitor", kept).role == "member"

    def test_without_a_link_where_registration_is_closed(self, store: Store, guest: Actor) -> None:
        assert refusal(lambda: accounts.become_member(store, guest, password=PASSWORD))[0] == "forbidden"

    def test_a_taken_name_costs_no_use(self, store: Store, owner: Actor, guest: Actor) -> None:
        link = invites.create(store, owner, days=1, uses=1)
        work = partial(accounts.become_member, store, guest, password=PASSWORD, username="Ada", invite=link)
        assert refusal(work) == ("conflict", "username")
        assert left(store) == [(1, 0)]
        store.write(lambda tx: tx.conn.execute(update(table).values(uses_left=0)))
        assert refusal(partial(accounts.become_member, store, guest, password=PASSWORD, invite=link))[0] == "not_found"
        assert accounts.by_username(store, "visitor").role == "guest"
