"""The browsers that take pushes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chat.store.tables.base import Key

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "push_subscriptions",
        sa.Column("id", Key, primary_key=True),
        sa.Column("user_id", Key, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("session_id", Key, sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("endpoint_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("p256dh", sa.String(100), nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("endpoint_hash"),
        sqlite_autoincrement=True,
    )
    for column in ("user_id", "session_id"):
        op.create_index(f"ix_push_subscriptions_{column}", "push_subscriptions", [column])


def downgrade() -> None:
    op.drop_table("push_subscriptions")
