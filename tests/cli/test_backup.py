"""`hubbub backup` and `hubbub restore`: what they say, what they refuse, and a server that goes on meanwhile."""

from __future__ import annotations

import os
import pty
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import socketio
from click.testing import CliRunner
from sqlalchemy import select

from chat import accounts
from chat.backup import archive
from chat.backup.progress import silent
from chat.cli import main
from chat.config import Settings
from chat.store import tables
from tests import databases
from tests.backups import Change, everything, opened, resign, rewrite, table
from tests.cli.conftest import Hubbub
from tests.domain.support import on_sqlite
from tests.programs import enter
from tests.servers import ROOT, Person, Server, serving
from tests.waiting import DEADLINE, until

FILE = "backup.zip"
CONTENTS = "1 account, 1 room, 0 messages and 1 file as of "

Members = dict[str, bytes]
Manifest = dict[str, Any]


@pytest.fixture
def made(hubbub: Hubbub, tmp_path: Path) -> Path:
    """A backup of a server with an owner, a room and a file."""
    with opened(Settings.load()) as store:
        accounts.create_owner(store, server_name="S", username="ada", name="Ada", password="correct horse battery")
    (tmp_path / "data" / "files").mkdir()
    (tmp_path / "data" / "files" / "a.png").write_bytes(b"\x89PNG")
    hubbub("backup", FILE)
    return tmp_path / FILE


def said(hubbub: Hubbub, *words: str) -> str:
    return hubbub(*words, code=1).stderr.removeprefix("hubbub: ").rstrip("\n")


def left(folder: Path) -> list[str]:
    """All files, but for what SQLite may keep beside its own."""
    return sorted(str(path) for path in folder.rglob("*") if not re.search(r"\.db-(wal|shm)$", path.name))


class TestBackup:
    def test_what_it_says_and_makes(self, hubbub: Hubbub, made: Path) -> None:
        line = hubbub("backup", FILE, "--force").stdout
        assert re.fullmatch(rf"backup\.zip \([\d,]+ bytes\) holds {CONTENTS}[-0-9T:.]+Z\.\n", line)
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
        with zipfile.ZipFile(made) as found:
            names = {f"tables/{name}.jsonl" for name in tables.metadata.tables}
            assert set(found.namelist()) == {*names, "files/a.png", "manifest.json"}
            assert b"ada" in found.read("tables/users.jsonl")

    @pytest.mark.usefixtures("with_owner")
    def test_files_in_a_bucket_are_not_in_it(self, hubbub: Hubbub, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CHAT_FILES_S3_BUCKET", "sample-files")
        assert "The uploaded files are in the bucket sample-files, and not in it." in hubbub("backup", FILE).stdout

    @pytest.mark.usefixtures("with_owner")
    def test_what_it_refuses(self, hubbub: Hubbub, tmp_path: Path) -> None:
        (tmp_path / "there").write_text("mine")
        before = left(tmp_path)
        for words, line in (
            (["there"], "there is there already; choose another name, or add --force to replace it"),
            (["data"], "data is a folder; name a file"),
            (["data", "--force"], "data is a folder; name a file"),
            (["nowhere/x.zip"], "nowhere/x.zip can't be written: No such file or directory"),
            (["there/x.zip"], "there/x.zip can't be written: Not a directory"),
        ):
            assert said(hubbub, "backup", *words) == line
        assert left(tmp_path) == before
        assert (tmp_path / "there").read_text() == "mine"

    def test_nothing_there(self, hubbub: Hubbub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CHAT_DATA_DIR", str(tmp_path / "new"))
        monkeypatch.setenv("CHAT_DATABASE_URL", "")
        assert said(hubbub, "backup", FILE) == "There is no database yet, so there is nothing to back up"
        assert not (tmp_path / "new").exists()

    def test_a_database_that_does_not_answer(
        self, hubbub: Hubbub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("CHAT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x")
        assert said(hubbub, "backup", FILE).startswith("The database can't be reached just now.")
        assert not (tmp_path / FILE).exists()

    @on_sqlite
    @pytest.mark.usefixtures("with_owner")
    def test_a_damaged_database(self, hubbub: Hubbub, tmp_path: Path) -> None:
        path = tmp_path / "data" / "hubbub.db"
        data = bytearray(path.read_bytes())
        data[8192:12288] = os.urandom(4096)
        path.write_bytes(data)
        assert re.search("damaged|malformed", said(hubbub, "backup", FILE))
        assert not (tmp_path / FILE).exists()

    @pytest.mark.usefixtures("with_owner")
    def test_told_to_stop(self, surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = left(surroundings)
        handler = signal.getsignal(signal.SIGTERM)
        monkeypatch.setattr(archive.Summed, "write", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        assert CliRunner().invoke(main, ["backup", FILE]).exit_code == 128 + signal.SIGTERM
        assert left(surroundings) == before
        assert signal.getsignal(signal.SIGTERM) == handler

    @on_sqlite
    @pytest.mark.usefixtures("with_owner")
    def test_a_newer_database(self, hubbub: Hubbub, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "data" / "hubbub.db")) as conn, conn:
            conn.execute("UPDATE alembic_version SET version_num = '9999'")
        assert "newer version" in said(hubbub, "backup", FILE)
        assert not (tmp_path / FILE).exists()


class TestRestore:
    def test_on_a_new_machine(
        self, hubbub: Hubbub, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wanted = everything(Settings.load())
        monkeypatch.setenv("CHAT_DATA_DIR", str(tmp_path / "new"))
        monkeypatch.setenv("CHAT_DATABASE_URL", "")
        line = hubbub("restore", FILE).stdout
        assert re.fullmatch(rf"Restored {CONTENTS}[-0-9T:.]+Z\.\n", line)
        assert everything(Settings.load()) == wanted
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()}
        assert modes == {"hubbub.db": 0o600, "secrets.json": 0o600, "files": 0o700}
        assert (tmp_path / "new" / "files" / "a.png").read_bytes() == b"\x89PNG"

    def test_over_what_is_there(self, hubbub: Hubbub, made: Path, tmp_path: Path, database_url: str) -> None:
        then = everything(Settings.load())
        hubbub("user", "add", "mira", "--password-stdin", given="a long password\n")
        now, before = everything(Settings.load(), epoch=True), left(tmp_path)
        refusal = "There is a database with 2 accounts already; add --force to replace it"
        assert said(hubbub, "restore", FILE) == refusal
        assert (everything(Settings.load(), epoch=True), left(tmp_path)) == (now, before)
        _, *kept = hubbub("restore", FILE, "--force").stdout.splitlines()
        assert everything(Settings.load()) == then
        assert everything(Settings.load(), epoch=True)["meta"] != now["meta"]
        paths = [Path(line.removeprefix("What was there before is kept as ").removesuffix(".")) for line in kept]
        assert [path.name.partition(".replaced-")[0] for path in paths] == (
            ["files"] if database_url else ["hubbub.db", "files"]
        )
        if not database_url:
            # The way back: it is whole by itself.
            paths[0].rename(tmp_path / "data" / "hubbub.db")
            assert everything(Settings.load(), epoch=True) == now
        # In the same second, under another name.
        hubbub("restore", FILE, "--force")

    @on_sqlite
    def test_over_a_damaged_database(self, hubbub: Hubbub, made: Path, tmp_path: Path) -> None:
        path = tmp_path / "data" / "hubbub.db"
        path.write_bytes(b"no database at all" * 500)
        path.with_name("hubbub.db-wal").write_bytes(b"its log")
        refusal = f"There is a database already that can't be read ({path}); add --force to replace it"
        assert said(hubbub, "restore", FILE) == refusal
        assert path.read_bytes().startswith(b"no database")
        hubbub("restore", FILE, "--force")
        (kept,) = (found for found in path.parent.glob("hubbub.db.replaced-*"))
        assert kept.read_bytes().startswith(b"no database")
        hubbub("user", "list")

    @on_sqlite
    def test_while_another_program_has_it_open(self, hubbub: Hubbub, made: Path, tmp_path: Path) -> None:
        before = left(tmp_path)
        with closing(sqlite3.connect(tmp_path / "data" / "hubbub.db")) as conn:
            conn.execute("SELECT count(*) FROM users").fetchone()
            assert "can't be replaced while it is in use" in said(hubbub, "restore", FILE, "--force")
            assert left(tmp_path) == before

    def test_a_progress_bar_on_a_terminal_only(self, hubbub: Hubbub, made: Path, surroundings: Path) -> None:
        ours, theirs = pty.openpty()
        words = [sys.executable, "-m", "chat", "restore", FILE, "--force"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run(words, check=True, cwd=surroundings, env=environment, stdout=subprocess.DEVNULL, stderr=theirs)
        shown = os.read(ours, 100_000).decode()
        os.close(ours)
        os.close(theirs)
        assert all(re.search(rf"{step} .*100%", shown) for step in ("Checking", "Database", "Files"))
        assert hubbub("restore", FILE, "--force").stderr == ""


def _trailing(manifest: Manifest, members: Members) -> None:
    members["tables/users.jsonl"] += b"[1]\n"


def _row(name: str, line: bytes) -> Change:
    """Another row in a table, with sizes and digests that fit."""

    def change(manifest: Manifest, members: Members) -> None:
        entry = table(manifest, name)
        members[entry["name"]] += line
        entry["rows"] += 1
        resign(manifest, members)

    return change


def _file(name: str) -> Change:
    def change(manifest: Manifest, members: Members) -> None:
        members[name] = b"x"
        manifest["files"].append({"name": name, "size": 1, "sha256": ""})
        resign(manifest, members)

    return change


def _manifest(**values: Any) -> Change:
    return lambda manifest, members: manifest.update(values)


def _without(name: str) -> Change:
    def change(manifest: Manifest, members: Members) -> None:
        del members[f"tables/{name}.jsonl"]
        manifest["tables"].remove(table(manifest, name))

    return change


def _huge(manifest: Manifest, members: Members) -> None:
    table(manifest, "messages")["size"] = 2**50


def _renamed(manifest: Manifest, members: Members) -> None:
    table(manifest, "users")["name"] = "tables/../../users.jsonl"


def _twice(manifest: Manifest, members: Members) -> None:
    manifest["tables"].append(table(manifest, "users"))


def _same_digest(manifest: Manifest, members: Members) -> None:
    members["files/a.png"] = b"\x89PNX"


META = b'["x","y"]\n'
LINES: list[tuple[str, Change, str]] = [
    ("longer", _trailing, "tables/users.jsonl has another size than manifest.json says"),
    ("digest", _same_digest, "files/a.png is not what it was"),
    ("extra", lambda manifest, members: members.update(extra=b""), "'extra' does not belong there"),
    ("missing", lambda manifest, members: members.pop("tables/users.jsonl"), "tables/users.jsonl is missing"),
    ("twice", _twice, "tables/users.jsonl is missing, or listed twice"),
    ("renamed", _renamed, "'tables/../../users.jsonl' is no name of a table"),
    ("upwards", _file("files/../../x"), "'files/../../x' is no name of a file"),
    ("absolute", _file("/etc/x"), "'/etc/x' is no name of a file"),
    ("secrets", _file("secrets.json"), "'secrets.json' is no name of a file"),
    ("backslash", _file("files/..\\x"), "is no name of a file"),
    ("folder", _file("files/"), "'files/' is no name of a file"),
    ("empty part", _file("files//x"), "'files//x' is no name of a file"),
    ("control", _file("files/\x1b[2J"), r"'files/\x1b[2J' is no name of a file"),
    ("file in file", _file("files/a.png/b"), "Nothing was restored: "),
    ("huge", _huge, "tables/messages.jsonl has another size than manifest.json says"),
    ("format", _manifest(format=2), "was made by a newer version of Hubbub; update Hubbub to restore it"),
    ("schema", _manifest(schema="9999"), "was made by a newer version of Hubbub; update Hubbub to restore it"),
    ("unknown schema", _manifest(schema="0000"), "no version of Hubbub had the tables 0000"),
    ("no schema", _manifest(schema="head"), "manifest.json can't be read: "),
    ("wrong type", _manifest(tables={}), "manifest.json can't be read: "),
    ("time", _manifest(made_at=2**62), "manifest.json can't be read: "),
    ("a table less", _without("sessions"), "these are not all the tables"),
    ("other columns", lambda m, _: table(m, "meta").update(columns=["key", "value", "x"]), "meta has other columns"),
    ("same column", lambda m, _: table(m, "meta").update(columns=["key", "key"]), "meta has other columns"),
    ("rows", lambda m, _: table(m, "meta").update(rows=99), "meta has another number of rows"),
    ("short row", _row("meta", b'["x"]\n'), "meta has a row that can't be"),
    ("long row", _row("meta", b'["x","y","z"]\n'), "meta has a row that can't be"),
    ("null", _row("meta", b'["x",null]\n'), "meta has a row that can't be"),
    ("a number for a text", _row("meta", b'["x",1]\n'), "meta has a row that can't be"),
    ("no JSON", _row("meta", b"x\n"), "meta has a row that can't be"),
    ("no UTF-8", _row("meta", b'["\xff","y"]\n'), "meta has a row that can't be"),
    ("deep", _row("meta", b"[" * 100_000 + b"\n"), "meta has a row that can't be"),
    ("same key", _row("meta", META * 2), "Nothing was restored; the database says: "),
    ("a long line", _row("meta", b" " * 2000), "tables/meta.jsonl has a line without an end"),
]


class TestHostile:
    """Whatever a file may be: one line, and all is as it was."""

    @pytest.fixture
    def database_url(self, database_in_turns: str) -> str:
        return database_in_turns

    @pytest.fixture
    def refused(self, hubbub: Hubbub, made: Path, tmp_path: Path) -> Callable[[], str]:
        before, there = everything(Settings.load(), epoch=True), left(tmp_path)

        def refused() -> str:
            line = said(hubbub, "restore", FILE, "--force")
            assert left(tmp_path) == there
            assert everything(Settings.load(), epoch=True) == before
            return line

        return refused

    @pytest.mark.parametrize(("change", "line"), [case[1:] for case in LINES], ids=[case[0] for case in LINES])
    def test_changed(
        self, refused: Callable[[], str], made: Path, change: Change, line: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(archive, "LONGEST_LINE", 1000 if line.endswith("without an end") else 1 << 20)
        rewrite(made, change)
        assert line in refused()

    @pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.99, 1])
    def test_cut_off(self, refused: Callable[[], str], made: Path, share: float) -> None:
        data = made.read_bytes()
        made.write_bytes(data[: int(share * (len(data) - 1))])
        assert refused() == "backup.zip is no backup of Hubbub, or its end is missing"

    def test_no_archive(self, refused: Callable[[], str], made: Path) -> None:
        made.write_bytes(os.urandom(10_000))
        assert refused() == "backup.zip is no backup of Hubbub, or its end is missing"

    def test_another_archive(self, refused: Callable[[], str], made: Path) -> None:
        with zipfile.ZipFile(made, "w") as found:
            found.writestr("letter.txt", "x")
        assert refused() == "backup.zip is no backup of Hubbub: it has no manifest.json"

    def test_every_byte_counts(self, hubbub: Hubbub, made: Path, tmp_path: Path) -> None:
        """A flipped bit anywhere is found, or is one that means nothing, such as a time."""
        data = made.read_bytes()
        wanted, there = everything(Settings.load()), left(tmp_path)
        with zipfile.ZipFile(made) as whole:
            contents = {name: whole.read(name) for name in whole.namelist()}
        for place in range(0, len(data), 97):
            made.write_bytes(data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :])
            try:
                with archive.opened(made) as reader:
                    reader.verify(silent)
                    found = {member.name: b"".join(reader.chunks(member)) for member in reader.manifest.members}
            except archive.BackupError:
                continue
            assert found.items() <= contents.items(), place
        assert (everything(Settings.load()), left(tmp_path)) == (wanted, there)

    def test_no_json(self, refused: Callable[[], str], made: Path) -> None:
        for text in ("", "{", "[]", "null", '{"format": 1}', "\xff", '{"format": "1"}', "[" * 100_000):
            with zipfile.ZipFile(made, "w") as found:
                found.writestr("manifest.json", text)
            assert "manifest.json can't be read: " in refused()

    @pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO])
    def test_links_and_other_kinds(self, refused: Callable[[], str], made: Path, kind: int) -> None:
        with zipfile.ZipFile(made) as old:
            members = {name: old.read(name) for name in old.namelist()}
        with zipfile.ZipFile(made, "w") as found:
            for name, data in members.items():
                info = zipfile.ZipInfo(name)
                info.external_attr = ((kind if name == "files/a.png" else stat.S_IFREG) | 0o777) << 16
                found.writestr(info, data)
        assert refused() == "backup.zip is damaged: 'files/a.png' is no plain file"

    def test_the_same_name_twice(self, refused: Callable[[], str], made: Path) -> None:
        with zipfile.ZipFile(made, "a") as found, pytest.warns(UserWarning, match="Duplicate name"):
            found.writestr("files/a.png", b"another")
        assert refused() == "backup.zip is damaged: it holds something twice, or too much"

    def test_an_unknown_compression(self, refused: Callable[[], str], made: Path) -> None:
        with zipfile.ZipFile(made) as old:
            members = {name: old.read(name) for name in old.namelist()}
        with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as found:
            for name, data in members.items():
                found.writestr(name, data)
        assert refused() == "backup.zip is damaged: 'manifest.json' is no plain file"

    def test_more_than_the_disk_has_room_for(
        self, refused: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=3))
        assert refused() == f"backup.zip needs 0 MiB in {tmp_path / 'data'}, where 0 MiB are free"

    @pytest.mark.usefixtures("made")
    def test_a_folder_that_cannot_be(self, hubbub: Hubbub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("CHAT_DATA_DIR", "/dev/null/data")
        before = left(tmp_path)
        assert "which can't be used: Not a directory" in said(hubbub, "restore", FILE)
        assert left(tmp_path) == before

    def test_not_there(self, hubbub: Hubbub, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        assert said(hubbub, "restore", "nowhere.zip") == "nowhere.zip can't be read: No such file or directory"
        assert said(hubbub, "restore", "folder") == "folder can't be read: Is a directory"


class Talker:
    """Sends messages one after another, and notes those that the server said it has."""

    def __init__(self, server: Server, person: Person) -> None:
        self.acknowledged: list[str] = []
        self._over = threading.Event()
        self._client = connected(server, person)[0]
        self._thread = threading.Thread(target=self._talk)
        self._thread.start()

    def _talk(self) -> None:
        number = 0
        while not self._over.is_set():
            number += 1
            text = f"message {number}"
            command = {"room": 1, "cid": f"c{number}", "text": text}
            ack = self._client.call("message_send", command, namespace="/chat", timeout=DEADLINE)
            assert ack["ok"]
            self.acknowledged.append(text)

    def end(self) -> None:
        self._over.set()
        self._thread.join(DEADLINE)
        self._client.disconnect()


def connected(server: Server, person: Person) -> tuple[socketio.Client, dict[str, Any]]:
    """A client, and the server's welcome."""
    client = socketio.Client(reconnection=False)
    return client, enter(client, server.url, person)


@pytest.fixture(params=databases.KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Settings of a server for its database."""
    if request.param == "sqlite":
        yield {}
        return
    with databases.new_postgres() as url:
        yield {"database_url": url}


def test_while_a_server_is_written_to(tmp_path: Path, database: dict[str, str]) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    file = tmp_path / FILE
    with serving(tmp_path / "old", **database) as old, serving(tmp_path / "new") as new:
        ada = old.owner("ada", "Ada")
        old.start()
        talker = Talker(old, ada)
        try:
            until(lambda: len(talker.acknowledged) >= 20)
            before = list(talker.acknowledged)
            old.command("backup", str(file))
            after = len(talker.acknowledged)
            # Nobody was held up for good.
            until(lambda: len(talker.acknowledged) > after)
            refused = CliRunner().invoke(main, ["restore", str(file), "--force"], env=old.environment)
            assert refused.exit_code == 1
            assert refused.stderr.endswith(
                "data is in use; stop the server and whatever else uses it, then try again\n"
            )
        finally:
            talker.end()
        client, welcome = connected(old, ada)
        client.disconnect()
        old.stop()
        assert not old.complaints

        assert new.command("restore", str(file)).startswith("Restored 1 account, 1 room, ")
        with new.store.read() as conn:
            texts = [row.text for row in conn.execute(select(tables.messages).order_by(tables.messages.c.seq))]
        assert set(texts) >= set(before)
        # All of one moment: no message is left out between others.
        assert texts == [f"message {number}" for number in range(1, len(texts) + 1)]
        new.start()
        client, restored = connected(new, ada)
        client.disconnect()
        assert restored["epoch"] not in ("", welcome["epoch"])
        assert restored["rooms"][0]["head"]["seq"] == len(texts)
        new.stop()
