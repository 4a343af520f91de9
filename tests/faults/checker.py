"""Judges what clients wrote down under faults against what the database has: the promise, point by point.

The journal says what each client sent, was told and came to see (`records.py`); the database says what is true. A
finding is one sentence; a run without findings kept the promise. The report has the figures beside it.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from chat.store import Store, tables
from tests.faults.records import Record

# What becomes of a message that is kept.
KEPT = {"sent", "duplicate"}


@dataclass(frozen=True)
class Row:
    """A message in the database."""

    id: int
    seq: int
    rev: int
    cid: str


@dataclass(frozen=True)
class Truth:
    """What the database has of a room."""

    rev: int
    messages: Sequence[Row]


@dataclass(frozen=True)
class Removal:
    """From `at` on (seconds since 1970), patience included, a client must hear nothing of a room."""

    client: str
    room: int
    at: float


@dataclass
class Report:
    sent: int = 0
    acknowledged: int = 0
    lost: int = 0
    duplicated: int = 0
    out_of_order: int = 0
    invented: int = 0
    unresolved: int = 0
    seen_by_strangers: int = 0
    holes: int = 0
    mended: int = 0  # gaps in what was told that a sync closed
    recovery: list[float] = field(default_factory=list)  # seconds from a lost connection to the next `welcome`
    stall: float = 0.0  # the longest that a server's hub stood still, in seconds
    memory: float = 0.0  # the most that a server's process had, in MB
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        recovered = ""
        if self.recovery:
            p50, p99 = (_quantile(self.recovery, share) for share in (0.5, 0.99))
            recovered = f", recovery p50 {p50:.2f} s, p99 {p99:.2f} s"
        return (
            f"{self.sent:,} sent, {self.acknowledged:,} acknowledged, {self.lost} lost, {self.duplicated} duplicated, "
            f"{self.out_of_order} out of order, {self.invented} invented, {self.unresolved} views not whole, "
            f"{self.holes} holes, {self.seen_by_strangers} seen by strangers, {self.mended} gaps mended{recovered}, "
            f"longest stall {self.stall * 1000:.0f} ms, most memory {self.memory:.0f} MB"
        )


def truth(store: Store, room: int) -> Truth:
    m = tables.messages.c
    with store.read() as conn:
        rev = conn.scalar(select(tables.rooms.c.rev).where(tables.rooms.c.id == room)) or 0
        rows = conn.execute(select(m.id, m.seq, m.rev, m.cid).where(m.room_id == room).order_by(m.seq))
        return Truth(rev, [Row(*row) for row in rows])


def judge(
    records: Iterable[Record],
    truths: Mapping[int, Truth],
    members: Mapping[str, Iterable[int]],
    removals: Iterable[Removal] = (),
) -> Report:
    """`members`: the rooms that each client is in at the end, of which its last `view` is judged."""
    records = list(records)
    report = Report()
    _judge_database(report, truths)
    _judge_acks(report, records, truths)
    _judge_told(report, records, truths)
    _judge_views(report, records, truths, members)
    _judge_strangers(report, records, members, list(removals))
    _measure(report, records)
    return report


def _judge_database(report: Report, truths: Mapping[int, Truth]) -> None:
    for room, known in truths.items():
        seqs = [row.seq for row in known.messages]
        if seqs != list(range(1, len(seqs) + 1)):
            report.holes += 1
            report.findings.append(f"room {room}: the seqs have holes")
        revs = [row.rev for row in known.messages]
        if len(set(revs)) != len(revs) or max(revs, default=0) > known.rev:
            report.holes += 1
            report.findings.append(f"room {room}: the revs do not fit the room's {known.rev}")
        for cid, count in Counter(row.cid for row in known.messages).items():
            if count > 1:
                report.duplicated += count - 1
                report.findings.append(f"room {room}: {cid} is kept {count} times")


def _judge_acks(report: Report, records: Sequence[Record], truths: Mapping[int, Truth]) -> None:
    kept = {(room, row.cid): row for room, known in truths.items() for row in known.messages}
    report.sent = len({(record.room, record.cid) for record in records if record.kind == "sent"})
    for record in records:
        if record.kind != "settled" or record.outcome not in KEPT or record.room not in truths:
            continue
        report.acknowledged += 1
        row = kept.get((record.room or 0, record.cid or ""))
        if row is None:
            report.lost += 1
            report.findings.append(f"{record.client}: {record.cid} in room {record.room} was acknowledged and is lost")
        elif (row.id, row.seq) != (record.id, record.seq):
            report.lost += 1
            report.findings.append(f"{record.client}: {record.cid} was acknowledged as {record.seq}, and is {row.seq}")


def _judge_told(report: Report, records: Sequence[Record], truths: Mapping[int, Truth]) -> None:
    """Whatever anybody was told is true; as new, each message once, and in order."""
    known = {room: {row.id: row for row in found.messages} for room, found in truths.items()}
    last: dict[tuple[str, int], int] = defaultdict(int)
    for record in records:
        if record.room is None or record.room not in truths:
            continue
        place = (record.client, record.room)
        if record.kind == "room":
            # What is told of a room that is entered or read anew is told from the beginning.
            last.pop(place, None)
        elif record.kind in ("heard", "applied") and record.id is not None:
            row = known[record.room].get(record.id)
            if row is None or (row.seq, row.cid) != (record.seq, record.cid):
                report.invented += 1
                report.findings.append(f"{record.client} was told of {record.cid}, which the database does not have so")
            if record.kind == "applied" and record.new and record.seq is not None:
                if record.seq == last[place]:
                    report.duplicated += 1
                    report.findings.append(f"{record.client} was told {record.seq} of room {record.room} twice")
                elif record.seq < last[place]:
                    report.out_of_order += 1
                    report.findings.append(f"{record.client} was told {record.seq} after {last[place]}")
                last[place] = max(last[place], record.seq)


def _judge_views(
    report: Report, records: Sequence[Record], truths: Mapping[int, Truth], members: Mapping[str, Iterable[int]]
) -> None:
    views = {(record.client, record.room): record for record in records if record.kind == "view"}
    for client, rooms in members.items():
        for room in rooms:
            view, known = views.get((client, room)), truths[room]
            if view is None:
                report.unresolved += 1
                report.findings.append(f"{client} has no view of room {room}")
                continue
            seen = [(m.id, m.seq, m.rev, m.cid) for m in view.messages or ()]
            true = [(row.id, row.seq, row.rev, row.cid) for row in known.messages]
            if view.rev != known.rev or seen != true:
                report.unresolved += 1
                missing = len(set(true) - set(seen))
                report.findings.append(
                    f"{client} sees room {room} at rev {view.rev} of {known.rev}, {missing} of {len(true)} missing"
                )


def _judge_strangers(
    report: Report, records: Sequence[Record], members: Mapping[str, Iterable[int]], removals: Sequence[Removal]
) -> None:
    ends = {(removal.client, removal.room): removal.at for removal in removals}
    inside = {(client, room) for client, rooms in members.items() for room in rooms}
    for record in records:
        if record.kind not in ("heard", "applied") or record.room is None:
            continue
        place = (record.client, record.room)
        if record.at > ends[place] if place in ends else place not in inside:
            report.seen_by_strangers += 1
            report.findings.append(f"{record.client} heard rev {record.rev} of room {record.room}, and may not")


def _measure(report: Report, records: Sequence[Record]) -> None:
    lost_at: dict[str, float] = {}
    for record in records:
        if record.kind == "state" and record.state == "disconnected":
            lost_at.setdefault(record.client, record.at)
        elif record.kind == "state" and record.state == "connected" and record.client in lost_at:
            report.recovery.append(record.at - lost_at.pop(record.client))
        elif record.kind == "read" and record.how == "sync":
            report.mended += 1


def _quantile(values: Sequence[float], share: float) -> float:
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]
