"""The tables, in SQLAlchemy Core. Times are milliseconds since 1970, in UTC. Secrets are kept as SHA-256 only.

A room's row holds the two counters that order everything in it: `seq` numbers its messages, `rev` numbers every change.
Each message carries the `rev` of its last change. Those that were only sent are found by their `seq`; an index of
changes would double what each of them costs, so it holds only those that were changed after they were `born`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

# SQLite counts rows by itself only in a column whose type is exactly INTEGER, and gives a deleted row's number away
# again unless told not to (`sqlite_autoincrement`): a new session must never be taken for an ended one.
Key = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

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
    Index(
        "ix_users_status_until",
        "status_until",
        sqlite_where=text("status_until IS NOT NULL"),
        postgresql_where=text("status_until IS NOT NULL"),
    ),
    # `QuietHours` as JSON.
    Column("quiet_hours", Text),
    Column("density", String(16), nullable=False, server_default="comfortable"),
    # How often `saved_messages` of this account has changed.
    Column("saved_rev", BigInteger, nullable=False, server_default="0"),
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

messages = Table(
    "messages",
    metadata,
    Column("id", Key, primary_key=True),
    Column("room_id", Key, ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("rev", BigInteger, nullable=False),
    # The `rev` with which it was sent.
    Column("born", BigInteger, nullable=False, server_default="0"),
    Column("author_id", Key, ForeignKey("users.id"), nullable=False),
    Column("cid", String(64), nullable=False),
    Column("kind", String(16), nullable=False, server_default="text"),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("reply_to", Key, ForeignKey("messages.id")),
    Column("created_at", BigInteger, nullable=False),
    Column("edited_at", BigInteger),
    Column("deleted_at", BigInteger),
    Column("pinned_at", BigInteger),
    # Whom it names, as a JSON list of ids; `mentions` is for counting.
    Column("mentioned", Text),
    Column("call", String(8)),
    Column("happening", Text),
    # What stands in the message of its files, as JSON, so that reading messages asks no other table.
    Column("files", Text),
    # The same of the pages that it links to.
    Column("previews", Text),
    # Who wrote what it answers, if that is somebody else: what answers me is found and counted by it.
    Column("reply_author_id", Key),
    UniqueConstraint("room_id", "seq"),
    # By `cid` first: clients begin it with the time, so what is sent at one time is in one page of the index.
    UniqueConstraint("cid", "author_id"),
    Index(None, "room_id", "rev", sqlite_where=text("rev > born"), postgresql_where=text("rev > born")),
    Index(
        "ix_messages_room_id_pinned_at",
        "room_id",
        "pinned_at",
        sqlite_where=text("pinned_at IS NOT NULL"),
        postgresql_where=text("pinned_at IS NOT NULL"),
    ),
    *(
        Index(
            f"ix_messages_reply_author_id_{columns[-1]}",
            "reply_author_id",
            *columns,
            sqlite_where=text("reply_author_id IS NOT NULL"),
            postgresql_where=text("reply_author_id IS NOT NULL"),
        )
        for columns in (("id",), ("room_id", "seq"))
    ),
    sqlite_autoincrement=True,
)

reactions = Table(
    "reactions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("message_id", Key, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("emoji", String(40), nullable=False),
    UniqueConstraint("message_id", "emoji", "user_id"),
    sqlite_autoincrement=True,
)

# What somebody has saved for later. A later row was saved later.
saved_messages = Table(
    "saved_messages",
    metadata,
    Column("id", Key, primary_key=True),
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", Key, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False, index=True),
    UniqueConstraint("user_id", "message_id"),
    Index(None, "user_id", "id"),
    sqlite_autoincrement=True,
)

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

# Whom each message calls, by its place in the room, so that what is unread of it is counted in one range; and by its
# id, so that the newest of all rooms are found.
mentions = Table(
    "mentions",
    metadata,
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("room_id", Key, ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("message_id", Key, nullable=False, server_default="0"),
    Index("ix_mentions_room_id", "room_id", "seq"),
    Index("ix_mentions_user_id", "user_id", "message_id"),
)

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
    Index(
        "ix_files_created_at",
        "created_at",
        sqlite_where=text("attached_at IS NULL"),
        postgresql_where=text("attached_at IS NULL"),
    ),
    Index(
        "ix_files_dropped_at",
        "dropped_at",
        sqlite_where=text("dropped_at IS NOT NULL"),
        postgresql_where=text("dropped_at IS NOT NULL"),
    ),
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
    Index(
        "ix_link_previews_picture",
        "picture",
        sqlite_where=text("picture IS NOT NULL"),
        postgresql_where=text("picture IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

# Which messages show them.
message_previews = Table(
    "message_previews",
    metadata,
    Column("message_id", Key, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("preview_id", Key, ForeignKey("link_previews.id"), primary_key=True, index=True),
)

# The browsers that take pushes; each ends with its session.
push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("session_id", Key, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("endpoint", Text, nullable=False),
    Column("endpoint_hash", LargeBinary(32), nullable=False, unique=True),
    Column("p256dh", String(100), nullable=False),
    Column("auth", String(40), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

# What is made from the tables above, and can be made again: no backup holds it. The index itself, `search_index`, is of
# another kind in each database, so its migration alone declares it.
derived = MetaData(naming_convention=metadata.naming_convention)

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
