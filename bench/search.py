"""How long a search takes among a million messages, by what is searched.

The messages are made up: words by Zipf's law (a few are everywhere, most are rare), English and Chinese, in a few large
rooms and many small ones, over two years. They are put into the tables directly, and indexed by the server's own code.
What is timed is `search.find`, from what somebody typed to the hits with their excerpts.
"""

from __future__ import annotations

import random
import time
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from statistics import median

from sqlalchemy import insert, text, update

from bench import processes, report
from chat import folders, search
from chat.accounts import create_owner
from chat.actor import Actor
from chat.config import Settings
from chat.events.reading import Search
from chat.search import following
from chat.store import Store, Transaction, schema
from chat.store.tables import memberships, messages, rooms, users
from chat.times import now
from tools import services

LARGE_ROOMS, SMALL_ROOMS, SMALL = 100, 2000, 5
PEOPLE = 1000
WORDS, CHINESE_WORDS = 40_000, 20_000
DAYS = 730
DAY = 86_400_000
BATCH = 5_000
PIECE = 4_000
PAGE = 20
SEED = 20260131

# The commonest of all come first.
COMMON = ("the", "to", "of", "and", "in", "is", "it", "you", "that", "we", "for", "on", "this", "with", "are")
COMMON_CHINESE = ("我们", "的是", "可以", "一个", "什么", "没有", "现在", "知道", "问题", "时间", "这个", "大家")


class Words:
    """Words by Zipf's law."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self._sums = list(accumulate(1 / (rank + 2) for rank in range(len(words))))

    def some(self, chance: random.Random, many: int) -> list[str]:
        return [self.words[bisect(self._sums, chance.random() * self._sums[-1])] for _ in range(many)]


@dataclass(frozen=True)
class Kind:
    """Searches of one kind, each by a person."""

    title: str
    asked: list[tuple[Actor, str]]


@dataclass
class Row:
    """`busy`: the processor's seconds. `cut`: how many answers told where to go on before they were full."""

    seconds: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    hits: list[int] = field(default_factory=list)
    cut: int = 0


@dataclass(frozen=True)
class People:
    """Who searches: by which rooms they are in."""

    everywhere: Actor
    tiny: Actor
    tiny_many: Actor
    tiny_all: Actor


def searches(many: int, repetitions: int, only: str | None, say: Callable[[str], None]) -> str:
    """Returns a page. Raises `RuntimeError` where PostgreSQL is missing."""
    parts = ["# Searching", "", *report.machine(pinned=False)]
    parts += [
        f"- {many:,} messages; {repetitions} searches of each kind, one after another.",
        "- In milliseconds: by the clock, as fast as the machine is with whatever else it does; and of processor time,",
        "  of this program and of PostgreSQL together.",
        "",
    ]
    for title, opened in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        if only and only != title.lower():
            continue
        with opened() as store:
            say(title)
            took = fill(store, many, say)
            say(f"  indexed in {took:.0f} s")
            parts += [f"## {title}", "", *measured(store, repetitions, say), ""]
            parts += [f"Indexing all of them took {took:,.0f} s ({took / many * 1e6:.0f} µs a message).", ""]
    return "\n".join(parts)


@contextmanager
def _sqlite() -> Iterator[Store]:
    with _store("") as store:
        yield store


@contextmanager
def _postgresql() -> Iterator[Store]:
    programs = services.postgres_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed")
    with services.postgres(programs, durable=True) as server, _store(server.url) as store:
        yield store


@contextmanager
def _store(url: str) -> Iterator[Store]:
    with processes.folder() as folder:
        settings = Settings(data_dir=folder / "data", database_url=url)
        folders.prepare(settings)
        with schema.opened(settings) as store:
            yield store


def fill(store: Store, many: int, say: Callable[[str], None]) -> float:
    """Make everything up, and index it; returns the seconds that the second took."""
    chance = random.Random(SEED)
    create_owner(store, server_name="Sample", username="ada", name="Ada", password="correct horse battery")
    _make_rooms(store)
    english = Words([*COMMON, *_english(chance)])
    chinese = Words([*COMMON_CHINESE, *_chinese(chance)])
    large = Words([str(number) for number in range(2, 2 + LARGE_ROOMS)])
    seqs = dict.fromkeys(range(1, 2 + LARGE_ROOMS + SMALL_ROOMS), 0)
    # The small rooms' messages are spread over all the time.
    small = iter(sorted(chance.sample(range(many), min(many // 100, SMALL_ROOMS * SMALL))))
    next_small, turn = next(small, -1), 0
    began = now() - DAYS * DAY
    for start in range(0, many, BATCH):
        batch = []
        for number in range(start, min(many, start + BATCH)):
            if number == next_small:
                room, next_small = 2 + LARGE_ROOMS + turn % SMALL_ROOMS, next(small, -1)
                turn += 1
            else:
                room = int(large.some(chance, 1)[0])
            seqs[room] += 1
            written = _written(chance, english, chinese)
            batch.append(
                {
                    "id": number + 1,
                    "room_id": room,
                    "seq": seqs[room],
                    "rev": seqs[room],
                    "born": seqs[room],
                    "author_id": chance.randint(1, PEOPLE),
                    "cid": f"c{number}",
                    "text": written,
                    "html": f'<p><a href="{written}">' if number % 100 == 0 else f"<p>{written}</p>",
                    "created_at": began + number * DAYS * DAY // many,
                }
            )
        store.write(lambda tx, batch=batch: tx.conn.execute(insert(messages), batch))  # type: ignore[misc]
        if start % 100_000 == 0:
            say(f"  {start:,} messages")
    heads = [{"number": room, "count": seq} for room, seq in seqs.items()]
    statement = text("UPDATE rooms SET seq = :count, rev = :count WHERE id = :number")
    store.write(lambda tx: tx.conn.execute(statement, heads))
    return _indexed(store, say)


def _indexed(store: Store, say: Callable[[str], None]) -> float:
    began, told = time.perf_counter(), 0.0
    lacking = 1
    while lacking:
        _, lacking = following.piece(store, PIECE, PIECE * 1_000)
        if time.perf_counter() - told > 10:
            told = time.perf_counter()
            say(f"  {lacking:,} to be indexed")
    took = time.perf_counter() - began
    if store.readers.dialect.name == "postgresql":
        # As the server's own housekeeping would, sooner or later.
        with store.readers.connect() as conn:
            conn.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    return took


def _make_rooms(store: Store) -> None:
    def work(tx: Transaction) -> None:
        for number in range(2, PEOPLE + 1):
            name = f"person{number}"
            values = {"id": number, "username": name, "username_key": name, "name": name, "name_key": name}
            tx.conn.execute(insert(users).values(**values, role="member", created_at=0))
        for number in range(2, 2 + LARGE_ROOMS + SMALL_ROOMS):
            values = {"id": number, "kind": "public", "name": f"room{number}", "name_key": f"room{number}"}
            tx.conn.execute(insert(rooms).values(**values, created_at=0))
        first = 2 + LARGE_ROOMS
        inside = {
            1: range(2, first),
            2: range(first, first + 1),
            3: range(first, first + 50),
            4: range(first, first + 900),
        }
        for user, found in inside.items():
            for room in found:
                values = {"room_id": room, "user_id": user, "role": "member", "joined_at": 0}
                tx.conn.execute(insert(memberships).values(**values))
        tx.conn.execute(update(rooms).values(member_count=1))

    store.write(work)


def _written(chance: random.Random, english: Words, chinese: Words) -> str:
    if chance.random() < 0.7:
        return " ".join(english.some(chance, chance.randint(3, 22)))
    return "，".join("".join(chinese.some(chance, chance.randint(2, 6))) for _ in range(chance.randint(1, 4)))


def _english(chance: random.Random) -> list[str]:
    starts = [*"bcdfghlmnprstvw", "st", "tr", "ch", "sh"]
    middles, ends = [*"aeiou", "ea", "ou"], [*"nrtlm", "st", "nd", "ck", "ng"]
    found: dict[str, None] = {}
    while len(found) < WORDS:
        word = "".join(chance.choice(starts) + chance.choice(middles) for _ in range(chance.randint(1, 3)))
        found[word + chance.choice(ends)] = None
    return list(found)


def _chinese(chance: random.Random) -> list[str]:
    # The common ones of 3,000 characters.
    characters = [chr(0x4E00 + number * 6) for number in range(3000)]
    found: dict[str, None] = {}
    while len(found) < CHINESE_WORDS:
        found["".join(characters[int(3000 * chance.random() ** 2)] for _ in range(chance.choice((1, 2, 2, 2, 3))))] = (
            None
        )
    return list(found)


def kinds(repetitions: int) -> list[Kind]:
    chance = random.Random(SEED)
    english, chinese = _english(chance), _chinese(chance)
    names = ("ada", *(f"person{number}" for number in range(2, 5)))
    everywhere, tiny, tiny_many, tiny_all = (
        Actor(number, name, name, "member") for number, name in enumerate(names, start=1)
    )
    turns = range(repetitions)
    pairs = [word for word in chinese[30:400] if len(word) == 2]
    rare = english[-repetitions:]

    def common(turn: int) -> str:
        return COMMON[turn % len(COMMON)]

    def old(turn: int) -> str:
        return time.strftime("%Y-%m-%d", time.gmtime(now() / 1000 - 86_400 * (100 + turn * 5)))

    def made(title: str, ask: Callable[[int], str], who: Actor = everywhere) -> Kind:
        return Kind(title, [(who, ask(turn)) for turn in turns])

    return [
        made("a common word", common),
        made("a word in one message of a thousand", lambda turn: english[100 + turn]),
        made("a rare word", lambda turn: rare[turn]),
        made("an absent word", lambda turn: f"zzyzx{turn}"),
        made("a phrase of two common words", lambda turn: f'"{common(turn)} {common(turn // 15 + 1)}"'),
        made("a phrase that nobody said", lambda turn: f'"{english[100 + turn]} {english[50 + turn]}"'),
        made("a Chinese word of two characters", lambda turn: pairs[turn % len(pairs)]),
        made("a Chinese word that is common", lambda turn: COMMON_CHINESE[turn % len(COMMON_CHINESE)]),
        made("a Chinese character", lambda turn: COMMON_CHINESE[turn % len(COMMON_CHINESE)][turn % 2]),
        made("four Chinese characters", lambda turn: pairs[turn % len(pairs)] + pairs[turn * 7 % len(pairs)]),
        made("from: and a common word", lambda turn: f"from:person{5 + turn} {common(turn)}"),
        made("from: alone", lambda turn: f"from:person{5 + turn}"),
        made("in: a large room, a common word", lambda turn: f"in:room{2 + turn % 10} {common(turn)}"),
        made("in: a large room, a rare word", lambda turn: f"in:room{2 + turn % 10} {rare[turn]}"),
        made("before: and a common word", lambda turn: f"before:{old(turn)} {common(turn)}"),
        made("before: and a rare word", lambda turn: f"before:{old(turn)} {rare[turn]}"),
        made("has:link and a common word", lambda turn: f"has:link {common(turn)}"),
        made("three common words", lambda turn: f"{common(turn)} {common(turn + 1)} {common(turn + 2)}"),
        made("common words that never meet", lambda turn: f"{common(turn)} {COMMON_CHINESE[turn % 12]}"),
        made("six words, some rare", lambda turn: " ".join([*COMMON[:4], *english[200 + turn : 202 + turn]])),
        made("by one in a single small room: a common word", common, tiny),
        made("by one in a single small room: a rare word", lambda turn: rare[turn], tiny),
        made("by one in 50 small rooms: a common word", common, tiny_many),
        made("by one in 900 small rooms: a common word", common, tiny_all),
        made("by one in 900 small rooms: a rare word", lambda turn: rare[turn], tiny_all),
    ]


def measured(store: Store, repetitions: int, say: Callable[[str], None]) -> list[str]:
    lines = [
        "| | median | p95 | worst | processor: median | p95 | worst | hits, median | stopped by the clock |",
        "|---|" + "---:|" * 8,
    ]
    busy = _busy(store)
    for kind in kinds(repetitions):
        row = Row()
        for actor, query in kind.asked:
            began, worked = time.perf_counter(), busy()
            found = search.find(store, actor, Search(query))
            row.seconds.append(time.perf_counter() - began)
            row.busy.append(busy() - worked)
            row.hits.append(len(found.hits))
            row.cut += found.next is not None and len(found.hits) < PAGE
        shown = [*_spread(row.seconds), *_spread(row.busy)]
        lines.append(f"| {kind.title} | {' | '.join(shown)} | {median(row.hits):.0f} | {row.cut or ''} |")
        say(f"  {kind.title}: {', '.join(shown)} ms, {median(row.hits):.0f} hits, {row.cut} stopped")
    return lines


def _spread(seconds: Sequence[float]) -> list[str]:
    times = sorted(1000 * one for one in seconds)
    return [f"{value:.1f}" for value in (median(times), times[len(times) * 95 // 100], times[-1])]


def _busy(store: Store) -> Callable[[], float]:
    """What tells how long processors have worked for the store so far, in seconds."""
    if store.readers.dialect.name != "postgresql":
        return time.process_time
    # One after another, all searches go over one connection.
    process = store.aside(lambda conn: conn.scalar(text("SELECT pg_backend_pid()")))
    figures = Path(f"/proc/{process}/schedstat")
    return lambda: time.process_time() + int(figures.read_text().split()[0]) / 1e9
