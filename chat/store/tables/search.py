"""What is made from the other tables, and can be made again: no backup holds it.

The index itself, `search_index`, is of another kind in each database, so its migration alone declares it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table

from chat.store.tables.base import Key, derived
from chat.store.tables.rooms import rooms

# How far each room's messages are indexed.
search_heads = Table(
    "search_heads",
    derived,
    Column("room_id", Key, ForeignKey(rooms.c.id, ondelete="CASCADE"), primary_key=True),
    Column("seq", BigInteger, nullable=False),
)

# Between which ids the indexed messages of a day (of UTC, counted from the year 1) are.
search_days = Table(
    "search_days",
    derived,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("first_id", BigInteger, nullable=False),
    Column("last_id", BigInteger, nullable=False),
)
