"""A server as people run it, on its hub: a push leaves it once, sealed, whoever of several processes said it."""

from __future__ import annotations

import json
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any

import socketio

from tests.brokers import Redis
from tests.push_service import PushService, push_service
from tests.servers import Person, Server, serving
from tests.waiting import until


def ask(server: Server, person: Person, method: str, path: str, body: Any = None) -> Any:
    """A request as a page of the server makes it."""
    request = urllib.request.Request(
        server.url + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Cookie": f"hubbub_session={person.cookie}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        },
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def test_a_running_server_pushes(tmp_path: Path) -> None:
    with push_service() as service, serving(tmp_path, push_local="on") as server:
        ada = server.owner("ada", "Ada")
        mira = server.add("mira", "Mira")
        room = server.room(ada, "harbour", mira)
        server.start()
        key = ask(server, ada, "GET", "/push/key")["key"]
        device = service.device("phone")
        assert ask(server, ada, "POST", "/push", device.subscription) == {"ok": True}
        client = socketio.Client()
        client.connect(server.url, auth={"token": mira.token}, namespaces=["/chat"])
        try:
            said = {"room": room, "cid": "one", "text": "@ada are you there?"}
            assert client.call("message_send", said, namespace="/chat")["ok"]
            until(lambda: service.came)
            (note,) = service.to(device)
            assert note["options"]["body"] == "@Ada are you there?"
            assert service.came[0].headers["authorization"].endswith(f"k={key}")
            # It says the same of itself after a restart.
            client.disconnect()
            server.stop()
            server.start()
            assert ask(server, ada, "GET", "/push/key")["key"] == key
        finally:
            client.disconnect()
        assert server.complaints == []


def has_come(service: PushService, number: int) -> bool:
    return len(service.came) >= number


def test_of_several_processes_one_pushes(tmp_path: Path) -> None:
    """Whoever's browser is at one process and whoever speaks at another: it is told once."""
    folders = [tmp_path / name for name in ("redis", "first", "second")]
    for folder in folders:
        folder.mkdir()
    redis = Redis(folders[0]).start()
    shared = {"push_local": "on", "redis_url": redis.url, "data_dir": tmp_path / "data"}
    program = socketio.Client()
    try:
        with push_service() as service, serving(folders[1], **shared) as first, serving(folders[2], **shared) as second:
            ada, mira = first.owner("ada", "Ada"), first.add("mira", "Mira")
            room = first.room(ada, "harbour", mira)
            first.start()
            second.start()
            device = service.device("phone")
            assert ask(first, ada, "POST", "/push", device.subscription) == {"ok": True}
            program.connect(second.url, auth={"token": mira.token}, namespaces=["/chat"])
            # The second is gathered later, so whoever pushes the first one twice has done so by then.
            for number in (1, 2):
                said = {"room": room, "cid": f"said-{number}", "text": f"@ada {number}"}
                assert program.call("message_send", said, namespace="/chat")["ok"]
                until(partial(has_come, service, number))
            program.disconnect()
            assert [note["options"]["body"] for note in service.to(device)] == ["@Ada 1", "@Ada 2"]
            assert first.complaints + second.complaints == []
    finally:
        program.disconnect()
        redis.kill()
