"""Rooms, who is in them, and the links that invite."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, false

from chat.store.tables.base import Key, metadata

rooms = Table(
    "rooms",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(80), nullable=False),
    # A private room's name is nobody else's business, so only public names are unique.
    Column("name_key", Text, nullable=False, index=True),
    Column("public_key", Text, unique=True),
    Column("topic", String(500), nullable=False, server_default=""),
    Column("seq", BigInteger, nullable=False, server_default="0"),
    Column("rev", BigInteger, nullable=False, server_default="0"),
    Column("own_rev", BigInteger, nullable=False, server_default="0"),
    Column("slow_mode", Integer, nullable=False, server_default="0"),
    Column("member_count", Integer, nullable=False, server_default="0"),
    Column("archived_at", BigInteger),
    Column("created_by", Key, ForeignKey("users.id")),
    Column("created_at", BigInteger, nullable=False),
    # Days after which what is said is deleted; 0 for never, none for the server's own word. All up to `kept_from`, a
    # message's `seq`, is deleted already.
    Column("keep_days", Integer),
    Column("kept_from", BigInteger, nullable=False, server_default="0"),
    # The people of a direct conversation, so that the same people have one.
    Column("direct_key", String(200)),
    Index("uq_rooms_direct_key", "direct_key", unique=True),
    sqlite_autoincrement=True,
)

memberships = Table(
    "memberships",
    metadata,
    Column("room_id", Key, ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("involvement", String(16), nullable=False, server_default="everything"),
    Column("last_read", BigInteger, nullable=False, server_default="0"),
    Column("joined_at", BigInteger, nullable=False),
    Column("starred", Boolean, nullable=False, server_default=false()),
    # Kept in slow mode alone.
    Column("spoke_at", BigInteger),
    Index(None, "user_id", "room_id"),
)

invites = Table(
    "invites",
    metadata,
    Column("id", Key, primary_key=True),
    Column("secret_hash", LargeBinary(32), nullable=False, unique=True),
    Column("created_by", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("room_id", Key, ForeignKey("rooms.id", ondelete="CASCADE")),
    Column("uses_left", Integer, nullable=False),
    Column("uses", Integer, nullable=False, server_default="0"),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked", Boolean, nullable=False, server_default=false()),
    sqlite_autoincrement=True,
)
