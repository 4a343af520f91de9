"""What somebody has saved for later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chat.store.tables.base import Key

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_messages",
        sa.Column("id", Key, primary_key=True),
        sa.Column("user_id", Key, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("message_id", Key, sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
        sa.UniqueConstraint("user_id", "message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_saved_messages_message_id", "saved_messages", ["message_id"])
    op.create_index("ix_saved_messages_user_id_id", "saved_messages", ["user_id", "id"])
    op.add_column("users", sa.Column("saved_rev", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("users", "saved_rev")
    op.drop_table("saved_messages")
