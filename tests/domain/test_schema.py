"""Migrations: what a fresh and a newer database get, and who makes the tables when two start at once."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, DefaultClause, UniqueConstraint, inspect, text
from sqlalchemy.exc import IntegrityError

from chat import accounts, history, messages, rooms
from chat.config import Settings
from chat.events.messages import MessageSend
from chat.events.objects import Head
from chat.events.reading import RoomSync
from chat.store import Store, schema
from chat.store.tables import derived, metadata
from tests.domain.support import together

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "chat" / "store" / "migrations"


@pytest.fixture
def open_bare(tmp_path: Path, bare_database_url: str) -> Iterator[Callable[[], Store]]:
    """A store on a database that has no tables yet; a second call is a second process."""
    made: list[Store] = []

    def make() -> Store:
        made.append(Store(Settings(data_dir=tmp_path, database_url=bare_database_url)))
        return made[-1]

    yield make
    for store in made:
        store.close()


def default_of(column: Column[Any]) -> str | None:
    default = column.server_default
    return str(default.arg) if isinstance(default, DefaultClause) else None


def plain(default: str | None) -> str | None:
    """A default as the program has it, where each database shows it in its own manner."""
    return default and default.partition("::")[0].strip("'").replace("false", "0")


def is_declared(name: str | None, kind: str, _parents: Any) -> bool:
    """The index for searching is of another kind in each database, and SQLite keeps it in tables of its own."""
    return kind != "table" or not (name or "").startswith("search_index")


def test_a_fresh_database_has_the_tables_of_the_program(open_bare: Callable[[], Store]) -> None:
    store = open_bare()
    schema.prepare(store)
    with store.read() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "include_name": is_declared})
        assert compare_metadata(context, [metadata, derived]) == []  # type: ignore[arg-type]
        found = inspect(conn)
        for table in (*metadata.sorted_tables, *derived.sorted_tables):
            defaults = {c["name"]: plain(c["default"]) for c in found.get_columns(table.name) if c["name"] != "id"}
            assert defaults == {c.name: plain(default_of(c)) for c in table.columns if c.name != "id"}, table.name
            unique = {tuple(sorted(u["column_names"])) for u in found.get_unique_constraints(table.name)}
            wanted = {
                tuple(sorted(column.name for column in constraint.columns))
                for constraint in table.constraints
                if isinstance(constraint, UniqueConstraint)
            }
            assert unique == wanted, table.name


def test_numbers_are_never_given_twice(open_bare: Callable[[], Store]) -> None:
    """An ended session's number must not become another's."""
    store = open_bare()
    schema.prepare(store)
    accounts.create_owner(store, server_name="Sample", username="ada", name="Ada", password="correct horse")

    def again(tx: Any) -> list[int]:
        insert = (
            "INSERT INTO sessions (user_id, secret_hash, user_agent, address, created_at, last_seen_at, expires_at) "
        )
        made = []
        for number in range(2):
            value = f"VALUES (1, '{number}', '', '', 0, 0, 0) RETURNING id"
            made.append(tx.conn.scalar(text(insert + value)))
            tx.conn.execute(text("DELETE FROM sessions"))
        return made

    first, second = store.write(again)
    assert second > first


def test_the_constant_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


def test_a_database_of_the_first_version_keeps_all(open_bare: Callable[[], Store]) -> None:
    old = open_bare()
    with old.alone() as conn:
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.attributes["connection"] = conn
        command.upgrade(config, "0001")
        ada = "(username, username_key, name, name_key, role, created_at) VALUES ('a', 'a', 'A', 'a', 'owner', 0)"
        for statement in (
            f"INSERT INTO users {ada}",
            "INSERT INTO rooms (kind, name, name_key, seq, rev, created_at) VALUES ('public', 'r', 'r', 3, 5, 0)",
            "INSERT INTO memberships (room_id, user_id, role, joined_at) VALUES (1, 1, 'owner', 0)",
        ):
            conn.execute(text(statement))
        for seq, rev in ((1, 1), (2, 3), (3, 5)):
            values = f"VALUES (1, {seq}, {rev}, 1, 'c{seq}', 't', 'h', 0)"
            columns = "(room_id, seq, rev, author_id, cid, text, html, created_at)"
            conn.execute(text(f"INSERT INTO messages {columns} {values}"))
    store = open_bare()
    schema.prepare(store)
    actor = accounts.by_username(store, "a")
    assert [m.rev for m in history.sync(store, actor, RoomSync(1, 1)).messages or []] == [3, 5]
    with store.read() as conn:
        (room,) = rooms.of_user(conn, actor.user)
    assert (room.member_count, room.unread, room.head) == (1, 0, Head(3, 5))
    assert messages.send(store, actor, MessageSend(1, "c4", "t")).message.rev == 6
    again = messages.send(store, actor, MessageSend(1, "c2", "t"))
    assert (again.duplicate, again.message.seq) == (True, 2)


def test_preparing_twice_changes_nothing(open_bare: Callable[[], Store]) -> None:
    store = open_bare()
    schema.prepare(store)
    epoch = store.meta("epoch")
    assert epoch
    schema.prepare(store)
    assert store.meta("epoch") == store.epoch == epoch


def test_several_processes_that_start_at_once_agree(open_bare: Callable[[], Store]) -> None:
    stores = [open_bare() for _ in range(4)]
    assert together(*(lambda s=s: schema.prepare(s) for s in stores)) == [None] * 4
    assert len({store.epoch for store in stores}) == 1


def test_a_newer_database_is_refused_and_left_alone(open_bare: Callable[[], Store]) -> None:
    store = open_bare()
    schema.prepare(store)
    store.write(lambda tx: tx.conn.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(schema.NewerDatabase, match="newer version"):
        schema.prepare(open_bare())
    with store.read() as conn:
        assert schema.version(conn) == "9999"


def test_what_refers_to_a_row_is_still_checked_after_migrating(open_bare: Callable[[], Store]) -> None:
    store = open_bare()
    schema.prepare(store)
    with pytest.raises(IntegrityError):
        store.write(
            lambda tx: tx.conn.execute(
                text("INSERT INTO tokens (user_id, name, secret_hash, created_at) VALUES (9, '', 'x', 0)")
            )
        )


def test_a_migration_that_fails_leaves_nothing(open_bare: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("power cut")

    store = open_bare()
    monkeypatch.setattr("chat.store.schema.secrets.token_hex", fail)
    with pytest.raises(RuntimeError):
        schema.prepare(store)
    with store.read() as conn:
        assert inspect(conn).get_table_names() == []
    monkeypatch.undo()
    schema.prepare(store)
    assert store.epoch


def test_an_ordinary_start_loads_no_alembic(open_bare: Callable[[], Store]) -> None:
    store = open_bare()
    schema.prepare(store)
    settings = store.settings
    program = (
        "import sys; from pathlib import Path; from chat.config import Settings; from chat.store import Store, schema\n"
        "store = Store(Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[2])); schema.prepare(store)\n"
        "assert 'alembic' not in sys.modules"
    )
    words = [str(settings.data_dir), settings.database_url]
    subprocess.run([sys.executable, "-c", program, *words], check=True, cwd=ROOT)


def test_the_file_is_its_owners_alone_in_a_folder_that_all_may_read(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    store = Store(Settings(data_dir=tmp_path))
    schema.prepare(store)
    made = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    store.close()
    assert made == {"hubbub.db": 0o600, "hubbub.db-wal": 0o600, "hubbub.db-shm": 0o600}
