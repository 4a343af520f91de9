"""Messages, and what people make of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint, false

from chat.store.tables.base import Key, metadata, partial

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
    partial(None, "room_id", "rev", where="rev > born"),
    partial("ix_messages_room_id_pinned_at", "room_id", "pinned_at", where="pinned_at IS NOT NULL"),
    partial("ix_messages_reply_author_id_id", "reply_author_id", "id", where="reply_author_id IS NOT NULL"),
    partial(
        "ix_messages_reply_author_id_seq", "reply_author_id", "room_id", "seq", where="reply_author_id IS NOT NULL"
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

# Whom each message calls, by its place in the room, so that what is unread of it is counted in one range; and by its
# id, so that the newest of all rooms are found.
mentions = Table(
    "mentions",
    metadata,
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("room_id", Key, ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("message_id", Key, nullable=False, server_default="0"),
    # A word of theirs calls them, and nothing that others see.
    Column("by_word", Boolean, nullable=False, server_default=false()),
    Index("ix_mentions_room_id", "room_id", "seq"),
    Index("ix_mentions_user_id", "user_id", "message_id"),
)

# What somebody has saved for later. A later row was saved later.
#
# With a reminder, `reminder` says what became of it: it is "waiting" for its time, "due", or "seen" and not done.
saved_messages = Table(
    "saved_messages",
    metadata,
    Column("id", Key, primary_key=True),
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", Key, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("remind_at", BigInteger),
    Column("reminder", String(8)),
    UniqueConstraint("user_id", "message_id"),
    Index(None, "user_id", "id"),
    partial(None, "remind_at", where="reminder = 'waiting'"),
    sqlite_autoincrement=True,
)

# What somebody has written to be sent at `send_at`. It is looked at next at `due_at`, which what was refused (`error`,
# as JSON) has no more; whoever sends it has it from `claimed_at` on, and until `due_at` alone.
scheduled_messages = Table(
    "scheduled_messages",
    metadata,
    Column("id", Key, primary_key=True),
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("room_id", Key, ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False, index=True),
    # That of the message, so that it is sent once.
    Column("cid", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("reply_to", Key, ForeignKey("messages.id", ondelete="SET NULL"), index=True),
    Column("send_at", BigInteger, nullable=False),
    Column("due_at", BigInteger),
    Column("claimed_at", BigInteger),
    Column("error", Text),
    UniqueConstraint("user_id", "cid"),
    partial(None, "due_at", where="due_at IS NOT NULL"),
    sqlite_autoincrement=True,
)
