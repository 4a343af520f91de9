"""Passwords: what they may be, how hard they are to guess, and that nothing tells of names that don't exist."""

from __future__ import annotations

import threading
import unicodedata
from typing import Any

import pytest
from argon2 import PasswordHasher

from chat import passwords
from chat.errors import ChatError
from tests.conftest import PASSWORD
from tests.domain.support import together
from tests.waiting import DEADLINE, until


class Here:
    """A store as far as passwords need one."""

    def __init__(self) -> None:
        self.offloaded = 0

    def offload_heavy(self, work: Any, *args: Any) -> Any:
        self.offloaded += 1
        return work(*args)


@pytest.fixture
def here() -> Any:
    return Here()


def test_a_hash_is_as_hard_as_is_recommended(real_hasher: PasswordHasher) -> None:
    """At least what OWASP asks of argon2id: 19 MiB, two rounds."""
    assert real_hasher.memory_cost >= 19 * 1024
    assert real_hasher.time_cost >= 2
    assert real_hasher.hash("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_hash_matches_its_password_only(here: Any) -> None:
    kept = passwords.hashed(here, PASSWORD)
    assert passwords.matches(here, kept, PASSWORD)
    for other in ("", "wrong password", PASSWORD + " ", " " + PASSWORD, PASSWORD.upper(), PASSWORD[:-1]):
        assert not passwords.matches(here, kept, other)
    assert passwords.hashed(here, PASSWORD) != kept
    assert here.offloaded == 9, "hashing is not for the hub's thread"


def test_without_a_hash_nothing_matches_and_as_much_is_done(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = passwords._verify, []

    def verify(*args: Any) -> bool:
        calls.append(args)
        return real(*args)

    monkeypatch.setattr(passwords, "_verify", verify)
    assert not passwords.matches(here, None, "nobody has this password")
    assert not passwords.matches(here, None, PASSWORD)
    assert not passwords.matches(here, "no hash at all", PASSWORD)
    assert not passwords.matches(here, "", "short")
    assert len(calls) == 4


@pytest.mark.parametrize(
    "password", ["x" * 8, " " * 8, "pass word with spaces ", "密码密码密码密码", "🔑" * 8, "x" * 1024, "\u0301abcdefgh"]
)
def test_what_a_password_may_be(here: Any, password: str) -> None:
    assert passwords.matches(here, passwords.hashed(here, password), password)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "bad_request"),
        ("x" * 7, "bad_request"),
        ("x" * 1025, "too_large"),
        ("x" * 100_000, "too_large"),
        ("abcdefgh\n", "bad_request"),
        ("abcd\tefgh", "bad_request"),
        ("abcdefgh\x00", "bad_request"),
        ("abcd\ud800efgh", "bad_request"),
    ],
)
def test_what_a_password_may_not_be(here: Any, password: str, code: str) -> None:
    with pytest.raises(ChatError) as caught:
        passwords.hashed(here, password, "new")
    assert (caught.value.code, caught.value.field) == (code, "new")
    assert not passwords.matches(here, None, password)


def test_every_keyboard_types_the_same_password(here: Any) -> None:
    kept = passwords.hashed(here, "café ﬁne ｗｏｒｄ")
    assert passwords.matches(here, kept, unicodedata.normalize("NFD", "café ﬁne ｗｏｒｄ"))
    assert passwords.matches(here, kept, "café fine word")


@pytest.mark.parametrize("mark", ["\u0301", "\u0307", "\u0308", "\u0338"])
def test_a_mark_at_the_beginning_counts(here: Any, mark: str) -> None:
    """It must not vanish into what is put around the password to keep its ends."""
    kept = passwords.hashed(here, f"{mark}abcdefgh")
    assert not passwords.matches(here, kept, "abcdefgh")
    assert not passwords.matches(here, passwords.hashed(here, "abcdefgh"), f"{mark}abcdefgh")


def test_few_are_hashed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes 19 MiB; a rush of sign-ins must not take all the memory."""
    inside, most, go_on = [], [], threading.Event()

    def slow(work: Any, *args: Any) -> Any:
        inside.append(1)
        most.append(len(inside))
        assert go_on.wait(DEADLINE)
        inside.pop()
        return True

    store: Any = Here()
    store.offload_heavy = slow
    threads = [threading.Thread(target=passwords.matches, args=(store, "x", PASSWORD)) for _ in range(6)]
    for thread in threads:
        thread.start()
    until(lambda: len(inside) == 2)
    go_on.set()
    for thread in threads:
        thread.join(DEADLINE)
    assert max(most) == 2
    assert len(most) == 6


def test_a_failure_gives_its_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    store: Any = Here()
    store.offload_heavy = lambda work, *args: 1 / 0
    results = together(*(lambda: passwords.matches(store, "x", PASSWORD) for _ in range(6)))
    assert all(isinstance(result, ZeroDivisionError) for result in results)
