"""The nouns on a store of their own, without Flask and without sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chat.config import Settings
from chat.store import Store
from tests.domain.support import Published


@pytest.fixture
def make_store(make_settings: Callable[..., Settings]) -> Iterator[Callable[..., Store]]:
    """A further store on the same database, as another process has; closed after the test."""
    made: list[Store] = []

    def make(**changed: Any) -> Store:
        made.append(Store(make_settings(**changed)))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(make_store: Callable[..., Store]) -> Store:
    return make_store()


@pytest.fixture
def published(store: Store) -> Published:
    """What the store publishes from now on."""
    found = Published()
    store.publish = found.take
    return found
