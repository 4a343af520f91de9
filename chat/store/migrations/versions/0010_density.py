"""How closely things stand on somebody's pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("density", sa.String(16), server_default="comfortable", nullable=False))


def downgrade() -> None:
    op.drop_column("users", "density")
