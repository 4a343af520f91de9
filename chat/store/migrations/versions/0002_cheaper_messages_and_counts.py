"""Only messages that were changed stand in the index of changes; a room's row counts its members."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CHANGED = sa.text("rev > born")


def upgrade() -> None:
    op.add_column("messages", sa.Column("born", sa.BigInteger(), server_default="0", nullable=False))
    # Before this version, no command changed a message.
    op.execute("UPDATE messages SET born = rev")
    op.drop_index("ix_messages_room_id_rev", "messages")
    op.create_index(
        "ix_messages_room_id_rev",
        "messages",
        ["room_id", "rev"],
        sqlite_where=CHANGED,
        postgresql_where=CHANGED,
    )
    op.add_column("rooms", sa.Column("member_count", sa.Integer(), server_default="0", nullable=False))
    op.execute(
        "UPDATE rooms SET member_count = (SELECT count(*) FROM memberships WHERE memberships.room_id = rooms.id)"
    )


def downgrade() -> None:
    op.drop_column("rooms", "member_count")
    op.drop_index("ix_messages_room_id_rev", "messages")
    op.create_index("ix_messages_room_id_rev", "messages", ["room_id", "rev"])
    op.drop_column("messages", "born")
