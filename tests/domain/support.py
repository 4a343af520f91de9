"""Doing things at the same moment, and looking at what a store does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, Engine, event

from chat.errors import ChatError
from chat.store import Store, Transaction
from chat.store.compiled import Compiled
from chat.store.hot import Hot
from chat.store.outbox import Effect, Publish
from tests import databases
from tests.waiting import DEADLINE, until

T = TypeVar("T")


# Tests of what is different with one of the databases.
on_sqlite, on_postgres = (
    pytest.mark.parametrize("each_database", [k for k in databases.KINDS if k == kind], indirect=True)
    for kind in ("sqlite", "postgresql")
)


class Published:
    """The effects that a store published, in order."""

    def __init__(self) -> None:
        self.effects: list[Effect] = []

    def take(self, effects: Sequence[Effect]) -> None:
        self.effects.extend(effects)

    def facts(self, name: str) -> list[Any]:
        return [effect.fact for effect in self.effects if isinstance(effect, Publish) and effect.event == name]

    def of_kind(self, kind: type[T]) -> list[T]:
        return [effect for effect in self.effects if isinstance(effect, kind)]


def together(*works: Callable[[], Any]) -> list[Any]:
    """Call all of them at once, each on its own thread; returns what they returned or raised, in their order."""
    begin = threading.Barrier(len(works), timeout=DEADLINE)

    def run(work: Callable[[], Any]) -> Any:
        begin.wait()
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works, timeout=DEADLINE))


@contextmanager
def writer_held(store: Store) -> Iterator[None]:
    """While this lasts, the store's writer is busy; what is written meanwhile gathers to one batch."""
    held, go_on = threading.Event(), threading.Event()

    def work(tx: Transaction) -> None:
        held.set()
        assert go_on.wait(DEADLINE)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(store.write, work)
        assert held.wait(DEADLINE)
        try:
            yield
        finally:
            go_on.set()
            holding.result(DEADLINE)


def batched(store: Store, *works: Callable[[], Any]) -> list[Any]:
    """Call all of them so that what each writes first gets into one batch of the store, in this order."""
    results: list[Any] = [None] * len(works)

    def run(number: int) -> None:
        try:
            results[number] = works[number]()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    with writer_held(store):
        for number, thread in enumerate(threads, start=1):
            thread.start()
            until(lambda number=number: len(store._jobs) == number)  # type: ignore[misc]
    for thread in threads:
        thread.join(DEADLINE)
        assert not thread.is_alive()
    return results


@contextmanager
def counted(engine: Engine, name: str = "before_cursor_execute") -> Iterator[list[str]]:
    """The statements that an engine carries out meanwhile; or how often another of SQLAlchemy's events occurs."""
    seen: list[str] = []

    def note(*args: Any, **_: Any) -> None:
        seen.append(args[2] if name == "before_cursor_execute" else name)

    event.listen(engine, name, note)
    try:
        yield seen
    finally:
        event.remove(engine, name, note)


@contextmanager
def counted_hot() -> Iterator[list[str]]:
    """The statements of sending that go to the driver's own cursor meanwhile."""
    seen: list[str] = []

    def note(self: Hot, statement: str, values: tuple[Any, ...]) -> Any:
        seen.append(statement)
        return real(self, statement, values)

    with pytest.MonkeyPatch.context() as patch:
        real = Hot._execute
        patch.setattr(Hot, "_execute", note)
        yield seen


@contextmanager
def counted_compiled() -> Iterator[list[str]]:
    """The queries that go to the driver's own cursor meanwhile."""
    seen: list[str] = []

    def note(self: Compiled, conn: Connection, *values: Any) -> list[Any]:
        seen.append(self.on(conn.dialect)[0])
        return real(self, conn, *values)

    with pytest.MonkeyPatch.context() as patch:
        real = Compiled.rows
        patch.setattr(Compiled, "rows", note)
        yield seen


def refusal(work: Callable[[], object]) -> tuple[str, str | None]:
    """The code and the field with which `work` is refused."""
    with pytest.raises(ChatError) as caught:
        work()
    return caught.value.code, caught.value.field
