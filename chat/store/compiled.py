"""Statements that Core states and the driver's own cursor carries out.

For what a busy server does thousands of times a second: there SQLAlchemy Core takes several times as long for a
statement as the database does. Each is compiled once for each kind of database, in Core's own words for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import Executable


class Compiled:
    """One statement. `names` are those of its `bindparam`s, in the order in which values are given."""

    __slots__ = ("_names", "_of", "_statement")

    def __init__(self, statement: Executable, *names: str) -> None:
        self._statement = statement
        self._names = names
        self._of: dict[str, tuple[str, Callable[[Sequence[Any]], Sequence[Any]]]] = {}

    def on(self, dialect: Dialect) -> tuple[str, Callable[[Sequence[Any]], Sequence[Any]]]:
        """The statement in the words of this kind of database, and what makes what its driver takes of the values."""
        found = self._of.get(dialect.name)
        if found is None:
            found = self._of[dialect.name] = self._compile(dialect)
        return found

    def text(self, dialect: Dialect) -> str:
        """The statement, whose values the driver takes as they are. Raises `ValueError` where that is not so."""
        text, order = self.on(dialect)
        if order is not _as_given:
            raise ValueError(f"the values stand in another order: {self._names}")
        return text

    def rows(self, conn: Connection, *values: Any) -> list[Any]:
        """What a query finds, as tuples; in the transaction of `conn`, or one of its own where none has begun."""
        text, order = self.on(conn.dialect)
        cursor = conn.connection.cursor()
        try:
            cursor.execute(text, order(values))
            return list(cursor.fetchall())
        except conn.dialect.loaded_dbapi.Error as error:
            raise translated(error, text, conn, cursor) from error

    def prepared(self, name: str) -> tuple[str, str, Callable[[Sequence[Any]], Sequence[Any]]]:
        """On PostgreSQL: what prepares the statement under a name, what executes it, and what makes its values."""
        kind: Any = postgresql.dialect
        dialect = kind(paramstyle="numeric_dollar")
        compiled: Any = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        marks = ", ".join(["%s"] * len(compiled.positiontup))
        return f"PREPARE {name} AS {compiled}", f"EXECUTE {name} ({marks})", self._order(compiled.positiontup)

    def _compile(self, dialect: Dialect) -> tuple[str, Callable[[Sequence[Any]], Sequence[Any]]]:
        kind: Any = type(dialect)
        style = kind(paramstyle="qmark" if dialect.name == "sqlite" else "format")
        compiled: Any = self._statement.compile(dialect=style)  # type: ignore[attr-defined]
        if tuple(compiled.positiontup) == self._names:
            return str(compiled), _as_given
        if set(compiled.positiontup) == set(self._names):
            return str(compiled), self._order(compiled.positiontup)
        # Core has put values of its own between, such as those of a LIMIT.
        own = {name: compiled.params[name] for name in compiled.positiontup if name not in self._names}

        def order(values: Sequence[Any]) -> Sequence[Any]:
            every = own | dict(zip(self._names, values, strict=True))
            return [every[name] for name in compiled.positiontup]

        return str(compiled), order

    def _order(self, names: Sequence[str]) -> Callable[[Sequence[Any]], Sequence[Any]]:
        return itemgetter(*(self._names.index(name) for name in names))


def _as_given(values: Sequence[Any]) -> Sequence[Any]:
    return values


def translated(error: Exception, text: str, conn: Connection, cursor: Any) -> BaseException:
    """What Core would raise in place of a driver's error; as there, a connection that is gone is given up."""
    dialect = conn.dialect
    if dialect.is_disconnect(error, conn.connection.driver_connection, cursor):  # type: ignore[arg-type]
        conn.invalidate(error)
    return DBAPIError.instance(text, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect)
