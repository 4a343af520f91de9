"""Live help: sites, visitors, conversations, canned answers, and who answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chat.store.tables.base import Key

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("helps", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "help_sites",
        sa.Column("id", Key, primary_key=True),
        sa.Column("key", sa.String(32), nullable=False, unique=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.Column("look", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger()),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "help_visitors",
        sa.Column("user_id", Key, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
        _site(),
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("email", sa.String(200), nullable=False, server_default=""),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "help_conversations",
        sa.Column("room_id", Key, sa.ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
        _site(),
        sa.Column("visitor_id", Key, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("agent_id", Key, sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("waiting_since", sa.BigInteger()),
        sa.Column("answered_after", sa.BigInteger()),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("resolved_at", sa.BigInteger()),
        sa.Column("rating", sa.Integer()),
        sa.Column("comment", sa.String(500), nullable=False, server_default=""),
        sa.Column("page", sa.String(500), nullable=False, server_default=""),
        sa.Column("browser", sa.String(300), nullable=False, server_default=""),
        sa.Column("language", sa.String(16), nullable=False, server_default=""),
    )
    unresolved = sa.text("state <> 'resolved'")
    op.create_index(
        "ix_help_conversations_unresolved",
        "help_conversations",
        ["state", "said_at"],
        sqlite_where=unresolved,
        postgresql_where=unresolved,
    )
    op.create_table(
        "help_answers",
        sa.Column("id", Key, primary_key=True),
        sa.Column("short", sa.String(40), nullable=False, unique=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", Key, sa.ForeignKey("users.id", ondelete="SET NULL")),
        sqlite_autoincrement=True,
    )


def _site() -> sa.Column[int]:
    return sa.Column("site_id", Key, sa.ForeignKey("help_sites.id", ondelete="CASCADE"), nullable=False, index=True)
