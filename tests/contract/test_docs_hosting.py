"""docs/hosting.md is true: its nginx carries the conversation, systemd reads its unit, its SQL makes a new epoch."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import socketio
from sqlalchemy import text

from chat.store import Store
from tests.domain.support import on_postgres
from tests.programs import enter
from tests.servers import ROOT, Person, serving
from tests.waiting import DEADLINE

PAGE = (ROOT / "docs" / "hosting.md").read_text("utf-8")
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
# Around the page's part: nothing outside the test's folder, and root where root runs the test, since the folder is its.
FRAME = """
daemon off;
{user}
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {part}
}}
"""


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def talk(url: str, person: Person, transport: str) -> socketio.Client:
    client = socketio.Client(reconnection=False)
    enter(client, url, person, transports=[transport])
    return client


@contextmanager
def _nginx(folder: Path, port: int, upstream: int) -> Iterator[None]:
    """The page's configuration without its certificate, on a port of this machine."""
    part = _blocks("nginx")[0]
    part = re.sub(r"^ *(listen \[::\]|ssl_certificate).*\n", "", part, flags=re.MULTILINE)
    part = part.replace("listen 80;", f"listen unix:{folder}/plain;").replace("443 ssl http2", f"127.0.0.1:{port}")
    part = part.replace("http://127.0.0.1:5000", f"http://127.0.0.1:{upstream}")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(FRAME.format(folder=folder, part=part, user=user))
    assert NGINX is not None
    process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    try:
        listening(process, port)
        yield
    finally:
        process.terminate()
        process.wait(DEADLINE)


def listening(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + DEADLINE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=DEADLINE).close()
        except ConnectionRefusedError:
            assert process.poll() is None, "nginx refuses the configuration"
            assert time.monotonic() < until, "nginx does not listen"
            time.sleep(0.02)
        else:
            return


@pytest.mark.skipif(NGINX is None and not os.environ.get("CI"), reason="There is no nginx here")
def test_nginx_carries_the_conversation(tmp_path: Path) -> None:
    port = free_port()
    upstream = free_port()
    url = f"http://127.0.0.1:{port}"
    with serving(tmp_path, public_url=url, trusted_proxies=1) as server:
        ada = server.owner("ada", "Ada")
        server.port = upstream
        server.start()
        with _nginx(tmp_path, port, upstream):
            with urllib.request.urlopen(f"{url}/signin", timeout=DEADLINE) as page:
                assert page.status == 200
                assert f"ws://127.0.0.1:{port}" in page.headers["Content-Security-Policy"]
            for transport in ("websocket", "polling"):
                # Over a WebSocket it names the address as its origin, which the server takes by CHAT_PUBLIC_URL.
                client = talk(url, ada, transport)
                assert client.transport() == transport
                assert client.call("room_join", {"room": "general"}, namespace="/chat", timeout=DEADLINE)["ok"]
                client.shutdown()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="There is no systemd here")
def test_systemd_reads_the_units(tmp_path: Path) -> None:
    named = r"`/etc/systemd/system/([a-z.-]+)`.*?```ini\n(.*?)^```"
    units = dict(re.findall(named, PAGE, re.MULTILINE | re.DOTALL))
    assert set(units) == {"hubbub.service", "hubbub-backup.service", "hubbub-backup.timer"}
    for name, unit in units.items():
        # These are not on this machine, which is no mistake of the page.
        here = unit.replace("/opt/hubbub/.venv/bin/hubbub", "/bin/true").replace("=hubbub\n", "=root\n")
        (tmp_path / name).write_text(here.replace("WorkingDirectory=/opt/hubbub", "WorkingDirectory=/"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / name for name in units)],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert str(tmp_path) not in done.stderr, done.stderr


@on_postgres
def test_a_restored_dump_is_a_new_epoch(store: Store) -> None:
    (statement,) = _blocks("sql")
    before = store.epoch
    store.write(lambda tx: tx.conn.execute(text(statement)))
    after = store.meta("epoch")
    assert after
    assert after != before
