"""`hubbub restore`: everything is checked and made beside what is there, which is replaced at the very end."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError

from chat import folders
from chat.backup.archive import BackupError, Manifest, Reader, opened
from chat.backup.progress import Progress, silent
from chat.config import Settings
from chat.store import rows, schema
from chat.store.claims import Claim
from chat.store.copies import sync
from chat.store.dialects import alone, broken_references, open_engine
from chat.store.tables import meta, users

# A database of SQLite in the making takes this many times the size of its lines: pages, indexes and the log.
ROOM = 3


class Restored(NamedTuple):
    """What is there now, and what was there before, under the names that it has now."""

    manifest: Manifest
    kept: list[Path]


def restore(settings: Settings, path: Path, *, force: bool = False, progress: Progress = silent) -> Restored:
    """Put what a backup holds in the place of the database and of the uploaded files, under a new epoch.

    Where there are accounts already, `force` is needed. A SQLite file and the folder of files are then kept under other
    names; on PostgreSQL the tables are replaced in one transaction, with nothing kept. Raises `BackupError`,
    `chat.store.schema.NewerDatabase`, `chat.store.claims.InUse` and `chat.config.SettingsError`, and then has changed
    nothing.
    """
    url = make_url(settings.database)
    with opened(path) as archive, _refusals(), ExitStack() as stack:
        _check_schema(archive)
        _check_room(archive, settings, sqlite=url.get_backend_name() == "sqlite")
        archive.verify(progress)
        folders.prepare(settings)
        claim = Claim(settings.data_dir, alone=True)
        stack.callback(claim.release)
        occupied = _occupied(settings.database)
        if occupied and not force:
            raise BackupError(f"{occupied}; add --force to replace it")
        into = _into_sqlite if url.get_backend_name() == "sqlite" else _into_postgresql
        return Restored(archive.manifest, into(archive, settings.data_dir, url, bool(occupied), progress))


@contextmanager
def _refusals() -> Iterator[None]:
    """What the disk and the database refuse, in one line."""
    try:
        yield
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        raise BackupError(f"Nothing was restored: {name}{error.strerror or error}") from error
    except SQLAlchemyError as error:
        said, *_ = str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__]
        raise BackupError(f"Nothing was restored; the database says: {said}") from error


def _check_schema(archive: Reader) -> None:
    found = archive.manifest.schema
    if found > schema.HEAD:
        raise BackupError(f"{archive.path} was made by a newer version of Hubbub; update Hubbub to restore it")
    if found not in schema.revisions():
        raise BackupError(f"{archive.path} is damaged: no version of Hubbub had the tables {found}")


def _check_room(archive: Reader, settings: Settings, *, sqlite: bool) -> None:
    """The sizes are the archive's own word, but one that says too much is not worth reading."""
    wanted = sum(member.size for member in archive.manifest.files)
    if sqlite:
        wanted += ROOM * sum(member.size for member in archive.manifest.tables)
    folder = settings.data_dir.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if wanted > free:
        raise BackupError(f"{archive.path} needs {wanted >> 20:,} MiB in {folder}, where {free >> 20:,} MiB are free")


def _occupied(database: str) -> str:
    """What would be lost, as the beginning of a sentence; an empty text where that is nothing."""
    url = make_url(database)
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and not Path(str(url.database)).exists():
        return ""
    engine = open_engine(database, writer=False)
    try:
        with engine.connect() as conn:
            if schema.version(conn) is None:
                return ""
            accounts = conn.scalar(select(func.count()).select_from(users)) or 0
            some = f"{accounts:,} account{'' if accounts == 1 else 's'}"
            return f"There is a database with {some} already" if accounts else ""
    except OperationalError:
        raise
    except DatabaseError:
        if not sqlite:
            raise
        return f"There is a database already that can't be read ({url.database})"
    finally:
        engine.dispose()


def _fill(conn: Connection, archive: Reader, progress: Progress) -> None:
    """Make the tables as they were, fill them, and bring them to this version."""
    manifest = archive.manifest
    schema.upgrade(conn, manifest.schema)
    members = {member.table: member for member in manifest.tables}
    tables = rows.tables_of(conn)
    if sorted(member.table for member in manifest.tables) != sorted(table.name for table in tables):
        raise BackupError(f"{archive.path} is damaged: these are not all the tables")
    with progress("Database", sum(member.size for member in manifest.tables)) as advance:

        def counted(lines: Iterator[bytes]) -> Iterator[bytes]:
            for line in lines:
                yield line
                advance(len(line))

        try:
            for table in tables:
                member = members[table.name]
                done = rows.write(conn, table, member.columns, counted(archive.lines(member)))
                if done != member.rows:
                    raise rows.WrongRows(f"the table {table.name} has another number of rows")
                rows.set_last(conn, table, member.last or 0)
        except rows.WrongRows as error:
            raise BackupError(f"{archive.path} is damaged: {error}") from error
    broken = broken_references(conn)
    if broken is not None:
        raise BackupError(f"{archive.path} is damaged: a row of {broken} refers to one that is not there")
    schema.upgrade(conn)
    conn.execute(meta.delete().where(meta.c.key == "epoch"))
    conn.execute(meta.insert().values(key="epoch", value=schema.new_epoch()))


def _into_sqlite(archive: Reader, data: Path, url: URL, occupied: bool, progress: Progress) -> list[Path]:
    target = Path(str(url.database))
    made = target.with_name(f"{target.name}.restoring")
    try:
        _remove(made)
        _build(archive, url.set(database=str(made)), progress)
        sync(made)
        with _files_in_place(archive, data, progress) as kept:
            if target.exists():
                whole = _at_rest(target)
                if occupied:
                    kept.insert(0, _second_name(target))
                if not whole:
                    _put_log_aside(target, kept)
            made.replace(target)
            # It is in its place, whatever is still to come.
            with suppress(OSError):
                sync(target.parent)
            return kept
    finally:
        _remove(made)


def _build(archive: Reader, url: URL, progress: Progress) -> None:
    engine = open_engine(url.render_as_string(hide_password=False), writer=True)
    try:
        with alone(engine) as conn:
            _fill(conn, archive, progress)
    finally:
        engine.dispose()
    _at_rest(Path(str(url.database)))


def _at_rest(database: Path) -> bool:
    """Put into the file what stands in its log, and let the log go; False for a file that is damaged.

    Raises `BackupError` where anybody else has the file open.
    """
    try:
        with closing(sqlite3.connect(database)) as conn:
            (mode,) = conn.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise BackupError(f"{database} can't be replaced while it is in use: {error}") from error
    except sqlite3.DatabaseError:
        return False
    if mode != "delete":
        raise BackupError(f"{database} can't be replaced while it is in use")
    return True


def _second_name(path: Path) -> Path:
    """Another name for what will be replaced; until then it has both, so there is no moment without a database."""
    other = _aside(path)
    try:
        os.link(path, other)
    except OSError:
        # This file system gives a file one name only.
        path.rename(other)
    return other


def _put_log_aside(database: Path, kept: list[Path]) -> None:
    """The log of a damaged database belongs to it, and must not be taken for the new one's."""
    log = database.with_name(f"{database.name}-wal")
    if log.exists():
        kept.append(log.rename(_aside(log)))
    database.with_name(f"{database.name}-shm").unlink(missing_ok=True)


def _into_postgresql(archive: Reader, data: Path, url: URL, _occupied: bool, progress: Progress) -> list[Path]:
    engine = open_engine(url.render_as_string(hide_password=False), writer=True)
    try:
        with ExitStack() as stack, alone(engine) as conn:
            # Whoever uses the tables is a server that still runs, perhaps on another machine.
            conn.execute(text("SET LOCAL lock_timeout = '10s'"))
            # Tables that a newer version has added would stay.
            schema.readable(conn)
            rows.drop_derived(conn)
            for table in reversed(rows.tables_of(conn)):
                table.drop(conn)
            conn.execute(text("DROP TABLE IF EXISTS alembic_version"))
            _fill(conn, archive, progress)
            # Outlives the transaction: what keeps that from its commit takes the files back too.
            return stack.enter_context(_files_in_place(archive, data, progress))
    finally:
        engine.dispose()


@contextmanager
def _files_in_place(archive: Reader, data: Path, progress: Progress) -> Iterator[list[Path]]:
    """The archive's files take the place of those that are there, which get another name: it is yielded, in a list.

    What fails inside undoes it.
    """
    place, made = data / "files", data / "files.restoring"
    members = archive.manifest.files
    moved: Path | None = None
    placed = False
    try:
        shutil.rmtree(made, ignore_errors=True)
        with progress("Files", sum(member.size for member in members)) as advance:
            for member in members:
                path = made.joinpath(*member.name.split("/")[1:])
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as file:
                    for part in archive.chunks(member):
                        file.write(part)
                        advance(len(part))
                    file.flush()
                    os.fsync(file.fileno())
        if place.is_dir() and any(place.iterdir()):
            moved = place.rename(_aside(place))
        if members:
            with suppress(FileNotFoundError):
                place.rmdir()
            made.rename(place)
            placed = True
        sync(data)
        yield [] if moved is None else [moved]
    except BaseException:
        if placed:
            shutil.rmtree(place, ignore_errors=True)
        if moved is not None:
            moved.rename(place)
        raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _aside(path: Path) -> Path:
    """A name for what is replaced that nothing has yet."""
    name = f"{path.name}.replaced-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
    number = 1
    found = path.with_name(name)
    while found.exists():
        number += 1
        found = path.with_name(f"{name}-{number}")
    return found


def _remove(database: Path) -> None:
    """Remove a SQLite file that nobody has open, with what SQLite keeps beside it."""
    for ending in ("-wal", "-shm", "-journal", ""):
        database.with_name(f"{database.name}{ending}").unlink(missing_ok=True)
