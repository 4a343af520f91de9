"""Bringing a database to this version's tables, and the values that every server has."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, select, text

from chat.config import Settings
from chat.errors import Refusal
from chat.store import copies
from chat.store.batch import Transaction
from chat.store.db import Store
from chat.store.tables import meta

if TYPE_CHECKING:
    from alembic.config import Config

# The newest file of migrations/versions. Named here so that an ordinary start need not load Alembic.
HEAD = "0021"
NEWER = "This database belongs to a newer version of Hubbub; update Hubbub to use it."


class NewerDatabase(Refusal):
    """The database was written by a newer Hubbub; this one must not touch it."""


def prepare(store: Store) -> None:
    """Migrate if needed, and give a new database its `epoch`. A SQLite file is copied before it is migrated.

    Of several processes that start at once, one does it. Raises `NewerDatabase`, `chat.store.copies.NoCopy`, and
    `ChatError("unavailable")`.
    """
    with store.read() as conn:
        if version(conn) == HEAD:
            return
    with store.alone() as conn:
        # Another process may have been quicker.
        found = version(conn)
        if found is not None and found < HEAD and conn.dialect.name == "sqlite":
            copies.keep(Path(str(conn.engine.url.database)), HEAD)
        upgrade(conn)
        if conn.scalar(select(meta.c.key).where(meta.c.key == "epoch")) is None:
            conn.execute(meta.insert().values(key="epoch", value=new_epoch()))


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The database of a data folder that is there, prepared, until the block ends. Raises what `prepare` does."""
    store = Store(settings)
    try:
        prepare(store)
        yield store
    finally:
        store.close()


def new_epoch() -> str:
    """A name for a history of the database that begins now."""
    return secrets.token_hex(8)


def version(conn: Connection) -> str | None:
    """The migration that the database stands at; None for an empty one."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def readable(conn: Connection) -> str | None:
    """The same, of a database that this version knows. Raises `NewerDatabase`."""
    found = version(conn)
    if found is not None and found > HEAD:
        raise NewerDatabase(NEWER)
    return found


def revisions() -> set[str]:
    """All migrations of this version."""
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade(conn: Connection, revision: str = "head") -> None:
    """Bring the database to a migration, in the transaction of `conn`, beside which nobody else writes.

    Raises `NewerDatabase`.
    """
    from alembic import command
    from alembic.util import CommandError

    config = _config()
    config.attributes["connection"] = conn
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise NewerDatabase(NEWER) from error


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def set_meta(tx: Transaction, key: str, value: str) -> None:
    found = tx.conn.scalar(select(meta.c.key).where(meta.c.key == key))
    if found is None:
        tx.conn.execute(meta.insert().values(key=key, value=value))
    else:
        tx.conn.execute(meta.update().where(meta.c.key == key).values(value=value))
