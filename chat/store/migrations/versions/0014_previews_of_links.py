"""Previews of the pages that messages link to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chat.store.tables.base import Key

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("previews", sa.Text()))
    op.create_table(
        "link_previews",
        sa.Column("id", Key, primary_key=True),
        sa.Column("url_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False, server_default=""),
        sa.Column("site", sa.Text(), nullable=False, server_default=""),
        sa.Column("picture", sa.String(32)),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_link_previews_url_hash_fetched_at", "link_previews", ["url_hash", "fetched_at"])
    op.create_index("ix_link_previews_fetched_at", "link_previews", ["fetched_at"])
    there = sa.text("picture IS NOT NULL")
    op.create_index(
        "ix_link_previews_picture", "link_previews", ["picture"], sqlite_where=there, postgresql_where=there
    )
    op.create_table(
        "message_previews",
        sa.Column("message_id", Key, sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("preview_id", Key, sa.ForeignKey("link_previews.id"), primary_key=True),
    )
    op.create_index("ix_message_previews_preview_id", "message_previews", ["preview_id"])


def downgrade() -> None:
    op.drop_table("message_previews")
    op.drop_table("link_previews")
    op.drop_column("messages", "previews")
