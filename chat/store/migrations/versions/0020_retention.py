"""For how long a room keeps what is said, and how far what was older has been deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("keep_days", sa.Integer()))
    op.add_column("rooms", sa.Column("kept_from", sa.BigInteger(), server_default="0", nullable=False))
