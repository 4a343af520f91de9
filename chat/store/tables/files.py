"""Files, and which messages have them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table

from chat.store.tables.base import Key, metadata, partial

# What people have uploaded. `key` names the bytes in the storage; `stored` counts them, with those of the thumbnail. A
# file is nobody's business but its owner's until a message has it (`attached_at`), and gone for all with `dropped_at`,
# after which its bytes and its row go.
files = Table(
    "files",
    metadata,
    Column("id", Key, primary_key=True),
    Column("owner_id", Key, ForeignKey("users.id"), nullable=False, index=True),
    Column("key", String(140), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("type", String(100), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("stored", BigInteger, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("thumb_size", Integer),
    Column("created_at", BigInteger, nullable=False),
    Column("attached_at", BigInteger),
    Column("dropped_at", BigInteger),
    partial("ix_files_created_at", "created_at", where="attached_at IS NULL"),
    partial("ix_files_dropped_at", "dropped_at", where="dropped_at IS NOT NULL"),
    sqlite_autoincrement=True,
)

# Which message has which files. The room stands here too, for the list of its files and for who may read one.
attachments = Table(
    "attachments",
    metadata,
    Column("id", Key, primary_key=True),
    Column("file_id", Key, ForeignKey("files.id"), nullable=False, index=True),
    Column("message_id", Key, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("room_id", Key, ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Index(None, "room_id", "id"),
    sqlite_autoincrement=True,
)

# The bytes that each account's files take; under 0, those of all.
file_usage = Table(
    "file_usage",
    metadata,
    Column("user_id", Key, primary_key=True, autoincrement=False),
    Column("bytes", BigInteger, nullable=False),
)
