"""Emoji of the server's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chat.store.tables.base import Key

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "custom_emoji",
        sa.Column("id", Key, primary_key=True),
        sa.Column("name", sa.String(32), nullable=False, unique=True),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", Key, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_custom_emoji_digest", "custom_emoji", ["digest"])


def downgrade() -> None:
    op.drop_table("custom_emoji")
