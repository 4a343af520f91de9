"""What deploy/ has: run where it can be run here, and read by whoever can judge it where not."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.brokers import Redis
from tests.contract.test_docs_hosting import FRAME, NGINX, free_port, listening, talk
from tests.databases import KINDS, new_postgres
from tests.servers import ROOT, Server, serving
from tests.waiting import DEADLINE, until

DEPLOY = ROOT / "deploy"


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[list[Server]]:
    """Four, on PostgreSQL where there is one, joined by Redis."""
    with ExitStack() as stack:
        (tmp_path / "redis").mkdir()
        redis = Redis(tmp_path / "redis").start()
        stack.callback(redis.kill)
        url = stack.enter_context(new_postgres()) if "postgresql" in KINDS else ""
        shared: dict[str, Any] = {"data_dir": tmp_path / "data", "database_url": url, "redis_url": redis.url}
        made = []
        for number in range(4):
            (tmp_path / f"process{number}").mkdir()
            server = stack.enter_context(serving(tmp_path / f"process{number}", trusted_proxies=1, **shared))
            made.append(server)
        yield made


@pytest.fixture
def site(tmp_path: Path, processes: list[Server]) -> Iterator[str]:
    """nginx with the file of deploy/, without its certificate, before the four; yields the address."""
    if NGINX is None:
        assert not os.environ.get("CI"), "there is no nginx"
        pytest.skip("there is no nginx")
    port = free_port()
    for server in processes:
        server.settings["public_url"] = f"http://127.0.0.1:{port}"
        # What it prints is the address that people type, so its own is chosen and kept here.
        own = server.port = free_port()
        server.start()
        server.port = own
    part = (DEPLOY / "nginx" / "hubbub.conf").read_text()
    part = re.sub(r"^ *(listen \[::\]|ssl_).*\n", "", part, flags=re.MULTILINE)
    part = part.replace("listen 80;", f"listen unix:{tmp_path}/plain;").replace("443 ssl http2", f"127.0.0.1:{port}")
    part = part.replace("/var/cache/nginx/hubbub", f"{tmp_path}/cache")
    for at, server in enumerate(processes):
        part = part.replace(f"127.0.0.1:{5000 + at}", f"127.0.0.1:{server.port}")
    user = "user root;" if os.geteuid() == 0 else ""
    (tmp_path / "nginx.conf").write_text(FRAME.format(folder=tmp_path, part=part, user=user))
    process = subprocess.Popen([NGINX, "-p", tmp_path, "-c", tmp_path / "nginx.conf", "-e", tmp_path / "error.log"])
    try:
        listening(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(DEADLINE)


def fetch(url: str, **headers: str) -> Any:
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=DEADLINE)


def test_four_processes_behind_nginx_are_one_server(site: str, processes: list[Server]) -> None:
    until(lambda: all(json.load(fetch(f"{server.url}/readyz")).get("redis") == "ok" for server in processes))
    ada = processes[0].owner("ada", "Ada")
    mira = processes[0].add("mira", "Mira")
    room = processes[0].room(ada, "launch", mira)
    heard: list[str] = []
    clients = [talk(site, ada, "websocket"), talk(site, mira, "polling")]
    # Past nginx, one at each process: all of them hear it.
    clients += [talk(server.url, mira, "polling") for server in processes]
    for client in clients:
        client.on("message_new", lambda fact: heard.append(fact["message"]["text"]), namespace="/chat")
    for number, client in enumerate(clients[:2]):
        said = {"room": room, "cid": f"c{number}", "text": f"text {number}"}
        assert client.call("message_send", said, namespace="/chat", timeout=DEADLINE)["ok"]
    until(lambda: len(heard) == 2 * len(clients))
    for client in clients:
        client.shutdown()


def test_pages_and_files_come_through(site: str, processes: list[Server]) -> None:
    with fetch(f"{site}/setup") as page:
        assert page.status == 200
        text = page.read().decode()
        assert page.headers["Content-Encoding"] is None
    path = next(iter(re.findall(r'href="(/static/[^"]+/base\.css)"', text)))
    for _ in range(2):
        with fetch(site + path, **{"Accept-Encoding": "gzip"}) as file:
            assert file.headers["Content-Encoding"] == "gzip"
            assert "immutable" in file.headers["Cache-Control"]
    # From nginx' own cache: no process is asked again.
    for server in processes:
        server.kill()
    with fetch(site + path, **{"Accept-Encoding": "gzip"}) as file:
        assert file.status == 200


def test_figures_are_nobodys_outside(site: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(f"{site}/metrics")


def test_a_process_that_ends_is_passed_over(site: str, processes: list[Server]) -> None:
    processes[0].owner("ada", "Ada")
    for server in processes[:3]:
        server.kill()
    with fetch(f"{site}/signin") as page:
        assert page.status == 200


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="There is no systemd here")
def test_systemd_reads_the_units_and_finds_them_tight(tmp_path: Path) -> None:
    unit = (DEPLOY / "systemd" / "hubbub@.service").read_text()
    # These are not on this machine, which is no mistake of the unit.
    unit = unit.replace("/opt/hubbub/.venv/bin/hubbub", "/bin/true").replace("=hubbub\n", "=root\n")
    unit = unit.replace("WorkingDirectory=/opt/hubbub", "WorkingDirectory=/")
    for name in ("hubbub@.service", "hubbub@5000.service"):
        (tmp_path / name).write_text(unit)
    shutil.copy(DEPLOY / "systemd" / "hubbub.target", tmp_path)
    for words in (
        ["verify", "--man=no", "./hubbub@5000.service", "./hubbub.target"],
        ["security", "--offline=yes", "--threshold=20", "./hubbub@5000.service"],
    ):
        done = subprocess.run(
            ["systemd-analyze", *words], cwd=tmp_path, capture_output=True, text=True, timeout=DEADLINE, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_image_takes_exists_and_is_not_left_out() -> None:
    image = (DEPLOY / "Dockerfile").read_text()
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    kept = {line[1:] for line in ignored if line.startswith("!")}
    wanted = set()
    for line in re.findall(r"^COPY (?!--from)(.*)$", image, re.MULTILINE):
        wanted |= set(line.split()[:-1])
    assert {path for path in wanted if not (ROOT / path).exists()} == set()
    assert wanted <= kept
    # Nobody runs it as root, and it ends as we end.
    assert re.findall(r"^USER (\S+)$", image, re.MULTILINE)[-1] == "hubbub"
    assert "STOPSIGNAL SIGTERM" in image


def test_compose_knows_our_settings() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    processes = [service for name, service in services.items() if name.startswith("hubbub")]
    assert len(processes) == 4
    assert len({port for service in processes for port in service["ports"]}) == 4
    known = set(re.findall(r"`(CHAT_[A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text()))
    for service in processes:
        assert set(service["environment"]) <= known
        assert {"database", "broker"} == set(service["depends_on"])
        assert service["read_only"]


def test_the_procfile_starts_us(tmp_path: Path) -> None:
    (line,) = (DEPLOY / "Procfile").read_text().splitlines()
    kind, command = line.split(": ", 1)
    assert kind == "web"
    program, *words = command.replace("${PORT:-5000}", "0").replace("0.0.0.0", "127.0.0.1").split()
    assert program == ".venv/bin/hubbub"
    server = Server(tmp_path)
    server.program = ("chat", *words)
    server.start()
    try:
        assert fetch(f"{server.url}/healthz").status == 200
    finally:
        server.close()
