"""How many came, how long they waited and what they said of it, by day."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from statistics import fmean, median

from sqlalchemy import Connection, select

from chat.actor import Actor
from chat.events.help import HelpDay, HelpFigures, HelpFiguresResult
from chat.helpdesk import agents
from chat.store import Store
from chat.store.tables import help_conversations as table
from chat.times import DAY, now


def by_day(store: Store, actor: Actor, command: HelpFigures) -> HelpFiguresResult:
    """`help_figures`: every day of them, also those without any, up to today."""
    with store.read() as conn:
        agents.require(conn, actor)
    return HelpFiguresResult(store.aside(lambda conn: _days(conn, command.days)))


def _days(conn: Connection, count: int) -> list[HelpDay]:
    today = datetime.fromtimestamp(now() / 1000, UTC).date()
    days = [(today - timedelta(days=back)).isoformat() for back in reversed(range(count))]
    since = (now() // DAY - count + 1) * DAY
    columns = table.c.opened_at, table.c.resolved_at, table.c.answered_after, table.c.rating
    query = select(*columns).where((table.c.opened_at >= since) | (table.c.resolved_at >= since))
    opened: dict[str, int] = defaultdict(int)
    resolved: dict[str, int] = defaultdict(int)
    waits: dict[str, list[int]] = defaultdict(list)
    ratings: dict[str, list[int]] = defaultdict(list)
    for opened_at, resolved_at, answered_after, rating in conn.execute(query):
        day = _day(opened_at)
        opened[day] += 1
        if answered_after is not None:
            waits[day].append(answered_after)
        if resolved_at is not None:
            resolved[_day(resolved_at)] += 1
        if rating is not None:
            ratings[_day(resolved_at or opened_at)].append(rating)
    return [
        HelpDay(
            day,
            opened[day],
            resolved[day],
            median(waits[day]) / 1000 if waits[day] else None,
            fmean(ratings[day]) if ratings[day] else None,
            len(ratings[day]),
        )
        for day in days
    ]


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()
