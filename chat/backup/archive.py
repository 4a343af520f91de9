"""The file: a ZIP archive, whose `manifest.json` says what it holds.

    manifest.json        `Manifest`, written last
    tables/NAME.jsonl    a table, one row a line (`chat.store.rows`)
    files/...            what people have uploaded, as it lies in the data folder

ZIP, because members whose size is not known yet can be written straight into it (tar wants the size first, so each
table would need a temporary file), each can be read without those before it, and every system has a program for it.
Tables are deflated; files mostly are compressed already and are stored as they are.

What is read is not trusted. Sizes and SHA-256 show what was damaged; names, kinds and sizes are checked against an
archive that was made to do harm. The digests are no signature: who can change an archive can change these too.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Annotated, Self

import msgspec

from chat.backup.progress import Progress
from chat.errors import Refusal

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20
# The longest line of a table and the largest manifest, in bytes: far beyond what this program writes.
LONGEST_LINE = 64 << 20
LARGEST_MANIFEST = 64 << 20
MOST_MEMBERS = 5_000_000

Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class BackupError(Refusal):
    """Why there is no backup, or nothing was restored."""


class Member(msgspec.Struct):
    """`name` is the whole name in the archive, `size` in bytes, `sha256` in hex."""

    name: str
    size: Count
    sha256: str


class TableMember(Member):
    """`columns` is the order within a line, `last` the last number given to a row, if the table counts its rows."""

    table: Annotated[str, msgspec.Meta(pattern="^[a-z_]{1,63}$")]
    columns: list[str]
    rows: Count
    last: Count | None


class Manifest(msgspec.Struct):
    """`schema` is the migration that the tables stood at, `made_at` in milliseconds since 1970."""

    format: int
    hubbub: str
    schema: Annotated[str, msgspec.Meta(pattern="^[0-9]{4}$")]
    made_at: Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_999)]
    epoch: str
    tables: list[TableMember]
    files: list[Member]

    @property
    def members(self) -> list[Member]:
        return [*self.tables, *self.files]

    def rows(self, table: str) -> int:
        return sum(member.rows for member in self.tables if member.table == table)


class _Format(msgspec.Struct):
    format: int


class Summed:
    """A file that counts and digests what is written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self.size += len(data)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Writer:
    """An archive in the making; `finish` makes it whole, and without it what was written is none."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", allowZip64=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Otherwise it would be closed when it is collected, after the file below it. What went wrong is known already.
        with suppress(OSError):
            self._zip.close()

    @contextmanager
    def member(self, name: str, *, deflated: bool) -> Iterator[Summed]:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
        info.external_attr = (stat.S_IFREG | 0o600) << 16
        with self._zip.open(info, "w", force_zip64=True) as file:
            yield Summed(file)

    def finish(self, manifest: Manifest) -> None:
        with self.member(MANIFEST, deflated=True) as file:
            file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        self._zip.close()


class Reader:
    """An archive whose table of contents was checked. `verify` checks what it holds; nothing is to be used before."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self._zip = archive
        self._infos = {info.filename: info for info in archive.infolist()}
        if len(self._infos) != len(archive.infolist()) or len(self._infos) > MOST_MEMBERS:
            raise _damaged(path, "it holds something twice, or too much")
        self.manifest = self._manifest()
        self._check_names()

    def verify(self, progress: Progress) -> None:
        """Read everything once. Raises `BackupError` unless it is what the manifest says."""
        with progress("Checking", sum(member.size for member in self.manifest.members)) as advance:
            for member in self.manifest.members:
                digest, size = hashlib.sha256(), 0
                for data in self.chunks(member):
                    digest.update(data)
                    size += len(data)
                    advance(len(data))
                if size != member.size or digest.hexdigest() != member.sha256:
                    raise _damaged(self.path, f"{member.name} is not what it was")

    def chunks(self, member: Member) -> Iterator[bytes]:
        """A member's content in parts, never more than its size."""
        with _reading(self.path), self._zip.open(self._infos[member.name]) as file:
            left = member.size
            while left and (data := file.read(min(CHUNK, left))):
                left -= len(data)
                yield data

    def lines(self, member: Member) -> Iterator[bytes]:
        with _reading(self.path), io.BufferedReader(self._zip.open(self._infos[member.name]), CHUNK) as file:  # type: ignore[type-var]
            while line := file.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    raise _damaged(self.path, f"{member.name} has a line without an end")
                yield line

    def _manifest(self) -> Manifest:
        info = self._infos.get(MANIFEST)
        if info is None:
            raise BackupError(f"{self.path} is no backup of Hubbub: it has no {MANIFEST}")
        self._check_kind(info)
        if info.file_size > LARGEST_MANIFEST:
            raise _damaged(self.path, f"{MANIFEST} is too large")
        with _reading(self.path), self._zip.open(info) as file:
            data = file.read(LARGEST_MANIFEST + 1)
        try:
            if msgspec.json.decode(data, type=_Format).format > FORMAT:
                raise BackupError(f"{self.path} was made by a newer version of Hubbub; update Hubbub to restore it")
            return msgspec.json.decode(data, type=Manifest)
        except ValueError as error:
            raise _damaged(self.path, f"{MANIFEST} can't be read: {error}") from error

    def _check_names(self) -> None:
        expected = {MANIFEST}
        for table in self.manifest.tables:
            if table.name != f"tables/{table.table}.jsonl":
                raise _damaged(self.path, f"{table.name!r} is no name of a table")
        for file in self.manifest.files:
            if not is_plain(file.name):
                raise _damaged(self.path, f"{file.name!r} is no name of a file")
        for member in self.manifest.members:
            info = self._infos.get(member.name)
            if info is None or member.name in expected:
                raise _damaged(self.path, f"{member.name} is missing, or listed twice")
            expected.add(member.name)
            self._check_kind(info)
            if info.file_size != member.size:
                raise _damaged(self.path, f"{member.name} has another size than {MANIFEST} says")
        foreign = sorted(set(self._infos) - expected)
        if foreign:
            raise _damaged(self.path, f"{foreign[0]!r} does not belong there")

    def _check_kind(self, info: zipfile.ZipInfo) -> None:
        # Of an archive made elsewhere, the kind is 0.
        plain = stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG) and not info.is_dir()
        if not plain or info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged(self.path, f"{info.filename!r} is no plain file")


def is_plain(name: str) -> bool:
    """Whether a member's name leads to a file in the folder of uploads, and nowhere else."""
    top, *parts = name.split("/")
    return top == "files" and bool(parts) and name.isprintable() and all(map(_is_plain_part, parts))


def _is_plain_part(part: str) -> bool:
    return part not in ("", ".", "..") and "\\" not in part and len(part.encode("utf-8", "replace")) <= 255


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Open an archive to read. Raises `BackupError` for one that is none, is damaged, or is too new."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupError(f"{path} can't be read: {error.strerror}") from error
    with file:
        with _reading(path):
            whole = zipfile.is_zipfile(file)
        if not whole:
            raise BackupError(f"{path} is no backup of Hubbub, or its end is missing")
        with _reading(path):
            archive = zipfile.ZipFile(file)
        with archive:
            yield Reader(path, archive)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """What the standard library raises for an archive that is not as it should be becomes `BackupError`."""
    try:
        yield
    except OSError as error:
        raise BackupError(f"{path} can't be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError) as error:
        raise _damaged(path, re.sub(r"\s+", " ", str(error))) from error


def _damaged(path: Path, text: str) -> BackupError:
    return BackupError(f"{path} is damaged: {text}")
