"""What was reported, what was decided about people, and who did what."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text

from chat.store.tables.base import Key, metadata, partial

# What is in force and what was. Nothing is changed in a row but that it was lifted or shown.
sanctions = Table(
    "sanctions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    # None: everywhere.
    Column("room_id", Key, ForeignKey("rooms.id", ondelete="CASCADE"), index=True),
    Column("by_id", Key, ForeignKey("users.id", ondelete="SET NULL"), index=True),
    Column("reason", String(500), nullable=False, server_default=""),
    Column("created_at", BigInteger, nullable=False),
    # None: until it is lifted.
    Column("until", BigInteger),
    Column("lifted_at", BigInteger),
    Column("shown_at", BigInteger),
    partial("ix_sanctions_open", "kind", "user_id", where="lifted_at IS NULL"),
    sqlite_autoincrement=True,
)

# Networks that nobody may come from, beside the ban of an account.
blocked_networks = Table(
    "blocked_networks",
    metadata,
    Column("network", String(64), primary_key=True),
    Column("sanction_id", Key, ForeignKey("sanctions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("until", BigInteger),
)

reports = Table(
    "reports",
    metadata,
    Column("id", Key, primary_key=True),
    Column("message_id", Key, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("room_id", Key, ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False),
    Column("author_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("reporter_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("reason", String(12), nullable=False),
    Column("comment", String(500), nullable=False, server_default=""),
    # As it was when it was reported.
    Column("html", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("settled_at", BigInteger),
    Column("settled_by", Key, ForeignKey("users.id", ondelete="SET NULL")),
    Column("outcome", String(12)),
    Index(None, "reporter_id", "message_id", unique=True),
    partial("ix_reports_open", "room_id", where="settled_at IS NULL"),
    sqlite_autoincrement=True,
)

# Triggers in both databases refuse to change or to delete a row. Nothing in it leads to another table: what is told of
# outlives what it is told of.
audit = Table(
    "audit",
    metadata,
    Column("id", Key, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("action", String(40), nullable=False),
    # None: from the command line.
    Column("actor_id", BigInteger),
    Column("actor", String(80), nullable=False),
    Column("address", String(64), nullable=False),
    Column("user_id", BigInteger),
    Column("room_id", BigInteger),
    Column("message_id", BigInteger),
    # JSON: names as they were, and what was decided.
    Column("details", Text, nullable=False, server_default="{}"),
    Index(None, "actor_id", "id"),
    Index(None, "user_id", "id"),
    Index(None, "action", "id"),
    sqlite_autoincrement=True,
)
