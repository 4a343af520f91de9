"""The command as a process: `hubbub run`, what it prints, and how it refuses to start."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest
import socketio

from chat import __version__
from chat.config import PREFIX
from chat.store.claims import Claim
from tests import databases, forked
from tests.domain.support import together
from tests.servers import ROOT, Server, serving
from tests.waiting import DEADLINE

CONSOLE_SCRIPT = Path(sys.executable).parent / "hubbub"

Refuse = Callable[..., str]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**kept, "CHAT_DATA_DIR": str(tmp_path / "data"), "CHAT_PORT": "0", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def refuse(tmp_path: Path, environment: dict[str, str]) -> Refuse:
    """Run `hubbub run`, which must end by itself with exit code 1; returns the one line that it says."""

    def run(*words: str, **settings: str) -> str:
        with (tmp_path / "said").open("w+") as said:
            words = ("-m", "chat", "run", *words)
            process = forked.start(words, cwd=tmp_path, stderr=said, env={**environment, **settings})
            code = process.wait(DEADLINE)
            said.seek(0)
            errors = said.read()
        assert process.stdout is not None
        with process.stdout as printed:
            assert (code, printed.read()) == (1, ""), errors
        lines = errors.splitlines()
        assert lines[-1].startswith("hubbub: ")
        assert "Traceback" not in errors
        # A server's log may say more than the last line does.
        assert all("[error" in line for line in lines[:-1]), errors
        return lines[-1].removeprefix("hubbub: ")

    return run


def test_it_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.start()
        with urlopen(f"{server.url}/healthz", timeout=DEADLINE) as answer:
            assert answer.status == 200
        assert stat.S_IMODE((tmp_path / "data" / "secrets.json").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
        server.stop()
        assert "deprecated" not in server.log.lower()
        assert "warning" not in server.log.lower()
        assert "Traceback" not in server.log
        # Again, on the same data.
        server.start()
        server.stop()


def test_what_it_prints(tmp_path: Path, environment: dict[str, str]) -> None:
    """Where it is, and how to end it; no word of the libraries'."""
    process = subprocess.Popen(
        [sys.executable, "-W", "default", "-m", "chat", "run"],
        cwd=tmp_path,
        env={**environment, "PYTHONWARNINGS": "default"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first, second = process.stdout.readline(), process.stdout.readline()
    assert first.startswith("Hubbub is at http://localhost:")
    assert second == "Press Ctrl+C to stop it.\n"
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0, errors
    assert rest == ""
    assert "eventlet" not in errors.lower()


def test_not_while_a_backup_is_being_restored(tmp_path: Path, refuse: Refuse) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    claim = Claim(folder, alone=True)
    assert refuse() == f"{folder} is just being restored; wait, then try again"
    claim.release()


def test_the_host_and_the_port_of_the_command_go_first(tmp_path: Path, refuse: Refuse) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        line = f"Port {port} is taken by another program; set CHAT_PORT to a free one (0 finds one)"
        assert refuse(CHAT_PORT=port) == line
        assert refuse("--port", port) == line
    said = refuse("--host", "192.0.2.1", CHAT_HOST="127.0.0.1")
    assert said == "This machine has no address 192.0.2.1; set CHAT_HOST to one that it has"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CHAT_PROT", "5000", "CHAT_PROT is not a setting; did you mean CHAT_PORT?"),
        ("CHAT_PORT", "five", "CHAT_PORT is 'five', but must be a whole number from 0 to 65535"),
        ("CHAT_DATA_DIR", "/dev/null/data", "CHAT_DATA_DIR is '/dev/null/data', which can't be used: Not a directory"),
        ("CHAT_DATABASE_URL", "postgresql://a:sesame@127.0.0.1:1/x", "The database can't be reached just now."),
        ("CHAT_DATABASE_URL", "postgresql://a:sesame@x:y/x", "CHAT_DATABASE_URL can't be read"),
        ("CHAT_PUBLIC_URL", "https://[::1", "CHAT_PUBLIC_URL is 'https://[::1', but must be like"),
    ],
)
def test_wrong_settings_stop_the_start(refuse: Refuse, name: str, value: str, said: str) -> None:
    line = refuse(**{name: value})
    assert line.startswith(said)
    assert "sesame" not in line


def test_a_newer_database_stops_the_start(refuse: Refuse, tmp_path: Path) -> None:
    databases.copy_migrated(tmp_path / "data")
    with sqlite3.connect(tmp_path / "data" / "hubbub.db") as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
    conn.close()
    assert refuse() == "This database belongs to a newer version of Hubbub; update Hubbub to use it."


def test_a_file_that_is_no_database_stops_the_start(refuse: Refuse, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "hubbub.db").write_text("a diary " * 1000)
    assert refuse().endswith("(file is not a database)")


def test_a_port_that_is_none_is_a_wrong_use(tmp_path: Path, environment: dict[str, str]) -> None:
    for words in (["run", "--port", "65536"], ["run", "--port", "-1"], ["nonsense"], ["user"]):
        done = subprocess.run(
            [sys.executable, "-m", "chat", *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert "Usage:" in done.stderr


def test_both_ways_to_call_it_are_one(tmp_path: Path, environment: dict[str, str]) -> None:
    outputs = [
        subprocess.run(
            [*command, "--version"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stdout
        for command in ([sys.executable, "-m", "chat"], [str(CONSOLE_SCRIPT)])
    ]
    assert outputs == [f"hubbub, version {__version__}\n"] * 2


def test_a_command_beside_a_running_server(tmp_path: Path) -> None:
    """They share the database as two processes may."""
    with serving(tmp_path) as server:
        server.start()
        server.command("user", "add", "ada", "--role", "owner", "--password-stdin", given="correct horse battery\n")
        token = server.command("token", "add", "ada")
        assert token.startswith("hub_")
        assert server.command("user", "list") == "1\tada\towner\tada\n"
        server.stop()


def test_several_starts_at_once_on_a_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    servers = [Server(folder) for _ in range(3)]
    try:
        assert [type(result) for result in together(*(server.start for server in servers))] == [Server] * 3
    finally:
        for server in servers:
            server.close()


@pytest.mark.skipif(not databases.POSTGRES, reason="needs PostgreSQL")
def test_it_serves_on_postgresql(tmp_path: Path) -> None:
    """On the hub its driver waits differently than in the other tests; and it survives a restart of the database."""
    with databases.new_postgres() as url, serving(tmp_path, database_url=url) as server:
        server.start()
        server.command("user", "add", "ada", "--role", "owner", "--password-stdin", given="correct horse battery\n")
        token = server.command("token", "add", "ada").strip()

        def talk(number: int) -> list[int]:
            client = socketio.Client()
            client.connect(server.url, namespaces=["/chat"], auth={"token": token}, wait_timeout=DEADLINE)
            seqs = []
            for turn in range(10):
                command = {"room": 1, "cid": f"{number}-{turn}", "text": "x"}
                ack = client.call("message_send", command, namespace="/chat", timeout=DEADLINE)
                seqs.append(ack["message"]["seq"])
            client.disconnect()
            return seqs

        results = together(*(partial(talk, number) for number in range(4)))
        assert sorted(seq for seqs in results for seq in seqs) == list(range(1, 41))
        others = "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        databases.run(url, f"SELECT pg_terminate_backend(pid) FROM {others}")
        assert talk(9) == list(range(41, 51))
        server.stop()
        # What worked aside when its connection went is begun anew, and a warning; what was just reading says so.
        assert [line for line in server.log.splitlines() if "[error" in line and "read failed" not in line] == []
