"""`hubbub backup`: the archive is written beside its name and takes it when it is whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.engine import make_url

from chat.backup.archive import CHUNK, FORMAT, BackupError, Manifest, Member, TableMember, Writer, is_plain
from chat.backup.progress import Progress, silent
from chat.config import Settings
from chat.store import Store, rows, schema
from chat.store.copies import sync
from chat.store.dialects import damage
from chat.store.tables import meta
from chat.times import now


class Made(NamedTuple):
    """`size` of the archive in bytes; `missed` are files that were gone when it was their turn."""

    manifest: Manifest
    size: int
    missed: int


def make(settings: Settings, path: Path, *, program: str, force: bool = False, progress: Progress = silent) -> Made:
    """Write a backup to `path`, readable by its owner alone, while a server may be running.

    The database is read in one transaction, so all of it is of one moment, and nobody's writing waits for it. The files
    come after it: what they hold never changes, and one that is newer than the database is known to nobody. `program`
    is this version's name. Raises `BackupError`, `chat.store.schema.NewerDatabase`, `chat.store.claims.InUse` and
    `ChatError("unavailable")`, and then leaves nothing.
    """
    with _writing(path):
        if path.is_dir():
            raise BackupError(f"{path} is a folder; name a file")
        if path.exists() and not force:
            raise BackupError(f"{path} is there already; choose another name, or add --force to replace it")
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        raise _empty()
    store = Store(settings)
    try:
        with _file(path) as file, Writer(file) as writer:
            manifest = _database(store, writer, program, progress)
            missed = _files(settings.data_dir, writer, manifest, progress)
            writer.finish(manifest)
            return Made(manifest, file.tell(), missed)
    finally:
        store.close()


def _empty() -> BackupError:
    return BackupError("There is no database yet, so there is nothing to back up")


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(f"{path} can't be written: {error.strerror}") from error


@contextmanager
def _file(path: Path) -> Iterator[IO[bytes]]:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with _writing(path):
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            sync(path.parent)
        finally:
            part.unlink(missing_ok=True)


def _database(store: Store, writer: Writer, program: str, progress: Progress) -> Manifest:
    with store.read() as conn:
        found = schema.readable(conn)
        if found is None:
            raise _empty()
        began = now()
        wrong = damage(conn)
        if wrong is not None:
            raise BackupError(f"The database is damaged, so this would be no backup: {wrong}")
        epoch = conn.scalar(select(meta.c.value).where(meta.c.key == "epoch")) or ""
        return Manifest(FORMAT, program, found, began, epoch, _tables(conn, writer, progress), [])


def _tables(conn: Connection, writer: Writer, progress: Progress) -> list[TableMember]:
    tables = rows.tables_of(conn)
    members = []
    with progress("Database", sum(rows.count(conn, table) for table in tables)) as advance:
        for table in tables:
            done = 0
            name = f"tables/{table.name}.jsonl"
            with writer.member(name, deflated=True) as file:
                for lines, many in rows.read(conn, table):
                    file.write(lines)
                    done += many
                    advance(many)
            columns = [str(column.name) for column in table.columns]
            last = rows.last(conn, table)
            members.append(TableMember(name, file.size, file.sha256, str(table.name), columns, done, last))
    return members


def _files(data: Path, writer: Writer, manifest: Manifest, progress: Progress) -> int:
    """Adds the uploaded files to the archive and to the manifest; returns how many vanished meanwhile."""
    missed = 0
    found = [path for path in sorted((data / "files").rglob("*")) if path.is_file() and not path.is_symlink()]
    with progress("Files", len(found)) as advance:
        for path in found:
            name = path.relative_to(data).as_posix()
            if not is_plain(name):
                raise BackupError(f"{str(path)!r} has a name that no file of Hubbub has; take it away")
            try:
                source = path.open("rb")
            except FileNotFoundError:
                missed += 1
            except OSError as error:
                raise BackupError(f"{path} can't be read: {error.strerror}") from error
            else:
                with source, writer.member(name, deflated=False) as file:
                    while data_read := source.read(CHUNK):
                        file.write(data_read)
                manifest.files.append(Member(name, file.size, file.sha256))
            advance(1)
    return missed
