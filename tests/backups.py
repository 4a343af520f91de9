"""What tests of backups share: databases full of everything, and archives that somebody has changed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Table, select

from chat import folders
from chat.config import Settings
from chat.store import Store, schema
from chat.store.tables import metadata

ROWS = 12
TEXTS = (
    "",
    "plain",
    "陈晨 – 你好",
    "🏳️‍🌈 e\u0301 \u2028",
    "'; DROP TABLE users; --",
    'a "quoted"\\ text\n\ttwo lines\r\n',
    "null",
    "x" * 5000,
)
BYTES = (b"", bytes(range(256)), b"\x00", b"\xff\xfe")

Rows = dict[str, list[tuple[Any, ...]]]
# Changes the manifest and the members, by name, of an archive.
Change = Callable[[dict[str, Any], dict[str, bytes]], object]


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The database as another process sees it."""
    folders.prepare(settings)
    with schema.opened(settings) as store:
        yield store


def everything(settings: Settings, *, epoch: bool = False) -> Rows:
    """All rows of all tables, with or without the epoch."""
    with opened(settings) as store, store.read() as conn:
        found = {table.name: [tuple(row) for row in conn.execute(_in_order(table))] for table in metadata.sorted_tables}
    if not epoch:
        found["meta"] = [row for row in found["meta"] if row[0] != "epoch"]
    return found


def _in_order(table: Table) -> Any:
    return select(table).order_by(*table.primary_key)


def fill(store: Store) -> None:
    """Rows in every table, with every kind of value in every column that can hold it. A new table is filled too."""
    made: dict[str, list[dict[str, Any]]] = {}

    def work(tx: Any) -> None:
        for table in metadata.sorted_tables:
            rows: list[dict[str, Any]] = []
            made[table.name] = rows
            for number in range(1, ROWS + 1):
                rows.append({column.name: _value(column, number, made) for column in table.columns})
                tx.conn.execute(table.insert(), rows[-1])
        # The numbers of these are gone, and are not to be given again.
        tx.conn.execute(metadata.tables["sessions"].delete().where(metadata.tables["sessions"].c.id > 20))

    store.write(work)


def _value(column: Column[Any], number: int, made: dict[str, list[dict[str, Any]]]) -> Any:
    table = column.table.name
    if column.foreign_keys:
        (key,) = column.foreign_keys
        parents = made[key.column.table.name][: number - 1 if key.column.table.name == table else None]
        if column.nullable and (number % 3 == 0 or not parents):
            return None
        return parents[number % len(parents)][key.column.name]
    if column.nullable and number % 3 == 0:
        return None
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if isinstance(column.type, Integer):
        # Keys have holes, and other numbers are up to what browsers count exactly.
        wide = (0, 1, -1, 2**31 - 1) if type(column.type) is Integer else (0, 1, -1, 2**53 - 1, 2**63 - 1)
        return number * 3 if column.primary_key or column.name == "seq" else wide[number % len(wide)]
    if isinstance(column.type, LargeBinary):
        return bytes([number]) + BYTES[number % len(BYTES)]
    assert isinstance(column.type, String), f"this test knows no value for {column}"
    return f"{number}{TEXTS[number % len(TEXTS)]}"[: column.type.length]


def rewrite(path: Path, change: Change) -> None:
    """Change an archive, as somebody would who knows how it is made. Digests and sizes are left as they were."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(manifest, members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(manifest))


def resign(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    """Let sizes and digests fit again."""
    for entry in [*manifest["tables"], *manifest["files"]]:
        data = members[entry["name"]]
        entry.update(size=len(data), sha256=sha256(data).hexdigest())


def table(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in manifest["tables"] if entry["table"] == name)
    return found
