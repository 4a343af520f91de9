"""What a process notices of the others: holes in what they say, and their silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.transport.peers import GONE_SECONDS, SILENT_SECONDS, Heard, Kind, Peers, Voice


def said(number: int, origin: str = "a") -> Voice:
    return Voice(origin, Kind.SAID, number, b"[]")


def here(number: int, origin: str = "a") -> Voice:
    return Voice(origin, Kind.HERE, number)


@given(st.sampled_from(Kind), st.integers(min_value=0), st.binary())
def test_what_is_written_can_be_read(kind: Kind, number: int, payload: bytes) -> None:
    voice = Voice("0a1b", kind, number, payload)
    assert Voice.decode(voice.encode()) == voice


@pytest.mark.parametrize(
    "data", [b"", b"a", b"a said", b"a said 1", b"a sang 1 x", b"a said one x", b"\xff said 1 x", b"\x80" * 100]
)
def test_what_nobody_of_ours_has_said_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        Voice.decode(data)


def test_numbers_in_a_row_miss_nothing() -> None:
    peers = Peers()
    assert peers.hear(here(0), 0) == Heard(fresh=False, missed=False)
    assert [peers.hear(said(number), 0) for number in (1, 2, 3)] == [Heard(fresh=True, missed=False)] * 3
    assert peers.hear(here(3), 0) == Heard(fresh=False, missed=False)


def test_a_hole_is_noticed_and_what_comes_after_all_is_not_taken_in() -> None:
    peers = Peers()
    peers.hear(said(1), 0)
    assert peers.hear(said(3), 0) == Heard(fresh=True, missed=True)
    assert peers.hear(said(2), 0) == Heard(fresh=False, missed=False)
    assert peers.hear(said(4), 0) == Heard(fresh=True, missed=False)


def test_the_last_one_is_missed_too() -> None:
    peers = Peers()
    peers.hear(said(1), 0)
    assert peers.hear(here(2), 1) == Heard(fresh=False, missed=True)
    assert peers.hear(here(2), 2) == Heard(fresh=False, missed=False)


def test_of_a_newcomer_only_the_beginning_is_nothing_missed() -> None:
    assert Peers().hear(said(1), 0) == Heard(fresh=True, missed=False)
    assert Peers().hear(said(2), 0) == Heard(fresh=True, missed=True)
    assert Peers().hear(here(1), 0) == Heard(fresh=False, missed=True)


def test_silence_is_told_once_and_then_it_is_gone() -> None:
    peers = Peers()
    peers.hear(here(0, "a"), 0)
    peers.hear(here(0, "b"), SILENT_SECONDS)
    assert peers.fallen_silent(SILENT_SECONDS + 0.1) == ["a"]
    assert peers.fallen_silent(SILENT_SECONDS + 0.2) == []
    before = peers.any_silent
    peers.hear(here(0, "a"), SILENT_SECONDS + 0.3)
    assert (before, peers.any_silent) == (True, False)
    assert peers.gone(GONE_SECONDS + SILENT_SECONDS + 0.2) == ["b"]
    assert list(peers) == ["a"]
    assert [peers.forget("a"), peers.forget("a")] == [True, False]
    assert len(peers) == 0


@given(st.lists(st.booleans(), max_size=40))
def test_whatever_is_lost_is_noticed_at_the_latest_with_the_next_sign_of_life(arrives: list[bool]) -> None:
    peers = Peers()
    peers.hear(here(0), 0)
    missed = False
    for number, arrived in enumerate(arrives, 1):
        if arrived:
            missed |= peers.hear(said(number), 0).missed
    missed |= peers.hear(here(len(arrives)), 0).missed
    assert missed == (not all(arrives))
