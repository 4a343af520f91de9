"""The index for searching. It is made from the messages by a running server, so it begins empty."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chat.store.tables.base import Key

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_heads",
        sa.Column("room_id", Key, sa.ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "search_days",
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        # Tokens hold no ASCII signs but "_". Ranks, which would need the lengths of texts, are not asked for.
        tokenize = """tokenize="ascii tokenchars '_'\""""
        op.execute(f"CREATE VIRTUAL TABLE search_index USING fts5(tokens, {tokenize}, columnsize=0)")
    else:
        op.execute("CREATE TABLE search_index (message_id bigint PRIMARY KEY, tokens tsvector NOT NULL)")
        # Without a list of what is not sorted in yet, which every search would read.
        op.execute("CREATE INDEX ix_search_index_tokens ON search_index USING gin (tokens) WITH (fastupdate = off)")


def downgrade() -> None:
    for table in ("search_index", "search_days", "search_heads"):
        op.execute(f"DROP TABLE {table}")
