"""Secrets that are shown once and kept as a digest: sessions, API tokens, invite links."""

from __future__ import annotations

import hashlib
import secrets

# 256 random bits need no slow hash: there is nothing to guess.
BYTES = 32
MOST = 200


def new() -> str:
    """A secret that is safe in a cookie, a header and an address."""
    return secrets.token_urlsafe(BYTES)


def digest(secret: str) -> bytes:
    """What the database keeps. Any text has one, so a hostile secret is simply not found."""
    return hashlib.sha256(secret[:MOST].encode("utf-8", "surrogatepass")).digest()
