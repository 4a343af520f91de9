"""Which rooms are conversations, and of which visitor, kept in memory by each process: every message asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import Connection, select

from chat import people
from chat.store.outbox import HelpBegun
from chat.store.tables import help_conversations as table
from chat.store.tables import help_visitors, users
from chat.times import now


class Conversations:
    """`on_begun` is told of each: windows of its visitor that are open already belong to it from now on. `on_found` is
    told of those that were read, of which a window may have missed something.
    """

    def __init__(self) -> None:
        self.visitors: dict[int, int] = {}
        self.on_begun: Callable[[HelpBegun], object] = lambda effect: None
        self.on_found: Callable[[HelpBegun], object] = lambda effect: None

    def hear(self, effect: HelpBegun) -> None:
        self.visitors[effect.room] = effect.visitor
        self.on_begun(effect)

    def hear_all(self, found: Iterable[HelpBegun]) -> None:
        """Nothing is taken away: a room that was a conversation stays one."""
        for one in found:
            self.visitors[one.room] = one.visitor
            self.on_found(one)


def recent(conn: Connection, again: int) -> list[HelpBegun]:
    """All in which something may still be said, those of the same visitor in their order."""
    living = (table.c.state != "resolved") | (table.c.said_at >= now() - again)
    columns = table.c.room_id, table.c.visitor_id, help_visitors.c.secret_hash
    query = select(*columns).join(help_visitors, help_visitors.c.user_id == table.c.visitor_id)
    query = query.join(users, users.c.id == table.c.visitor_id).where(people.admitted(now()))
    return [HelpBegun(*row) for row in conn.execute(query.where(living).order_by(table.c.room_id))]
