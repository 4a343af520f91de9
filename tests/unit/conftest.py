"""Tests of single modules: no database, no sockets, no waiting."""

from __future__ import annotations

from hypothesis import settings

# A loaded machine is slow at times, which proves nothing.
settings.register_profile("hubbub", deadline=None, print_blob=True)
settings.load_profile("hubbub")
