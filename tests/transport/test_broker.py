"""Processes that hear each other through a real Redis, whatever becomes of it. The brokers run on threads here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chat.transport import broker as module
from chat.transport.broker import Broker
from tests.brokers import Redis
from tests.waiting import until

CHANNEL = "hubbub:test"


class Ear:
    """A listener that notes what it hears."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []
        self.misses = 0
        self.known: list[str] = []
        self.lost: list[str] = []
        self.origins: set[str] = set()
        self.trouble: Exception | None = None

    def heard(self, origin: str, payload: bytes) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.origins.add(origin)
        self.payloads.append(payload)

    def missed(self) -> None:
        self.misses += 1

    def met(self, origin: str) -> None:
        self.known.append(origin)

    def gone(self, origin: str) -> None:
        self.lost.append(origin)


Join = Callable[[], tuple[Broker, Ear]]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path).start()
    yield server
    server.resume()
    server.kill()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds takes tenths of them here."""
    monkeypatch.setattr(module, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(module, "SILENT_SECONDS", 0.5)
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(module, "MISSED_SECONDS", 0.2)
    monkeypatch.setattr("chat.transport.peers.SILENT_SECONDS", 0.5)
    monkeypatch.setattr("chat.transport.peers.GONE_SECONDS", 2.0)


@pytest.fixture
def join(redis: Redis) -> Iterator[Join]:
    """Add a process, which is connected when this returns."""
    brokers = []

    def make() -> tuple[Broker, Ear]:
        ear = Ear()
        broker = Broker(redis.url, CHANNEL, ear)
        brokers.append(broker)
        broker.start()
        until(lambda: broker.connected)
        return broker, ear

    yield make
    for broker in brokers:
        broker.stop()


@pytest.fixture
def two(join: Join) -> tuple[tuple[Broker, Ear], tuple[Broker, Ear]]:
    """Two that know each other and have missed nothing since."""
    one, other = join(), join()
    until(lambda: other[0].origin in one[1].known and one[0].origin in other[1].known)
    one[1].misses = other[1].misses = 0
    return one, other


def test_all_hear_what_one_says_in_its_order(join: Join) -> None:
    (speaking, itself), *others = join(), join(), join()
    until(lambda: all(speaking.origin in ear.known for _, ear in others))
    said = [b"%d" % number for number in range(2_000)]
    for payload in said:
        speaking.send(payload)
    for _, ear in others:
        until(lambda ear=ear: len(ear.payloads) >= len(said))  # type: ignore[misc]
        assert ear.payloads == said
        assert ear.origins == {speaking.origin}
    assert itself.payloads == []


def test_who_says_goodbye_is_gone_at_once(join: Join) -> None:
    (leaving, _), (_, ear) = join(), join()
    until(lambda: leaving.origin in ear.known)
    leaving.send(b"last words")
    leaving.stop()
    until(lambda: ear.lost == [leaving.origin])
    assert ear.payloads == [b"last words"]


def test_what_is_said_while_redis_is_gone_is_noticed(
    redis: Redis, two: tuple[tuple[Broker, Ear], tuple[Broker, Ear]]
) -> None:
    (one, ear), (other, listening) = two
    redis.kill()
    until(lambda: not one.connected and not other.connected)
    one.send(b"lost")
    until(lambda: ear.misses >= 2)
    redis.start()
    until(lambda: one.connected and other.connected)
    one.send(b"heard")
    until(lambda: b"heard" in listening.payloads)
    assert listening.payloads == [b"heard"]


def test_a_redis_that_hangs_is_lost_and_found(redis: Redis, two: tuple[tuple[Broker, Ear], tuple[Broker, Ear]]) -> None:
    (one, _), (other, listening) = two
    redis.pause()
    one.send(b"into the void")
    until(lambda: not one.connected and not other.connected)
    until(lambda: listening.misses >= 2)
    redis.resume()
    until(lambda: one.connected and other.connected)
    one.send(b"heard")
    until(lambda: b"heard" in listening.payloads)


def test_who_was_cut_off_learns_that_something_was_missed(
    redis: Redis, two: tuple[tuple[Broker, Ear], tuple[Broker, Ear]]
) -> None:
    (one, _), (other, listening) = two
    redis.cut()
    until(lambda: listening.misses)
    until(lambda: one.connected and other.connected)
    one.send(b"heard")
    until(lambda: b"heard" in listening.payloads)


def test_a_lost_publication_is_noticed_though_nothing_follows(
    two: tuple[tuple[Broker, Ear], tuple[Broker, Ear]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (one, _), (_, listening) = two
    monkeypatch.setattr(module, "MOST_QUEUED_BYTES", 0)
    one.send(b"too much")
    until(lambda: listening.misses)
    assert listening.payloads == []


def test_a_process_that_died_is_silent_and_then_gone(join: Join) -> None:
    (dying, _), (_, ear) = join(), join()
    until(lambda: dying.origin in ear.known)
    ear.misses = 0
    dying._stopping.set()
    dying._publish = lambda *_: None  # type: ignore[method-assign]
    until(lambda: ear.misses)
    until(lambda: ear.lost == [dying.origin])


def test_a_listener_that_fails_misses_nothing_else(two: tuple[tuple[Broker, Ear], tuple[Broker, Ear]]) -> None:
    (one, _), (_, listening) = two
    listening.trouble = ValueError("bad word")
    one.send(b"bad")
    one.send(b"worse")
    until(lambda: one._number >= 1 and not one._queue)
    listening.trouble = None
    one.send(b"good")
    until(lambda: b"good" in listening.payloads)


@pytest.mark.parametrize("data", [b"", b"hello", b"x said one {}", b"\xff\xfe 1 2 3"])
def test_strangers_on_the_channel_are_passed_over(
    redis: Redis, two: tuple[tuple[Broker, Ear], tuple[Broker, Ear]], data: bytes
) -> None:
    (one, _), (_, listening) = two
    redis.client.publish(CHANNEL, data)
    one.send(b"heard")
    until(lambda: b"heard" in listening.payloads)
    assert listening.payloads == [b"heard"]


def test_a_redis_that_wants_a_password_gets_it(redis: Redis, tmp_path: Path) -> None:
    redis.client.config_set("requirepass", "sample password")
    without, with_it = Ear(), Ear()
    refused = Broker(redis.url, CHANNEL, without)
    known = Broker(f"unix://:sample%20password@{redis.url.removeprefix('unix://')}", CHANNEL, with_it)
    refused.start()
    known.start()
    until(lambda: known.connected)
    assert not refused.connected
    refused.stop()
    known.stop()


def test_nobody_listens_where_nothing_is(tmp_path: Path) -> None:
    ear = Ear()
    broker = Broker(f"unix://{tmp_path}/nothing.sock", CHANNEL, ear)
    before = threading.active_count()
    broker.start()
    broker.send(b"lost")
    until(lambda: ear.misses)
    assert not broker.connected
    broker.stop()
    until(lambda: threading.active_count() == before)


def test_a_url_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="Redis URL"):
        Broker("redis+what://x", CHANNEL, Ear()).start()
