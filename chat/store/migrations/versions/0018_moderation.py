"""Sanctions, reports, and the audit log, which is only ever added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chat.store.tables.base import Key

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("banned_until", sa.BigInteger()))
    op.create_table(
        "sanctions",
        sa.Column("id", Key, primary_key=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("user_id", Key, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("room_id", Key, sa.ForeignKey("rooms.id", ondelete="CASCADE"), index=True),
        sa.Column("by_id", Key, sa.ForeignKey("users.id", ondelete="SET NULL"), index=True),
        sa.Column("reason", sa.String(500), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.Column("lifted_at", sa.BigInteger()),
        sa.Column("shown_at", sa.BigInteger()),
        sqlite_autoincrement=True,
    )
    _partial("ix_sanctions_open", "sanctions", ["kind", "user_id"], "lifted_at IS NULL")
    op.create_table(
        "blocked_networks",
        sa.Column("network", sa.String(64), primary_key=True),
        sa.Column("sanction_id", Key, sa.ForeignKey("sanctions.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("until", sa.BigInteger()),
    )
    op.create_table(
        "reports",
        sa.Column("id", Key, primary_key=True),
        sa.Column("message_id", Key, sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("room_id", Key, sa.ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False),
        sa.Column("author_id", Key, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("reporter_id", Key, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("reason", sa.String(12), nullable=False),
        sa.Column("comment", sa.String(500), server_default="", nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("settled_by", Key, sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("outcome", sa.String(12)),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reports_reporter_id_message_id", "reports", ["reporter_id", "message_id"], unique=True)
    _partial("ix_reports_open", "reports", ["room_id"], "settled_at IS NULL")
    op.create_table(
        "audit",
        sa.Column("id", Key, primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.BigInteger()),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("room_id", sa.BigInteger()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("details", sa.Text(), server_default="{}", nullable=False),
        sqlite_autoincrement=True,
    )
    for column in ("actor_id", "user_id", "action"):
        op.create_index(f"ix_audit_{column}_id", "audit", [column, "id"])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER audit_no_{act} BEFORE {act.upper()} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END"
            )
    else:
        # A restored backup makes the tables anew, where the function has stayed.
        op.execute(
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log is only ever added to'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP TRIGGER audit_no_change ON audit")
        op.execute("DROP FUNCTION audit_refuse()")
    for table in ("audit", "reports", "blocked_networks", "sanctions"):
        op.drop_table(table)
    op.drop_column("users", "banned_until")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    open_ones = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=open_ones, postgresql_where=open_ones)
