"""Tables as lines of JSON, one a row, alike on SQLite and PostgreSQL: what backups are made of.

The tables are looked up in the database, not in `tables.py`, so those of an older version can be read and written too.
Of a table of any size, a bounded part is in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Annotated, Any

import msgspec
from sqlalchemy import Connection, MetaData, Table, insert, inspect, select, text

from chat.store.dialects import last_number, set_last_number
from chat.store.tables import derived, metadata

# Rows in memory at once.
MOST = 1000
_INTEGER = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_encoder = msgspec.json.Encoder()


class WrongRows(ValueError):
    """Lines that are not rows of the table; the text says what is wrong."""


def tables_of(conn: Connection) -> list[Table]:
    """Our tables as they are in this database, each after those that it refers to."""
    found = MetaData()
    found.reflect(conn, only=[name for name in inspect(conn).get_table_names() if name in metadata.tables])
    return found.sorted_tables


def drop_derived(conn: Connection) -> None:
    """Drop what is made from our tables, and refers to them."""
    for name in ("search_index", *derived.tables):
        conn.execute(text(f"DROP TABLE IF EXISTS {name}"))


def count(conn: Connection, table: Table) -> int:
    return int(conn.scalar(text(f"SELECT count(*) FROM {table.name}")))  # noqa: S608 - a name of ours


def read(conn: Connection, table: Table) -> Iterator[tuple[bytes, int]]:
    """The table in the order of its key, as (lines, how many these are)."""
    rows = conn.execute(select(table).order_by(*table.primary_key), execution_options={"yield_per": MOST})
    for part in rows.partitions():
        yield _encoder.encode_lines([tuple(row) for row in part]), len(part)


def write(conn: Connection, table: Table, columns: Sequence[str], lines: Iterable[bytes]) -> int:
    """Put lines into an empty table; returns how many. Raises `WrongRows`, and what the database refuses."""
    if sorted(columns) != sorted(column.name for column in table.columns):
        raise WrongRows(f"the table {table.name} has other columns")
    decoder = msgspec.json.Decoder(tuple[tuple(_kind(table, name) for name in columns)])  # type: ignore[misc]
    done = 0
    waiting = iter(lines)
    while part := list(islice(waiting, MOST)):
        try:
            rows = [dict(zip(columns, decoder.decode(line), strict=True)) for line in part]
            conn.execute(insert(table), rows)
        except ValueError as error:
            raise WrongRows(f"the table {table.name} has a row that can't be: {error}") from error
        done += len(part)
    return done


def last(conn: Connection, table: Table) -> int | None:
    """The last number that the table has given to a row, which may be gone; None where it gives none."""
    return last_number(conn, table.name) if _counts(table) else None


def set_last(conn: Connection, table: Table, number: int) -> None:
    """Let the table go on counting behind this number, and behind all that it holds."""
    if _counts(table):
        held: int = conn.scalar(text(f"SELECT max(id) FROM {table.name}")) or 0  # noqa: S608 - a name of ours
        if max(held, number) > 0:
            set_last_number(conn, table.name, max(held, number))


def _counts(table: Table) -> bool:
    return "id" in table.primary_key.columns


def _kind(table: Table, name: str) -> Any:
    column = table.columns[name]
    kind: Any = column.type.python_type
    if kind is int:
        kind = _INTEGER
    return kind | None if column.nullable else kind
