"""A whole server as its owner watches it: readiness, figures, and a log without a word of what people write."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
import socketio

from tests.figures import parsed
from tests.servers import PASSWORD, ROOT, Person, Server, serving
from tests.waiting import DEADLINE, until

MARK = "zanzibar" + "marzipan"
TOKEN = "metrics-" + MARK


def get(url: str, **headers: str) -> tuple[int, str, str | None]:
    """The status, the body and the request's id."""
    request = urllib.request.Request(url, headers={name.replace("_", "-"): text for name, text in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
            return answer.status, answer.read().decode(), answer.headers["X-Request-ID"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.headers["X-Request-ID"]


def talker(server: Server, person: Person, transport: str) -> socketio.Client:
    client = socketio.Client(reconnection=False)
    client.connect(
        server.url,
        auth={"token": person.token, "protocol": 1, "client": MARK},
        namespaces=["/chat"],
        transports=[transport],
        wait_timeout=DEADLINE,
    )
    return client


def fill_forms(server: Server) -> None:
    """Signing in with a wrong password, making a guest, and forms that nobody expects."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    opener.addheaders = [("User-Agent", MARK)]
    for path, fields in (
        ("/signin", {"username": MARK, "password": MARK}),
        ("/signin?next=/" + MARK, {"username": "ada", "password": MARK + PASSWORD}),
        ("/guest", {"nickname": MARK}),
        ("/preferences", {"language": MARK, "theme": MARK}),
    ):
        try:
            with opener.open(f"{server.url}{path}", timeout=DEADLINE) as answer:
                text = answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                text = error.read().decode()
        found = re.search(r'name="csrf_token" value="([^"]+)"', text)
        assert found
        data = urllib.parse.urlencode({"csrf_token": found[1], **fields}).encode()
        try:
            opener.open(f"{server.url}{path}", data, timeout=DEADLINE).close()
        except urllib.error.HTTPError as error:
            error.close()


@pytest.mark.parametrize(("form", "transport"), [("json", "own"), ("console", "own"), ("json", "stock")])
def test_no_line_has_what_people_write(tmp_path: Path, form: str, transport: str) -> None:
    options = {"log_level": "debug", "log_format": form, "transport": transport}
    with serving(tmp_path, **options, guests="on", metrics_token=TOKEN) as server:
        ada = server.owner("ada", f"Ada {MARK}")
        mira = server.add(MARK, MARK)
        server.start()
        me, other = talker(server, ada, "websocket"), talker(server, mira, "polling")
        room = me.call(
            "room_create",
            {"name": f"room-{MARK}", "kind": "public", "topic": MARK, "members": [mira.id]},
            namespace="/chat",
            timeout=DEADLINE,
        )["room"]["id"]
        for client in (me, other):
            sent = {"room": room, "cid": MARK, "text": f"{MARK}\nand {MARK}"}
            assert client.call("message_send", sent, namespace="/chat", timeout=DEADLINE)["ok"]
        for event, payload in (
            (MARK, {MARK: MARK}),
            ("message_send", {MARK: MARK}),
            ("message_send", {"room": room, "cid": "c", "text": MARK * 2000}),
            ("room_join", {"room": MARK}),
            ("user_list", {"query": MARK}),
        ):
            assert not me.call(event, payload, namespace="/chat", timeout=DEADLINE)["ok"] or event == "user_list"
        fill_forms(server)
        for path in (
            f"/invite/{MARK}",
            f"/invit/{MARK * 4}",
            f"/signin?next={MARK}",
            f"/socket.io/?EIO=4&transport=polling&sid={MARK}",
            f"/socket.io/?EIO=4&transport={MARK}",
        ):
            get(server.url + path, Cookie=f"hubbub_session={MARK}; {MARK}={MARK}", User_Agent=MARK, Referer=MARK)
        # What is no Socket.IO packet, no WebSocket and no HTTP.
        hello = json.loads(get(f"{server.url}/socket.io/?EIO=4&transport=polling")[1][1:])
        post = urllib.request.Request(
            f"{server.url}/socket.io/?EIO=4&transport=polling&sid={hello['sid']}", f"42/chat,{MARK}".encode()
        )
        urllib.request.urlopen(post, timeout=DEADLINE).close()
        assert get(f"{server.url}/metrics", Authorization=f"Bearer {TOKEN}")[0] == 200
        for client in (me, other):
            client.shutdown()
        server.stop()
        assert MARK not in server.log.lower()
        for secret in (ada.token, mira.token, hello["sid"], PASSWORD):
            assert secret not in server.log
        # It was not silent either.
        for word in ("connected", "disconnected", "request", "stopping"):
            assert word in server.log
        if form == "json":
            lines = [json.loads(line) for line in server.log.splitlines()]
            assert all({"event", "level", "timestamp"} <= set(line) for line in lines)


@pytest.mark.parametrize("transport", ["own", "stock"])
def test_figures_of_a_running_server(tmp_path: Path, transport: str) -> None:
    with serving(tmp_path, transport=transport) as server:
        ada, mira = server.owner("ada", "Ada"), server.add("mira", "Mira")
        server.start()
        assert json.loads(get(f"{server.url}/readyz")[1]) == {"database": "ok", "files": "ok"}
        me, other = talker(server, ada, "websocket"), talker(server, mira, "polling")
        for number in range(5):
            sent = {"room": 1, "cid": f"c{number}", "text": "Hello"}
            assert me.call("message_send", sent, namespace="/chat", timeout=DEADLINE)["ok"]
        found = parsed(get(f"{server.url}/metrics")[1])
        for name, value in {
            "hubbub_ready": 1,
            "hubbub_part_ready{part=database}": 1,
            "hubbub_connections{transport=websocket}": 1,
            "hubbub_connections{transport=polling}": 1,
            "hubbub_users_online": 2,
            "hubbub_messages_total": 5,
            "hubbub_commands_total{command=message_send,outcome=ok}": 5,
            "hubbub_ack_seconds_count{command=message_send}": 5,
            "hubbub_slow_readers_dropped_total": 0,
            "hubbub_sign_ins_refused_total": 0,
        }.items():
            assert found.get(name, 0.0) == value, name
        # Besides, it is written when the tokens were used.
        assert found["hubbub_write_batch_jobs_sum"] >= 5
        # Five messages to two people; presence may be told besides. The libraries' transport counts nothing.
        assert found["hubbub_deliveries_total"] >= 10 if transport == "own" else "hubbub_deliveries_total" not in found
        until(lambda: parsed(get(f"{server.url}/metrics")[1])["hubbub_hub_lag_seconds_count"] > 0)
        assert found["hubbub_threads"] >= 1
        # The libraries' requests last as long as the WebSocket does.
        upgrades = found.get("hubbub_http_requests_total{endpoint=socket,status=101}")
        assert upgrades == (1 if transport == "own" else None)
        for client in (me, other):
            client.shutdown()
        server.stop()


def test_ids_of_requests_at_the_same_time_do_not_mix(tmp_path: Path) -> None:
    with serving(tmp_path, log_level="debug", log_format="json", trusted_proxies=1) as server:
        ada = server.owner("ada", "Ada")
        server.start()
        me = talker(server, ada, "websocket")

        def ask(number: int) -> None:
            # Each waits for the database, and others are served meanwhile.
            path = "/readyz" if number % 2 else f"/nope/{number}"
            assert get(f"{server.url}{path}", X_Request_ID=f"request-{number:04}")[2] == f"request-{number:04}"

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(ask, range(80)))
        me.shutdown()
        server.stop()
        lines = [json.loads(line) for line in server.log.splitlines()]
        asked = {line["id"]: line for line in lines if line.get("id", "").startswith("request-")}
        assert len(asked) == 80
        for number in range(0, 80, 2):
            assert asked[f"request-{number:04}"]["path"] == f"/nope/{number}"
        # Of a connection, whose first request is long over, no line has a request's id.
        assert all("id" not in line for line in lines if line["event"] == "disconnected")


GREENLETS = """
from chat.transport.patch import patch
patch()
import eventlet
from structlog.contextvars import bind_contextvars, get_contextvars, reset_contextvars
from chat.transport.concurrency.threads import offload

def one(number):
    tokens = bind_contextvars(id=number)
    try:
        for _ in range(5):
            eventlet.sleep(0)
            assert get_contextvars() == {"id": number}
            # The line that another thread writes for a request is that request's too.
            assert offload(get_contextvars) == {"id": number}
        eventlet.spawn(lambda: seen.append(get_contextvars())).wait()
    finally:
        reset_contextvars(**tokens)
    assert get_contextvars() == {}

seen = []
for greenlet in [eventlet.spawn(one, number) for number in range(20)]:
    greenlet.wait()
assert seen == [{}] * 20, seen
assert get_contextvars() == {}
"""


ON_THE_HUB = """
from chat.transport.patch import patch
patch()
import socket
from pathlib import Path
import eventlet
from eventlet import hubs
from chat import logs
from chat.config import Settings
from chat.transport.server import log_failures

def fail(*_):
    raise KeyError("".join(["a", "secret"]))

logs.configure(Settings(data_dir=Path("none"), log_format="json"))
hub = hubs.get_hub()
log_failures(hub)
hub.schedule_call_global(0, fail)
eventlet.spawn_n(fail)
ours, theirs = socket.socketpair()
hub.add(hub.READ, ours.fileno(), fail, fail, lambda: None)
theirs.send(b"x")
eventlet.sleep(0.05)
"""


def test_what_fails_on_the_hub_is_a_line_like_all_others() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ON_THE_HUB], cwd=ROOT, check=True, timeout=DEADLINE, capture_output=True, text=True
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    # A socket's handler is asked once more when it is taken away.
    assert [line["event"] for line in lines] == ["the hub's own work failed"] * 4
    assert all(line["exception"].endswith("KeyError") for line in lines)
    assert "asecret" not in done.stderr


def test_what_is_bound_belongs_to_its_greenlet() -> None:
    subprocess.run([sys.executable, "-c", GREENLETS], cwd=ROOT, check=True, timeout=DEADLINE)
