"""Mutes and blocked networks in memory: what is heard late, twice or never."""

from __future__ import annotations

import pytest

from chat.errors import ChatError
from chat.sanctions import known
from chat.sanctions.known import Blocks, Mutes
from chat.store.outbox import Muted, NetworksBlocked, NetworksFreed, Unmuted


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "now", lambda: 1000)


def speaks(mutes: Mutes, user: int, room: int) -> bool:
    try:
        mutes.require_voice(user, room)
    except ChatError:
        return False
    return True


def test_in_a_room_or_anywhere() -> None:
    mutes = Mutes()
    mutes.hear(Muted(1, 5, 7, None))
    mutes.hear(Muted(2, 6, None, None))
    assert [speaks(mutes, 5, 7), speaks(mutes, 5, 8), speaks(mutes, 4, 7)] == [False, True, True]
    assert [speaks(mutes, 6, 7), speaks(mutes, 6, 8)] == [False, False]


def test_it_ends_by_itself() -> None:
    mutes = Mutes()
    mutes.hear(Muted(1, 5, 7, 1001))
    assert not speaks(mutes, 5, 7)
    mutes.hear(Muted(2, 5, 7, 1000))
    assert speaks(mutes, 5, 7)


def test_what_is_lifted_is_not_heard_again() -> None:
    mutes = Mutes()
    mutes.hear(Unmuted((1,)))
    mutes.hear(Muted(1, 5, 7, None))
    assert speaks(mutes, 5, 7)
    # The database was read before it was lifted.
    mutes.hear_all([Muted(1, 5, 7, None)], 1)
    assert speaks(mutes, 5, 7)


def test_the_later_one_holds() -> None:
    mutes = Mutes()
    mutes.hear(Muted(2, 5, 7, None))
    mutes.hear(Muted(1, 5, 7, 1000))
    assert not speaks(mutes, 5, 7)
    mutes.hear(Unmuted((1,)))
    assert not speaks(mutes, 5, 7)


def test_what_got_lost_is_found() -> None:
    mutes = Mutes()
    mutes.hear(Muted(1, 5, 7, None))
    mutes.hear_all([Muted(2, 6, 7, None)], 2)
    assert [speaks(mutes, 5, 7), speaks(mutes, 6, 7)] == [True, False]


def test_what_was_heard_since_the_database_was_read_stays() -> None:
    mutes = Mutes()
    mutes.hear(Muted(3, 5, 7, None))
    mutes.hear_all([], 2)
    assert not speaks(mutes, 5, 7)


def test_networks_are_blocked_until_the_later_ban_ends() -> None:
    blocks = Blocks()
    blocks.hear(NetworksBlocked(1, ("192.0.2.1", "2001:db8:1:2::/64"), None))
    blocks.hear(NetworksBlocked(2, ("192.0.2.1",), 1001))
    addresses = "192.0.2.1", "2001:db8:1:2::7", "192.0.2.2"
    assert [blocks.is_blocked(address) for address in addresses] == [True, True, False]
    blocks.hear(NetworksFreed((1,)))
    assert [blocks.is_blocked(address) for address in addresses] == [True, False, False]
    blocks.hear_all([NetworksBlocked(1, ("192.0.2.2",), None)], 1)
    assert [blocks.is_blocked(address) for address in addresses] == [True, False, False]
    blocks.hear_all([], 2)
    assert not blocks.is_blocked("192.0.2.1")
