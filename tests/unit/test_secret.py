"""Secrets that are shown once, and times."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chat import secret, times

SAFE = set(string.ascii_letters + string.digits + "-_")


def test_secrets_are_long_new_and_safe_in_an_address() -> None:
    made = [secret.new() for _ in range(100)]
    assert len(set(made)) == 100
    assert all(len(value) == 43 and set(value) <= SAFE for value in made)


def test_a_digest_is_that_of_sha256() -> None:
    assert secret.digest("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(st.text(st.characters(codec=None), max_size=300))
def test_every_text_has_a_digest(value: str) -> None:
    assert len(secret.digest(value)) == 32


def test_what_is_beyond_the_length_of_any_secret_is_not_read() -> None:
    assert secret.digest("x" * secret.MOST) == secret.digest("x" * 1_000_000)
    assert secret.digest(secret.new()) != secret.digest(secret.new())


@given(st.integers(0, 253_402_300_799_999))
def test_a_stamp_can_be_read_back(milliseconds: int) -> None:
    text = times.stamp(milliseconds)
    assert len(text) == 24
    assert text.endswith("Z")
    found = datetime.fromisoformat(text)
    assert (found - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1) == milliseconds


def test_stamps_sort_as_times_do() -> None:
    moments = [0, 1, 999, 1000, 1_000_000_000_000, 1_760_000_000_999, 1_760_000_001_000]
    assert [times.stamp(m) for m in moments] == sorted(times.stamp(m) for m in moments)
    assert times.stamp(1_760_000_000_999) == "2025-10-09T08:53:20.999Z"
    assert times.stamp_or_none(None) is None
    assert times.stamp_or_none(0) == "1970-01-01T00:00:00.000Z"


def test_now_is_now() -> None:
    assert abs(times.now() / 1000 - datetime.now(UTC).timestamp()) < 60
