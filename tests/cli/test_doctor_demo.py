"""`hubbub doctor` and `hubbub demo`."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path
from typing import get_args

import pytest

from chat import accounts, custom_emoji, doctor, folders, history
from chat.config import Settings
from chat.events.emoji import EmojiList
from chat.events.help import HelpFigures, HelpList, HelpListName
from chat.events.reading import History
from chat.helpdesk import desk, figures
from chat.rooms import of_user
from chat.store import Store
from tests.cli.conftest import Hubbub
from tests.domain.support import on_sqlite


def findings(text: str) -> dict[str, tuple[str, str]]:
    """Subject: (level, sentence)."""
    found = {}
    for line in text.splitlines():
        level, _, rest = line.partition(" ")
        subject, _, sentence = rest.strip().partition(": ")
        found[subject] = (level, sentence)
    return found


class TestDoctor:
    @pytest.fixture(autouse=True)
    def _free_port(self, surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CHAT_PORT", "0")
        monkeypatch.setattr(doctor, "DISK_WANTED", 0)

    def test_a_machine_on_which_all_is_well(self, hubbub: Hubbub, database_url: str) -> None:
        found = findings(hubbub("doctor").stdout)
        assert {level for level, _ in found.values()} <= {"good", "watch"}
        assert found["database"] == ("good", f"{'PostgreSQL' if database_url else 'SQLite'}, up to date.")
        assert found["pages"] == ("good", "complete")
        assert {"Python", "flask", "eventlet", "data folder", "disk", "open files", "clock", "reach"} <= set(found)

    @on_sqlite
    def test_before_the_first_start(self, hubbub: Hubbub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CHAT_DATA_DIR", str(tmp_path / "new"))
        assert findings(hubbub("doctor").stdout)["database"] == (
            "good",
            "SQLite, still empty; the first start fills it.",
        )

    def test_a_folder_that_cannot_be(self, hubbub: Hubbub, monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
        monkeypatch.setenv("CHAT_DATA_DIR", "/dev/null/data")
        found = findings(hubbub("doctor", code=1).stdout)
        assert found["data folder"][0] == "wrong"
        assert "Not a directory" in found["data folder"][1]
        assert found["database"][0] == ("good" if database_url else "wrong")

    def test_where_files_lie(self, hubbub: Hubbub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        level, text = findings(hubbub("doctor").stdout)["files"]
        assert (level, str(tmp_path / "data" / "files") in text) == ("good", True)
        monkeypatch.setenv("CHAT_FILES_S3_BUCKET", "sample-files")
        monkeypatch.setenv("CHAT_FILES_S3_ENDPOINT", "http://127.0.0.1:9")
        monkeypatch.setenv("CHAT_FILES_S3_KEY", "key")
        monkeypatch.setenv("CHAT_FILES_S3_SECRET", "secret")
        level, text = findings(hubbub("doctor", code=1).stdout)["files"]
        assert (level, "check CHAT_FILES_S3_*" in text) == ("wrong", True)

    def test_secrets_that_others_can_read(self, hubbub: Hubbub, tmp_path: Path) -> None:
        hubbub("user", "list")
        path = tmp_path / "data" / "secrets.json"
        path.chmod(0o644)
        assert findings(hubbub("doctor", code=1).stdout)["secrets"] == (
            "wrong",
            f"others can read them: chmod 600 {path}",
        )
        path.chmod(0o600)
        hubbub("doctor")

    def test_damaged_secrets(self, hubbub: Hubbub, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / "secrets.json").write_text("{")
        assert "damaged" in findings(hubbub("doctor", code=1).stdout)["data folder"][1]

    @pytest.mark.parametrize(
        ("url", "said"),
        [
            (
                "postgresql://nobody@127.0.0.1:1/x",
                "PostgreSQL does not answer (OperationalError); check CHAT_DATABASE_URL.",
            ),
            ("postgresql://host:port/x", "CHAT_DATABASE_URL can't be read"),
            ("sqlite:///:memory:", "must name a file"),
            ("sqlite:////nowhere/x.db", "SQLite does not answer (OperationalError); check CHAT_DATABASE_URL."),
        ],
    )
    @on_sqlite
    def test_a_database_that_is_not_there(
        self, hubbub: Hubbub, monkeypatch: pytest.MonkeyPatch, url: str, said: str
    ) -> None:
        monkeypatch.setenv("CHAT_DATABASE_URL", url)
        level, sentence = findings(hubbub("doctor", code=1).stdout)["database"]
        assert level == "wrong"
        assert said in sentence

    @on_sqlite
    def test_a_newer_and_an_older_database(self, hubbub: Hubbub, tmp_path: Path) -> None:
        hubbub("user", "list")
        for version, level, sentence in (
            ("9999", "wrong", "SQLite was written by a newer Hubbub; update this one."),
            ("0000", "good", "SQLite, will be migrated at the next start."),
        ):
            with sqlite3.connect(tmp_path / "data" / "hubbub.db") as conn:
                conn.execute("UPDATE alembic_version SET version_num = ?", [version])
            conn.close()
            found = findings(hubbub("doctor", code=1 if level == "wrong" else 0).stdout)
            assert found["database"] == (level, sentence)

    def test_a_port_that_is_taken(self, hubbub: Hubbub, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            monkeypatch.setenv("CHAT_PORT", str(port))
            level, sentence = findings(hubbub("doctor").stdout)[f"port {port}"]
        assert level == "watch"
        assert "Hubbub may be running" in sentence

    def test_pages_that_are_missing(self, hubbub: Hubbub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(folders, "STATIC", tmp_path)
        assert findings(hubbub("doctor", code=1).stdout)["pages"][0] == "wrong"

    def test_a_clock_that_is_wrong(self, hubbub: Hubbub, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doctor, "CLOCK_FROM", 2**40)
        assert findings(hubbub("doctor", code=1).stdout)["clock"][0] == "wrong"

    def test_a_full_disk_and_few_files(self, hubbub: Hubbub, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doctor, "DISK_WANTED", 2**63)
        monkeypatch.setattr("resource.getrlimit", lambda _: (256, 1024))
        found = findings(hubbub("doctor").stdout)
        assert found["disk"][1].endswith("MiB free; make room.")
        assert found["open files"][0] == "watch"

    def test_a_package_that_is_missing(self, hubbub: Hubbub, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doctor, "PACKAGES", ("flask", "no-such-package"))
        assert findings(hubbub("doctor", code=1).stdout)["no-such-package"][0] == "wrong"

    @pytest.mark.parametrize(
        ("name", "value", "subject"),
        [("CHAT_HOST", "0.0.0.0", "encryption"), ("CHAT_RATE_LIMITS", "off", "rate limits")],
    )
    @pytest.mark.parametrize("in_file", [False, True])
    def test_what_may_matter(
        self,
        hubbub: Hubbub,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        name: str,
        value: str,
        subject: str,
        in_file: bool,
    ) -> None:
        if in_file:
            (tmp_path / ".env").write_text(f"{name}={value}\n")
        else:
            monkeypatch.setenv(name, value)
        assert findings(hubbub("doctor").stdout)[subject][0] == "watch"

    def test_a_wrong_setting_stops_it(self, hubbub: Hubbub, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CHAT_PORT", "x")
        result = hubbub("user", "list", code=1)
        assert result.stderr == "hubbub: CHAT_PORT is 'x', but must be a whole number from 0 to 65535\n"

    def test_no_password_is_shown(self, hubbub: Hubbub, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CHAT_DATABASE_URL", "postgresql://ada:sesame@127.0.0.1:1/x")
        for words in (["doctor"], ["user", "list"]):
            assert "sesame" not in hubbub(*words, code=1).output


class TestDemo:
    @pytest.mark.parametrize(("language", "server"), [("en", "Sample Harbour"), ("zh-Hans", "示例港湾")])
    def test_a_server_to_look_around_in(self, hubbub: Hubbub, language: str, server: str) -> None:
        said = hubbub("demo", "--language", language).stdout
        password = said.rpartition("password ")[2].strip()
        store = Store(Settings.load())
        try:
            assert store.meta("server_name") == server
            ada = accounts.by_username(store, "ada")
            assert accounts.sign_in(store, "ada", password).role == "owner"
            with store.read() as conn:
                rooms = of_user(conn, ada.user)
            assert len(rooms) == 11
            for room in rooms:
                found = history.page(store, ada, History(room.id, limit=100)).messages
                assert found, room.name
                times = [message.created_at for message in found]
                assert times == sorted(times), room.name
            lists = {name: desk.listing(store, ada, HelpList(name)).conversations for name in get_args(HelpListName)}
            assert {name: len(found) for name, found in lists.items()} == {
                "waiting": 2,
                "mine": 1,
                "open": 2,
                "resolved": 11,
            }
            assert all(one.waiting_since for one in lists["waiting"])
            days = figures.by_day(store, ada, HelpFigures(days=8)).days
            assert [day.ratings for day in days] == [1, 2, 0, 1, 3, 2, 1, 1]
            with_pictures = {
                username for username in ("ada", "mira", "jun") if accounts.by_username(store, username).avatar
            }
            assert with_pictures == {"mira", "jun"}
            assert [emoji.name for emoji in custom_emoji.listing(store, ada, EmojiList()).emoji] == ["regatta"]
        finally:
            store.close()

    def test_a_server_in_use_is_left_alone(self, hubbub: Hubbub, with_owner: None) -> None:
        before = hubbub("user", "list").stdout
        assert "has accounts already" in hubbub("demo", code=1).stderr
        assert hubbub("user", "list").stdout == before

    def test_twice_is_refused(self, hubbub: Hubbub) -> None:
        hubbub("demo")
        hubbub("demo", code=1)

    def test_other_languages(self, hubbub: Hubbub) -> None:
        hubbub("demo", "--language", "fr", code=2)
