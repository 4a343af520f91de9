"""The index that makes a repeated `cid` one message is ordered by `cid`, not by author.

Clients begin it with the time, so the messages of one moment meet in one page of the index instead of one for each
author, which is a page less to log for a message.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BY_AUTHOR, BY_CID = "uq_messages_author_id_cid", "uq_messages_cid_author_id"


def upgrade() -> None:
    _replace(BY_AUTHOR, BY_CID, ["cid", "author_id"])


def downgrade() -> None:
    _replace(BY_CID, BY_AUTHOR, ["author_id", "cid"])


def _replace(old: str, new: str, columns: list[str]) -> None:
    # SQLite makes the table anew for this, and would forget what was not reflected.
    with op.batch_alter_table("messages", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(old, type_="unique")
        table.create_unique_constraint(new, columns)
