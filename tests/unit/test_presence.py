"""Who is here and who is typing, on a clock of the test's own."""

from __future__ import annotations

from chat.events.objects import Member, User
from chat.presence import TYPING_SECONDS, Presence, TypingLeases

ADA = User(1, "ada", "Ada", "owner", status="away")


class TestPresence:
    def test_somebody_is_here_while_one_connection_is(self) -> None:
        presence = Presence()
        assert presence.status(1) == "offline"
        presence.arrive(1, "a", "online")
        presence.arrive(1, "b", "online")
        assert (presence.status(1), presence.connections(1)) == ("online", 2)
        presence.depart(1, "a")
        presence.depart(1, "a")
        presence.depart(1, "never there")
        assert presence.status(1) == "online"
        presence.depart(1, "b")
        assert (presence.status(1), presence.connections(1)) == ("offline", 0)
        presence.depart(1, "b")
        presence.depart(2, "x")

    def test_a_status_is_chosen_by_who_is_here(self) -> None:
        presence = Presence()
        presence.choose(1, "dnd")
        assert presence.status(1) == "offline"
        presence.arrive(1, "a", "away")
        assert presence.status(1) == "away"
        presence.choose(1, "dnd")
        assert presence.status(1) == "dnd"

    def test_changes_are_told_once(self) -> None:
        presence = Presence()
        presence.arrive(1, "a", "online")
        presence.arrive(2, "b", "away")
        assert presence.changes(10) == {1: "online", 2: "away"}
        assert presence.changes(10) == {}
        presence.choose(1, "dnd")
        presence.choose(1, "online")
        assert presence.changes(10) == {}
        presence.depart(2, "b")
        assert presence.changes(10) == {2: "offline"}
        assert presence.changes(10) == {}

    def test_who_comes_and_goes_in_between_is_left_out(self) -> None:
        presence = Presence()
        presence.arrive(1, "a", "online")
        presence.depart(1, "a")
        assert presence.changes(10) == {}
        presence.arrive(1, "a", "online")
        assert presence.changes(10) == {1: "online"}
        presence.depart(1, "a")
        presence.arrive(1, "b", "online")
        assert presence.changes(10) == {}

    def test_so_many_at_a_time(self) -> None:
        presence = Presence()
        for user in range(25):
            presence.arrive(user, "x", "online")
        told = [presence.changes(10) for _ in range(4)]
        assert [len(part) for part in told] == [10, 10, 5, 0]
        assert set().union(*told) == set(range(25))

    def test_nothing_is_kept_of_who_is_gone(self) -> None:
        presence = Presence()
        for user in range(1000):
            presence.arrive(user, "x", "online")
            presence.changes(10)
            presence.depart(user, "x")
            presence.changes(10)
        assert (presence._here, presence._chosen, presence._told, presence._touched) == ({}, {}, {}, set())

    def test_what_is_shown(self) -> None:
        presence = Presence()
        assert presence.shown(ADA).status == "offline"
        presence.arrive(1, "a", "dnd")
        assert presence.shown_all([ADA])[0].status == "dnd"
        assert presence.shown_members([Member(ADA, "owner")])[0].user.status == "dnd"
        assert ADA.status == "away"


class TestTyping:
    def setup_method(self) -> None:
        self.now = 100.0
        self.leases = TypingLeases(lambda: self.now)

    def test_it_lapses(self) -> None:
        assert self.leases.set(7, 1, True)
        self.now += TYPING_SECONDS - 0.001
        assert self.leases.lapsed() == []
        self.now += 0.001
        assert self.leases.lapsed() == [(7, 1)]
        assert self.leases.lapsed() == []

    def test_typing_on_makes_it_last_and_is_told_again(self) -> None:
        self.leases.set(7, 1, True)
        self.now += TYPING_SECONDS - 1
        assert self.leases.set(7, 1, True)
        self.now += TYPING_SECONDS - 1
        assert self.leases.lapsed() == []

    def test_stopping_is_told_once(self) -> None:
        assert not self.leases.set(7, 1, False)
        self.leases.set(7, 1, True)
        assert self.leases.set(7, 1, False)
        assert not self.leases.set(7, 1, False)
        self.now += TYPING_SECONDS
        assert self.leases.lapsed() == []

    def test_each_in_each_room_by_itself(self) -> None:
        for room, user in ((1, 1), (1, 2), (2, 1)):
            self.leases.set(room, user, True)
        self.leases.set(1, 1, False)
        self.now += TYPING_SECONDS
        assert sorted(self.leases.lapsed()) == [(1, 2), (2, 1)]
