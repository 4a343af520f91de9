"""Sections of one's own in the sidebar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("sections", sa.Text))


def downgrade() -> None:
    op.drop_column("users", "sections")
