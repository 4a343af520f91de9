"""Readiness: every part named, bounded in time, asked once however many ask."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from structlog.testing import capture_logs

from chat.health import Health, Report


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def at_once(work: Callable[[], None]) -> None:
    work()


def in_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()


class Part:
    def __init__(self) -> None:
        self.asked = 0
        self.works = True

    def __call__(self) -> None:
        self.asked += 1
        if not self.works:
            raise RuntimeError("a secret")


def test_each_part_is_named() -> None:
    health, database, redis = Health(at_once), Part(), Part()
    assert health.look().ready
    health.add("database", database)
    health.add("redis", redis)
    assert health.look().parts == {"database": "ok", "redis": "ok"}
    clock = Clock()
    health = Health(at_once, clock=clock)
    health.add("database", database)
    health.add("redis", redis)
    redis.works = False
    report = health.look()
    assert not report.ready
    assert report.parts == {"database": "ok", "redis": "failed"}


def test_what_is_not_needed_is_told_and_keeps_nothing_from_being_ready() -> None:
    health, redis = Health(at_once), Part()
    redis.works = False
    health.add("database", Part())
    health.add("redis", redis, needed=False)
    assert health.look() == Report(ready=True, parts={"database": "ok", "redis": "failed"})


def test_many_who_ask_are_one_question_a_second() -> None:
    clock, part = Clock(), Part()
    health = Health(at_once, clock=clock)
    health.add("database", part)
    for _ in range(100):
        assert health.look().ready
    assert part.asked == 1
    clock.now = 1.0
    part.works = False
    assert not health.look().ready
    assert part.asked == 2
    clock.now = 2.0
    part.works = True
    assert health.look().ready


def test_a_part_that_hangs_holds_up_nobody_for_long_and_is_asked_once() -> None:
    clock, going = Clock(), threading.Event()
    asked = []

    def hang() -> None:
        asked.append(1)
        going.wait()

    health = Health(in_thread, clock=clock, wait=0.05)
    health.add("database", hang)
    began = time.monotonic()
    for _ in range(50):
        clock.now += 10
        assert health.look().parts == {"database": "timeout"}
    # The first waits; who comes after it is told at once.
    assert time.monotonic() - began < 1.0
    assert len(asked) == 1
    going.set()
    until = time.monotonic() + 30
    while not health.look().ready and time.monotonic() < until:
        clock.now += 10
    assert health.look().ready


def test_trouble_is_told_once() -> None:
    clock, part = Clock(), Part()
    health = Health(at_once, clock=clock)
    health.add("database", part)
    part.works = False
    with capture_logs() as lines:
        for _ in range(5):
            clock.now += 1
            health.look()
    assert lines == [
        {"event": "a part does not work", "part": "database", "error": "RuntimeError", "log_level": "warning"}
    ]


def test_who_stops_is_not_ready() -> None:
    health = Health(at_once)
    health.add("database", Part())
    health.draining = True
    assert health.look().parts == {"database": "ok", "server": "draining"}
    assert not health.look().ready
