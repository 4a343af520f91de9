"""What the log may say of the database's trouble: enough to act on, and nothing of what is kept in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from structlog.testing import capture_logs

from chat.errors import ChatError
from chat.store import Store
from chat.store.dialects import open_engine, trouble

MARK = "ZanzibarMarzipan"


def raised(store: Store, statement: str, *values: Any) -> SQLAlchemyError:
    engine = open_engine(store.settings.database, writer=True, kept=False)
    with pytest.raises(SQLAlchemyError) as caught, engine.begin() as conn:
        conn.exec_driver_sql(statement, values)
    return caught.value


@pytest.mark.parametrize(
    "statement",
    [
        f"SELECT '{MARK}' FROM no_such_table",
        f"SELEKT '{MARK}'",
        f'SELECT "{MARK}" (',
        f"INSERT INTO meta (key, value) VALUES ('{MARK}', ''), ('{MARK}', '')",
        f"INSERT INTO rooms (id) VALUES ('{MARK}')",
    ],
)
def test_no_value_is_repeated(store: Store, statement: str) -> None:
    said = trouble(raised(store, statement))
    assert "Error" in said or "Violation" in said or "Undefined" in said or "Invalid" in said
    assert MARK not in said


def test_core_adds_no_values_to_what_the_driver_says(store: Store) -> None:
    """PostgreSQL quotes the statement itself, so the driver's sentence is not for the log either."""
    mark = "%s" if store.readers.dialect.name == "postgresql" else "?"
    error = raised(store, f"INSERT INTO no_such_table VALUES ({mark})", MARK)
    assert "parameters hidden" in str(error)
    assert MARK not in trouble(error)


def test_trouble_with_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "diary.db").write_text("a diary " * 1000)
    engine = create_engine(f"sqlite:///{tmp_path / 'diary.db'}")
    with pytest.raises(DBAPIError) as caught, engine.connect() as conn:
        conn.exec_driver_sql("SELECT * FROM meta")
    assert trouble(caught.value) == "DatabaseError: file is not a database"


def test_trouble_with_the_connection_is_told() -> None:
    pytest.importorskip("psycopg2")
    engine = open_engine("postgresql://ada:sesame@127.0.0.1:1/x", writer=False, kept=False)
    with pytest.raises(DBAPIError) as caught:
        engine.connect()
    said = trouble(caught.value)
    assert said.startswith("OperationalError: ")
    assert "refused" in said
    assert "sesame" not in said


def test_what_the_store_logs(store: Store) -> None:
    def work(tx: Any) -> None:
        tx.conn.exec_driver_sql(f"INSERT INTO no_such_table VALUES ('{MARK}')")

    with capture_logs() as lines, pytest.raises((ChatError, SQLAlchemyError)):
        store.write(work)
    assert MARK not in repr(lines)
