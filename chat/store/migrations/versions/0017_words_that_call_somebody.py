"""Words that call somebody beside their name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("words", sa.Text()))
    op.add_column("users", sa.Column("words_rev", sa.BigInteger(), server_default="0", nullable=False))
    chosen = sa.text("words_rev > 0")
    op.create_index("ix_users_words_rev", "users", ["words_rev"], sqlite_where=chosen, postgresql_where=chosen)
    op.add_column("mentions", sa.Column("by_word", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("mentions", "by_word")
    op.drop_index("ix_users_words_rev", "users")
    op.drop_column("users", "words_rev")
    op.drop_column("users", "words")
