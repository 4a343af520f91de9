"""Files, which messages have them, and how much they take."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chat.store.tables.base import Key

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FREE, DROPPED = sa.text("attached_at IS NULL"), sa.text("dropped_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("messages", sa.Column("files", sa.Text()))
    op.create_table(
        "files",
        sa.Column("id", Key, primary_key=True),
        sa.Column("owner_id", Key, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("key", sa.String(140), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("stored", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("thumb_size", sa.Integer()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("attached_at", sa.BigInteger()),
        sa.Column("dropped_at", sa.BigInteger()),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_files_owner_id", "files", ["owner_id"])
    op.create_index("ix_files_created_at", "files", ["created_at"], sqlite_where=FREE, postgresql_where=FREE)
    op.create_index("ix_files_dropped_at", "files", ["dropped_at"], sqlite_where=DROPPED, postgresql_where=DROPPED)
    op.create_table(
        "attachments",
        sa.Column("id", Key, primary_key=True),
        sa.Column("file_id", Key, sa.ForeignKey("files.id"), nullable=False),
        sa.Column("message_id", Key, sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
        sa.Column("room_id", Key, sa.ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attachments_file_id", "attachments", ["file_id"])
    op.create_index("ix_attachments_message_id", "attachments", ["message_id"])
    op.create_index("ix_attachments_room_id_id", "attachments", ["room_id", "id"])
    op.create_table(
        "file_usage",
        sa.Column("user_id", Key, primary_key=True, autoincrement=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    for table in ("file_usage", "attachments", "files"):
        op.drop_table(table)
    op.drop_column("messages", "files")
