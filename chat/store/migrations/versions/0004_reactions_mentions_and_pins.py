"""What can be done with a message beside sending it, and what members keep of a room for themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chat.store.tables.base import Key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PINNED = sa.text("pinned_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("messages", sa.Column("pinned_at", sa.BigInteger()))
    op.add_column("messages", sa.Column("mentioned", sa.Text()))
    op.add_column("messages", sa.Column("call", sa.String(8)))
    op.add_column("messages", sa.Column("happening", sa.Text()))
    op.create_index(
        "ix_messages_room_id_pinned_at",
        "messages",
        ["room_id", "pinned_at"],
        sqlite_where=PINNED,
        postgresql_where=PINNED,
    )
    op.add_column("memberships", sa.Column("starred", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("memberships", sa.Column("spoke_at", sa.BigInteger()))
    op.add_column("rooms", sa.Column("direct_key", sa.String(200)))
    op.create_index("uq_rooms_direct_key", "rooms", ["direct_key"], unique=True)
    op.create_table(
        "reactions",
        sa.Column("id", Key, primary_key=True),
        sa.Column("message_id", Key, sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
        sa.Column("user_id", Key, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("emoji", sa.String(40), nullable=False),
        sa.UniqueConstraint("message_id", "emoji", "user_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "mentions",
        sa.Column("user_id", Key, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("room_id", Key, sa.ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True),
    )
    op.create_index("ix_mentions_room_id", "mentions", ["room_id", "seq"])


def downgrade() -> None:
    op.drop_table("mentions")
    op.drop_table("reactions")
    op.drop_index("uq_rooms_direct_key", "rooms")
    op.drop_column("rooms", "direct_key")
    op.drop_column("memberships", "spoke_at")
    op.drop_column("memberships", "starred")
    op.drop_index("ix_messages_room_id_pinned_at", "messages")
    for column in ("happening", "call", "mentioned", "pinned_at"):
        op.drop_column("messages", column)
