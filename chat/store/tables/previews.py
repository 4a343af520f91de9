"""What pages say of themselves, and which messages show it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, String, Table, Text

from chat.store.tables.base import Key, metadata, partial

# What pages that messages link to have said of themselves. Without a title there was nothing to be said. `picture`
# names the bytes in the storage. Another look at an address makes another row: messages go on having the earlier one.
link_previews = Table(
    "link_previews",
    metadata,
    Column("id", Key, primary_key=True),
    Column("url_hash", LargeBinary(32), nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text),
    Column("text", Text, nullable=False, server_default=""),
    Column("site", Text, nullable=False, server_default=""),
    Column("picture", String(32)),
    Column("fetched_at", BigInteger, nullable=False),
    Index(None, "url_hash", "fetched_at"),
    Index(None, "fetched_at"),
    partial("ix_link_previews_picture", "picture", where="picture IS NOT NULL"),
    sqlite_autoincrement=True,
)

# Which messages show them.
message_previews = Table(
    "message_previews",
    metadata,
    Column("message_id", Key, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("preview_id", Key, ForeignKey("link_previews.id"), primary_key=True, index=True),
)
