"""What people say of themselves: a status with an emoji and an end, a few lines, their time zone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ENDS = sa.text("status_until IS NOT NULL")


def upgrade() -> None:
    op.add_column("users", sa.Column("status_emoji", sa.String(40), server_default="", nullable=False))
    op.add_column("users", sa.Column("status_until", sa.BigInteger()))
    op.add_column("users", sa.Column("about", sa.String(200), server_default="", nullable=False))
    op.add_column("users", sa.Column("time_zone", sa.String(64)))
    op.create_index("ix_users_status_until", "users", ["status_until"], sqlite_where=ENDS, postgresql_where=ENDS)


def downgrade() -> None:
    op.drop_index("ix_users_status_until", "users")
    for column in ("time_zone", "about", "status_until", "status_emoji"):
        op.drop_column("users", column)
