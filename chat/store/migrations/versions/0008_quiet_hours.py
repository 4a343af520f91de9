"""Quiet hours; in public rooms one is told of what calls one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("quiet_hours", sa.Text()))
    # Before there were notifications, nobody was told of anything: what stood there was the default and no choice.
    op.execute(
        "UPDATE memberships SET involvement = 'mentions' WHERE involvement = 'everything'"
        " AND room_id IN (SELECT id FROM rooms WHERE kind = 'public')"
    )


def downgrade() -> None:
    op.drop_column("users", "quiet_hours")
