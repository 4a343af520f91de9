"""Accounts, and what lets somebody in as one of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, LargeBinary, String, Table, Text, false

from chat.store.tables.base import Key, metadata, partial

users = Table(
    "users",
    metadata,
    Column("id", Key, primary_key=True),
    Column("username", String(40), nullable=False),
    Column("username_key", Text, nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("name_key", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(200)),
    Column("avatar", String(200)),
    Column("status", String(16), nullable=False, server_default="online"),
    Column("status_text", String(100), nullable=False, server_default=""),
    Column("status_emoji", String(40), nullable=False, server_default=""),
    # When the status ends by itself.
    Column("status_until", BigInteger),
    Column("about", String(200), nullable=False, server_default=""),
    Column("time_zone", String(64)),
    Column("language", String(16)),
    Column("theme", String(8), nullable=False, server_default="auto"),
    Column("created_at", BigInteger, nullable=False),
    Column("deactivated_at", BigInteger),
    # `sanctions.FOREVER` until the ban is lifted.
    Column("banned_until", BigInteger),
    partial("ix_users_status_until", "status_until", where="status_until IS NOT NULL"),
    # `QuietHours` as JSON.
    Column("quiet_hours", Text),
    Column("density", String(16), nullable=False, server_default="comfortable"),
    # `Section`s of the sidebar as JSON.
    Column("sections", Text),
    # How often `saved_messages` of this account has changed.
    Column("saved_rev", BigInteger, nullable=False, server_default="0"),
    # The same of `scheduled_messages`.
    Column("scheduled_rev", BigInteger, nullable=False, server_default="0"),
    # What calls this account beside its name, as a JSON list, and how often that has changed.
    Column("words", Text),
    Column("words_rev", BigInteger, nullable=False, server_default="0"),
    # Whether this account answers visitors of web sites.
    Column("helps", Boolean, nullable=False, server_default=false()),
    partial("ix_users_words_rev", "words_rev", where="words_rev > 0"),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("secret_hash", LargeBinary(32), nullable=False, unique=True),
    Column("user_agent", String(300), nullable=False),
    Column("address", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

password_resets = Table(
    "password_resets",
    metadata,
    # One link at a time.
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("secret_hash", LargeBinary(32), nullable=False, unique=True),
    Column("expires_at", BigInteger, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Key, primary_key=True),
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("secret_hash", LargeBinary(32), nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("last_used_at", BigInteger),
    sqlite_autoincrement=True,
)
