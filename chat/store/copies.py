"""Copies of a SQLite file that are kept from before its tables are changed: the way back to the version before."""

from __future__ import annotations

import glob
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from chat.errors import Refusal

KEPT = 2
# What the disk must have left beside the copy, in bytes: a migration writes too.
SPARE = 16 << 20


class NoCopy(Refusal):
    """The copy can't be made, so the tables were left as they were."""


def keep(database: Path, revision: str) -> Path:
    """Copy the database to `NAME.before-REVISION` beside it, for its owner alone; the oldest copies go.

    Nobody may write meanwhile. Raises `NoCopy`, with nothing left behind.
    """
    kept = database.with_name(f"{database.name}.before-{revision}")
    part = database.with_name(f"{kept.name}.part")
    try:
        with closing(sqlite3.connect(database.absolute().as_uri() + "?mode=ro", uri=True)) as source:
            _check_room(source, kept)
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            with closing(sqlite3.connect(part)) as target:
                source.backup(target)
                # One file, whose name may be changed.
                target.execute("PRAGMA journal_mode=DELETE")
        sync(part)
        part.replace(kept)
        sync(kept.parent)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise NoCopy(f"The tables must be updated, and {kept} can't be made before: {reason}") from error
    finally:
        part.unlink(missing_ok=True)
    _forget_the_oldest(database, kept)
    return kept


def sync(path: Path) -> None:
    """Return when the disk has the file, or the names in the folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_room(source: sqlite3.Connection, kept: Path) -> None:
    pages, size = (source.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    wanted = pages * size + SPARE
    free = shutil.disk_usage(kept.parent).free
    if free < wanted:
        raise NoCopy(
            f"The tables must be updated, and {kept} must be made before, which needs {wanted >> 20} MiB where"
            f" {free >> 20} MiB are free; make room there and start again"
        )


def _forget_the_oldest(database: Path, made: Path) -> None:
    """The one just made stays, whatever the clock says."""
    others = set(database.parent.glob(f"{glob.escape(database.name)}.before-[0-9]*")) - {made}
    for path in sorted(others, key=lambda path: path.stat().st_mtime_ns)[: 1 - KEPT]:
        path.unlink(missing_ok=True)
