"""Tests of single modules: no database, no sockets, no waiting."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

# A loaded machine is slow at times, which proves nothing.
settings.register_profile("hubbub", deadline=None, print_blob=True)
settings.load_profile("hubbub")


@pytest.fixture
def untraced() -> Iterator[None]:
    """Without the trace of a coverage run, which takes several times as long as the work itself."""
    trace = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(trace)
