"""Messages that are to be sent later, and reminders of messages that were saved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chat.store.tables.base import Key

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("saved_messages", sa.Column("remind_at", sa.BigInteger()))
    op.add_column("saved_messages", sa.Column("reminder", sa.String(8)))
    waiting = sa.text("reminder = 'waiting'")
    op.create_index(
        "ix_saved_messages_remind_at", "saved_messages", ["remind_at"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_table(
        "scheduled_messages",
        sa.Column("id", Key, primary_key=True),
        sa.Column("user_id", Key, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("room_id", Key, sa.ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("cid", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply_to", Key, sa.ForeignKey("messages.id", ondelete="SET NULL"), index=True),
        sa.Column("send_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("claimed_at", sa.BigInteger()),
        sa.Column("error", sa.Text()),
        sa.UniqueConstraint("user_id", "cid"),
        sqlite_autoincrement=True,
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_scheduled_messages_due_at", "scheduled_messages", ["due_at"], sqlite_where=due, postgresql_where=due
    )
    op.add_column("users", sa.Column("scheduled_rev", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("users", "scheduled_rev")
    op.drop_table("scheduled_messages")
    op.drop_index("ix_saved_messages_remind_at", "saved_messages")
    op.drop_column("saved_messages", "reminder")
    op.drop_column("saved_messages", "remind_at")
