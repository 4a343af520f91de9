"""What the tables are made with."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, text

# SQLite counts rows by itself only in a column whose type is exactly INTEGER, and gives a deleted row's number away
# again unless told not to (`sqlite_autoincrement`): a new session must never be taken for an ended one.
Key = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# What is made from the other tables, and can be made again: no backup holds it.
derived = MetaData(naming_convention=metadata.naming_convention)


def partial(name: str | None, *columns: str, where: str) -> Index:
    """An index of the rows alone of which `where`, in SQL, is true. Without a name it has that of its columns."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
