"""Which rooms are conversations, and of which visitor, kept in memory by each process: every message asks."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from chat.store.outbox import HelpBegun
from chat.store.tables import help_conversations as table
from chat.times import now


class Conversations:
    def __init__(self) -> None:
        self.visitors: dict[int, int] = {}

    def hear(self, effect: HelpBegun) -> None:
        self.visitors[effect.room] = effect.visitor

    def hear_all(self, found: Iterable[HelpBegun]) -> None:
        """Nothing is taken away: a room that was a conversation stays one."""
        for one in found:
            self.hear(one)


def recent(conn: Connection, again: int) -> list[HelpBegun]:
    """All in which something may still be said."""
    living = (table.c.state != "resolved") | (table.c.said_at >= now() - again)
    return [HelpBegun(*row) for row in conn.execute(select(table.c.room_id, table.c.visitor_id).where(living))]
