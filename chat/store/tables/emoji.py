"""Emoji of the server's own."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table

from chat.store.tables.base import Key, metadata

# Emoji of the server's own, with their pictures: a few KB each.
custom_emoji = Table(
    "custom_emoji",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(32), nullable=False, unique=True),
    Column("digest", String(32), nullable=False, index=True),
    Column("type", String(32), nullable=False),
    Column("picture", LargeBinary, nullable=False),
    Column("created_by", Key, ForeignKey("users.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
