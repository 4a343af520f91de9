"""Live help: the web sites with a window, their visitors, and what has become of each conversation."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from chat.store.tables.base import Key, metadata, partial

help_sites = Table(
    "help_sites",
    metadata,
    Column("id", Key, primary_key=True),
    # Stands in the web site's pages, for all to see.
    Column("key", String(32), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    # The origins that may frame the window, as a JSON list.
    Column("origins", Text, nullable=False),
    # `Look` as JSON.
    Column("look", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    sqlite_autoincrement=True,
)

# Whoever has written in a window is an account in the role `visitor`, known by a secret instead of a session.
help_visitors = Table(
    "help_visitors",
    metadata,
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("site_id", Key, ForeignKey("help_sites.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("secret_hash", LargeBinary(32), nullable=False, unique=True),
    Column("email", String(200), nullable=False, server_default=""),
    Column("created_at", BigInteger, nullable=False),
)

# Beside the room, whose members are the visitor and who has answered.
help_conversations = Table(
    "help_conversations",
    metadata,
    Column("room_id", Key, ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    Column("site_id", Key, ForeignKey("help_sites.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("visitor_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    # waiting, open or resolved.
    Column("state", String(10), nullable=False),
    Column("agent_id", Key, ForeignKey("users.id", ondelete="SET NULL")),
    Column("opened_at", BigInteger, nullable=False),
    # Since the visitor's first word that nobody has answered.
    Column("waiting_since", BigInteger),
    # How long the first answer took.
    Column("answered_after", BigInteger),
    Column("said_at", BigInteger, nullable=False),
    Column("resolved_at", BigInteger),
    Column("rating", Integer),
    Column("comment", String(500), nullable=False, server_default=""),
    # Where the visitor was when it began, and with what.
    Column("page", String(500), nullable=False, server_default=""),
    Column("browser", String(300), nullable=False, server_default=""),
    Column("language", String(16), nullable=False, server_default=""),
    partial("ix_help_conversations_unresolved", "state", "said_at", where="state <> 'resolved'"),
)

help_answers = Table(
    "help_answers",
    metadata,
    Column("id", Key, primary_key=True),
    # What is typed behind the `/`.
    Column("short", String(40), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("by_id", Key, ForeignKey("users.id", ondelete="SET NULL")),
    sqlite_autoincrement=True,
)
