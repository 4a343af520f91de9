"""A server as people run it, on its hub: a push leaves it once, sealed, whoever of several processes said it."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import socketio

from tests.push_service import push_service
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
