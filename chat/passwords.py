"""Passwords: argon2id, off the hub, few at a time."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chat.errors import ChatError, bad_request
from chat.store import Store
from chat.text import clean

LEAST, MOST = 8, 1024

# RFC 9106's second choice, with less memory: 19 MiB a hash, so that a small host can stand a rush of sign-ins.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turns = threading.BoundedSemaphore(2)


@cache
def _nobody() -> str:
    """A hash to compare with where a name does not exist, so that it takes as long as one that does."""
    return _hasher.hash("nobody has this password")


def hashed(store: Store, password: str, field: str = "password") -> str:
    """The hash to keep. Raises `ChatError` for a password that is too short, too long or has control characters."""
    password = _normal(password, field)
    with _turns:
        return store.offload_heavy(_hasher.hash, password)


def matches(store: Store, kept: str | None, password: str) -> bool:
    """Whether the password is the one; takes as long when there is none to compare with."""
    try:
        password = _normal(password, "password")
    except ChatError:
        password = ""
    with _turns:
        return store.offload_heavy(_verify, kept, password) and kept is not None


def _verify(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str, field: str) -> str:
    if len(password) < LEAST:
        raise bad_request(f"At least {LEAST} characters, please.", field)
    # White space counts in a password, so only line ends are refused; NFKC makes all keyboards type the same.
    # The full stops keep the ends from being trimmed; no mark joins one to a single character.
    return unicodedata.normalize("NFKC", clean(f".{password}.", field, most=MOST + 2)[1:-1])
