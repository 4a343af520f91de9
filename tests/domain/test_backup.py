"""Backups: what comes back is what was there, from either kind of database to either."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from chat import accounts, audit, backup, messages, search
from chat.backup import BackupError
from chat.config import Settings
from chat.errors import ChatError
from chat.events.messages import MessageSend
from chat.events.moderation import AuditList
from chat.events.reading import Search
from chat.search import Follower
from chat.store import Store, rows, schema
from chat.store.claims import Claim, InUse
from chat.store.tables import derived, metadata
from tests import databases
from tests.backups import Rows, everything, fill, opened, resign, rewrite, table

Make = Callable[[str, str], Settings]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Settings with a data folder of their own and a new, empty database."""
    with ExitStack() as stack:

        def make(name: str, kind: str) -> Settings:
            url = "" if kind == "sqlite" else stack.enter_context(databases.new_postgres())
            return Settings(data_dir=tmp_path / name, database_url=url)

        yield make


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "backup.zip"


def put(settings: Settings, name: str, data: bytes) -> Path:
    path = settings.data_dir / "files" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def files(settings: Settings) -> dict[str, bytes]:
    top = settings.data_dir / "files"
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()}


@pytest.mark.parametrize("to", databases.KINDS)
@pytest.mark.parametrize("of", databases.KINDS)
def test_every_column_of_every_table_comes_back(make: Make, archive: Path, of: str, to: str) -> None:
    source, target = make("source", of), make("target", to)
    with opened(source) as store:
        fill(store)
        before = store.epoch
    wanted = everything(source)
    assert all(wanted.values()), "every table is to be tested"
    done = backup.make(source, archive, program="1.2.3")
    assert (done.manifest.epoch, done.manifest.hubbub, done.missed) == (before, "1.2.3", 0)
    restored = backup.restore(target, archive)
    assert (restored.manifest, restored.kept) == (done.manifest, [])
    assert everything(target) == wanted == everything(source)
    with opened(target) as store:
        assert store.epoch not in (before, "")
        with store.read() as conn:
            assert schema.version(conn) == schema.HEAD
            # It is held to what the tables declare.
            found = inspect(conn)
            for one in metadata.sorted_tables:
                assert {index["name"] for index in found.get_indexes(one.name)} >= {i.name for i in one.indexes}


@pytest.mark.parametrize("to", databases.KINDS)
@pytest.mark.parametrize("of", databases.KINDS)
def test_numbers_are_not_given_again(make: Make, archive: Path, of: str, to: str) -> None:
    source, target = make("source", of), make("target", to)
    values = "VALUES ('a', 'a', 'A', 'a', 'member', 0) RETURNING id"
    insert = text(f"INSERT INTO users (username, username_key, name, name_key, role, created_at) {values}")

    def again(tx: Any) -> int:
        number: int = tx.conn.scalar(insert)
        tx.conn.execute(text("DELETE FROM users"))
        return number

    with opened(source) as store:
        assert [store.write(again) for _ in range(3)] == [1, 2, 3]
    backup.make(source, archive, program="x")
    backup.restore(target, archive)
    with opened(target) as store:
        assert store.write(again) == 4


@pytest.mark.parametrize("kind", databases.KINDS)
def test_a_large_table_is_never_in_memory_at_once(
    make: Make, archive: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST", 7)
    source, target = make("source", kind), make("target", kind)
    with opened(source) as store:
        fill(store)
        with store.read() as conn:
            (users,) = [one for one in rows.tables_of(conn) if one.name == "users"]
            assert [many for _, many in rows.read(conn, users)] == [7, 5]
    backup.make(source, archive, program="x")
    backup.restore(target, archive)
    assert everything(target) == everything(source)


@pytest.mark.parametrize("kind", databases.KINDS)
def test_a_database_of_an_older_version(make: Make, archive: Path, kind: str) -> None:
    source, target = make("source", kind), make("target", kind)
    source.data_dir.mkdir()
    old = Store(source)
    ada = "(username, username_key, name, name_key, role, created_at) VALUES ('a', 'a', 'A', 'a', 'owner', 0)"
    with old.alone() as conn:
        schema.upgrade(conn, "0001")
        for statement in (
            "INSERT INTO meta VALUES ('epoch', 'old'), ('server_name', 'S')",
            f"INSERT INTO users {ada}",
            "INSERT INTO rooms (kind, name, name_key, seq, rev, created_at) VALUES ('public', 'r', 'r', 3, 5, 0)",
            "INSERT INTO memberships (room_id, user_id, role, joined_at) VALUES (1, 1, 'owner', 0)",
        ):
            conn.execute(text(statement))
    old.close()
    assert backup.make(source, archive, program="x").manifest.schema == "0001"
    old = Store(source)
    with old.read() as conn:
        assert schema.version(conn) == "0001", "a backup migrates nothing"
    old.close()
    backup.restore(target, archive)
    found = everything(target)
    (room,) = found["rooms"]
    assert room[metadata.tables["rooms"].columns.keys().index("member_count")] == 1


def test_every_table_that_ever_was_is_known(tmp_path: Path) -> None:
    """Else a backup of an older database would leave one out."""
    for revision in sorted(schema.revisions()):
        store = Store(Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/{revision}.db"))
        with store.alone() as conn:
            schema.upgrade(conn, revision)
            there = {name for name in inspect(conn).get_table_names() if not name.startswith("sqlite_")}
            made = {name for name in there if name in derived.tables or name.startswith("search_index")}
            assert there - made - {"alembic_version"} == {one.name for one in rows.tables_of(conn)}
        store.close()


@pytest.mark.parametrize("to", databases.KINDS)
@pytest.mark.parametrize("of", databases.KINDS)
def test_what_was_said_can_be_searched_again(make: Make, archive: Path, of: str, to: str) -> None:
    """The index is in no backup, and what was indexed before is not mixed with what was restored."""
    source, target = make("source", of), make("target", to)

    def found(store: Store, query: str) -> list[str]:
        return [hit.message.text for hit in search.find(store, accounts.by_username(store, "ada"), Search(query)).hits]

    for settings, line in ((source, "the old line"), (target, "another line")):
        with opened(settings) as store:
            accounts.create_owner(store, server_name="S", username="ada", name="Ada", password="correct horse battery")
            messages.send(store, accounts.by_username(store, "ada"), MessageSend(1, "c", line))
            Follower(store).beat()
            assert found(store, "line") == [line]
    made = backup.make(source, archive, program="x")
    assert not [one.name for one in made.manifest.tables if "search" in one.name]
    backup.restore(target, archive, force=True)
    with opened(target) as store:
        assert found(store, "line") == []
        Follower(store).beat()
        assert found(store, "line") == ["the old line"]
        assert found(store, "another") == []
    with opened(source) as store:
        assert found(store, "old") == ["the old line"]


class TestFiles:
    @pytest.mark.parametrize("kind", databases.KINDS)
    def test_they_come_back_and_what_was_there_is_kept(self, make: Make, archive: Path, kind: str) -> None:
        source, target = make("source", kind), make("target", kind)
        for settings in (source, target):
            with opened(settings) as store:
                fill(store)
        put(source, "ab/cd.png", b"\x89PNG" * 999_999)
        put(source, "名字 1.txt", b"")
        put(target, "ab/old.png", b"old")
        assert len(backup.make(source, archive, program="x").manifest.files) == 2
        restored = backup.restore(target, archive, force=True)
        assert files(target) == files(source)
        assert stat.S_IMODE((target.data_dir / "files" / "ab" / "cd.png").stat().st_mode) == 0o600
        assert [path.name.split(".replaced")[0] for path in restored.kept] == (
            ["hubbub.db", "files"] if kind == "sqlite" else ["files"]
        )
        assert (restored.kept[-1] / "ab" / "old.png").read_bytes() == b"old"

    def test_one_that_vanishes_is_counted(self, make: Make, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        source = make("source", "sqlite")
        with opened(source):
            stays, goes = put(source, "a", b"a"), put(source, "b", b"b")
        real = Path.open

        def vanish(path: Path, *args: Any, **kwargs: Any) -> Any:
            if path == stays:
                goes.unlink()
            return real(path, *args, **kwargs)

        monkeypatch.setattr(Path, "open", vanish)
        done = backup.make(source, archive, program="x")
        assert ([file.name for file in done.manifest.files], done.missed) == (["files/a"], 1)

    def test_a_link_is_not_followed(self, make: Make, archive: Path) -> None:
        source = make("source", "sqlite")
        with opened(source):
            put(source, "a", b"a").with_name("b").symlink_to("/etc/passwd")
        assert [file.name for file in backup.make(source, archive, program="x").manifest.files] == ["files/a"]

    def test_a_backup_without_files_takes_them_away(self, make: Make, archive: Path) -> None:
        source = make("source", "sqlite")
        with opened(source) as store:
            fill(store)
        backup.make(source, archive, program="x")
        put(source, "a", b"a")
        _, kept = backup.restore(source, archive, force=True).kept
        assert files(source) == {}
        assert (kept / "a").read_bytes() == b"a"


class TestWhatFails:
    """Each leaves what was there, and nothing else."""

    @pytest.fixture(params=databases.KINDS)
    def settings(self, request: pytest.FixtureRequest, make: Make, archive: Path) -> Settings:
        settings = make("data", request.param)
        with opened(settings) as store:
            fill(store)
        put(settings, "a", b"a")
        backup.make(settings, archive, program="x")
        return settings

    @staticmethod
    def state(settings: Settings) -> tuple[Rows, list[str]]:
        kept = everything(settings, epoch=True)
        return kept, sorted(str(path) for path in settings.data_dir.rglob("*"))

    @pytest.mark.parametrize("place", ["schema.new_epoch", "sync"])
    def test_half_way(self, settings: Settings, archive: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
        def fail(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        before = self.state(settings)
        with monkeypatch.context() as patch:
            patch.setattr(f"chat.backup.restoring.{place}", fail)
            with pytest.raises(BackupError, match="Nothing was restored: No space left on device"):
                backup.restore(settings, archive, force=True)
        assert self.state(settings) == before

    def test_at_the_very_end(self, settings: Settings, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The files are in their places already, and go back."""

        def fail(*_: Any) -> bool:
            raise KeyboardInterrupt

        before = self.state(settings)
        with monkeypatch.context() as patch:
            if settings.database_url:
                patch.setattr("sqlalchemy.engine.default.DefaultDialect.do_commit", fail)
            else:
                patch.setattr("chat.backup.restoring._at_rest", lambda path: path.name == "hubbub.db" and fail())
            with pytest.raises(KeyboardInterrupt):
                backup.restore(settings, archive, force=True)
        assert self.state(settings) == before

    def test_a_row_that_refers_to_none(self, settings: Settings, archive: Path) -> None:
        def change(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
            members["tables/rooms.jsonl"] = b""
            table(manifest, "rooms")["rows"] = 0
            resign(manifest, members)

        rewrite(archive, change)
        before = self.state(settings)
        with pytest.raises(BackupError, match=r"refers to|violates foreign key"):
            backup.restore(settings, archive, force=True)
        assert self.state(settings) == before

    def test_a_newer_database(self, archive: Path, settings: Settings) -> None:
        """SQLite's is put aside; of PostgreSQL's, tables that nobody here knows would stay."""
        with opened(settings) as store:
            store.write(lambda tx: tx.conn.execute(text("UPDATE alembic_version SET version_num = '9999'")))
        if settings.database_url:
            with pytest.raises(schema.NewerDatabase):
                backup.restore(settings, archive, force=True)
        else:
            backup.restore(settings, archive, force=True)
            assert everything(settings)

    def test_in_use(self, settings: Settings, archive: Path) -> None:
        with opened(settings), pytest.raises(InUse, match="stop the server"):
            backup.restore(settings, archive, force=True)
        claim = Claim(settings.data_dir, alone=True)
        with pytest.raises(InUse, match="just being restored"):
            Store(settings)
        claim.release()
        claim.release()
        backup.restore(settings, archive, force=True)

    def test_the_archive_is_whole_or_not_there(
        self, settings: Settings, archive: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = archive.read_bytes()
        names = set(archive.parent.iterdir())

        def full(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        for place in (
            "chat.backup.archive.Summed.write",
            "chat.backup.making.os.fsync",
            "zipfile.ZipFile._write_end_record",
        ):
            with monkeypatch.context() as patch:
                patch.setattr(place, full)
                with pytest.raises(BackupError, match="can't be written: No space left on device"):
                    backup.make(settings, archive, program="x", force=True)
            assert archive.read_bytes() == before
            assert set(archive.parent.iterdir()) == names

    def test_who_may_read_it(self, settings: Settings, archive: Path) -> None:
        assert stat.S_IMODE(archive.stat().st_mode) == 0o600
        with zipfile.ZipFile(archive) as found:
            assert found.testzip() is None
            assert not [name for name in found.namelist() if "secret" in name]


@pytest.mark.parametrize("kind", databases.KINDS)
def test_the_audit_log_comes_back_in_place_of_another_and_stays_closed(make: Make, archive: Path, kind: str) -> None:
    settings = make("server", kind)
    with opened(settings) as store:
        accounts.create_owner(store, server_name="Sample", username="ada", name="Ada", password="correct horse battery")
        ada = accounts.by_username(store, "ada")
        store.write(lambda tx: audit.note(tx, ada, "before"))
        backup.make(settings, archive, program="x")
        store.write(lambda tx: audit.note(tx, ada, "after"))
    backup.restore(settings, archive, force=True)
    with opened(settings) as store:
        with pytest.raises((DatabaseError, ChatError)):
            store.write(lambda tx: tx.conn.execute(text("DELETE FROM audit")))
        assert [entry.action for entry in audit.rows(store, ada, AuditList())] == ["before"]
