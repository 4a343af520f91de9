"""Bringing a database to this version's tables, and the values that every server has."""

from __future__ import annotations

import secrets
from pathlib import Path

from sqlalchemy import Connection, inspect, select, text

from chat.store.batch import Transaction
from chat.store.db import Store
from chat.store.tables import meta

# The newest file of migrations/versions. Named here so that an ordinary start need not load Alembic.
HEAD = "0003"


class NewerDatabase(RuntimeError):
    """The database was written by a newer Hubbub; this one must not touch it."""


def prepare(store: Store) -> None:
    """Migrate if needed, and give a new database its `epoch`.

    Of several processes that start at once, one does it. Raises `NewerDatabase`, and `ChatError("unavailable")`.
    """
    with store.read() as conn:
        if version(conn) == HEAD:
            return
    with store.alone() as conn:
        _migrate(conn)
        if conn.scalar(select(meta.c.key).where(meta.c.key == "epoch")) is None:
            conn.execute(meta.insert().values(key="epoch", value=secrets.token_hex(8)))


def version(conn: Connection) -> str | None:
    """The migration that the database stands at; None for an empty one."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _migrate(conn: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = conn
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise NewerDatabase("This database belongs to a newer version of Hubbub; update Hubbub to use it.") from error


def set_meta(tx: Transaction, key: str, value: str) -> None:
    found = tx.conn.scalar(select(meta.c.key).where(meta.c.key == key))
    if found is None:
        tx.conn.execute(meta.insert().values(key=key, value=value))
    else:
        tx.conn.execute(meta.update().where(meta.c.key == key).values(value=value))
