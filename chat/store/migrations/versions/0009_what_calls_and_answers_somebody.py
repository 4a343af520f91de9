"""What calls or answers somebody is found among all rooms, the newest first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chat.store.tables.base import Key

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ANSWERS = sa.text("reply_author_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("messages", sa.Column("reply_author_id", Key))
    # A deleted message answers nobody; its `reply_to` is gone too.
    op.execute(
        "UPDATE messages SET reply_author_id = (SELECT answered.author_id FROM messages AS answered "
        "WHERE answered.id = messages.reply_to AND answered.author_id <> messages.author_id) "
        "WHERE reply_to IS NOT NULL"
    )
    for name, columns in (("id", ["id"]), ("seq", ["room_id", "seq"])):
        op.create_index(
            f"ix_messages_reply_author_id_{name}",
            "messages",
            ["reply_author_id", *columns],
            sqlite_where=ANSWERS,
            postgresql_where=ANSWERS,
        )
    op.add_column("mentions", sa.Column("message_id", Key, server_default="0", nullable=False))
    op.execute(
        "UPDATE mentions SET message_id = (SELECT messages.id FROM messages "
        "WHERE messages.room_id = mentions.room_id AND messages.seq = mentions.seq)"
    )
    op.create_index("ix_mentions_user_id", "mentions", ["user_id", "message_id"])


def downgrade() -> None:
    op.drop_index("ix_mentions_user_id", "mentions")
    op.drop_column("mentions", "message_id")
    for name in ("id", "seq"):
        op.drop_index(f"ix_messages_reply_author_id_{name}", "messages")
    op.drop_column("messages", "reply_author_id")
