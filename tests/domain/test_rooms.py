"""Rooms and who is in them: names, pages, limits, and everybody coming at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import func, select, update

from chat import accounts, members, rooms
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.rooms import RoomCreate, RoomInvite, RoomJoin, RoomLeave, RoomList, RoomMembers, RoomRemove
from chat.store import Store
from chat.store.outbox import Enter, Leave, MembersTouched
from chat.store.tables import memberships, users
from chat.store.tables import rooms as room_table
from tests.domain.support import Published, refusal, together


def make(store: Store, actor: Actor, name: str, kind: str = "public", topic: str = "") -> int:
    command = RoomCreate(name, "private" if kind == "private" else "public", topic)
    return rooms.create(store, actor, command).room.id


def roles(store: Store, room: int) -> dict[int, str]:
    with store.read() as conn:
        rows = conn.execute(select(memberships.c.user_id, memberships.c.role).where(memberships.c.room_id == room))
        return {row.user_id: row.role for row in rows}


class TestAtOnce:
    def test_many_join_one_room(
        self, store: Store, owner: Actor, make_member: Callable[..., Actor], published: Published
    ) -> None:
        room = make(store, owner, "crowd")
        people = [make_member() for _ in range(12)]
        published.effects.clear()
        results = together(*(partial(members.join, store, person, RoomJoin(room)) for person in people * 2))
        assert all(result.room.id == room for result in results)
        assert roles(store, room) == {owner.user: "owner"} | {person.user: "member" for person in people}
        assert sorted(e.user for e in published.of_kind(Enter)) == [person.user for person in people]
        assert len(published.facts("room_added")) == 12

    def test_many_make_one_room(self, store: Store, owner: Actor, make_member: Callable[..., Actor]) -> None:
        people = [make_member() for _ in range(8)]
        results = together(*(partial(members.join, store, p, RoomJoin("New", create=True)) for p in people))
        (room,) = {result.room.id for result in results}
        assert sorted(roles(store, room).values()) == ["member"] * 7 + ["owner"]

    def test_several_processes_make_one_room(
        self, make_store: Callable[..., Store], owner: Actor, make_member: Callable[..., Actor]
    ) -> None:
        people = [make_member() for _ in range(4)]
        works = [partial(members.join, make_store(), p, RoomJoin("new", create=True)) for p in people]
        assert len({result.room.id for result in together(*works)}) == 1

    def test_one_of_many_gets_a_name(self, store: Store, owner: Actor, published: Published) -> None:
        results = together(
            *(
                partial(rooms.create, store, owner, RoomCreate(n, "public"))
                for n in ("Plans", "PLANS", "plans", "ｐｌａｎｓ")
            )
        )
        refused = [r for r in results if isinstance(r, ChatError)]
        assert [(r.code, r.field) for r in refused] == [("conflict", "name")] * 3
        assert len(published.facts("room_added")) == 1

    def test_everybody_leaves(self, store: Store, owner: Actor, make_member: Callable[..., Actor]) -> None:
        room = make(store, owner, "party")
        people = [owner, *(make_member() for _ in range(6))]
        for person in people[1:]:
            members.join(store, person, RoomJoin(room))
        assert together(*(partial(members.leave, store, p, RoomLeave(room)) for p in people)) == [None] * 7
        assert roles(store, room) == {}

    def test_leaving_and_being_removed(self, store: Store, owner: Actor, member: Actor, published: Published) -> None:
        room = make(store, owner, "plans")
        members.join(store, member, RoomJoin(room))
        published.effects.clear()
        results = together(
            partial(members.leave, store, member, RoomLeave(room)),
            partial(members.remove, store, owner, RoomRemove(room, member.user)),
        )
        assert sorted(str(getattr(r, "code", None)) for r in results) == ["None", "not_found"]
        assert published.of_kind(Leave) == [Leave(member.user, room)]
        assert len(published.facts("room_removed")) == 1


class TestPassingOn:
    def test_to_a_moderator_first(self, store: Store, owner: Actor, make_member: Callable[..., Actor]) -> None:
        room = make(store, owner, "plans")
        early, late = make_member(), make_member()
        for person in (early, late):
            members.join(store, person, RoomJoin(room))
        store.write(
            lambda tx: tx.conn.execute(
                update(memberships)
                .where(memberships.c.user_id == late.user, memberships.c.room_id == room)
                .values(role="moderator")
            )
        )
        members.leave(store, owner, RoomLeave(room))
        assert roles(store, room) == {early.user: "member", late.user: "owner"}

    def test_never_to_a_guest_nor_to_a_program(
        self, store: Store, owner: Actor, make_member: Callable[..., Actor]
    ) -> None:
        room = make(store, owner, "plans")
        for person in (make_member(role="guest"), make_member(role="bot")):
            members.join(store, person, RoomJoin(room))
        person = make_member()
        members.join(store, person, RoomJoin(room))
        members.leave(store, owner, RoomLeave(room))
        assert roles(store, room)[person.user] == "owner"
        members.leave(store, person, RoomLeave(room))
        assert set(roles(store, room).values()) == {"member"}
        # The next one who may own it does.
        members.join(store, person, RoomJoin(room))
        assert roles(store, room)[person.user] == "owner"

    def test_whoever_enters_an_empty_room_owns_it(self, store: Store, owner: Actor, member: Actor) -> None:
        room = make(store, owner, "plans")
        members.leave(store, owner, RoomLeave(room))
        members.join(store, member, RoomJoin("plans"))
        members.join(store, owner, RoomJoin("plans"))
        assert roles(store, room) == {member.user: "owner", owner.user: "member"}


class TestLimits:
    def test_nobody_is_in_too_many_rooms(self, make_store: Callable[..., Store], owner: Actor, member: Actor) -> None:
        store = make_store(rooms_per_user=2)
        make(store, owner, "two")
        assert refusal(lambda: make(store, owner, "three"))[0] == "conflict"
        assert refusal(lambda: members.join(store, owner, RoomJoin("three", create=True)))[0] == "conflict"
        members.join(store, member, RoomJoin("two"))
        three = make(make_store(), owner, "three")
        assert refusal(lambda: members.invite(store, owner, RoomInvite(three, [member.user])))[0] == "conflict"
        assert roles(store, three) == {owner.user: "owner"}

    @pytest.mark.parametrize("name", ["\ufb2c" * 80, "\u0958" * 41])
    def test_a_name_that_grows_on_normalising(self, store: Store, owner: Actor, name: str) -> None:
        assert refusal(lambda: make(store, owner, name)) == ("too_large", "name")

    @pytest.mark.parametrize("character", ["ﷺ", "㍿", "Ａ", "𠜎", "ß"])
    def test_names_whose_key_is_long_fit(self, store: Store, owner: Actor, character: str) -> None:
        """A key may be eighteen times as long as its name."""
        name = character * 80
        if not character.isalnum():
            assert refusal(lambda: make(store, owner, name)) == ("bad_request", "name")
            return
        room = make(store, owner, name)
        assert members.join(store, owner, RoomJoin(name)).room.id == room
        assert [r.id for r in rooms.directory(store, owner, RoomList(character * 9)).rooms] == [room]


class TestPages:
    def gather(self, store: Store, actor: Actor, limit: int, query: str = "") -> list[int]:
        seen: list[int] = []
        after = None
        while True:
            page = rooms.directory(store, actor, RoomList(query, after, limit))
            seen += [room.id for room in page.rooms]
            after = page.next
            if after is None:
                return seen

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
    def test_equal_names_are_neither_lost_nor_doubled(self, store: Store, owner: Actor, limit: int) -> None:
        made = [
            make(store, owner, name, "private")
            for name in ("same", "Same", "SAME", "a", "z", "same", "Ähnlich", "设计")
        ]
        made.append(make(store, owner, "same"))
        found = self.gather(store, owner, limit)
        assert sorted(found) == [1, *made]
        same = [number for number, name in zip(made, "sss..s..s", strict=True) if name == "s"]
        assert [number for number in found if number in same] == same

    def test_a_place_is_no_way_to_learn_of_a_private_room(self, store: Store, owner: Actor, member: Actor) -> None:
        """Else the names that come behind the place would tell the hidden room's name, letter by letter."""
        hidden = make(store, owner, "merger", "private")
        for name in ("a", "n"):
            make(store, owner, name)
        nothing = refusal(lambda: rooms.directory(store, member, RoomList(after="99999")))
        assert refusal(lambda: rooms.directory(store, member, RoomList(after=str(hidden)))) == nothing
        assert nothing == ("bad_request", "after")
        assert [room.name for room in rooms.directory(store, owner, RoomList(after=str(hidden))).rooms] == ["n"]

    def test_members_of_equal_names(self, store: Store, owner: Actor, make_member: Callable[..., Actor]) -> None:
        room = make(store, owner, "plans")
        people = [make_member() for _ in range(9)]
        store.write(lambda tx: tx.conn.execute(update(users).values(name="Alex", name_key="alex")))
        members.invite(store, owner, RoomInvite(room, [person.user for person in people]))
        seen: list[int] = []
        after = None
        while True:
            page = members.listing(store, owner, RoomMembers(room, after, 2))
            seen += [member.user.id for member in page.members]
            after = page.next
            if after is None:
                break
        assert seen == [owner.user, *(person.user for person in people)]

    def test_an_archived_room_is_in_no_list(self, store: Store, owner: Actor) -> None:
        room = make(store, owner, "old")
        store.write(lambda tx: tx.conn.execute(update(room_table).where(room_table.c.id == room).values(archived_at=1)))
        assert self.gather(store, owner, 10) == [1]


class TestSearch:
    @pytest.mark.parametrize("query", ["größe", "GRÖSSE", "ÄRGER", "ärger", "设计", "#größe"])
    def test_case_does_not_matter_in_any_script(self, store: Store, owner: Actor, query: str) -> None:
        room = make(store, owner, "Größe", topic="Kein ÄRGER mit 设计")
        assert [r.id for r in rooms.directory(store, owner, RoomList(query)).rooms] == [room]

    @pytest.mark.parametrize("query", ["%", "_", "\\", "/", "a_b", "100%"])
    def test_signs_of_patterns_mean_themselves(self, store: Store, owner: Actor, query: str) -> None:
        make(store, owner, "axb", topic="1000")
        room = make(store, owner, "other", topic="a_b 100% \\ /")
        assert [r.id for r in rooms.directory(store, owner, RoomList(query)).rooms] == [room]


class TestNames:
    def test_a_private_rooms_name_is_nobody_elses_business(self, store: Store, owner: Actor, member: Actor) -> None:
        hidden = make(store, owner, "plans", "private")
        shown = make(store, member, "plans")
        assert len({hidden, shown, make(store, member, "plans", "private")}) == 3
        # Of several of one name, the public one is meant.
        assert members.join(store, owner, RoomJoin("plans")).room.id == shown

    def test_a_name_of_digits_is_no_number(self, store: Store, owner: Actor) -> None:
        make(store, owner, "7")
        made = make(store, owner, "1")
        assert members.join(store, owner, RoomJoin("1")).room.id == made
        assert members.join(store, owner, RoomJoin(1)).room.name == "general"


class TestInviting:
    def test_twice_the_same_is_once(self, store: Store, owner: Actor, member: Actor, published: Published) -> None:
        room = make(store, owner, "plans")
        published.effects.clear()
        for _ in range(2):
            members.invite(store, owner, RoomInvite(room, [member.user, member.user, owner.user]))
        assert roles(store, room) == {owner.user: "owner", member.user: "member"}
        assert published.of_kind(MembersTouched) == [MembersTouched(room, (member.user,))]

    def test_who_is_gone_cannot_be_invited(self, store: Store, owner: Actor, member: Actor) -> None:
        room = make(store, owner, "plans")
        store.write(lambda tx: tx.conn.execute(update(users).where(users.c.id == member.user).values(deactivated_at=1)))
        assert refusal(lambda: members.invite(store, owner, RoomInvite(room, [member.user]))) == ("not_found", "users")

    def test_what_was_said_before_is_read(self, store: Store, owner: Actor, member: Actor) -> None:
        """Nobody begins with a thousand unread messages."""
        from chat import messages
        from chat.events.messages import MessageSend

        room = make(store, owner, "plans")
        for number in range(3):
            messages.send(store, owner, MessageSend(room, str(number), "x"))
        members.invite(store, owner, RoomInvite(room, [member.user]))
        with store.read() as conn:
            seen = rooms.view(conn, member.user, room)
        assert (seen.last_read, seen.unread) == (3, 0)


def test_a_new_account_is_in_the_first_room(store: Store, owner: Actor) -> None:
    made = accounts.create(store, "jun", role="member", password=None)
    assert roles(store, 1) == {owner.user: "owner", made.id: "member"}


def test_the_count_of_members_follows_everybody_who_comes_and_goes(
    store: Store, owner: Actor, make_member: Callable[..., Actor]
) -> None:
    def counts(room: int) -> tuple[int, int]:
        with store.read() as conn:
            real = conn.scalar(select(func.count()).where(memberships.c.room_id == room)) or 0
            return rooms.view(conn, owner.user, room).member_count, real

    people = [make_member() for _ in range(4)]
    room = make(store, owner, "plans")
    assert counts(room) == (1, 1)
    for person in people[:2]:
        members.join(store, person, RoomJoin(room))
        members.join(store, person, RoomJoin(room))
    members.invite(store, owner, RoomInvite(room, [person.user for person in people]))
    assert counts(room) == (5, 5)
    members.leave(store, people[0], RoomLeave(room))
    members.remove(store, owner, RoomRemove(room, people[1].user))
    together(*(lambda p=p: members.leave(store, p, RoomLeave(room)) for p in people[2:] * 2))  # each from two windows
    assert counts(room) == (1, 1)


def test_which_small_rooms_people_are_in(store: Store, owner: Actor, make_member: Callable[..., Actor]) -> None:
    small, people = make(store, owner, "small"), [make_member() for _ in range(2)]
    with store.read() as conn:
        found = rooms.memberships_of(conn, [owner.user, people[0].user], 2)
        assert found == [(small, owner.user)]
        assert len(rooms.memberships_of(conn, [owner.user, people[0].user], 3)) == 3
